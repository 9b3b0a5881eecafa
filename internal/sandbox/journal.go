package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// A Request is what was asked of the token endpoint or of the API, and what came
// of it.
type Request struct {
	ID      int
	Time    time.Time
	Method  string
	Path    string
	App     string         // its name, "" for none that is known
	Status  int            // of the answer
	Check   Check          // that failed, "" for none
	Message string         // of the answer where it is a refusal
	Header  map[string]any // of the JWT; nil for none
	Claims  map[string]any
	LogID   string
}

// A Check is what the sandbox checks of a request.
type Check string

// The checks of a token request, in their order, and of an API call.
const (
	CheckPresent    Check = "present"   // there is a JWT
	CheckShape      Check = "shape"     // it can be parsed
	CheckKeyID      Check = "kid"       // the app has that key
	CheckSignature  Check = "signature" // the key has signed it
	CheckAudience   Check = "aud"       // it is for this host
	CheckTime       Check = "time"      // it is neither expired nor from the future
	CheckOnce       Check = "jti"       // it was not used before
	CheckAppType    Check = "app_type"
	CheckEnabled    Check = "enabled"
	CheckLogin      Check = "login"
	CheckAuthorized Check = "authorized"
	CheckBody       Check = "body"
	CheckScope      Check = "scope"
	CheckToken      Check = "token"      // the access token is known and has not expired
	CheckPermission Check = "permission" // it has the permission of the call
	CheckWorkspace  Check = "workspace"  // it has access to the workspace that the call names
	CheckResource   Check = "resource"   // what is asked for exists
	CheckTrouble    Check = "trouble"    // it was told to fail
)

// journalSize is how many requests are kept.
const journalSize = 50

// maxWatchers bounds how many pages follow the journal at once.
const maxWatchers = 16

// A journal keeps the last requests and tells who follows it. It is safe for
// concurrent use.
type journal struct {
	mu       sync.Mutex
	last     int
	requests []Request // oldest first; up to twice journalSize
	watchers map[chan Request]bool
}

// add notes a request. Who does not keep up misses it.
func (j *journal) add(r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	r.ID = j.last
	if len(j.requests) == 2*journalSize { // moved at times, not at each request
		j.requests = slices.Delete(j.requests, 0, journalSize)
	}
	j.requests = append(j.requests, r)
	for watcher := range j.watchers {
		select {
		case watcher <- r:
		default:
		}
	}
}

// all are the requests that are kept, the last first.
func (j *journal) all() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	last := slices.Clone(j.requests[max(len(j.requests)-journalSize, 0):])
	slices.Reverse(last)
	return last
}

// watch follows the journal until stop; ok is false where too many do.
func (j *journal) watch() (added <-chan Request, stop func(), ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.watchers) >= maxWatchers {
		return nil, nil, false
	}
	if j.watchers == nil {
		j.watchers = map[chan Request]bool{}
	}
	watcher := make(chan Request, journalSize)
	j.watchers[watcher] = true
	return watcher, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		delete(j.watchers, watcher)
	}, true
}

// noting adds the requests that a handler answers to the journal.
func (s *Server) noting(next func(http.ResponseWriter, *http.Request, *Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		entry := Request{Time: s.now(), Method: r.Method, Path: r.URL.Path, LogID: w.Header().Get("X-Tt-Logid")}
		answered := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next(answered, r, &entry)
		entry.Status = answered.status
		s.journal.add(entry)
	}
}

// A statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
