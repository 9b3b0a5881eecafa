package tui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/verification"
	"cozejwt/internal/wrap"
)

// View draws the list, the details of the row under the cursor, and the keys.
func (c *checklist) View() string {
	name, head := title.Render(c.text("verify.title")), "\n"+wrap.Text(c.counts(), max(c.width, 1))+"\n\n"
	foot := c.footer()
	body, focus := c.body()
	switch {
	case c.glossary:
		body, focus = c.glossaryText("", c.bindings(), min(c.width, maxWidth)), nil
	case c.asking == mayFix: // what would change, for the question in the footer
		body, focus = c.change(), []int{0}
	}
	c.page.Width, c.page.Height = c.width, max(c.height-lines(name+head)-lines(foot), 1)
	c.fill(body)
	c.follow(focus)
	if more := c.moreBelow(); more != "" {
		name += "  " + more
	}
	screen := clip(name+head, c.width, c.height) + c.page.View() + "\n" + clip(foot, c.width, c.height)
	return forTerminal(indent(screen, c.margin))
}

var statusStyles = map[verification.Status]lipgloss.Style{
	verification.Pass: good, verification.Warn: warn, verification.Fail: bad, verification.Skip: faint, verification.Running: faint,
}

// body draws the list, and names the last and the first line of what is under the cursor.
func (c *checklist) body() (text string, focus []int) {
	var b strings.Builder
	entries := c.entries()
	at := c.at(entries)
	groups, from, to := 0, 0, 0
	for _, e := range entries {
		groups = max(groups, ansi.StringWidth(e.group.Title(c.lang)))
	}
	for i, e := range entries {
		pointer := "  "
		if i == at {
			pointer = accent.Render("❯ ")
			from = strings.Count(b.String(), "\n")
		}
		line := pointer + c.mark(e.group.Status()) + " " + c.groupLine(e.group, groups)
		if e.check != nil {
			line = "  " + pointer + c.mark(e.check.Status) + " " + c.checkLine(*e.check)
		}
		b.WriteString(ansi.Truncate(line, max(c.width, 1), "…") + "\n")
		if i == at {
			if c.open && e.check != nil {
				b.WriteString(c.details(*e.check))
			}
			to = strings.Count(b.String(), "\n") - 1
		}
	}
	return b.String(), []int{to, from}
}

func (c *checklist) mark(s verification.Status) string {
	mark := s.Mark()
	if s == verification.Running {
		mark = " "
		if c.running() {
			mark = c.spinner.View()
		}
	}
	return statusStyles[s].Render(mark)
}

func (c *checklist) groupLine(g verification.Group, titles int) string {
	name := g.Title(c.lang)
	return bold.Render(name) + strings.Repeat(" ", titles-ansi.StringWidth(name)+3) + faint.Render(g.Line(c.lang))
}

// checkLine is a check with what was seen, which the details say when they are
// open.
func (c *checklist) checkLine(r verification.Result) string {
	name := r.Title(c.lang)
	detail := strings.TrimSpace(r.Detail(c.lang))
	if r.Status == verification.Running || detail == "" || c.open && r.ID == c.cursor {
		return name
	}
	gap := verification.TitleWidth(c.rows, c.lang) - ansi.StringWidth(name) + 2
	return name + strings.Repeat(" ", gap) + faint.Render(detail)
}

func (c *checklist) details(r verification.Result) string {
	if r.Status == verification.Running {
		return ""
	}
	width := min(c.width, maxWidth)
	var out []string
	add := func(mark, text string) {
		if strings.TrimSpace(text) != "" {
			out = append(out, wrap.Hanging("      "+mark, text, width))
		}
	}
	fix := func(mark, text string) { out = append(out, strong(accent, "      "+mark+"→ ", text, width)) }
	add("", r.Detail(c.lang))
	add("", r.Why(c.lang))
	if d := r.Diagnosis; d != nil {
		for i, cause := range d.Causes {
			add(strconv.Itoa(i+1)+". ", cause.Text(c.lang))
			fix("   ", cause.Fix(c.lang))
		}
	} else {
		for _, text := range r.Fixes(c.lang) {
			fix("", text)
		}
	}
	if r.Repair != nil {
		add("f ", c.lang.Say(r.Repair.What))
	}
	return strings.Join(out, "\n") + "\n"
}

// change is the finding and what its repair would do.
func (c *checklist) change() string {
	found := c.marked()
	finding := strong(statusStyles[found.Status], found.Status.Mark()+" ", found.Title(c.lang)+"  "+found.Detail(c.lang), c.width)
	what := wrap.Text(c.text("verify.can_fix", "what", c.lang.Say(found.Repair.What)), c.width)
	return finding + "\n\n" + what + "\n\n" + wrapHard(strings.TrimSpace(found.Repair.Diff), c.width)
}

// counts sums up what has come so far.
func (c *checklist) counts() string {
	if c.running() {
		return c.spinner.View() + " " + c.text("verify.running")
	}
	return verification.Summary(c.rows, c.lang)
}

func (c *checklist) footer() string {
	switch c.asking {
	case mayFix:
		return bold.Render(strings.TrimSpace(c.text("verify.ask_fix")))
	case mayAskOther:
		return eachLine(bold, wrap.Text(strings.TrimSpace(c.text("verify.ask_other", "other", c.other())), c.width))
	}
	if c.glossary {
		return c.glossaryKeys(c.width)
	}
	foot := helpLines(c.help, c.bindings(), c.width)
	if c.status != "" {
		foot = marked(good, "✓ ", c.status, c.width) + "\n" + foot
	}
	if c.problem != "" {
		foot = marked(bad, "✗ ", c.problem, c.width) + "\n" + foot
	}
	return foot
}

// bindings are the keys that mean something now.
func (c *checklist) bindings() []key.Binding {
	bindings := []key.Binding{c.keys.choose, c.keys.details}
	if !c.running() {
		if c.fixable() || c.refusal() != nil {
			bindings = append(bindings, c.keys.correct)
		}
		if c.other() != "" {
			bindings = append(bindings, c.keys.other)
		}
		all := c.keys.all
		if c.all {
			all = c.keys.troubles
		}
		bindings = append(bindings, c.keys.again, all, c.keys.report)
	}
	if c.menu && !c.running() {
		bindings = append(bindings, c.keys.menu)
	}
	return append(bindings, c.keys.help, c.keys.leave)
}
