package i18n

import (
	"slices"
	"strings"
)

// A Speaker puts texts into words: a Language, or a Reader for someone who starts this program
// in a way of their own.
type Speaker interface {
	// Text returns the text of id with its placeholders filled from pairs of name and value:
	// Text("fault.key.absent", "path", p). An id that no catalogue holds comes back as it is, so
	// that a mistake shows instead of hiding.
	Text(id string, pairs ...string) string
	// Say returns a message.
	Say(m Message) string
	// Lines is Text cut at its newlines; nil where the catalogue has no such id.
	Lines(id string, pairs ...string) []string
	// Has reports whether the catalogue holds id.
	Has(id string) bool
	// Command returns a command of this program as the reader has to type it.
	Command(words ...string) string
	// Next returns the speaker of the language after this one in the list.
	Next() Speaker
	// Labels returns the speaker with the console's Chinese labels beside the English ones, or,
	// for coze.com, whose console has none, without them.
	Labels(chinese bool) Speaker
	// In is the language.
	In() Language
}

// A Reader reads in a language and has a way to start this program. It can be compared.
type Reader struct {
	Language
	Program string // "" for cozejwt
	flags   string
	english bool // the console has no Chinese labels
}

// With returns the reader with flags that commands about the project repeat (--dir, --env-file,
// --profile), so that a pasted command is about the same project.
func (r Reader) With(flags ...string) Reader {
	quoted := make([]string, len(flags))
	for i, f := range flags {
		quoted[i] = ShellQuoted(harmless(f))
	}
	r.flags = strings.Join(quoted, " ")
	return r
}

// Text is that of a [Speaker].
func (r Reader) Text(id string, pairs ...string) string {
	text, ok := r.lookUp(id)
	if !ok {
		return id
	}
	if r.english {
		text = international(text)
	}
	values := make([]string, len(pairs)/2*2)
	for i := 0; i+1 < len(pairs); i += 2 { // of two values for a name the last counts
		at := len(values) - 2 - i
		values[at], values[at+1] = "{"+pairs[i]+"}", r.harmlessList(pairs[i+1])
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if command, is := strings.CutPrefix(line, commandLine); is {
			lines[i] = r.command(r.marked(command, unchanged, unchanged), values)
		} else {
			lines[i] = r.marked(line, func(text string) string { return fill(text, values) }, func(command string) string { return r.command(command, values) })
		}
	}
	return strings.Join(lines, "\n")
}

// The marks of a text. A command of this program stands in commandBegin and commandEnd, without
// the program's name: {{verify --call}}. It repeats the flags of the project, unless it begins
// with anywhere: {{:explain TEXT}}. A line that begins with commandLine is a command to copy of
// any program; the mark is not shown. The values in a command are quoted for the shell.
const (
	commandBegin, commandEnd = "{{", "}}"
	anywhere                 = ":"
	commandLine              = "$ "
	programName              = "cozejwt"
)

func unchanged(text string) string { return text }

// marked is a line whose commands, as the reader types them, and whose other parts were put
// through functions.
func (r Reader) marked(line string, other, command func(string) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, commandBegin)
		b.WriteString(other(before))
		if !ok {
			return b.String()
		}
		end := strings.Index(rest, commandEnd)
		for strings.HasPrefix(rest[end+1:], commandEnd) { // the last of {{use {profile}}}
			end++
		}
		b.WriteString(command(r.typed(rest[:end])))
		line = rest[end+len(commandEnd):]
	}
}

// typed is a command of a text as the reader types it, with a placeholder for the flags.
func (r Reader) typed(command string) string {
	command, free := strings.CutPrefix(command, anywhere)
	switch {
	case free:
		r.flags = ""
	case r.flags != "":
		r.flags = flagsPlaceholder
	}
	return r.Command(strings.Fields(command)...)
}

// command fills a command for the shell that is there.
func (r Reader) command(text string, values []string) string {
	return thisPlace().command(text, append(values, flagsPlaceholder, r.flags))
}

// Command is that of a [Speaker]. The flags of the project stand before the command's own.
func (r Reader) Command(words ...string) string {
	if r.flags != "" {
		at := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
		if at < 0 {
			at = len(words)
		}
		words = slices.Insert(slices.Clone(words), at, r.flags)
	}
	program := r.Program
	if program == "" {
		program = programName
	}
	return strings.Join(append([]string{program}, words...), " ")
}

// fill puts values in the place of placeholders. A Replacer of one pair prepares for long texts,
// which takes longer than to replace.
func fill(text string, values []string) string {
	switch {
	case !strings.Contains(text, "{"):
		return text
	case len(values) == 2:
		return strings.ReplaceAll(text, values[0], values[1])
	}
	return strings.NewReplacer(values...).Replace(text)
}

// Lines is that of a [Speaker].
func (r Reader) Lines(id string, pairs ...string) []string {
	if !r.Has(id) {
		return nil
	}
	return strings.Split(r.Text(id, pairs...), "\n")
}

// Say is that of a [Speaker].
func (r Reader) Say(m Message) string {
	pairs := m.Pairs
	for name, value := range m.within {
		pairs = append(slices.Clip(pairs), name, r.Say(value))
	}
	return r.Text(m.ID, pairs...)
}

// Next is that of a [Speaker].
func (r Reader) Next() Speaker {
	at := slices.Index(Languages, r.Language)
	r.Language = Languages[(at+1)%len(Languages)]
	return r
}

// International returns the reader without the console's Chinese labels.
func (r Reader) International() Reader {
	r.english = true
	return r
}

// Labels is that of a [Speaker].
func (r Reader) Labels(chinese bool) Speaker {
	r.english = !chinese
	return r
}

// Labels is that of a [Speaker].
func (l Language) Labels(chinese bool) Speaker { return Reader{Language: l}.Labels(chinese) }

// In is the language.
func (l Language) In() Language { return l }

// Text is that of a [Speaker].
func (l Language) Text(id string, pairs ...string) string {
	return Reader{Language: l}.Text(id, pairs...)
}

// Say is that of a [Speaker].
func (l Language) Say(m Message) string { return Reader{Language: l}.Say(m) }

// Lines is that of a [Speaker].
func (l Language) Lines(id string, pairs ...string) []string {
	return Reader{Language: l}.Lines(id, pairs...)
}

// Command is that of a [Speaker].
func (l Language) Command(words ...string) string { return Reader{Language: l}.Command(words...) }

// Next is that of a [Speaker].
func (l Language) Next() Speaker { return Reader{Language: l}.Next() }
