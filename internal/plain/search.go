package plain

import (
	"context"
	"strings"

	"cozejwt/internal/flow"
)

// search looks for what works in place of what was refused, and returns the step to continue with:
// target where nothing was found. Ok is false for a person who quits.
func (f *Prompter) search(ctx context.Context, s *flow.Search, target int) (step int, ok bool) {
	f.tell("", f.Lang.Say(s.About()))
	if err := s.Work(func(int, int) {}).Do(ctx); err != nil {
		f.Explain(err)
		return target, true
	}
	f.checklist(s.Tries(), "✗ ")
	for _, m := range s.Says() {
		f.tell("", f.Lang.Say(m))
	}
	step = s.Step()
	if step < 0 {
		return target, true
	}
	f.say("\n%s\n> ", f.Lang.Text("plain.review"))
	if line, err := f.Line(ctx); err != nil || strings.TrimSpace(line) != "" {
		return target, false
	}
	s.Take()
	return step, true
}
