package setup

import (
	"context"
	"errors"
	"net/http"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// firstCall is a read that every app may be allowed, and that shows something of one's own.
const firstCall = "/v1/workspaces"

// tryCall makes a first call with the token that was issued, and notes what it answered. A refusal
// is an answer: the credentials work.
func (s *Setup) tryCall() flow.Job {
	service, token := coze.Service{Base: s.APIBase, Client: s.Exchanger.Client}, s.Token.AccessToken
	exchanger := s.Exchanger
	return func(ctx context.Context) (flow.Effect, error) {
		ctx, cancel := exchanger.WithTimeout(ctx)
		defer cancel()
		answer, err := service.Read(ctx, firstCall, token)
		return func() { s.tried = func(l i18n.Speaker) string { return saidOfCall(l, answer, err) } }, nil
	}
}

// saidOfCall says what the first call answered.
func saidOfCall(l i18n.Speaker, answer string, err error) string {
	const call = http.MethodGet + " " + firstCall
	if err == nil {
		return l.Text("tried.answer", "call", call, "answer", answer)
	}
	message := err.Error()
	if refused, ok := errors.AsType[*coze.Refusal](err); ok && refused.Code == "4101" {
		return l.Text("tried.permission", "call", call)
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		message = f.Message(l)
	}
	return l.Text("tried.failed", "call", call, "message", message)
}
