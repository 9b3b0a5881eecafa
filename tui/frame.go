package tui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/flow"
	"cozejwt/internal/tty"
	"cozejwt/internal/wrap"
)

const (
	maxWidth  = 72 // of text: longer lines are hard to read
	railWidth = 24
	railGap   = 3
	withRail  = 96 // columns from which the rail stands beside the text
)

// A layout is where the parts of the screen stand.
type layout struct {
	margin int // columns left of everything
	rail   int // width of the rail with its gap, 0 for none
	text   int // width of the text
}

// layout places rail and text together in the middle of a wide screen.
func (w *Wizard) layout() layout {
	if w.width < withRail {
		return layout{text: min(w.width, maxWidth)}
	}
	l := layout{rail: railWidth + railGap, text: min(w.width-railWidth-railGap, maxWidth)}
	l.margin = (w.width - l.rail - l.text) / 2
	if w.at < 0 { // a question of no plan
		l.rail = 0
	}
	return l
}

// View draws the frame: title, the plan, the step's body, keys.
func (w *Wizard) View() string {
	l := w.layout()
	head := clip(w.header(l), w.width-l.margin, w.height)
	foot := clip(w.footer(l), w.width-l.margin, w.height-lines(head)-1)
	body, focus := w.body(l.text)
	edge, atEdge := w.view.(edgeView)
	shown := atEdge && !w.glossary
	atEdge = shown && l.rail == 0
	w.page.Width = w.width - l.margin - l.rail
	switch {
	case shown && !atEdge: // with the step that it belongs to; a key copies it
		body = strings.TrimRight(body, "\n") + "\n\n" + edge.edge(l.text)
	case atEdge: // so all of it scrolls
		body = w.placed(strings.TrimRight(body, "\n"), l) + "\n\n" + edge.edge(w.width)
		w.page.Width = w.width
	}
	w.page.Height = w.pageHeight(lines(head)+lines(foot), max(lines(strings.TrimRight(body, "\n")), len(w.run.Steps)))
	w.fill(body)
	w.follow(focus)
	middle := w.page.View()
	if !atEdge {
		middle = w.placed(middle, l)
	}
	head = clip(w.header(l), w.width-l.margin, w.height) // it is known now whether there is more below
	screen := indent(strings.TrimSuffix(head, "\n"), l.margin) + "\n" + middle + "\n" + indent(foot, l.margin)
	return forTerminal(screen)
}

// An edgeView has something below its body that may be selected with the mouse, such as a PEM block:
// it starts at the left edge of the screen, with nothing beside it, where the screen has no rail.
type edgeView interface{ edge(width int) string }

// pageHeight is how many rows there are for the body. On a tall screen the keys stand below the
// text, not at the far end of the screen, and where they stood at the step before.
func (w *Wizard) pageHeight(around, body int) int {
	const common = 24 // rows of a terminal
	return max(min(w.height-around, max(body, common-around)), 1)
}

// placed puts the rail, where there is one, and the text in their places.
func (w *Wizard) placed(text string, l layout) string {
	if l.rail > 0 {
		text = beside(w.rail(), text, l.rail)
	}
	return indent(text, l.margin)
}

// body is what the step shows, after the reason why the person was sent back to
// it, or the page of words and keys.
func (w *Wizard) body(width int) (text string, focus []int) {
	if w.glossary {
		step := ""
		if w.at >= 0 {
			step = w.step().ID
		}
		return w.glossaryText(step, w.bindings(), width), nil
	}
	text, focus = w.view.body(width)
	first := w.openingText(width)
	if w.refused != nil {
		first = w.reasonText(*w.refused, width) + "\n\n"
	}
	for i := range focus {
		focus[i] += strings.Count(first, "\n")
	}
	return first + text, focus
}

// openingText says what the wizard is for where flags have answered the step that says so.
func (w *Wizard) openingText(width int) string {
	r := w.run
	if r.Opening == nil || r.Resumes || w.at <= r.First() || w.at == len(r.Steps)-1 || !w.atBeginning() {
		return ""
	}
	return wrap.Text(w.lang.Say(r.Opening()), width) + "\n\n"
}

// beside puts the lines of left before those of right, which begin at a column.
func beside(left []string, right string, column int) string {
	rows := strings.Split(right, "\n")
	rows = append(rows, make([]string, max(len(left)-len(rows), 0))...)
	for i := range rows {
		cell := ""
		if i < len(left) {
			cell = left[i]
		}
		rows[i] = cell + strings.Repeat(" ", max(column-ansi.StringWidth(cell), 0)) + rows[i]
	}
	return strings.Join(rows, "\n")
}

func indent(text string, columns int) string {
	if columns == 0 {
		return text
	}
	space := strings.Repeat(" ", columns)
	return space + strings.ReplaceAll(text, "\n", "\n"+space)
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

// header is the title, which the first line is kept for, and the plan in marks
// where it does not stand in the rail.
func (w *Wizard) header(l layout) string {
	if w.at < 0 {
		return title.Render("cozejwt") + "  " + w.moreBelow() + "\n\n"
	}
	n, of := w.run.Number(w.at)
	head := title.Render(w.text("ui.step", "n", strconv.Itoa(n), "m", strconv.Itoa(of), "title", w.text("step."+w.step().ID))) + "\n"
	switch {
	case l.rail == 0:
		marks, more := w.marks(), w.moreBelow()
		name := ansi.Truncate(w.fileName(), max(w.width-ansi.StringWidth(marks+more)-4, 0), "…")
		head += strings.Join(slices.DeleteFunc([]string{marks, name, more}, func(part string) bool { return part == "" }), "  ") + "\n"
	default:
		name := ansi.Truncate(w.fileName(), railWidth, "…")
		head += name + strings.Repeat(" ", l.rail-ansi.StringWidth(name)) + w.moreBelow() + "\n"
	}
	if w.spacious() && l.rail == 0 {
		head += "\n"
	}
	return head
}

var (
	stopMarks  = map[flow.StopState]string{flow.Passed: "✓", flow.Current: "●", flow.ToCome: "○", flow.Skipped: "–"}
	stopStyles = map[flow.StopState]lipgloss.Style{flow.Passed: good, flow.Current: accent, flow.ToCome: faint, flow.Skipped: faint}
)

// marks is the plan in one line, a mark for each step.
func (w *Wizard) marks() string {
	var b strings.Builder
	for _, stop := range w.run.Stops(w.at) {
		b.WriteString(stopStyles[stop.State].Render(stopMarks[stop.State]))
	}
	return b.String()
}

// rail is the plan by name, with what was answered.
func (w *Wizard) rail() []string {
	var rows []string
	for _, stop := range w.run.Stops(w.at) {
		name, _, _ := strings.Cut(w.text("step."+stop.ID), "（") // the title explains a term, here is room for its answer
		style := faint
		switch stop.State {
		case flow.Current:
			style = chosen
		case flow.Passed:
			style = lipgloss.NewStyle()
		}
		line := stopStyles[stop.State].Render(stopMarks[stop.State]) + " " + style.Render(name)
		if stop.State == flow.Skipped {
			stop.Answer = w.text("ui.skipped")
		}
		if room := railWidth - ansi.StringWidth(name) - 4; stop.Answer != "" && room > 1 {
			line += "  " + faint.Render(ansi.Truncate(tty.Line(stop.Answer), room, "…"))
		}
		rows = append(rows, ansi.Truncate(line, railWidth, "…"))
	}
	return rows
}

// footer is what just happened, and the keys.
func (w *Wizard) footer(l layout) string {
	width := min(w.width-l.margin, l.rail+l.text)
	if w.working() || w.job != nil && time.Since(w.job.began) > slow {
		meant := []key.Binding{w.keys.cancel, w.keys.quit}
		if w.job.pausing() != nil {
			meant = []key.Binding{w.keys.retry, w.keys.cancel, w.keys.quit}
		}
		return w.spin() + " " + helpLines(w.help, meant, width)
	}
	if w.glossary {
		return w.glossaryKeys(width)
	}
	status := ""
	if w.status != "" {
		status = marked(accent, "● ", w.status, width) + "\n"
	}
	if w.unopened != "" { // nothing before it that would be copied along
		status += wrapHard(w.unopened, width) + "\n"
	}
	return status + helpLines(w.help, w.bindings(), width)
}

// bindings are the keys that mean something now.
func (w *Wizard) bindings() []key.Binding {
	b := w.view.bindings()
	switch {
	case w.menu && w.atBeginning() && (!w.view.typing() || w.at < 0):
		b = append(b, w.keys.menu)
	case w.at > 0 && !w.atBeginning() || w.at == 0 && w.view.typing():
		b = append(b, w.keys.back)
	}
	if w.view.typing() {
		return append(b, w.keys.explain, w.keys.quit)
	}
	return append(b, w.keys.help, w.keys.leave)
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

// fileName is the .env that the run is about where it is a profile's, or has a name of its own.
func (w *Wizard) fileName() string {
	name := w.run.About
	if name == ".env" {
		return ""
	}
	return faint.Render(name)
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
