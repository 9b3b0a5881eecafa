package plain

import (
	"context"
	"strings"

	"cozejwt/internal/flow"
)

// search looks for what works in place of what was refused, and returns the step to continue with:
// target where nothing was found. Ok is false for a person who quits.
func (f *Prompter) search(ctx context.Context, r *flow.Run, target int) (step int, ok bool) {
	f.say("%s\n", f.Lang.Say(r.Search.About()))
	if err := r.Search.Work(func(int, int) {}).Do(ctx); err != nil {
		f.Explain(err)
		return target, true
	}
	f.checklist(r.Search.Tries())
	for _, m := range r.Search.Says() {
		f.say("%s\n", f.Lang.Say(m))
	}
	step = r.Search.Step()
	if step < 0 {
		return target, true
	}
	f.say("\n%s\n> ", f.Lang.Text("plain.review"))
	if line, err := f.Line(ctx); err != nil || strings.TrimSpace(line) != "" {
		return target, false
	}
	r.Search.Take()
	return step, true
}
