// Package i18n holds every text a person reads, in English and in Chinese.
//
// A text has an id and named placeholders such as {path}. The two catalogues
// have the same ids and the same placeholders; a test holds them to it. The
// package never decides what to say, only how it reads in a language.
package i18n

import (
	"maps"
	"strings"
	"sync"

	"cozejwt/internal/secret"
	"cozejwt/internal/tty"
)

// A Language is a display language.
type Language struct {
	Code string // as --lang takes it
	Name string // in the language itself
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
	English.Code: merge(englishSteps, englishScreens, englishCommands, englishFaults, englishCommandFaults, englishCauses, englishChecks, englishConsole, englishSnippet),
	Chinese.Code: merge(chineseSteps, chineseScreens, chineseCommands, chineseFaults, chineseCommandFaults, chineseCauses, chineseChecks, chineseConsole, chineseSnippet),
}

// Codes lists what --lang takes.
func Codes() []string {
	codes := make([]string, len(Languages))
	for i, l := range Languages {
		codes[i] = l.Code
	}
	return codes
}

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

// List returns items as one value of a text; each language writes it with its own
// separator.
func List(items []string) string { return strings.Join(items, listMark) }

// listMark separates the items of a list until the language is known. tty.Clean
// drops it from values that come from elsewhere.
const (
	listMark      = "\x1f"
	listSeparator = "list.separator"
)

// harmless is a value as it may be shown.
func harmless(value string) string { return secret.Hidden(tty.Clean(value), "…") }

// Names returns texts of the catalogue as one value of a text, each in the reader's language.
func Names(ids []string) string {
	return textMark + strings.Join(ids, listMark+textMark)
}

// textMark begins the id of a text until the language is known.
const textMark = "\x1d"

func (l Language) harmlessList(value string) string {
	if spoken, ok := l.duration(value); ok {
		return spoken
	}
	items := strings.Split(value, listMark)
	for i, item := range items {
		if id, ours := strings.CutPrefix(item, textMark); ours && l.Has(id) {
			items[i], _ = l.lookUp(id)
			continue
		}
		items[i] = harmless(item)
	}
	separator, _ := l.lookUp(listSeparator)
	return strings.Join(items, separator)
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
