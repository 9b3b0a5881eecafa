package tui

import (
	"strconv"
	"strings"

	"cozejwt/internal/flow"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/wrap"
)

// buttons are the names of the console's buttons in a text.
var buttons = lazyregexp.New(`\[[^\]]+\]|「[^」]+」`)

// todo is what there is to do in the console at this step; nil for nothing.
func (w *Wizard) todo() flow.Todo {
	if w.at < 0 {
		return nil
	}
	list, _ := flow.Shown[flow.Todo](w.step())
	return list
}

// tick ticks off the next point, and begins again after the last. It reports
// whether there is one. In a list of options it ticks the marked one.
func (w *Wizard) tick() bool {
	if list, open := w.view.(*ticksView); open {
		list.toggle()
		return true
	}
	n := len(w.todo())
	if n == 0 {
		return false
	}
	id := w.step().ID
	w.ticked[id] = (w.ticked[id] + 1) % (n + 1)
	return true
}

// todoText lists the points, each with whether it is done; the next one stands out.
func (w *Wizard) todoText(width int) string {
	var b strings.Builder
	for i, m := range w.todo() {
		text := wrap.Hanging(strconv.Itoa(i+1)+". ", w.lang.Say(m), width-2)
		text = strings.ReplaceAll(text, "\n", "\n  ")
		switch done := w.ticked[w.step().ID]; {
		case i < done:
			b.WriteString(good.Render("✓ ") + faint.Render(text) + "\n")
			continue
		case i == done:
			b.WriteString(accent.Render("● "))
		default:
			b.WriteString("○ ")
		}
		b.WriteString(buttons().ReplaceAllStringFunc(text, func(name string) string { return bold.Render(name) }) + "\n")
	}
	return b.String()
}
