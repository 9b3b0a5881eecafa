package tui

import (
	"bytes"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// sharedOutput lets the renderer and Copy write to the terminal in turn: an
// escape sequence inside another would be garbage.
type sharedOutput struct {
	*os.File
	mu   sync.Mutex
	open bool        // the alternate screen is, after what was written
	over atomic.Bool // what comes now is dropped
}

// piece is how much is written in one call, so that the end of the output waits for little.
const piece = 4096

// Write writes all of p, or drops what is left of it once the output is over.
func (o *sharedOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for part := range slices.Chunk(p, piece) {
		if o.over.Load() {
			return len(p), nil
		}
		if n, err := o.File.Write(part); err != nil {
			return n, err
		}
	}
	if at := bytes.LastIndex(p, []byte(alternate)); at >= 0 {
		o.open = bytes.HasPrefix(p[at:], []byte(alternate+"h"))
	}
	return len(p), nil
}

// WriteString is Write. That of the file, which Bubble Tea enters and leaves the alternate screen
// with, knows neither turns nor the end.
func (o *sharedOutput) WriteString(text string) (int, error) { return o.Write([]byte(text)) }

// isOpen reports whether the alternate screen is open.
func (o *sharedOutput) isOpen() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.open
}

// mute is how long a terminal takes nothing before it is given up, as after Ctrl+S.
var mute = 2 * time.Second

// finish writes the last of the output, once the piece that is being written is taken. What others
// write is dropped from now on. A terminal that takes nothing holds nobody up for long.
func (o *sharedOutput) finish(last string) {
	o.over.Store(true)
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.mu.Lock()
		defer o.mu.Unlock()
		_, _ = io.WriteString(o.File, last)
		o.open = false
	}()
	select {
	case <-done:
	case <-time.After(mute):
	}
}
