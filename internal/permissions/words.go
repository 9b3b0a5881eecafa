package permissions

import "strings"

// taskWords are other words for the tasks, in both languages, as people ask for them.
var taskWords = map[string][]string{
	"chat":         {"对话", "聊天", "流式对话", "发消息", "对话接口", "conversation", "message", "talk", "streaming"},
	"chat-polling": {"轮询", "轮询对话", "对话轮询", "非流式", "非流式对话", "polling", "poll"},
	"workflow":     {"工作流", "运行工作流", "执行工作流", "流程", "flow"},
	"files":        {"文件", "上传文件", "文件上传", "上传", "file", "upload", "uploads"},
	"knowledge":    {"知识库", "知识", "数据集", "dataset", "datasets", "rag"},
	"voice":        {"语音", "语音通话", "语音合成", "语音识别", "声纹", "音频", "音色", "audio", "speech", "tts", "asr"},
	"bots":         {"智能体", "机器人", "创建智能体", "发布智能体", "bot", "agent", "agents"},
	"chat-sdk":     {"网页对话", "网页聊天", "chatsdk", "webchat"},
	"web-sdk":      {"websdk", "网页sdk", "vibe", "vibecoding", "ai编程"},
	"cozeloop":     {"罗盘", "扣子罗盘", "loop", "trace", "观测"},
	"channel":      {"渠道", "发布渠道", "渠道应用", "connector", "channels"},
}

// plainWord is a word without case, spaces and joints, for comparing.
func plainWord(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "", "　", "").Replace(strings.ToLower(strings.TrimSpace(s)))
}

// isTask reports whether a word, made plain, names a task.
func isTask(id, plain string) bool {
	if plainWord(id) == plain {
		return true
	}
	for _, word := range taskWords[id] {
		if word == plain {
			return true
		}
	}
	return false
}

// taskDistance is how far a plain word is from the names of a task; 0 where one holds the other.
func taskDistance(id, plain string) int {
	least := distance(plainWord(id), plain)
	for _, word := range taskWords[id] {
		if len(word) > 3 && strings.Contains(plain, word) || len(plain) > 3 && strings.Contains(word, plain) {
			return 0
		}
		least = min(least, distance(word, plain))
	}
	return least
}
