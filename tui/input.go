package tui

import (
	"unicode/utf8"

	"github.com/atotto/clipboard"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
)

// An input is the one text field of the screens.
type input struct{ textinput.Model }

// Update takes a message as textinput does, without its fault: deleteWordForward of bubbles
// v1.0.0 moves past the last character and then indexes the value there, which panics where the
// cursor is on that character (Alt+D, Alt+Delete). There, deleting the word is deleting the character.
//
// Ctrl+V ends in a pasted message, so that the clipboard is looked at like any other paste before
// it is shown.
func (in input) Update(msg tea.Msg) (input, tea.Cmd) {
	pressed, isKey := msg.(tea.KeyMsg)
	switch {
	case isKey && key.Matches(pressed, in.KeyMap.Paste):
		return in, fromClipboard
	case isKey && key.Matches(pressed, in.KeyMap.DeleteWordForward) && in.Position() == utf8.RuneCountInString(in.Value())-1:
		msg = tea.KeyMsg{Type: tea.KeyDelete}
	}
	var cmd tea.Cmd
	in.Model, cmd = in.Model.Update(msg)
	return in, cmd
}

// fit gives the field a width, and shows the part of the value that has the cursor.
func (in *input) fit(width int) {
	if in.Width != width {
		in.Width = width
		in.SetCursor(in.Position())
	}
}

// pasted is the message that the clipboard was read.
type pasted string

func fromClipboard() tea.Msg {
	text, err := clipboard.ReadAll()
	if err != nil {
		return nil // there is none, or it holds no text
	}
	return pasted(text)
}
