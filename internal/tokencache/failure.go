package tokencache

import (
	"errors"
	"strings"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/state"
)

// A failure is why a token could not be had: for those who waited in the meantime. Who asks later
// makes an attempt of their own.
type failure struct {
	At      time.Time
	Refusal *coze.Refusal `json:",omitempty"`
	Fault   *sharedFault  `json:",omitempty"`
}

// A sharedFault is what of a fault.Fault is the same in another process.
type sharedFault struct {
	ID    string
	Class fault.Class
	Pairs []string
}

type failures struct{ state.File[failure] }

// failureFile is where the failure is noted, beside the token.
func failureFile(token state.File[kept]) failures {
	return failures{state.File[failure]{Path: strings.TrimSuffix(token.Path, ".json") + ".failure"}}
}

// since returns the failure that was noted from a time until now, nil for none. A later one is of
// a clock that has been put back.
func (f failures) since(began, now time.Time) error {
	noted, ok := f.Read()
	switch {
	case !ok || noted.At.Before(began) || noted.At.After(now):
		return nil
	case noted.Refusal != nil:
		return noted.Refusal
	case noted.Fault != nil:
		return &fault.Fault{ID: noted.Fault.ID, Class: noted.Fault.Class, Pairs: noted.Fault.Pairs}
	}
	return nil
}

// note records a failure that another process would meet as well, not that this one was
// interrupted.
func (f failures) note(now time.Time, err error) {
	noted := failure{At: now}
	if refusal, ok := errors.AsType[*coze.Refusal](err); ok {
		noted.Refusal = refusal
	} else if own, ok := errors.AsType[*fault.Fault](err); ok && own.Class == fault.ClassUnreachable {
		noted.Fault = &sharedFault{own.ID, own.Class, own.Pairs}
	} else {
		return
	}
	_ = f.Write(noted) // without it, the others try themselves
}
