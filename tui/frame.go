package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/progress"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// maxWidth keeps lines short enough to be read on a wide terminal.
const maxWidth = 96

// View draws the frame: title and progress, the step's body, keys.
func (w *Wizard) View() string {
	head := clip(w.header(), w.width, w.height)
	foot := clip(w.footer(), w.width, w.height-lines(head)-1)
	body, focus := w.view.body(min(w.width, maxWidth))
	w.page.Width = w.width
	w.page.Height = max(w.height-lines(head)-lines(foot), 1)
	w.page.SetContent(strings.TrimRight(body, "\n"))
	w.follow(focus)
	return trimLines(clip(w.header(), w.width, w.height) + w.page.View() + "\n" + foot)
}

// clip cuts off what does not fit; a very small screen shows what it can.
func clip(text string, width, height int) string {
	all := strings.Split(text, "\n")
	all = all[:min(len(all), max(height, 1))]
	for i := range all {
		all[i] = ansi.Truncate(all[i], width, "…")
	}
	return strings.Join(all, "\n")
}

// follow scrolls to the lines that have the focus, once each time they move.
func (w *Wizard) follow(focus []int) {
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

// header is the title, which the first line is kept for, and the progress.
func (w *Wizard) header() string {
	if w.at < 0 {
		return title.Render("cozejwt") + "\n\n"
	}
	name := w.text("step." + w.step().ID)
	head := title.Render(w.text("ui.step", "n", strconv.Itoa(w.at+1), "m", strconv.Itoa(len(w.steps())), "title", name)) + "\n" +
		w.progress() + w.moreBelow() + "\n"
	if w.spacious() {
		head += "\n"
	}
	return head
}

// progress is how far the plan has come.
func (w *Wizard) progress() string {
	bar := progress.New(progress.WithSolidFill("6"), progress.WithoutPercentage(),
		progress.WithWidth(min(w.width-8, 4*len(w.steps()))), progress.WithFillCharacters('━', '─'),
		progress.WithColorProfile(lipgloss.ColorProfile()))
	bar.EmptyColor = "8"
	return bar.ViewAs(float64(w.at+1) / float64(len(w.steps())))
}

// footer is what just happened, and the keys.
func (w *Wizard) footer() string {
	if w.job != nil {
		return w.spinner.View() + " " + w.helpLine([]key.Binding{w.keys.cancel, w.keys.quit})
	}
	status := ""
	if w.status != "" {
		status = good.Render(wrap(w.status, w.width)) + "\n"
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

// helpLine draws the keys, on as many lines as they take; with ? in columns,
// with those that always work.
func (w *Wizard) helpLine(bindings []key.Binding) string {
	if w.help.ShowAll {
		rows := 4
		if w.spacious() {
			rows = 8
		}
		return w.help.FullHelpView(slices.Collect(slices.Chunk(append(bindings, w.keys.scroll), rows)))
	}
	return helpLines(w.help, bindings, w.width)
}

// helpLines draws keys on as many lines as they take.
func helpLines(h help.Model, bindings []key.Binding, width int) string {
	var out []string
	for from, to := 0, 1; from < len(bindings); to++ {
		if to < len(bindings) && ansi.StringWidth(h.ShortHelpView(bindings[from:to+1])) <= width {
			continue
		}
		out = append(out, h.ShortHelpView(bindings[from:to]))
		from = to
	}
	return strings.Join(out, "\n")
}

// moreBelow says, beside the progress, that the step does not fit the screen.
func (w *Wizard) moreBelow() string {
	if w.page.AtBottom() {
		return ""
	}
	return faint.Render("  ↓ " + strconv.Itoa(int(w.page.ScrollPercent()*100)) + "%")
}

// spacious reports whether there is room for air between the parts.
func (w *Wizard) spacious() bool { return w.height >= 18 }

func lines(s string) int { return strings.Count(s, "\n") + 1 - boolInt(strings.HasSuffix(s, "\n")) }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
