package envfile

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// An assignment is where one NAME=value stands in the text, in bytes.
type assignment struct {
	name                 string
	start                int // of the statement, "export" included
	nameEnd              int
	valueStart, valueEnd int // quotes included, comment and spaces around it not
	end                  int
}

// scan finds the assignments as godotenv's parser does (its parser.go, v1.5.1):
// a statement starts at the first character that is no space, a comment runs to
// the line's end, a quoted value may span lines, an unquoted one ends its line
// or at " #". What follows a quoted value is a new statement.
func scan(text string) ([]assignment, error) {
	// Sized at once: growing it would copy the assignments of a large file again and again.
	found := make([]assignment, 0, min(strings.Count(text, "="), strings.Count(text, "\n")+1))
	for pos := 0; ; {
		pos = skip(text, pos, unicode.IsSpace)
		if pos == len(text) {
			return found, nil
		}
		if text[pos] == '#' {
			pos = lineEnd(text, pos)
			continue
		}
		a, err := scanAssignment(text, pos)
		if err != nil {
			return nil, unquoted(text, pos, found, err)
		}
		found = append(found, a)
		pos = a.end
	}
}

// unquoted returns err, or the fault of a value without quotes that the line at pos continues.
func unquoted(text string, pos int, found []assignment, err error) error {
	line := text[pos:lineEnd(text, pos)]
	for i := len(found) - 1; i >= max(0, len(found)-100); i-- {
		a := found[i]
		value, since := text[a.valueStart:a.valueEnd], text[a.end:pos]
		adjacent := i == len(found)-1 && strings.Count(since, "\n") == 1
		indented := strings.HasSuffix(since, " ") || strings.HasSuffix(since, "\t")
		switch {
		case strings.Contains(value, "-----BEGIN") && !strings.Contains(value+since, "-----END"):
			return continues("env.unquoted_key", text, pos, a)
		case adjacent && (indented || strings.HasSuffix(value, `\`) || isBase64Line(line)),
			opensMore(value) && !strings.ContainsAny(since, ")]}"):
			return continues("env.unquoted_lines", text, pos, a)
		}
	}
	return err
}

// continues is the fault of the line at pos, which an assignment above it continues on.
func continues(id, text string, pos int, a assignment) error {
	cause := fault.Invalid(id, "name", a.name, "first", strconv.Itoa(lineOf(text, a.start)))
	return unreadable(lineOf(text, pos), cause).With("name", a.name).Advise(id)
}

// opensMore reports whether a value ends as one that continues on the next line.
func opensMore(value string) bool {
	return value != "" && strings.ContainsRune(`{[(`, rune(value[len(value)-1]))
}

// isBase64Line reports whether a line can be of a key: the last one of its text may end in =.
func isBase64Line(line string) bool {
	line = strings.TrimRight(line, "=\r")
	return len(line) > 20 && strings.Trim(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == ""
}

func scanAssignment(text string, pos int) (assignment, error) {
	a := assignment{start: pos}
	if rest, ok := strings.CutPrefix(text[pos:], "export"); ok && rest != "" && isBlank(rune(rest[0])) {
		pos = skip(text, pos+len("export"), isBlank)
	}
	end := pos + strings.IndexAny(text[pos:], "=:\n")
	if end < pos || text[end] == '\n' {
		return a, unreadable(lineOf(text, pos), notAssigned(text, pos, fault.Invalid("env.no_equals")))
	}
	a.name = strings.TrimRightFunc(text[pos:end], unicode.IsSpace)
	if a.name == "" {
		return a, unreadable(lineOf(text, pos), notAssigned(text, pos, fault.Invalid("env.no_name")))
	}
	a.nameEnd = pos + len(a.name)
	return a, a.scanValue(text, end+1)
}

// foreign are lines of other formats that come into a .env, each with the fault of it.
var foreign = []struct {
	line lazyregexp.Regexp
	id   string
}{
	{lazyregexp.New(`^(<{7}|={7}|>{7}|\|{7})( |$)`), "env.merge"},
	{lazyregexp.New(`^\[[^\]]*\]$`), "env.section"},
	{lazyregexp.New(`^[{}]|^"[^"]*"\s*:`), "env.json"},
	{lazyregexp.New(`\x00`), "env.zeros"},
	{lazyregexp.New(`^(//|--|;|/\*)`), "env.comment"},
	{lazyregexp.New(`^- `), "env.list"},
	{lazyregexp.New(`^\$[Ee]nv:|^\$\w+ *=`), "env.other_shell"},
}

// notAssigned is the fault of the line at pos, which assigns nothing: other where it is nothing known.
func notAssigned(text string, pos int, other *fault.Fault) *fault.Fault {
	line := text[pos:lineEnd(text, pos)]
	for _, f := range foreign {
		if f.line().MatchString(line) {
			return fault.Invalid(f.id)
		}
	}
	return other
}

// scanValue finds the value, which begins after pos.
func (a *assignment) scanValue(text string, pos int) error {
	a.valueStart = skip(text, pos, func(r rune) bool { return isBlank(r) && r != '\r' })
	if a.valueStart < len(text) && (text[a.valueStart] == '"' || text[a.valueStart] == '\'') {
		closing := closingQuote(text, a.valueStart)
		if closing < 0 {
			return unreadable(lineOf(text, a.start), fault.Invalid("env.open_quote"))
		}
		a.valueEnd, a.end = closing+1, closing+1
		return nil
	}
	a.end = lineEnd(text, a.valueStart)
	if a.valueStart > pos && a.valueStart < a.end && text[a.valueStart] == '#' { // nothing but a comment
		a.valueStart, a.valueEnd = pos, pos
		return nil
	}
	a.valueEnd = a.valueStart + len(withoutComment(text[a.valueStart:a.end]))
	return nil
}

// closingQuote returns where the quote that opens at pos closes, or -1. A
// backslash before a quote keeps it from closing, in either kind of quotes.
func closingQuote(text string, pos int) int {
	for i := pos + 1; i < len(text); i++ {
		if text[i] == text[pos] && text[i-1] != '\\' {
			return i
		}
	}
	return -1
}

// withoutComment cuts a comment, which is the last # after a blank, and the
// blanks before it.
func withoutComment(value string) string {
	for i := strings.LastIndexByte(value, '#'); i > 0; i-- {
		if before, _ := utf8.DecodeLastRuneInString(value[:i]); value[i] == '#' && isBlank(before) {
			value = value[:i]
			break
		}
	}
	return strings.TrimRightFunc(value, isBlank)
}

func skip(text string, pos int, is func(rune) bool) int {
	if n := strings.IndexFunc(text[pos:], func(r rune) bool { return !is(r) }); n >= 0 {
		return pos + n
	}
	return len(text)
}

func lineEnd(text string, pos int) int {
	line := text[pos:]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	if n := strings.IndexByte(line, '\r'); n >= 0 {
		line = line[:n]
	}
	return pos + len(line)
}

func lineOf(text string, pos int) int { return 1 + strings.Count(text[:pos], "\n") }

// isBlank is godotenv's idea of a space within a line.
func isBlank(r rune) bool {
	switch r {
	case '\t', '\v', '\f', '\r', ' ', 0x85, 0xA0:
		return true
	}
	return false
}
