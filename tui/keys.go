package tui

import (
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/viewport"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// keymap are the keys and what they are called in the footer.
type keymap struct {
	lang i18n.Speaker

	next, back, menu           key.Binding
	quit, help, explain        key.Binding
	up, down, choose           key.Binding
	copy, open, console        key.Binding
	retry, cancel              key.Binding
	write, rewrite             key.Binding
	anyway, correct            key.Binding
	review                     key.Binding
	restore, keep, tick, leave key.Binding
	existing, newApp, untested key.Binding
	finish, scroll, call       key.Binding
	language, causes, fewer    key.Binding
	commands, close            key.Binding
	tasks, take, toggle        key.Binding
	details, again, other      key.Binding
	all, troubles, report, yes key.Binding
}

func newKeymap(lang i18n.Speaker) keymap {
	bind := func(label, text string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(label, lang.Text("key."+text)))
	}
	return keymap{
		lang:    lang,
		next:    bind("enter", "next", "enter"),
		back:    bind("esc", "back", "esc"),
		menu:    bind("esc", "menu", "esc"),
		quit:    bind("ctrl+c", "quit", "ctrl+c"),
		help:    bind("?", "help", "?", "？"),
		explain: bind("ctrl+g", "help", "ctrl+g", "f1"), // where ? is text; nano's key for help, and Windows'
		up:      bind("↑", "choose", "up", "k"),
		down:    bind("↓", "choose", "down", "j"),
		choose:  bind("↑↓", "choose", "up", "down"),
		copy:    bind("c", "copy", "c"),
		open:    bind("o", "open", "o"),
		console: bind("k", "console_made", "k"),
		retry:   bind("r", "retry", "r"),
		cancel:  bind("esc", "cancel", "esc"),
		write:   bind("enter", "write", "enter"),
		rewrite: bind("enter", "retry", "enter"),
		anyway:  bind("enter", "anyway", "enter"),
		correct: bind("f", "fix", "f"),
		review:  bind("enter", "review", "enter"),
		restore: bind("u", "restore", "u"),
		keep:    bind("k", "keep", "k"),
		tick:    bind("space", "tick", " "),
		leave:   bind("q", "quit", "q"),

		existing: bind("e", "existing", "e"),
		newApp:   bind("e", "new_app", "e"),
		untested: bind("s", "untested", "s"),
		call:     bind("a", "first_call", "a"),
		finish:   bind("enter", "finish", "enter"),
		scroll:   bind("pgup/pgdn", "scroll", "pgdown"),

		language: languageKey(lang),
		causes:   bind("d", "causes", "d"),
		fewer:    bind("d", "fewer", "d"),
		commands: bind("1 2 3", "copy_command", "1", "2", "3"),
		tasks:    bind("p", "tasks", "p"),
		take:     bind("enter", "take", "enter"),
		toggle:   bind("space", "toggle", " "),
		close:    bind("esc", "close", "esc", "?", "？", "enter", "q", "ctrl+g", "f1"),

		details: bind("enter", "details", "enter"), again: bind("r", "again", "r"), other: bind("o", "other_region", "o"),
		all: bind("a", "all", "a"), troubles: bind("a", "fewer", "a"), report: bind("c", "report", "c"), yes: bind("y", "yes", "y", "Y", "是"),
	}
}

// languageKey is called by the language that it leads to, in that language.
func languageKey(lang i18n.Speaker) key.Binding {
	return key.NewBinding(key.WithKeys("L"), key.WithHelp("L", lang.Next().In().Name))
}

// fixAt is Enter after a refusal: it goes to the step that fixes it.
func (k keymap) fixAt(step string) key.Binding {
	return key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", k.lang.Text("key.fix_at", "step", k.lang.Text("step."+step))))
}

// searchBy is the key that looks for what works in place of what was refused.
func (k keymap) searchBy(s *flow.Search) key.Binding {
	return key.NewBinding(key.WithKeys(s.Key), key.WithHelp(s.Key, k.lang.Say(s.Name)))
}

// scrollKeys move the page. Letters are left to the views.
func scrollKeys() viewport.KeyMap {
	return viewport.KeyMap{
		PageDown: key.NewBinding(key.WithKeys("pgdown", "ctrl+f", " "), key.WithHelp("pgup/pgdn", "")),
		PageUp:   key.NewBinding(key.WithKeys("pgup", "ctrl+b")),
		Down:     key.NewBinding(key.WithKeys("down")),
		Up:       key.NewBinding(key.WithKeys("up")),
	}
}
