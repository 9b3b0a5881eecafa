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
	f.checklist(s.Found.Tries, "✗ ")
	for _, m := range s.Found.Says {
		f.tell("", f.Lang.Say(m))
	}
	if s.Found.Take == nil {
		return target, true
	}
	f.say("\n%s\n> ", f.Lang.Text("plain.review"))
	if line, err := f.Line(ctx); err != nil || strings.TrimSpace(line) != "" {
		return target, false
	}
	return s.Found.Take(), true
}
