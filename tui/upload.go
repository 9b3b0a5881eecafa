package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

// uploadView shows the public key so that it can be selected: whole, at the
// left edge, without borders.
type uploadView struct {
	wizard *Wizard
	err    error
}

func newUploadView(w *Wizard) *uploadView { return &uploadView{wizard: w} }

func (v *uploadView) update(msg tea.Msg) tea.Cmd {
	pressed, ok := msg.(tea.KeyMsg)
	if !ok || pressed.Paste {
		return nil
	}
	w := v.wizard
	switch {
	case key.Matches(pressed, w.keys.copy):
		pem := w.session.PublicPEM()
		w.status = w.text("wizard.copied", "path", v.file())
		return func() tea.Msg { w.desk.Copy(pem); return nil } // a clipboard tool may be slow
	case key.Matches(pressed, w.keys.console):
		w.session.Answers.Source = setup.ImportKey
		cmd := w.goTo(setup.StepKey)
		if form, ok := w.view.(*formView); ok {
			form.focus(1) // past the choice that this key has made
		}
		return cmd
	}
	return w.pressConsole(pressed)
}

func (v *uploadView) file() string {
	return v.wizard.session.Display(keygen.PublicPath(v.wizard.session.Answers.KeyFile))
}

func (v *uploadView) enter() tea.Cmd {
	v.err = nil
	return v.wizard.work()
}

func (v *uploadView) body(width int) (string, []int) {
	w := v.wizard
	var b strings.Builder
	brief := w.step().Brief(w.session)
	if w.session.Answers.Region != coze.Sandbox {
		brief = slices.Insert(brief, 1, i18n.Msg("wizard.no_field"))
	}
	shown := min(len(brief), 2)
	b.WriteString(w.briefText(brief[:shown], true, width))
	b.WriteString(wrapPEM(w.session.PublicPEM(), w.width))
	b.WriteString(faint.Render(wrap(w.text("wizard.file", "path", v.file()), width)) + "\n")
	if len(brief) > shown {
		b.WriteString("\n" + w.briefText(brief[shown:], false, width))
	}
	if v.err != nil {
		b.WriteString("\n" + w.problemText(v.err, width))
		return b.String(), []int{strings.Count(b.String(), "\n")}
	}
	return b.String(), nil
}

func (v *uploadView) bindings() []key.Binding {
	k := v.wizard.keys
	if v.wizard.session.Answers.Region == coze.Sandbox {
		return []key.Binding{k.next, k.copy, k.open}
	}
	b := []key.Binding{k.next, k.copy}
	if v.wizard.session.Console() != "" {
		b = append(b, k.open)
	}
	return append(b, k.console)
}

func (v *uploadView) back() bool       { return false }
func (v *uploadView) failed(err error) { v.err = err }
func (v *uploadView) typing() bool     { return false }
