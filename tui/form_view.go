package tui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/flow"
	"cozejwt/internal/wrap"
)

func (v *formView) body(width int) (text string, focus []int) {
	var b strings.Builder
	here := func() int { return strings.Count(b.String(), "\n") }
	f, ok := v.field()
	if v.index == 0 {
		b.WriteString(v.wizard.pageText(!ok, width))
		b.WriteString(v.wizard.briefText(v.brief(), width))
	}
	label, answer := here(), here()
	if ok {
		answer = v.drawField(&b, f, width)
	}
	if v.err != nil && (!ok || f.Options != nil) {
		b.WriteString("\n" + v.wizard.problemText(v.err, width))
	}
	if !ok && v.err == nil {
		return b.String(), nil
	}
	if v.err == nil && f.Options != nil {
		return b.String(), []int{label, answer + 1, answer} // the choice with its explanation
	}
	// What went wrong, the question, and above all where it is answered.
	return b.String(), []int{here(), label, answer}
}

// drawField draws the question, then the answer, then what helps with it. It
// returns the line where it is answered.
func (v *formView) drawField(b *strings.Builder, f flow.Field, width int) (answer int) {
	b.WriteString(bold.Render(wrap.Text(v.wizard.text("field."+f.ID), width)) + "\n")
	if f.Options == nil {
		v.input.Width = max(min(width, 80)-4, 4)
		answer = strings.Count(b.String(), "\n")
		b.WriteString(v.input.View() + "\n" + v.fullValue(width) + v.verdict(f, width) + "\n")
	} else {
		answer = v.drawOptions(b, f, width)
	}
	if f.Hint != nil {
		b.WriteString(faint.Render(wrap.Text(v.wizard.lang.Say(*f.Hint), width)) + "\n")
	}
	if from := f.Source(); from != nil && v.input.Value() == f.Value {
		b.WriteString(faint.Render(wrap.Text(v.wizard.lang.Say(*from), width)) + "\n")
	}
	return answer
}

// fullValue is a value that is longer than its field, so that it can be compared with another.
func (v *formView) fullValue(width int) string {
	const most = 4 // lines; what is longer is no value of ours
	value := v.input.Value()
	if ansi.StringWidth(value) <= v.input.Width {
		return ""
	}
	return indent(clip(wrapHard(value, max(width-2, 8)), width, most), 2) + "\n"
}

// verdict is what is thought of the value so far. It takes a line in any case, so
// that nothing jumps while one types.
func (v *formView) verdict(f flow.Field, width int) string {
	l := v.wizard.lang
	value := strings.TrimSpace(v.input.Value())
	switch {
	case v.err != nil:
		return v.wizard.problemText(v.err, width)
	case v.notice != nil:
		return marked(warn, "! ", v.notice.Message(l), width)
	case f.Fine == nil || value == "":
		return ""
	}
	tidied, doubt, err := f.Verify(value)
	if err != nil || doubt != nil {
		return "" // too short to be judged
	}
	return marked(good, "✓ ", l.Say(f.Fine(tidied)), width)
}

func (v *formView) drawOptions(b *strings.Builder, f flow.Field, width int) (answer int) {
	all := v.roomForAll(b, f, width)
	for i, o := range f.Options {
		number, label := strconv.Itoa(i+1)+". ", v.wizard.lang.Say(o.Label)
		if i == v.cursor {
			answer = strings.Count(b.String(), "\n")
			b.WriteString(strong(accentBold, "❯ "+number, label, width) + "\n")
		} else {
			b.WriteString(marked(faint, "  "+number, label, width) + "\n")
		}
		if about := v.wizard.lang.Say(o.About); about != "" && (i == v.cursor || all) {
			b.WriteString(faint.Render(wrap.Hanging("     ", about, width)) + "\n")
		}
	}
	return answer
}

// roomForAll reports whether every choice can be explained without scrolling.
func (v *formView) roomForAll(before *strings.Builder, f flow.Field, width int) bool {
	const around = 6 // title, marks and keys
	rows := strings.Count(before.String(), "\n") + around
	for _, o := range f.Options {
		rows += lines(wrap.Hanging("     ", v.wizard.lang.Say(o.Label), width)) + lines(wrap.Hanging("     ", v.wizard.lang.Say(o.About), width))
	}
	return v.wizard.spacious() && rows <= v.wizard.height
}
