package main

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"cozejwt/internal/sandbox"
	"cozejwt/internal/setup"
)

// practiceHolder opens the practice Coze once and closes it at the end. A dry
// run has one of its own that leaves nothing behind.
type practiceHolder struct {
	fleeting bool

	mu       sync.Mutex
	instance *sandbox.Instance
}

func (h *practiceHolder) open(ctx context.Context) (setup.Practice, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.instance == nil {
		open := func() (*sandbox.Instance, error) { return sandbox.Open(ctx, stateDir()) }
		if h.fleeting {
			open = sandbox.Fleeting
		}
		i, err := open()
		if err != nil {
			return nil, err
		}
		h.instance = i
	}
	return sandbox.Client{Base: h.instance.Base}, nil
}

// ready starts the practice Coze where a base is its, and returns where it is:
// somewhere else than it was, if its port was taken meanwhile.
func (h *practiceHolder) ready(ctx context.Context, base string) (string, error) {
	if !h.owns(base) {
		return base, nil
	}
	p, err := h.open(ctx)
	if err != nil {
		return "", err
	}
	return p.APIBase(), nil
}

// owns reports whether an API base is or was the practice Coze's.
func (h *practiceHolder) owns(base string) bool {
	return slices.Contains(sandbox.Bases(stateDir()), base)
}

func (h *practiceHolder) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.instance != nil {
		_ = h.instance.Close() // the process ends anyway
	}
}

// reopen joins or serves the practice Coze anew, where it was served by another
// process that has ended since. It reports whether there is something to try
// again.
func (h *practiceHolder) reopen(ctx context.Context) bool {
	h.mu.Lock()
	served := h.instance == nil || h.instance.Mine
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

// practiceTransport tries a call to the practice Coze again where the process
// that served it ended in the middle: commands that run side by side share it.
type practiceTransport struct {
	next   http.RoundTripper
	holder *practiceHolder
}

func (t practiceTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		resp, err := t.next.RoundTrip(r)
		if err == nil || r.Context().Err() != nil || !t.holder.owns(r.URL.Scheme+"://"+r.URL.Host) || !t.holder.reopen(r.Context()) {
			return resp, err
		}
		if r.GetBody != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}
