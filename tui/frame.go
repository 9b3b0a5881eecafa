package tui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/progress"
	"github.com/charmbracelet/x/ansi"
)

// maxWidth keeps lines short enough to be read on a wide terminal.
const maxWidth = 96

// View draws the frame: title and progress, the step's body, keys.
func (w *Wizard) View() string {
	head, foot := w.header(), w.footer()
	body, focus := w.view.body(min(w.width, maxWidth))
	w.page.Width = w.width
	w.page.Height = max(w.height-lines(head)-lines(foot), 1)
	w.page.SetContent(body)
	w.follow(focus)
	page := w.page.View()
	if !w.page.AtBottom() {
		foot = w.moreBelow() + foot
	}
	return trimLines(head + page + "\n" + foot)
}

// follow scrolls to the line that has the focus, once each time it moves.
func (w *Wizard) follow(focus int) {
	if focus == w.followed {
		return
	}
	w.followed = focus
	if focus < w.page.YOffset {
		w.page.SetYOffset(focus)
	}
	if last := w.page.YOffset + w.page.Height - 1; focus > last {
		w.page.SetYOffset(w.page.YOffset + focus - last)
	}
}

// header is the title, which the first line is kept for, and the progress.
func (w *Wizard) header() string {
	if w.at < 0 {
		return title.Render("cozejwt") + "\n\n"
	}
	name := w.text("step." + w.plan[w.at].ID)
	head := title.Render(w.text("ui.step", "n", strconv.Itoa(w.at+1), "m", strconv.Itoa(len(w.plan)), "title", name)) + "\n" +
		w.progress() + "\n"
	if w.roomy() {
		head += "\n"
	}
	return head
}

// progress is how far the plan has come.
func (w *Wizard) progress() string {
	bar := progress.New(progress.WithSolidFill("6"), progress.WithoutPercentage(),
		progress.WithWidth(min(w.width, 4*len(w.plan))), progress.WithFillCharacters('━', '─'))
	bar.EmptyColor = "8"
	return bar.ViewAs(float64(w.at+1) / float64(len(w.plan)))
}

// footer is what just happened, and the keys.
func (w *Wizard) footer() string {
	if w.job != nil {
		return w.spinner.View() + " " + w.helpLine([]key.Binding{w.keys.cancel, w.keys.quit})
	}
	status := ""
	if w.status != "" {
		status = good.Render(ansi.Wrap(w.status, w.width, "")) + "\n"
	}
	b := w.view.bindings()
	if w.at > 0 || w.at == 0 && w.view.typing() {
		b = append(b, w.keys.back)
	}
	if !w.view.typing() {
		b = append(b, w.keys.help)
	}
	return status + w.helpLine(append(b, w.keys.quit))
}

// helpLine draws keys in one line, or all of them below each other.
func (w *Wizard) helpLine(bindings []key.Binding) string {
	w.help.Width = w.width
	if w.help.ShowAll {
		return w.help.FullHelpView([][]key.Binding{append(bindings, w.page.KeyMap.PageDown)})
	}
	return w.help.ShortHelpView(bindings)
}

// moreBelow takes the place of nothing: it stands before the keys.
func (w *Wizard) moreBelow() string {
	percent := strconv.Itoa(int(w.page.ScrollPercent() * 100))
	return faint.Render(w.text("wizard.more", "percent", percent)) + "  "
}

// roomy reports whether there is room for air between the parts.
func (w *Wizard) roomy() bool { return w.height >= 18 }

func lines(s string) int { return strings.Count(s, "\n") + 1 - boolInt(strings.HasSuffix(s, "\n")) }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// trimLines drops the spaces that fill lines up: they would be copied along
// when text is selected.
func trimLines(s string) string {
	all := strings.Split(s, "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return strings.Join(all, "\n")
}

// wrap breaks text into lines; a numbered point hangs under its number.
func wrap(text string, width int) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		indent := 0
		if len(line) > 2 && line[0] >= '1' && line[0] <= '9' && line[1] == '.' {
			indent = 3
		}
		broken := ansi.Wrap(line[indent:], max(width-indent, 8), "")
		out = append(out, line[:indent]+strings.ReplaceAll(broken, "\n", "\n"+strings.Repeat(" ", indent)))
	}
	return strings.Join(out, "\n")
}

// hanging wraps text under a mark such as "✗ ".
func hanging(mark, text string, width int) string {
	indent := ansi.StringWidth(mark)
	broken := ansi.Wrap(text, max(width-indent, 8), "")
	return mark + strings.ReplaceAll(broken, "\n", "\n"+strings.Repeat(" ", indent))
}

// link makes a URL that terminals can open (OSC 8). It is never broken into
// lines by us: a broken one could not be selected whole.
func link(url string) string {
	return ansi.SetHyperlink(url) + underlined.Render(url) + ansi.ResetHyperlink()
}
