package permissions

import "strings"

// A Task is what a program does with the API. Its texts are of its ID.
type Task struct {
	ID        string
	Endpoints []Endpoint // that it calls, as far as they are documented
	Extra     []Point    // that it needs without an endpoint of the table
	// AllOf is a group that the task needs points of whose names are not known.
	AllOf Group
	Kind  Kind
	// Read is one of its calls that changes nothing and needs no id of one's own, "" where it has none such.
	Read string
}

// Default is the task that a program does unless it is told otherwise.
const Default = "chat"

// tasks name the calls of each task; a method and a path that ends with * stands for the paths
// that begin so.
var tasks = []struct {
	Task
	calls string
}{
	{Task{ID: "chat"}, "POST /v3/chat"},
	{Task{ID: "chat-polling"}, "POST /v3/chat, GET /v3/chat/retrieve, GET /v3/chat/message/list"},
	{Task{ID: "workflow"}, "POST /v1/workflow/run, POST /v1/workflow/stream_run, POST /v1/workflow/stream_resume, POST /v1/workflows/chat, GET /v1/workflows/:workflow_id/run_histories/:execute_id"},
	{Task{ID: "files"}, "POST /v1/files/upload, GET /v1/files/retrieve"},
	{Task{ID: "knowledge"}, "* /v1/datasets*, * /open_api/knowledge*"},
	{Task{ID: "voice", Read: "/v1/audio/voices"}, "GET /v1/chat, * /v1/audio*"},
	{Task{ID: "bots"}, "POST /v1/bot/create, POST /v1/bot/update, POST /v1/bot/publish, GET /v1/bots/:bot_id"},
	// The points that the guides name. Which of them the Chat SDK needs, no page says.
	{Task{ID: "chat-sdk", Extra: []Point{{Name: "getMetadata", Group: Group{"workflow", "工作流"}}}}, "POST /v3/chat, GET /v1/bots/:bot_id, POST /v1/conversation/create, GET /v1/conversations, PUT /v1/conversations/:conversation_id, POST /v3/chat/cancel, POST /v1/files/upload"},
	// The page vibe_coding_websdk names these four, "of VibeProject". No endpoint of the table needs them.
	{Task{ID: "web-sdk", Extra: []Point{
		{Name: "convertFileType", Resource: "VibeProject"},
		{Name: "uploadFileToStorage", Resource: "VibeProject"},
		{Name: "getMetadata", Resource: "VibeProject"},
		{Name: "run", Resource: "VibeProject"},
	}}, ""},
	{Task{ID: "cozeloop", AllOf: cozeloop}, ""},
	// Connector.botChat stands for chat in the scope of a channel's token (coze-go). Connector.botManage
	// is the word of a set-up guide for this kind of app; no official page or SDK has it.
	{Task{ID: "channel", Kind: Channel, Extra: []Point{
		{Name: "Connector.botManage", Resource: "connectors"}, {Name: "Connector.botChat", Resource: "connectors"},
	}}, "PUT /v1/connectors/:connector_id/bots/:bot_id, POST /v1/bots/:bot_id/unpublish"},
}

// Tasks returns the tasks; the most common come first.
func Tasks() []Task {
	all := make([]Task, len(tasks))
	for i, t := range tasks {
		all[i] = t.Task
		all[i].Endpoints = called(t.calls)
	}
	return all
}

// TaskOf returns the task with an id, in any case of its letters, or with another word for it in
// either language.
func TaskOf(name string) (t Task, ok bool) {
	plain := plainWord(name)
	for _, t := range Tasks() {
		if isTask(t.ID, plain) {
			return t, true
		}
	}
	return Task{}, false
}

// Needs returns the points of the task for its kind of app, each once.
func (t Task) Needs() []Point {
	var points []Point
	for _, e := range t.Endpoints {
		for _, p := range e.Needs() {
			if KindOf(p.Name) == t.Kind {
				points = append(points, p)
			}
		}
	}
	return unique(append(points, t.Extra...))
}

// called returns the endpoints of a list of calls.
func called(calls string) []Endpoint {
	var found []Endpoint
	for c := range strings.SplitSeq(calls, ", ") {
		method, path, _ := strings.Cut(c, " ")
		start, all := strings.CutSuffix(path, "*")
		for _, e := range parsed() {
			if (method == "*" || e.Method == method) && (e.Path == path || all && strings.HasPrefix(e.Path, start)) {
				found = append(found, e)
			}
		}
	}
	return found
}
