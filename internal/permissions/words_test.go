package permissions_test

import (
	"slices"
	"testing"

	"cozejwt/internal/permissions"
)

func TestATaskIsFoundByTheWordsPeopleUse(t *testing.T) {
	for name, want := range map[string]string{
		"聊天": "chat", "对话": "chat", "工作流": "workflow", "知识库": "knowledge", "上传文件": "files", "语音": "voice", "智能体": "bots",
		"罗盘": "cozeloop", "渠道": "channel", "轮询": "chat-polling", "Web SDK": "web-sdk", "Chat_Polling": "chat-polling", "TTS": "voice", "datasets": "knowledge", " chat ": "chat",
	} {
		if task, ok := permissions.TaskOf(name); !ok || task.ID != want {
			t.Errorf("%q is %q, want %q", name, task.ID, want)
		}
	}
	for name, near := range map[string]string{"聊天记录": "chat", "跑工作流": "workflow", "知识库检索": "knowledge", "workflw": "workflow", "voise": "voice"} {
		if _, ok := permissions.TaskOf(name); ok {
			t.Errorf("%q is a task", name)
		}
		if got := permissions.Nearest(name); !slices.Contains(got, near) {
			t.Errorf("nearest to %q are %v, want %s", name, got, near)
		}
	}
	if task, ok := permissions.TaskOf("天气"); ok {
		t.Errorf("天气 is %s", task.ID)
	}
}

func TestNoWordNamesTwoTasks(t *testing.T) {
	for _, task := range permissions.Tasks() {
		if got, ok := permissions.TaskOf(task.ID); !ok || got.ID != task.ID {
			t.Errorf("%s is found as %s", task.ID, got.ID)
		}
	}
}
