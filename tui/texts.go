package tui

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/wrap"
)

// briefText is what a step says before it asks.
func (w *Wizard) briefText(brief []i18n.Message, width int) string {
	var parts []string
	for _, m := range brief {
		text := w.lang.Say(m)
		if strings.HasPrefix(text, "https://") {
			parts = append(parts, link(text, width))
			continue
		}
		parts = append(parts, wrap.Text(text, width))
	}
	return w.paragraphs(parts)
}

// paragraphs puts parts below each other, with air between them where there is
// room.
func (w *Wizard) paragraphs(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	gap := "\n"
	if w.spacious() {
		gap = "\n\n"
	}
	return strings.Join(parts, gap) + gap
}

// problemText draws an error and what to do about it. What was called off is
// no error.
func (w *Wizard) problemText(err error, width int) string {
	if errors.Is(err, context.Canceled) {
		return wrap.Text(w.text("wizard.cancelled"), width)
	}
	return w.diagnosisText(w.run.Diagnose(err), width)
}

// diagnosisText draws what happened, the causes with the fix for each, or what
// to do.
func (w *Wizard) diagnosisText(d diagnosis.Diagnosis, width int) string {
	causes, fixes := d.Explain(w.lang)
	out := w.causeFirst(d, width)
	for i, c := range causes {
		mark := strconv.Itoa(i+1) + ". "
		switch {
		case i == 0 && !w.spacious():
			continue // it came first
		case i == 0:
			out = append(out, "", bold.Render(w.text("wizard.causes")), wrap.Hanging(mark, c, width), strong(accent, "   → ", fixes[i], width))
			continue
		case i == 1:
			out = append(out, "", faint.Render(w.text("wizard.other_causes")))
		}
		if w.details {
			out = append(out, wrap.Hanging(mark, c, width), wrap.Hanging("   → ", fixes[i], width))
		} else {
			out = append(out, faint.Render(ansi.Truncate(mark+c, width, "…")))
		}
	}
	for _, fix := range fixes[len(causes):] {
		out = append(out, strong(accent, "→ ", fix, width))
	}
	if id := d.LogID(); id != "" {
		out = append(out, "", faint.Render("logid "+id))
	}
	return strings.Join(out, "\n")
}

// causeFirst is what a refusal begins with: what happened, but on a short screen, before it, the likeliest
// cause with its fix, which would else be out of sight.
func (w *Wizard) causeFirst(d diagnosis.Diagnosis, width int) []string {
	causes, fixes := d.Explain(w.lang)
	if len(causes) == 0 || w.spacious() {
		return []string{strong(bad, "✗ ", d.Message(w.lang), width)}
	}
	return []string{strong(bad, "✗ ", causes[0], width), strong(accent, "→ ", fixes[0], width), "", wrap.Text(d.Message(w.lang), width)}
}

// reasonText says in short why the person was sent back to a step.
func (w *Wizard) reasonText(d diagnosis.Diagnosis, width int) string {
	causes, fixes := d.Explain(w.lang)
	if len(causes) > 0 && !w.spacious() {
		return strong(bad, "✗ ", causes[0], width) // the fix is the field below it
	}
	text := strong(bad, "✗ ", d.Message(w.lang), width)
	if len(causes) > 0 {
		text += "\n" + wrap.Hanging("  ", causes[0], width) + "\n" + strong(accent, "  → ", fixes[0], width)
	}
	return text
}
