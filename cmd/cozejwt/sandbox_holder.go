package main

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"cozejwt/internal/console"
	"cozejwt/internal/sandbox"
)

// sandboxHolder opens the sandbox once and closes it at the end. A dry
// run has one of its own that leaves nothing behind.
type sandboxHolder struct {
	inMemory bool

	mu       sync.Mutex
	instance *sandbox.Instance
}

func (h *sandboxHolder) open(ctx context.Context) (console.Server, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.instance == nil {
		open := func() (*sandbox.Instance, error) { return sandbox.Open(ctx, stateDir()) }
		if h.inMemory {
			open = sandbox.OpenInMemory
		}
		i, err := open()
		if err != nil {
			return nil, err
		}
		h.instance = i
	}
	return sandbox.Client{Base: h.instance.Base, Session: h.instance.Session}, nil
}

// ready starts the sandbox where a base is its, and returns where it is:
// somewhere else than it was, if its port was taken by another.
func (h *sandboxHolder) ready(ctx context.Context, base string) (string, error) {
	if !h.owns(base) {
		return base, nil
	}
	p, err := h.open(ctx)
	if err != nil {
		return "", err
	}
	return p.APIBase(), nil
}

// owns reports whether an API base is or was the sandbox's.
func (h *sandboxHolder) owns(base string) bool {
	h.mu.Lock()
	own := h.instance != nil && h.instance.Base == base
	h.mu.Unlock()
	return own || slices.Contains(sandbox.Bases(stateDir()), base)
}

func (h *sandboxHolder) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.instance != nil {
		_ = h.instance.Close() // the process ends anyway
	}
}

// reopen joins or serves the sandbox again, where it was served by another
// process that has ended since. It reports whether there is something to try
// again.
func (h *sandboxHolder) reopen(ctx context.Context) bool {
	h.mu.Lock()
	served := h.instance == nil || h.instance.Owned
	if !served {
		h.instance = nil
	}
	h.mu.Unlock()
	if served {
		return false
	}
	_, err := h.open(ctx)
	return err == nil
}

// sayIfSandbox says on stderr that what a command hands out is of no use with Coze itself, where
// the API base is the sandbox's.
func (a *app) sayIfSandbox(base string) {
	if a.sandbox.owns(base) {
		a.say("sandbox.only", "base", base)
	}
}

// sandboxTransport tries a call to the sandbox again where the process
// that served it ended in the middle: commands that run side by side share it.
type sandboxTransport struct {
	next   http.RoundTripper
	holder *sandboxHolder
}

func (t sandboxTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		resp, err := t.next.RoundTrip(r)
		if err == nil || r.Context().Err() != nil || !t.holder.owns(r.URL.Scheme+"://"+r.URL.Host) || !t.holder.reopen(r.Context()) {
			return resp, err
		}
		if r.GetBody != nil {
			r = r.Clone(r.Context())
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}
