package exchange

import (
	"context"
	"net/http/httptrace"
	"slices"
	"time"
)

// A Part is a stage of an exchange.
type Part string

// The parts, in their order.
const (
	Sign    Part = "sign"
	Connect Part = "connect"
	Trade   Part = "exchange"
)

// Parts are the stages of an exchange, in their order.
var Parts = []Part{Sign, Connect, Trade}

// An Event says that a part is done, and how long it took.
type Event struct {
	Part    Part
	Elapsed time.Duration
}

type progressKey struct{}

// WithProgress returns a context for an exchange that reports each part as it
// is done. The report comes on another goroutine.
func WithProgress(ctx context.Context, report func(Event)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// A stopwatch reports the parts of one exchange.
type stopwatch struct {
	report func(Event)
	now    func() time.Time
	last   time.Time
	done   int // parts that are reported
}

func (x Exchanger) stopwatch(ctx context.Context) *stopwatch {
	report, _ := ctx.Value(progressKey{}).(func(Event))
	return &stopwatch{report: report, now: x.Now, last: x.Now()}
}

// reached reports the part, and those before it that nobody has seen end.
func (s *stopwatch) reached(part Part) {
	for s.done <= slices.Index(Parts, part) {
		now := s.now()
		if s.report != nil {
			s.report(Event{Parts[s.done], now.Sub(s.last)})
		}
		s.last, s.done = now, s.done+1
	}
}

// trace makes a request report when it is connected.
func (s *stopwatch) trace(ctx context.Context) context.Context {
	if s.report == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { s.reached(Connect) },
	})
}
