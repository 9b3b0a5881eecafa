package tui

import (
	"testing"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// BenchmarkKeyToFrame is a key press and the frame that follows, on a large screen, beside the
// least that a field can be: Bubbles' text input alone.
func BenchmarkKeyToFrame(b *testing.B) {
	b.Run("minimal", func(b *testing.B) {
		input := textinput.New()
		input.Focus()
		b.ReportAllocs()
		for b.Loop() {
			input, _ = input.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'1'}})
			_ = input.View()
			input.SetValue("")
		}
	})
	for _, step := range []string{steps.Region, steps.App, steps.Upload, steps.AppID, steps.Review, steps.Done} {
		b.Run(step, func(b *testing.B) {
			d := newDriver(b, i18n.Chinese, 200, 50)
			d.to(step)
			b.ReportAllocs()
			for b.Loop() {
				d.wizard.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}})
				_ = d.wizard.View()
				d.wizard.Update(tea.KeyMsg{Type: tea.KeyBackspace})
			}
		})
	}
}
