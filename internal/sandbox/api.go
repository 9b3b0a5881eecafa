package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The few calls of the API that an SDK makes first. Each wants a token; where a
// guide names the permission for it, that too.

// BotID is the one bot of the sandbox: it repeats what it is told.
const BotID = "7400000000000000001"

const workspaceID = "7400000000000000002"

type apiCall struct {
	permission string // "" where no guide names one
	answer     func(*Server, http.ResponseWriter, *http.Request) *apiError
}

// An apiError is a refusal of the API.
type apiError struct {
	status, code int
	msg          string
	check        Check
}

// api answers a call of the API with a token that has the permission.
func (s *Server) api(c apiCall) http.HandlerFunc {
	return s.noting(s.troubled(func(w http.ResponseWriter, r *http.Request, entry *Request) {
		err := s.admitCall(r, c.permission, entry)
		if err == nil {
			err = c.answer(s, w, r)
		}
		if err != nil {
			entry.Check, entry.Message = err.check, strconv.Itoa(err.code)+" "+err.msg
			reply(w, err.status, map[string]any{"code": err.code, "msg": err.msg, "detail": map[string]string{"logid": entry.LogID}})
		}
	}))
}

func (s *Server) admitCall(r *http.Request, permission string, entry *Request) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, known := s.granted[bearer(r)]
	entry.App = granted.app
	switch {
	case !known, s.clock().After(granted.until):
		return &apiError{http.StatusUnauthorized, 4100, "authentication is invalid", CheckToken} // coze-py #78
	case s.trouble.Kind == TroublePermission, permission != "" && !slices.Contains(granted.permissions, permission):
		return &apiError{http.StatusForbidden, 4101, "the token has no permission for this", CheckPermission} // the code: coze-py #142
	}
	return nil
}

func data(w http.ResponseWriter, v any) *apiError {
	reply(w, http.StatusOK, map[string]any{"code": 0, "msg": "", "data": v})
	return nil
}

var apiCalls = map[string]apiCall{
	"GET /v1/users/me": {"", func(_ *Server, w http.ResponseWriter, _ *http.Request) *apiError {
		return data(w, map[string]string{"user_id": "7400000000000000003", "user_name": "sandbox", "nick_name": "Sandbox", "avatar_url": ""})
	}},
	"GET /v1/workspaces": {"getMetadata", func(_ *Server, w http.ResponseWriter, _ *http.Request) *apiError {
		return data(w, map[string]any{"total_count": 1, "workspaces": []any{
			map[string]string{"id": workspaceID, "name": "Sandbox", "icon_url": "", "role_type": "owner", "workspace_type": "personal"},
		}})
	}},
	"GET /v1/bots": {"getMetadata", func(_ *Server, w http.ResponseWriter, r *http.Request) *apiError {
		if id := r.URL.Query().Get("workspace_id"); id != workspaceID {
			return notFound("workspace_id", id)
		}
		return data(w, map[string]any{"total": 1, "items": []any{
			map[string]any{"id": BotID, "name": "Echo", "description": "repeats what it is told", "icon_url": "", "is_published": true},
		}})
	}},
	"POST /v3/chat": {"chat", chat},
}

// notFound has the real service's words (coze-java #92).
func notFound(kind, id string) *apiError {
	msg := fmt.Sprintf("Requested resource %s=%s does not exist. Ensure you are the correct resource identifier.", kind, id)
	return &apiError{http.StatusNotFound, 4200, msg, CheckResource}
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
func chat(_ *Server, w http.ResponseWriter, r *http.Request) *apiError {
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
	state := func(status string) map[string]string {
		return map[string]string{"id": "7400000000000000004", "conversation_id": conversation, "bot_id": BotID, "status": status}
	}
	if !body.Stream {
		return data(w, state("completed"))
	}
	message := func(content string) map[string]string {
		return map[string]string{
			"id": "7400000000000000005", "conversation_id": conversation, "bot_id": BotID, "chat_id": "7400000000000000004",
			"role": "assistant", "type": "answer", "content_type": "text", "content": content,
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(event string, v any) {
		text, _ := json.Marshal(v) // maps of strings
		fmt.Fprintf(w, "event:%s\ndata:%s\n\n", event, text)
		_ = http.NewResponseController(w).Flush()
	}
	send("conversation.chat.created", state("created"))
	send("conversation.chat.in_progress", state("in_progress"))
	for _, word := range strings.SplitAfter(said, " ") {
		send("conversation.message.delta", message(word))
	}
	send("conversation.message.completed", message(said))
	send("conversation.chat.completed", state("completed"))
	send("done", "[DONE]")
	return nil
}

// newID has the shape of those seen: 19 decimal digits.
func newID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1e15))
	if err != nil {
		return BotID
	}
	return "7400" + fmt.Sprintf("%015d", n)
}
