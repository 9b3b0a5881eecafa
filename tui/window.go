package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/spinner"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
)

// A window is what the wizard and the checklist have in common: size, language, the page that
// scrolls, the page of words and keys, and where the person goes next.
type window struct {
	lang i18n.Speaker
	desk Desktop

	width, height int
	keys          keymap
	help          help.Model
	spinner       spinner.Model
	page          viewport.Model
	followed      []int  // the lines of the body that were last brought into view
	glossary      bool   // the page of words and keys is open
	status        string // what was just done

	menu, toMenu bool                 // there is one to return to; Esc has done so
	correct      *diagnosis.Diagnosis // the refusal that is to be corrected by another run
}

func newWindow(lang i18n.Speaker, desk Desktop) window {
	w := window{
		lang: lang, desk: desk, width: 80, height: 24, keys: newKeymap(lang), help: newHelp(), page: viewport.New(80, 20),
		spinner: spinner.New(spinner.WithSpinner(spinner.MiniDot), spinner.WithStyle(accent)),
	}
	w.page.KeyMap = scrollKeys()
	return w
}

func (w *window) text(id string, pairs ...string) string { return w.lang.Text(id, pairs...) }

// setLanguage changes the language of the screen.
func (w *window) setLanguage(l i18n.Speaker) {
	w.lang, w.keys, w.followed = l, newKeymap(l), nil
}

// animate turns the spinner while something runs.
func (w *window) animate(msg spinner.TickMsg, running bool) (cmd tea.Cmd) {
	if running {
		w.spinner, cmd = w.spinner.Update(msg)
	}
	return cmd
}

// fill puts a text on the page. What is wider than the page ends in an ellipsis: the page itself would cut it
// off unseen.
func (w *window) fill(text string) {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range all {
		if ansi.StringWidth(strings.TrimRight(ansi.Strip(line), " ")) > w.page.Width {
			all[i] = ansi.Truncate(line, w.page.Width, "…")
		}
	}
	w.page.SetContent(strings.Join(all, "\n"))
}

// follow scrolls to the lines that have the focus, once each time they move.
func (w *window) follow(focus []int) {
	if slices.Equal(focus, w.followed) {
		return
	}
	w.followed = focus
	for _, line := range focus {
		if line < w.page.YOffset {
			w.page.SetYOffset(line)
		}
		if last := w.page.YOffset + w.page.Height - 1; line > last {
			w.page.SetYOffset(w.page.YOffset + line - last)
		}
	}
}

// moreBelow says that the page does not fit the screen.
func (w *window) moreBelow() string {
	if w.page.AtBottom() {
		return ""
	}
	return faint.Render(w.text("ui.more"))
}

// readGlossary scrolls the page of words and keys, or closes it.
func (w *window) readGlossary(msg tea.KeyMsg) {
	switch {
	case key.Matches(msg, w.keys.close):
		w.glossary = false
		w.followed = nil
		w.page.GotoTop()
	case key.Matches(msg, w.keys.language):
		w.setLanguage(w.lang.Next())
	case key.Matches(msg, w.page.KeyMap.PageDown, w.page.KeyMap.PageUp, w.page.KeyMap.Down, w.page.KeyMap.Up):
		w.page, _ = w.page.Update(msg)
	}
}

func (w *window) openGlossary() {
	w.glossary = true
	w.page.GotoTop()
}

// glossaryText is the page that explains a step, the words, and the keys that work.
func (w *window) glossaryText(step string, keys []key.Binding, width int) string {
	return glossaryText(w.lang, step, append(keys, w.keys.scroll, w.keys.language), width)
}

func (w *window) glossaryKeys(width int) string {
	return helpLines(w.help, []key.Binding{w.keys.close, w.keys.scroll, w.keys.quit}, width)
}

// wish is where the person wants to go: ErrBack, a Correction, or nil for nowhere.
func (w *window) wish() error {
	switch {
	case w.toMenu:
		return ErrBack
	case w.correct != nil:
		return Correction{*w.correct}
	}
	return nil
}
