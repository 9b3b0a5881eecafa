package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/steps"
	"cozejwt/internal/wrap"
)

// uploadView shows the public key so that it can be selected: complete, at the
// left edge, without borders.
type uploadView struct {
	wizard *Wizard
	key    steps.PublicKey
	err    error
}

func (v *uploadView) update(msg tea.Msg) tea.Cmd {
	pressed, ok := msg.(tea.KeyMsg)
	if !ok || pressed.Paste {
		return nil
	}
	w := v.wizard
	switch {
	case key.Matches(pressed, w.keys.copy):
		pem := v.key.PEM
		w.status = w.text("wizard.copied", "path", v.key.Path)
		return func() tea.Msg { w.desk.Copy(pem); return nil } // a clipboard tool may be slow
	case key.Matches(pressed, w.keys.console):
		from := w.at
		step, field, back := v.key.FromConsole()
		w.field = field
		cmd := w.goTo(w.run.Index(step))
		w.undo = func() tea.Cmd {
			back()
			return w.show(from)
		}
		return cmd
	}
	return w.pressConsole(pressed)
}

func (v *uploadView) enter() tea.Cmd {
	v.err = nil
	return v.wizard.work()
}

func (v *uploadView) body(width int) (string, []int) {
	w := v.wizard
	var b strings.Builder
	if url := w.run.Page(); url != "" {
		b.WriteString(w.paragraphs([]string{w.address(url, width)}))
	}
	b.WriteString(w.briefText(w.step().Says(), width))
	if v.key.ByHand { // before the key, which is long and has a key of its own
		b.WriteString(w.pageText(false, width) + wrap.Text(w.text("wizard.no_field"), width) + "\n\n")
	}
	if v.err != nil {
		b.WriteString(w.problemText(v.err, width) + "\n")
		return b.String(), []int{strings.Count(b.String(), "\n")}
	}
	return b.String(), nil
}

// edge is the key and where it is.
func (v *uploadView) edge(width int) string {
	return wrapPEM(v.key.PEM, width) + eachLine(faint, wrap.Text(v.wizard.text("wizard.file", "path", v.key.Path), width))
}

func (v *uploadView) bindings() []key.Binding {
	k := v.wizard.keys
	return append(v.wizard.pageKeys(), k.copy, k.console)
}

func (v *uploadView) back() bool               { return false }
func (v *uploadView) failed(err error) tea.Cmd { v.err = err; return nil }
func (v *uploadView) typing() bool             { return false }
