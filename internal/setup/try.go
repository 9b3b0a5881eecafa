package setup

import (
	"context"
	"errors"
	"net/http"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

// firstCall is a read of a task that was chosen, else one that every app may be allowed and that shows
// something of one's own.
func (s *Setup) firstCall() string {
	for _, t := range s.tasks() {
		if t.Read != "" {
			return t.Read
		}
	}
	return "/v1/workspaces"
}

// tryCall makes a first call with the token that was issued, and notes what it answered. A refusal
// is an answer: the credentials work.
func (s *Setup) tryCall() flow.Job {
	service, token := coze.Service{Base: s.APIBase, Client: s.Exchanger.Client}, s.Token.AccessToken
	exchanger, path := s.Exchanger, s.firstCall()
	return func(ctx context.Context) (flow.Effect, error) {
		ctx, cancel := exchanger.WithTimeout(ctx)
		defer cancel()
		answer, err := service.Read(ctx, path, token)
		return func() { s.tried = func(l i18n.Speaker) string { return saidOfCall(l, path, answer, err) } }, nil
	}
}

// saidOfCall says what the first call answered.
func saidOfCall(l i18n.Speaker, path, answer string, err error) string {
	call := http.MethodGet + " " + path
	if err == nil {
		return l.Text("tried.answer", "call", call, "answer", answer)
	}
	message := err.Error()
	if refused, ok := errors.AsType[*coze.Refusal](err); ok && refused.Code == "4101" {
		needed, _ := permissions.Of(http.MethodGet, path) // the row is in the table: a test has it
		return l.Text("tried.permission", "call", call, "points", i18n.List(needed.Points))
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		message = f.Message(l)
	}
	return l.Text("tried.failed", "call", call, "message", message)
}
