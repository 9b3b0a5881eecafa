package tui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/i18n"
)

// The keys that Bubble Tea knows by a number: control characters are 0 to 31 and 127, the others
// are below zero.
const lowestKey, highestKey = -80, 127

// anyKey returns a key that a terminal can send, also ones that mean nothing here.
func anyKey(r *rand.Rand) tea.KeyMsg {
	texts := []string{"a", "7", " ", "\t", "é", "e\u0301", "密", "👩‍👩‍👧", "\u200b", "\x00", "\ufffd", "\u202e", strings.Repeat("x y ", 400), "a\r\nb\n", "  "}
	switch r.IntN(4) {
	case 0:
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(texts[r.IntN(len(texts))]), Alt: r.IntN(4) == 0, Paste: r.IntN(4) == 0}
	case 1:
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{rune('a' + r.IntN(26))}, Alt: r.IntN(2) == 0}
	}
	return tea.KeyMsg{Type: tea.KeyType(lowestKey + r.IntN(highestKey-lowestKey+1)), Alt: r.IntN(3) == 0}
}

func TestEachKeyInEachStateOfATextField(t *testing.T) {
	for _, value := range []string{"", "a", " ", "  ", "a ", " a", "a b", "ab  cd", "密 钥", "e\u0301 x", strings.Repeat("w ", 200)} {
		for at := range min(len([]rune(value)), 8) + 1 {
			for kind := lowestKey; kind <= highestKey; kind++ {
				for _, alt := range []bool{false, true} {
					wantNoPanic(t, value, at, tea.KeyMsg{Type: tea.KeyType(kind), Alt: alt})
				}
			}
			for _, letter := range "abcdefghijklmnopqrstuvwxyz<>" {
				wantNoPanic(t, value, at, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{letter}, Alt: true})
			}
		}
	}
}

func wantNoPanic(t *testing.T, value string, at int, pressed tea.KeyMsg) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%q, cursor at %d, %s: %v", value, at, pressed, p)
		}
	}()
	in := input{textinput.New()}
	in.Cursor.SetMode(cursor.CursorStatic)
	in.CharLimit = maxTyped
	in.SetValue(value)
	in.SetCursor(at)
	in.Focus()
	for _, in.Width = range []int{0, 1, 76} {
		now, _ := in.Update(pressed)
		_ = now.View()
	}
}

func TestDeletingTheWordUnderTheCursor(t *testing.T) {
	for _, test := range []struct {
		value string
		at    int
		want  string
	}{
		{"abc", 2, "ab"}, {"a", 0, ""}, {"ab cd", 0, " cd"}, {"ab cd", 2, "ab"}, {"ab cd", 4, "ab c"}, {"密钥", 1, "密"}, {"ab", 2, "ab"},
	} {
		in := input{textinput.New()}
		in.SetValue(test.value)
		in.SetCursor(test.at)
		in.Focus()
		in, _ = in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'d'}, Alt: true})
		if in.Value() != test.want || in.Position() != test.at {
			t.Errorf("%q at %d becomes %q at %d, want %q", test.value, test.at, in.Value(), in.Position(), test.want)
		}
	}
}

// The seed is in the test's name, so that a failure can be seen again.
func TestNoKeyAndNoSizeEndsTheWizard(t *testing.T) {
	for _, lang := range []i18n.Language{i18n.English, i18n.Chinese} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s, seed %d", lang.Code, seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 0))
				d := newDriver(t, lang, 80, 24)
				for range 300 {
					if d.quit {
						d.open(lang, 80, 24)
					}
					d.send(anyEvent(r))
					_ = d.wizard.View()
				}
			})
		}
	}
}

// anyEvent is a key, or another size of the terminal.
func anyEvent(r *rand.Rand) tea.Msg {
	switch r.IntN(8) {
	case 0:
		return tea.WindowSizeMsg{Width: 1 + r.IntN(300), Height: 1 + r.IntN(100)}
	case 1:
		return tea.WindowSizeMsg{Width: 1 + r.IntN(3), Height: 1 + r.IntN(3)}
	case 2, 3:
		return tea.KeyMsg{Type: tea.KeyEnter}
	}
	return anyKey(r)
}

func TestAKeyFromTheClipboardIsNotShown(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.to("app_id")
	d.send(pasted("-----BEGIN PRIVATE KEY----- x"))
	if got := d.wizard.view.(*formView).input.Value(); got != "" {
		t.Errorf("the field shows %q", got)
	}
	d.send(pasted(appID))
	if got := d.wizard.view.(*formView).input.Value(); got != appID {
		t.Errorf("the field shows %q", got)
	}
}

func TestCtrlVAsksForTheClipboard(t *testing.T) {
	in := input{textinput.New()}
	in.Focus()
	if _, cmd := in.Update(tea.KeyMsg{Type: tea.KeyCtrlV}); cmd == nil {
		t.Error("nothing is asked for")
	}
}
