package coze

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"cozejwt/internal/fault"
)

// IsStream reports whether an answer is a stream of server-sent events.
func IsStream(resp *http.Response) bool {
	return strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream")
}

// A watch is the body of an answer that ends with its time.
type watch struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	timer   *time.Timer // nil: no limit
	timeout time.Duration
	base    string

	body   io.ReadCloser // nil until there is an answer
	stream bool          // the time starts again with each byte
}

// watch returns the context of one call, which ends with its time.
func (s Service) watch(ctx context.Context) (context.Context, *watch) {
	w := &watch{timeout: s.Timeout, base: s.Base}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	if s.Timeout > 0 {
		w.timer = time.AfterFunc(s.Timeout, func() { w.cancel(context.DeadlineExceeded) })
	}
	return w.ctx, w
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	if n > 0 && w.stream && w.timer != nil {
		w.timer.Reset(w.timeout)
	}
	if err != nil && err != io.EOF {
		err = w.fault(err)
	}
	return n, err
}

func (w *watch) Close() error {
	if w.timer != nil {
		w.timer.Stop()
	}
	defer w.cancel(nil)
	if w.body == nil {
		return nil
	}
	return w.body.Close()
}

// fault is that of an error on the way to the service, which may come from our own time limit.
func (w *watch) fault(err error) error {
	if _, ours := errors.AsType[*fault.Fault](err); ours {
		return err
	}
	if _, ours := errors.AsType[*Refusal](err); ours {
		return err
	}
	if errors.Is(context.Cause(w.ctx), context.DeadlineExceeded) {
		err = context.DeadlineExceeded
	}
	return unreachable(err, w.base)
}

// isClosed reports whether the other end closed a connection before it answered. net/http's
// errServerClosedIdle has no type.
func isClosed(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(err.Error(), "server closed idle connection")
}
