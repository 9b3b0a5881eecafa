package sandbox

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net/http"
	"strconv"

	"cozejwt/internal/permissions"
)

// BotID is the one bot of the sandbox: it repeats what it is told.
const BotID = "7400000000000000001"

// An apiError is a refusal of the API.
type apiError struct {
	status, code int
	msg          string
	check        Check
}

// api answers a call of an endpoint with a token that has its permissions, or refuses it.
func (s *Server) api(e permissions.Endpoint, answer answerer) http.HandlerFunc {
	return s.noting(s.troubled(func(w http.ResponseWriter, r *http.Request, entry *Request) {
		granted, err := s.admitCall(r, e, entry)
		if err == nil {
			err = answer(w, r, granted)
		}
		if err != nil {
			entry.Check, entry.Message = err.check, strconv.Itoa(err.code)+" "+err.msg
			reply(w, err.status, map[string]any{"code": err.code, "msg": err.msg, "detail": map[string]string{"logid": entry.LogID}})
		}
	}))
}

// admitCall looks at the token, then at its permissions, then at its workspaces: the order that
// the guide to 4100 and 4101 gives for looking.
func (s *Server) admitCall(r *http.Request, e permissions.Endpoint, entry *Request) (grant, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, known := s.granted[bearer(r)]
	entry.App = granted.app
	if !known || s.clock().After(granted.until) {
		return grant{}, &apiError{http.StatusUnauthorized, 4100, "authentication is invalid", CheckToken} // coze-py #78
	}
	// The code is known (coze-py #142), the words of the real service are not.
	switch outside := granted.outside(r); {
	case s.trouble.Kind == TroublePermission, len(e.Missing(granted.permissions)) > 0:
		return grant{}, &apiError{http.StatusForbidden, 4101, "the token has no permission for this", CheckPermission}
	case outside != "":
		// The guide says that a token has no access to a workspace that was not chosen. Whether
		// the real service says 4101 there or 4200, as for what does not exist, is not known.
		return grant{}, &apiError{http.StatusForbidden, 4101, "the token has no access to workspace " + outside, CheckWorkspace}
	}
	return granted, nil
}

// newID has the shape of those seen: 19 decimal digits.
func newID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1e15))
	if err != nil {
		return BotID
	}
	return "7400" + fmt.Sprintf("%015d", n)
}
