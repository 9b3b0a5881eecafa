package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/wrap"
)

// ticksView is a list of options, each ticked or not, in place of the view of the step that
// offers it. Enter takes what is ticked, Esc leaves it as it was.
type ticksView struct {
	wizard *Wizard
	ticks  flow.Ticks
	chosen []string
	cursor int
}

// ticks is the list that the step offers by a key.
func (w *Wizard) ticks() (flow.Ticks, bool) {
	if _, open := w.view.(*ticksView); open || w.at < 0 {
		return flow.Ticks{}, false
	}
	return flow.Shown[flow.Ticks](w.step())
}

// openTicks shows the list that the step offers.
func (w *Wizard) openTicks(t flow.Ticks) {
	w.view = &ticksView{wizard: w, ticks: t, chosen: t.Chosen}
	w.followed = nil
	w.page.GotoTop()
}

// ticksText says what is ticked, and by which key it is changed; "" where the step does not ask.
func (w *Wizard) ticksText(width int) string {
	t, offered := w.ticks()
	if !offered || !t.Asks {
		return ""
	}
	return wrap.Text(w.text("ticks."+t.ID, "chosen", t.Names(w.lang)), width)
}

func (v *ticksView) update(msg tea.Msg) tea.Cmd {
	pressed, ok := msg.(tea.KeyMsg)
	if !ok || pressed.Paste {
		return nil
	}
	switch keys := v.wizard.keys; {
	case key.Matches(pressed, keys.up):
		v.cursor = max(v.cursor-1, 0)
	case key.Matches(pressed, keys.down):
		v.cursor = min(v.cursor+1, len(v.ticks.Options)-1)
	}
	return nil
}

func (v *ticksView) toggle() { v.chosen = v.ticks.Toggle(v.chosen, v.cursor) }

func (v *ticksView) enter() tea.Cmd {
	v.ticks.Put(v.chosen)
	v.wizard.version++
	v.wizard.ticked[v.wizard.step().ID] = 0 // what is to be done may be something else now
	return v.close()
}

func (v *ticksView) close() tea.Cmd {
	w := v.wizard
	w.followed = nil
	w.page.GotoTop()
	return w.open(w.step())
}

func (v *ticksView) back() bool {
	v.close()
	return true
}

func (v *ticksView) failed(error) tea.Cmd { return nil }
func (v *ticksView) typing() bool         { return false }

func (v *ticksView) bindings() []key.Binding {
	k := v.wizard.keys
	return []key.Binding{k.take, k.choose, k.toggle}
}

func (v *ticksView) body(width int) (text string, focus []int) {
	l := v.wizard.lang
	var b strings.Builder
	b.WriteString(eachLine(bold, wrap.Text(l.Text("field."+v.ticks.ID), width)) + "\n")
	at := 0
	for i, o := range v.ticks.Options {
		mark := "  [ ] "
		if slices.Contains(v.chosen, o.Value) {
			mark = "  [✓] "
		}
		if i == v.cursor {
			at = strings.Count(b.String(), "\n")
			b.WriteString(strong(accentBold, "❯"+mark[1:], l.Say(o.Label), width) + "\n")
		} else {
			b.WriteString(marked(faint, mark, l.Say(o.Label), width) + "\n")
		}
		if i == v.cursor {
			b.WriteString(eachLine(faint, wrap.Hanging("      ", l.Say(o.About), width)) + "\n")
		}
	}
	return b.String(), []int{at + 1, at}
}
