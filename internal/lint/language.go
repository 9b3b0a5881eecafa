package lint

import (
	"path/filepath"
	"strings"
)

// A language is one, or several that write the same in what the rules look for.
type language string

const (
	none   language = "" // no source code, or of a language without a syntax here
	js     language = "js"
	python language = "python"
	golang language = "go"
	java   language = "java"
	php    language = "php"
	csharp language = "csharp"
	ruby   language = "ruby"
	shell  language = "shell"
)

// extensions are how the names of source files end.
var extensions = map[string]language{
	".js": js, ".jsx": js, ".mjs": js, ".cjs": js, ".ts": js, ".tsx": js, ".mts": js, ".cts": js, ".ets": js,
	".vue": js, ".svelte": js, ".astro": js, ".html": js, ".htm": js, ".wxs": js,
	".py": python, ".pyw": python, ".go": golang, ".php": php, ".cs": csharp, ".rb": ruby,
	".java": java, ".kt": java, ".kts": java, ".scala": java, ".groovy": java, ".dart": java, ".swift": java,
	".sh": shell, ".bash": shell, ".zsh": shell,
}

// IsSource reports whether a file is source code that can be judged, by its name.
func IsSource(path string) bool { return languageOf(path) != none }

func languageOf(path string) language { return extensions[strings.ToLower(filepath.Ext(path))] }

// A syntax is what comments and strings of a language look like.
type syntax struct {
	lines  []string    // begin a comment that ends with its line
	blocks [][2]string // begin and end a comment
	quotes string      // of strings that end with their line
	long   []string    // quotes of strings over several lines
	raw    string      // quotes of strings without escapes
}

var slashes = [][2]string{{"/*", "*/"}}

var syntaxes = map[language]syntax{
	js:     {[]string{"//"}, [][2]string{{"/*", "*/"}, {"<!--", "-->"}}, `'"`, []string{"`"}, ""},
	python: {[]string{"#"}, nil, `'"`, []string{`"""`, `'''`}, ""},
	golang: {[]string{"//"}, slashes, `'"`, []string{"`"}, "`"},
	java:   {[]string{"//"}, slashes, `'"`, []string{`"""`}, ""},
	php:    {[]string{"//", "#"}, slashes, `'"`, nil, ""},
	csharp: {[]string{"//"}, slashes, `'"`, []string{`"""`}, ""},
	ruby:   {[]string{"#"}, nil, `'"`, nil, ""},
	shell:  {[]string{"#"}, nil, ``, nil, ""},
}

func (l language) syntax() syntax { return syntaxes[l] }

// cut reports whether a text begins or ends within a string over several lines, as a part of a
// file may: what is string and what is code is not known then.
func (s syntax) cut(text string) bool {
	for _, quote := range s.long {
		if strings.Count(text, quote)%2 != 0 {
			return true
		}
	}
	return false
}

// A kind is what a byte of source code belongs to.
type kind byte

const (
	code    kind = iota
	comment      // with its marks
	content      // of a string
	quote        // that begins a string
)

// kinds says for each byte of a text what it belongs to.
func (s syntax) kinds(text string) []kind {
	all := make([]kind, len(text))
	fill := func(from, to int, k kind) {
		for i := from; i < to; i++ {
			all[i] = k
		}
	}
	at := s.before(text)
	fill(0, at, comment)
	for at < len(text) {
		if end := s.comment(text, at); end > at {
			fill(at, end, comment)
			at = end
			continue
		}
		open, end := s.str(text, at)
		if open == 0 {
			at++
			continue
		}
		fill(at, min(at+open, len(text)), quote)
		fill(at+open, max(at+open, end-open), content)
		at = end
	}
	return all
}

// before is how much of a part of a file is the end of a comment that began before it.
func (s syntax) before(text string) int {
	for _, block := range s.blocks {
		end := strings.Index(text, block[1])
		if end >= 0 && !strings.Contains(text[:end], block[0]) && !strings.ContainsAny(text[:end], s.quotes) {
			return end + len(block[1])
		}
	}
	return 0
}

// comment is where a comment that begins at a place ends, 0 where none begins there.
func (s syntax) comment(text string, at int) int {
	rest := text[at:]
	for _, mark := range s.lines {
		if strings.HasPrefix(rest, mark) && mayComment(text, at, mark) {
			return at + lineEnd(rest)
		}
	}
	for _, block := range s.blocks {
		if strings.HasPrefix(rest, block[0]) {
			if end := strings.Index(rest[len(block[0]):], block[1]); end >= 0 {
				return at + len(block[0]) + end + len(block[1])
			}
			return len(text)
		}
	}
	// A line of a comment in the middle, of which a diff may lack the beginning.
	if len(s.blocks) > 0 && strings.HasPrefix(rest, "* ") && strings.TrimSpace(text[strings.LastIndexByte(text[:at], '\n')+1:at]) == "" {
		return at + lineEnd(rest)
	}
	return 0
}

// mayComment tells a comment from the colon of a URL and from the number sign within a word.
func mayComment(text string, at int, mark string) bool {
	if at == 0 {
		return true
	}
	before := text[at-1]
	if mark == "#" {
		return before == ' ' || before == '\t' || before == '\n' || before == ';'
	}
	return before != ':'
}

func lineEnd(text string) int {
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		return end
	}
	return len(text)
}

// str is how long the quote of a string is that begins at a place, 0 for none, and where the
// string ends.
func (s syntax) str(text string, at int) (open, end int) {
	for _, mark := range s.long {
		if !strings.HasPrefix(text[at:], mark) {
			continue
		}
		for end = at + len(mark); end < len(text); end++ {
			if text[end] == '\\' && mark != s.raw {
				end++
			} else if strings.HasPrefix(text[end:], mark) {
				return len(mark), end + len(mark)
			}
		}
		return len(mark), len(text)
	}
	if strings.IndexByte(s.quotes, text[at]) < 0 {
		return 0, 0
	}
	for end = at + 1; end < len(text) && text[end] != '\n'; end++ {
		if text[end] == '\\' {
			end++
		} else if text[end] == text[at] {
			return 1, end + 1
		}
	}
	return 1, min(end, len(text))
}

// masked returns a text with spaces for the bytes of some kinds; its lines stay where they are.
func masked(text string, kinds []kind, hidden ...kind) string {
	b := []byte(text)
	for i := range b {
		for _, k := range hidden {
			if kinds[i] == k && b[i] != '\n' {
				b[i] = ' '
			}
		}
	}
	return string(b)
}
