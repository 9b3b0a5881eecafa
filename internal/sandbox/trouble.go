package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A Trouble is a failure that the sandbox simulates until it is switched off. It is
// not kept between runs.
type Trouble struct {
	Kind    TroubleKind `json:"kind"`
	Minutes int         `json:"minutes,omitempty"` // of TroubleClock
}

// A TroubleKind is what goes wrong.
type TroubleKind string

// What can go wrong. The zero value is nothing.
const (
	TroubleClock      TroubleKind = "clock"      // the service's clock is off, so that this machine's looks wrong
	TroubleKey        TroubleKind = "key"        // no key is known
	TroublePermission TroubleKind = "permission" // no permission is granted
	TroubleDisabled   TroubleKind = "disabled"   // every app is disabled
	TroubleLogin      TroubleKind = "login"      // the owner's login has ended
	TroubleRate       TroubleKind = "rate"       // 429 with Retry-After
	TroubleServer     TroubleKind = "server"     // 500
	TroubleSlow       TroubleKind = "slow"       // each answer takes 10 seconds
	TroublePortal     TroubleKind = "portal"     // a web page answers, as a hotel's login does
	TroubleDelay      TroubleKind = "delay"      // a change takes some seconds to take effect
)

// Troubles lists what can go wrong.
var Troubles = []TroubleKind{
	TroubleClock, TroubleKey, TroublePermission, TroubleDisabled, TroubleLogin, TroubleRate, TroubleServer, TroubleSlow, TroublePortal, TroubleDelay,
}

// maxSkew bounds how far the clock is put off, in minutes.
const maxSkew = 24 * 60

func (t Trouble) valid() bool {
	return (t.Kind == "" || slices.Contains(Troubles, t.Kind)) && t.Minutes >= -maxSkew && t.Minutes <= maxSkew
}

const (
	slowness   = 10 * time.Second
	retryAfter = 30 // seconds
)

func (s *Server) currentTrouble() Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// clock is the time by which requests are judged.
func (s *Server) clock() time.Time {
	if s.trouble.Kind == TroubleClock {
		return s.now().Add(time.Duration(s.trouble.Minutes) * time.Minute)
	}
	return s.now()
}

// troubled lets a request fail where that was asked for, before next sees it.
// The real service's words for these are not known, but for the guide's
// internal_error; a portal is no service of Coze's.
func (s *Server) troubled(next func(http.ResponseWriter, *http.Request, *Request)) func(http.ResponseWriter, *http.Request, *Request) {
	return func(w http.ResponseWriter, r *http.Request, entry *Request) {
		refuse := func(status int, code int, tokenCode, message string) {
			entry.Check, entry.Message = CheckTrouble, message
			if isTokenPath(r.URL.Path) {
				reply(w, status, map[string]string{"error_code": tokenCode, "error_message": message, "error": tokenCode})
				return
			}
			reply(w, status, map[string]any{"code": code, "msg": message, "detail": map[string]string{"logid": entry.LogID}})
		}
		switch t := s.currentTrouble(); t.Kind {
		case TroubleClock:
			w.Header().Set("Date", s.now().Add(time.Duration(t.Minutes)*time.Minute).UTC().Format(http.TimeFormat))
		case TroubleRate:
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
			refuse(http.StatusTooManyRequests, 4013, "slow_down", "too many requests")
			return
		case TroubleServer:
			refuse(http.StatusInternalServerError, 5000, "internal_error", "Service internal error.")
			return
		case TroublePortal:
			entry.Check, entry.Message = CheckTrouble, "text/html"
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<!doctype html><title>Log in to the network</title><h1>Log in to use this network</h1>\n"))
			return
		case TroubleSlow:
			select {
			case <-time.After(slowness):
			case <-r.Context().Done():
				return
			}
		}
		next(w, r, entry)
	}
}
