package plain

import (
	"slices"
	"strconv"

	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/review"
	"cozejwt/internal/steps"
)

// show prints the step: its title, what it says, and what it shows.
func (f *Prompter) show(r *flow.Run, at int) {
	st := r.Steps[at]
	_, reviews := flow.Shown[*review.Review](st)
	if f.NoInput && !reviews && at < len(r.Steps)-1 {
		return // there is no one to instruct
	}
	n, of := r.Number(at)
	f.say("\n%s\n", f.Lang.Text("ui.step", "n", strconv.Itoa(n), "m", strconv.Itoa(of), "title", f.Lang.Text("step."+st.ID)))
	var summary []string
	if f.Summarized && at == len(r.Steps)-1 {
		for _, m := range r.Summary() {
			summary = append(summary, f.Lang.Say(m))
		}
	}
	for _, m := range st.Says() {
		if text := f.Lang.Say(m); !slices.Contains(summary, text) {
			f.tell("", f.said(m))
		}
	}
	for _, x := range st.Exhibits() {
		f.exhibit(x)
	}
}

func (f *Prompter) exhibit(x flow.Exhibit) {
	switch x := x.(type) {
	case flow.Link:
		f.say("%s\n", x.URL)
	case flow.Todo:
		for i, m := range x {
			f.tell(strconv.Itoa(i+1)+". ", f.Lang.Say(m))
		}
	case flow.Choice:
		f.tell("", f.Lang.Text("app.existing.plain"))
	case flow.Ticks:
		if x.Asks && !f.Present {
			f.tell("", f.Lang.Text("ticks."+x.ID+".plain", "chosen", x.Names(f.Lang)))
		}
	case steps.PublicKey:
		if x.ByHand {
			f.say("\n%s\n", x.PEM)
		}
	case *review.Review:
		f.review(x)
	case flow.Checklist:
		f.checklist(x, "· ")
	}
}

func (f *Prompter) review(r *review.Review) {
	for _, c := range r.Changes {
		f.say("\n%s %s\n%s", f.Lang.Text("action."+string(c.Action)), c.Path, c.Diff)
	}
	for _, w := range r.Warnings {
		f.say("\n")
		f.tell("! ", w.Message(f.Lang))
	}
}

// checklist prints what was achieved; open marks what was not.
func (f *Prompter) checklist(items flow.Checklist, open string) {
	for _, item := range items {
		mark := open
		if item.Earned {
			mark = "✓ "
		}
		f.tell(mark, f.Lang.Say(item.Text)+f.Lang.Text("cause.evidence", "evidence", f.Lang.Say(item.Evidence)))
	}
}

func (f *Prompter) notice(notice *fault.Fault) {
	if notice != nil {
		f.tell("! ", notice.Message(f.Lang))
	}
}
