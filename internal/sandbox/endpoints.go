package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/permissions"
)

// An answerer answers a call that the token may make.
type answerer func(w http.ResponseWriter, r *http.Request, g grant) *apiError

// answerers are the calls that are answered with something to work with. The others of the table
// are answered with a yes: see yes.
var answerers = map[string]answerer{
	"GET /v1/workspaces":        listWorkspaces,
	"GET /v1/bots":              listBots,
	"GET /v1/bots/:bot_id":      retrieveBot,
	"POST /v1/bot/create":       createBot,
	"POST /v3/chat":             chat,
	"GET /v3/chat/retrieve":     retrieveChat,
	"GET /v3/chat/message/list": listMessages,
}

// variable finds the segments of a path that vary, as the table writes them.
var variable = lazyregexp.New(`:(\w+)`)

// endpoints adds the API: what the table of permissions has, and the call that needs none.
func (s *Server) endpoints(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/users/me", s.api(permissions.Endpoint{}, whoAmI))
	for _, e := range permissions.All() {
		answer, ok := answerers[e.String()]
		if !ok {
			answer = yes
		}
		mux.HandleFunc(e.Method+" "+variable().ReplaceAllString(e.Path, "{$1}"), s.api(e, answer))
	}
}

// yes says that the call is allowed, and nothing else: its data has the members that lists and
// new things have in the API, and is not what the real endpoint answers. An endpoint that
// speaks in sound or over a WebSocket is answered so too.
func yes(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	switch r.Method {
	case http.MethodGet:
		return data(w, map[string]any{"items": []any{}, "total": 0, "has_more": false})
	case http.MethodPost:
		return data(w, map[string]any{"id": newID()})
	}
	return data(w, map[string]any{})
}

func whoAmI(w http.ResponseWriter, _ *http.Request, _ grant) *apiError {
	return data(w, map[string]string{"user_id": "7400000000000000003", "user_name": "sandbox", "nick_name": "Sandbox", "avatar_url": ""})
}

// listWorkspaces lists those that were chosen in the authorization.
func listWorkspaces(w http.ResponseWriter, _ *http.Request, g grant) *apiError {
	list := []any{}
	for _, space := range Workspaces {
		if slices.Contains(g.workspaces, space.ID) {
			list = append(list, map[string]string{"id": space.ID, "name": space.Name, "icon_url": "", "role_type": "owner", "workspace_type": space.Type})
		}
	}
	return data(w, map[string]any{"total_count": len(list), "workspaces": list})
}

func listBots(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	id := r.URL.Query().Get("workspace_id")
	switch {
	case id == workspaceID:
		return data(w, map[string]any{"total": 1, "items": []any{bot()}})
	case slices.ContainsFunc(Workspaces, func(w Workspace) bool { return w.ID == id }):
		return data(w, map[string]any{"total": 0, "items": []any{}})
	}
	return notFound("workspace_id", id)
}

func bot() map[string]any {
	return map[string]any{"id": BotID, "name": "Echo", "description": "repeats what it is told", "icon_url": "", "is_published": true}
}

func retrieveBot(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	if id := r.PathValue("bot_id"); id != BotID {
		return notFound("bot_id", id)
	}
	b := bot()
	b["bot_id"] = BotID
	return data(w, b)
}

// createBot answers as if it had made one: the sandbox has the one bot that it has.
func createBot(w http.ResponseWriter, _ *http.Request, _ grant) *apiError {
	return data(w, map[string]string{"bot_id": newID()})
}

func retrieveChat(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	return data(w, chatState(r.URL.Query().Get("conversation_id"), "completed"))
}

// listMessages has an answer, so that who polls sees one; what it was asked is not kept.
func listMessages(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	return data(w, []any{answerOf(r.URL.Query().Get("conversation_id"), "…")})
}

// notFound has the real service's words (coze-java #92).
func notFound(kind, id string) *apiError {
	msg := fmt.Sprintf("Requested resource %s=%s does not exist. Ensure you are the correct resource identifier.", kind, id)
	return &apiError{http.StatusNotFound, 4200, msg, CheckResource}
}

func data(w http.ResponseWriter, v any) *apiError {
	reply(w, http.StatusOK, map[string]any{"code": 0, "msg": "", "data": v})
	return nil
}

const chatID = "7400000000000000004"

func chatState(conversation, status string) map[string]string {
	return map[string]string{"id": chatID, "conversation_id": conversation, "bot_id": BotID, "status": status}
}

func answerOf(conversation, content string) map[string]string {
	return map[string]string{
		"id": "7400000000000000005", "conversation_id": conversation, "bot_id": BotID, "chat_id": chatID,
		"role": "assistant", "type": "answer", "content_type": "text", "content": content,
	}
}

type chatRequest struct {
	BotID    string `json:"bot_id"`
	UserID   string `json:"user_id"`
	Stream   bool   `json:"stream"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"additional_messages"`
}

// chat repeats the last message, as the events that coze-js reads.
func chat(w http.ResponseWriter, r *http.Request, _ grant) *apiError {
	var body chatRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.UserID == "" {
		return &apiError{http.StatusBadRequest, 4000, "Request parameter error", CheckBody}
	}
	if body.BotID != BotID {
		return notFound("bot_id", body.BotID)
	}
	said := "…"
	if n := len(body.Messages); n > 0 {
		said = body.Messages[n-1].Content
	}
	conversation := r.URL.Query().Get("conversation_id")
	if conversation == "" {
		conversation = newID()
	}
	if !body.Stream {
		return data(w, chatState(conversation, "completed"))
	}
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(event string, v any) {
		text, _ := json.Marshal(v) // maps of strings
		fmt.Fprintf(w, "event:%s\ndata:%s\n\n", event, text)
		_ = http.NewResponseController(w).Flush()
	}
	send("conversation.chat.created", chatState(conversation, "created"))
	send("conversation.chat.in_progress", chatState(conversation, "in_progress"))
	for _, word := range strings.SplitAfter(said, " ") {
		send("conversation.message.delta", answerOf(conversation, word))
	}
	send("conversation.message.completed", answerOf(conversation, said))
	send("conversation.chat.completed", chatState(conversation, "completed"))
	send("done", "[DONE]")
	return nil
}
