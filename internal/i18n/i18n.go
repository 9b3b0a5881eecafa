// Package i18n holds every text a person reads, in English and in Chinese.
//
// A text has an id and named placeholders such as {path}. The two catalogues
// have the same ids and the same placeholders; a test holds them to it. The
// package never decides what to say, only how it reads in a language.
package i18n

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
	"cozejwt/internal/tty"
)

// A Language is a display language, with what the commands in its texts have to be typed like:
// the program and the flags (--dir, --env-file, --profile) that they repeat. It can be compared.
type Language struct {
	Code    string // as --lang takes it
	Name    string // in the language itself
	program string // "" for cozejwt
	flags   string
}

// String is the code.
func (l Language) String() string { return l.Code }

// The languages there are.
var (
	English = Language{Code: "en", Name: "English"}
	Chinese = Language{Code: "zh", Name: "中文"}
)

// Languages lists the languages, the default first.
var Languages = []Language{English, Chinese}

// The catalogues, one a language, a file for each kind of text: en_*.go and
// zh_*.go. One that nobody reads is not put together.
var catalogues = map[string]func() map[string]string{
	English.Code: merge(englishSteps, englishCommands, englishFaults, englishCauses, englishChecks, englishConsole),
	Chinese.Code: merge(chineseSteps, chineseCommands, chineseFaults, chineseCauses, chineseChecks, chineseConsole),
}

// Codes lists what --lang takes.
func Codes() []string {
	codes := make([]string, len(Languages))
	for i, l := range Languages {
		codes[i] = l.Code
	}
	return codes
}

// Next returns the language after l in the list, for someone who wants another.
func (l Language) Next() Language {
	at := slices.IndexFunc(Languages, func(o Language) bool { return o.Code == l.Code })
	next := Languages[(at+1)%len(Languages)]
	next.program, next.flags = l.program, l.flags
	return next
}

// With returns the language with flags that the commands in its texts repeat, so that a pasted
// command is about the same project.
func (l Language) With(flags ...string) Language {
	quoted := make([]string, len(flags))
	for i, f := range flags {
		quoted[i] = ShellQuoted(f)
	}
	l.flags = strings.Join(quoted, " ")
	return l
}

// As returns the language for someone who starts this program in another way than by its name,
// such as with npx.
func (l Language) As(program string) Language {
	l.program = program
	return l
}

// Command returns a command of this program as the reader has to type it.
func (l Language) Command(words ...string) string {
	if l.flags != "" {
		words = append(slices.Clip(words), l.flags)
	}
	return strings.Join(append([]string{cmp.Or(l.program, programName)}, words...), " ")
}

// command finds the commands of this program in a text.
var command = lazyregexp.New(`(?:Run |运行 )cozejwt\b(?: (?:init|rotate|verify|token)\b)?|\bcozejwt (?:(?:use|import) \{[a-z]+\}|(?:init|rotate|verify|keygen|token|api|profiles|export|snippet|exec)\b)`)

// typed finds the name of this program where a reader has to type it.
var typed = lazyregexp.New(`(Run |运行 )cozejwt\b|\bcozejwt( (?:init|rotate|verify|token|use|import|keygen|api|profiles|export|snippet|exec|sandbox|explain)\b)`)

// An entry is a text by its id. The catalogues are lists of them, because a list of constants
// is there without any work when the program starts.
type entry struct{ id, text string }

// merge puts the parts of a catalogue together at its first use. An id that is
// in two of them is a mistake, which ends every run.
func merge(parts ...[]entry) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		size := 0
		for _, part := range parts {
			size += len(part)
		}
		all := make(map[string]string, size)
		for _, part := range parts {
			for _, e := range part {
				if _, twice := all[e.id]; twice {
					panic("two texts for " + e.id)
				}
				all[e.id] = e.text
			}
		}
		return all
	})
}

// Parse returns the language that s names: a code such as "zh" or a POSIX
// locale such as "zh_CN.UTF-8".
func Parse(s string) (Language, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, l := range Languages {
		rest, ok := strings.CutPrefix(s, l.Code)
		if ok && (rest == "" || strings.ContainsRune("_-.@", rune(rest[0]))) {
			return l, true
		}
	}
	return English, false
}

// Detect chooses the language from LC_ALL, LC_MESSAGES and LANG, the first
// that is set deciding (POSIX.1-2017, 8.2), and English where none helps.
func Detect(getenv func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			l, _ := Parse(v)
			return l
		}
	}
	return English
}

// Has reports whether the catalogue holds id.
func (l Language) Has(id string) bool {
	_, ok := l.lookUp(id)
	return ok
}

// lookUp returns the text of id, in English where the language has none yet: a
// new catalogue is of use before it is complete.
func (l Language) lookUp(id string) (text string, ok bool) {
	for _, code := range []string{l.Code, English.Code} {
		if catalogue, known := catalogues[code]; known && !ok {
			text, ok = catalogue()[id]
		}
	}
	return text, ok
}

// Text returns the text of id with its placeholders filled from pairs of
// name and value: Text("fault.key.absent", "path", p). An id that no catalogue
// holds comes back as it is, so that a mistake shows instead of hiding.
func (l Language) Text(id string, pairs ...string) string {
	text, ok := l.lookUp(id)
	if !ok {
		return id
	}
	values := make([]string, len(pairs)/2*2)
	for i := 0; i+1 < len(pairs); i += 2 { // of two values for a name the last counts
		name, value := "{"+pairs[i]+"}", l.harmlessList(pairs[i+1])
		at := len(values) - 2 - i
		values[at], values[at+1] = name, value
	}
	forHelp := strings.HasPrefix(id, "cmd.") // which is about any project
	if l.flags != "" && !forHelp && strings.Contains(text, programName) {
		text = command().ReplaceAllString(text, "$0 "+flagsPlaceholder)
		values = append(values, flagsPlaceholder, l.flags)
	}
	if l.program != "" && !forHelp && strings.Contains(text, programName) {
		text = typed().ReplaceAllString(text, "${1}"+l.program+"${2}")
	}
	if !strings.Contains(text, commandMark) {
		return fill(text, values)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if command, is := strings.CutPrefix(line, commandMark); is {
			lines[i] = thisPlace().command(command, values)
		} else {
			lines[i] = fill(line, values)
		}
	}
	return strings.Join(lines, "\n")
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

// programName stands in the texts where the reader types the program.
const programName = "cozejwt"

// commandMark begins a line of the catalogue that is a command to copy: its
// values are quoted for the shell, and the mark is not shown.
const commandMark = "$ "

// List returns items as one value of a text; each language writes it with its own
// separator.
func List(items []string) string { return strings.Join(items, listMark) }

// listMark separates the items of a list until the language is known. tty.Clean
// drops it from values that come from elsewhere.
const (
	listMark      = "\x1f"
	listSeparator = "list.separator"
)

func (l Language) harmlessList(value string) string {
	items := strings.Split(value, listMark)
	for i, item := range items {
		items[i] = secret.Hidden(tty.Clean(item), "…")
	}
	separator, _ := l.lookUp(listSeparator)
	return strings.Join(items, separator)
}

// Lines is Text cut at its newlines; nil where the catalogue has no such id.
func (l Language) Lines(id string, pairs ...string) []string {
	if !l.Has(id) {
		return nil
	}
	return strings.Split(l.Text(id, pairs...), "\n")
}

// A Message is a text that was chosen but not yet put into a language.
type Message struct {
	ID    string
	Pairs []string

	within map[string]Message // values that are messages themselves
}

// Msg returns the message of id with its placeholders filled from pairs.
func Msg(id string, pairs ...string) Message { return Message{ID: id, Pairs: pairs} }

// Within returns m with a placeholder filled by another message.
func (m Message) Within(name string, value Message) Message {
	m.within = maps.Clone(m.within)
	if m.within == nil {
		m.within = map[string]Message{}
	}
	m.within[name] = value
	return m
}

// Say returns m in the language l.
func (l Language) Say(m Message) string {
	pairs := m.Pairs
	for name, value := range m.within {
		pairs = append(slices.Clip(pairs), name, l.Say(value))
	}
	return l.Text(m.ID, pairs...)
}
