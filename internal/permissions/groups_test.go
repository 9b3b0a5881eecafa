package permissions

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestGroupsOfEndpoints(t *testing.T) {
	for call, want := range map[string]string{
		"POST /v1/bot/create":         "Bot管理",
		"POST /v3/chat":               "Bot管理",
		"POST /v3/chat/cancel":        "对话",
		"GET /v1/workflows/7":         "工作流",
		"POST /v1/files/upload":       "文件",
		"GET /v3/chat/message/list":   "", // chat is in Bot管理, the other is not known
		"POST /v1/workflow/run":       "",
		"GET /v1/stores/plugins":      "",
		"POST /v1/bots/7/unpublish":   "",
		"PUT /v1/conversations/7":     "会话管理",
		"GET /v1/bot/get_online_info": "Bot管理",
	} {
		method, path, _ := strings.Cut(call, " ")
		e, ok := Of(method, path)
		if got := e.Group(); !ok || got.Label != want || got.Known() != (want != "") {
			t.Errorf("%s is in %q, want %q", call, got.Label, want)
		}
	}
}

func TestEachGroupedPointIsOfTheTable(t *testing.T) {
	names := map[string]bool{}
	for _, p := range Points(Ordinary) {
		names[p.Name] = true
	}
	for _, g := range groups {
		for _, p := range g.points {
			if !names[p] {
				t.Errorf("%s of %s is not in the table", p, g.Label)
			}
		}
	}
	ids := map[string]bool{}
	for _, g := range Groups() {
		if ids[g.ID] || !g.Known() || g.Label == "" {
			t.Errorf("the group %+v", g)
		}
		ids[g.ID] = true
	}
	if len(ids) != 14 {
		t.Errorf("there are %d groups", len(ids))
	}
}

func TestResources(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/workflow/run": "workflow", "/v1/workflows": "workflow", "/v1/bots": "bot", "/v1/datasets": "datasets",
		"/open_api/knowledge/document/list": "knowledge", "/v3/chat/submit_tool_outputs": "chat", "/v1/conversations": "conversation",
	} {
		if got := On(path)[0].Resource(); got != want {
			t.Errorf("%s is about %q, want %q", path, got, want)
		}
	}
}

// said writes sections as one line.
func said(points []Point) string {
	var b strings.Builder
	for _, s := range Sections(points) {
		fmt.Fprintf(&b, "%s%s %s; ", s.Group.Label, s.Resource, strings.Join(s.Points, " "))
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestTasksNeedWhatTheirCallsNeed(t *testing.T) {
	for id, want := range map[string]string{
		"chat":         "Bot管理 chat",
		"chat-polling": "Bot管理 chat; chat getChat listMessage",
		"workflow":     "workflow run listRunHistory",
		"files":        "文件 uploadFile; files retrieveFile",
		"knowledge":    "datasets listKnowledge createKnowledge delete update listPhoto updatePhoto readDocumentProgress; knowledge createDocument deleteDocument listDocument updateDocument",
		"bots":         "Bot管理 createBot edit getMetadata publish",
		"chat-sdk":     "Bot管理 chat getMetadata; 会话管理 createConversation listConversation editConversation; 对话 cancelChat; 工作流 getMetadata; 文件 uploadFile",
		"web-sdk":      "VibeProject convertFileType uploadFileToStorage getMetadata run",
		"cozeloop":     "",
		"channel":      "connectors Connector.botUpdateProfile Connector.botManage Connector.botChat; bot Connector.disconnectBot",
	} {
		task, ok := TaskOf(strings.ToUpper(id))
		got := said(task.Needs())
		if sorted := sortedWords(got); !ok || sorted != sortedWords(want) {
			t.Errorf("%s needs %s, want %s", id, got, want)
		}
	}
	if voice, _ := TaskOf(" voice "); len(voice.Needs()) != 15 {
		t.Errorf("voice needs %d points: %s", len(voice.Needs()), said(voice.Needs()))
	}
	if loop, _ := TaskOf("cozeloop"); loop.AllOf.Label != "罗盘" {
		t.Errorf("cozeloop needs %+v", loop.AllOf)
	}
	if _, ok := TaskOf("unknown"); ok {
		t.Error("a task that does not exist was found")
	}
}

// sortedWords makes the order within a section of no account.
func sortedWords(text string) string {
	sections := strings.Split(text, "; ")
	for i, s := range sections {
		words := strings.Fields(s)
		if len(words) > 1 {
			slices.Sort(words[1:])
		}
		sections[i] = strings.Join(words, " ")
	}
	return strings.Join(sections, "; ")
}

func TestOnlyTheTaskOfAChannelNeedsItsPoints(t *testing.T) {
	if Tasks()[0].ID != Default {
		t.Errorf("the first task is %s", Tasks()[0].ID)
	}
	for _, task := range Tasks() {
		for _, p := range task.Needs() {
			if KindOf(p.Name) != task.Kind {
				t.Errorf("%s needs %s", task.ID, p.Name)
			}
		}
		if (task.ID == "channel") != (task.Kind == Channel) {
			t.Errorf("%s is of kind %v", task.ID, task.Kind)
		}
		if len(task.Endpoints) == 0 && len(task.Extra) == 0 && !task.AllOf.Known() {
			t.Errorf("%s needs nothing", task.ID)
		}
	}
}

// The read of a task is a call that the task has the permission for, and needs no value.
func TestTheReadOfATaskNeedsNoValue(t *testing.T) {
	for _, task := range Tasks() {
		if task.Read == "" {
			continue
		}
		e, ok := Of("GET", task.Read)
		if !ok || e.Path != task.Read || !slices.ContainsFunc(task.Endpoints, func(of Endpoint) bool { return of.String() == e.String() }) {
			t.Errorf("%s reads %s, which is no call of its own without a value", task.ID, task.Read)
		}
	}
}
