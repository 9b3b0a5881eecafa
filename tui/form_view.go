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
	below := "" // the field stays beside the refusal that it corrects
	if v.index == 0 {
		b.WriteString(v.wizard.pageText(!ok, width))
		brief := v.wizard.briefText(v.brief(), width)
		if ok && v.wizard.refused != nil && !v.wizard.spacious() {
			below, brief = "\n"+brief, ""
		}
		b.WriteString(brief)
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
		return b.String() + below, []int{label, answer + 1, answer} // the choice with its explanation
	}
	// What went wrong, the question, and above all where it is answered.
	return b.String() + below, []int{here(), label, answer}
}

// drawField draws the question, then the answer, then what helps with it. It
// returns the line where it is answered.
func (v *formView) drawField(b *strings.Builder, f flow.Field, width int) (answer int) {
	if f.About != nil {
		b.WriteString(wrap.Text(v.wizard.lang.Say(*f.About), width) + "\n\n")
	}
	if f.Options == nil {
		label := wrap.Text(v.wizard.text("field."+f.ID), width-2)
		answer = strings.Count(b.String(), "\n") + lines(label)
		v.input.fit(max(min(width, 80)-6, 4))
		b.WriteString(barred(eachLine(bold, label)+"\n"+v.input.View()) + v.fullValue(width) + v.verdict(f, width) + "\n")
	} else {
		b.WriteString(eachLine(bold, wrap.Text(v.wizard.text("field."+f.ID), width)) + "\n")
		answer = v.drawOptions(b, f, width)
	}
	if f.Hint != nil {
		b.WriteString(eachLine(faint, wrap.Text(v.wizard.lang.Say(*f.Hint), width)) + "\n")
	}
	if from := f.Source(); from != nil && v.input.Value() == f.Value {
		b.WriteString(eachLine(faint, wrap.Text(v.wizard.lang.Say(*from), width)) + "\n")
	}
	return answer
}

// barred puts the bar of the field in focus at the left of each line. The bar is in the foreground: as an accent
// it would have less than 4.5:1 on light palettes.
func barred(text string) string {
	bar := bold.Render("┃") + " "
	return bar + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+bar) + "\n"
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
			b.WriteString(eachLine(faint, wrap.Hanging("     ", about, width)) + "\n")
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
