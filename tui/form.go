package tui

import (
	"errors"
	"strings"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// maxTyped bounds what a text field holds. Nothing that is asked for is near
// it, and a pasted book is answered at once.
const maxTyped = 4096

// formView is the standard view of a step: what is said first, then one field
// after the other.
type formView struct {
	wizard *Wizard
	brief  func() []i18n.Message
	fields func() []flow.Field
	done   func() tea.Cmd // called when all fields are answered

	index  int
	asked  *flow.Field // as it is on the screen: what is on the disk may change in between
	cursor int         // the option that is marked
	input  input
	err    error
	notice *fault.Fault
	// blocked says that key text came in: what follows may be more of it, and is
	// neither shown nor taken until the field is cleared.
	blocked bool
}

func newFormView(w *Wizard, st flow.Step) *formView {
	v := &formView{
		wizard: w,
		brief:  func() []i18n.Message { return st.Says() },
		fields: func() []flow.Field { return w.run.Unanswered(st) },
		done:   w.work,
	}
	v.focus(0)
	return v
}

// newQuestionView asks one question that belongs to no step.
func newQuestionView(w *Wizard, brief []i18n.Message, field flow.Field, then func(answer string) tea.Cmd) *formView {
	answer := field.Value
	field.Put = func(value string) { answer = value }
	v := &formView{
		wizard: w,
		brief:  func() []i18n.Message { return brief },
		fields: func() []flow.Field { return []flow.Field{field} },
		done:   func() tea.Cmd { return then(answer) },
	}
	v.focus(0)
	return v
}

// focus turns to the field of an index.
func (v *formView) focus(index int) {
	v.index, v.asked, v.err, v.notice, v.blocked = index, nil, nil, nil, false
	fields := v.fields()
	if index >= len(fields) {
		return
	}
	f := fields[index]
	v.asked = &f
	v.cursor = f.At()
	if f.Options != nil {
		return
	}
	v.input = input{textinput.New()}
	v.input.Prompt = "❯ "
	v.input.PromptStyle = accent
	v.input.CharLimit = maxTyped
	v.input.Cursor.SetMode(cursor.CursorStatic)
	value := f.Value
	if typed, ok := v.wizard.typed[f.ID]; ok {
		value = typed
	}
	v.setInput(value)
	v.input.Focus()
}

func (v *formView) field() (flow.Field, bool) {
	if v.asked == nil {
		return flow.Field{}, false
	}
	return *v.asked, true
}

func (v *formView) typing() bool {
	f, ok := v.field()
	return ok && f.Options == nil
}

func (v *formView) update(msg tea.Msg) tea.Cmd {
	pressed, isKey := msg.(tea.KeyMsg)
	f, ok := v.field()
	switch {
	case ok && f.Options == nil:
		return v.write(msg)
	case !isKey || pressed.Paste:
		return nil
	case ok:
		v.move(pressed, len(f.Options))
	default:
		if choice, offered := v.wizard.choice(); offered && key.Matches(pressed, v.wizard.keys.existing) {
			choice.Take()
			v.wizard.ticked[v.wizard.step().ID] = 0
			return nil
		}
	}
	return v.wizard.pressConsole(pressed)
}

// write changes what stands in a text field.
func (v *formView) write(msg tea.Msg) tea.Cmd {
	pressed, isKey := msg.(tea.KeyMsg)
	if isKey && pressed.Paste {
		v.paste(string(pressed.Runes))
		return nil
	}
	if text, ok := msg.(pasted); ok {
		v.paste(string(text))
		return nil
	}
	if v.blocked {
		v.blocked = !isKey || pressed.Type != tea.KeyBackspace && pressed.Type != tea.KeyCtrlU
		return nil
	}
	var cmd tea.Cmd
	v.input, cmd = v.input.Update(msg)
	if isKey {
		v.verify()
	}
	return cmd
}

func (v *formView) move(msg tea.KeyMsg, options int) {
	switch {
	case key.Matches(msg, v.wizard.keys.up):
		v.cursor = max(v.cursor-1, 0)
	case key.Matches(msg, v.wizard.keys.down):
		v.cursor = min(v.cursor+1, options-1)
	case len(msg.Runes) == 1 && msg.Runes[0] >= '1' && msg.Runes[0] < '1'+rune(options):
		v.cursor = int(msg.Runes[0] - '1')
	}
}

// paste takes the place of what stood in the field: a value comes complete. A
// private key is not even shown.
func (v *formView) paste(text string) {
	v.blocked = false
	if strings.Contains(text, "PRIVATE KEY-----") {
		v.discardSecret(credentials.ErrPrivatePEM)
		return
	}
	if len(text) > maxTyped {
		text = text[:maxTyped]
	}
	v.setInput(text)
	f, _ := v.field()
	if value, _, err := f.Verify(text); err == nil {
		v.setInput(value) // as it was understood
	}
}

// discardSecret clears the field of key text: not a character of it stays in sight.
func (v *formView) discardSecret(err error) {
	v.err, v.notice, v.blocked = err, nil, true
	v.input.SetValue("")
	v.wizard.status = v.wizard.text("wizard.secret")
}

func (v *formView) setInput(text string) {
	v.input.SetValue(strings.ToValidUTF8(text, ""))
	v.input.CursorEnd()
	v.verify()
}

// verify says what is thought of the value as it is typed. Too short a value
// is no mistake yet.
func (v *formView) verify() {
	v.err, v.notice = nil, nil
	f, ok := v.field()
	if !ok || f.Late || len(v.input.Value()) < 4 {
		return
	}
	_, v.notice, v.err = f.Verify(v.input.Value())
	if errors.Is(v.err, credentials.ErrPrivatePEM) || errors.Is(v.err, credentials.ErrKeyText) {
		v.discardSecret(v.err)
	}
}

func (v *formView) enter() tea.Cmd {
	f, ok := v.field()
	if !ok {
		return v.done()
	}
	if v.blocked {
		v.wizard.status = v.wizard.text("wizard.secret")
		return nil
	}
	raw := v.input.Value()
	if f.Options != nil {
		raw = f.Options[v.cursor].Value
	}
	if v.doubts(f, raw) {
		return nil
	}
	if f.Load != nil {
		return v.wizard.begin(f.Load(raw), true, func(err error) tea.Cmd { return v.answered(f, err) })
	}
	_, err := f.Answer(v.wizard.run, raw)
	v.wizard.version++
	return v.answered(f, err)
}

// doubts shows a notice that Enter would pass over unseen. The next Enter takes the value.
func (v *formView) doubts(f flow.Field, raw string) bool {
	if f.Options != nil || f.Late || v.notice != nil || raw == f.Value {
		return false
	}
	_, v.notice, _ = f.Verify(raw)
	if v.notice != nil {
		v.err = nil
	}
	return v.notice != nil
}

// answered turns to the next field, or says what is wrong with the answer.
func (v *formView) answered(f flow.Field, err error) tea.Cmd {
	if err != nil {
		v.err, v.notice = err, nil
		return nil
	}
	delete(v.wizard.typed, f.ID)
	if v.index+1 < len(v.fields()) {
		v.focus(v.index + 1)
		return nil
	}
	return v.done()
}

func (v *formView) back() bool {
	if v.typing() {
		f, _ := v.field()
		if value := v.input.Value(); value != f.Value {
			v.wizard.typed[f.ID] = value
		}
	}
	if v.index == 0 {
		return false
	}
	v.focus(v.index - 1)
	return true
}

// failed shows the question as it is now, with what went wrong.
func (v *formView) failed(err error) tea.Cmd {
	if v.asked != nil {
		v.focus(min(v.index, max(len(v.fields())-1, 0)))
	}
	v.err = err
	return nil
}

// refresh shows the question as it is now. What was typed or chosen stays; a
// proposal that nobody has touched gives way to a newer one.
func (v *formView) refresh() {
	fields := v.fields()
	if v.asked == nil || v.index >= len(fields) || fields[v.index].ID != v.asked.ID {
		return
	}
	before, now := *v.asked, fields[v.index]
	if now.Options != nil {
		return // what is on the screen is what is chosen
	}
	v.asked = &now
	if value := v.input.Value(); now.Value != before.Value && (value == before.Value || value == "") {
		v.setInput(now.Value)
	}
}

func (v *formView) bindings() []key.Binding {
	k := v.wizard.keys
	f, ok := v.field()
	switch {
	case !ok:
		return v.wizard.pageKeys()
	case ok && f.Options != nil && v.wizard.run.Page() != "":
		return []key.Binding{k.next, k.choose, k.open}
	case ok && f.Options != nil:
		return []key.Binding{k.next, k.choose}
	}
	return []key.Binding{k.next}
}
