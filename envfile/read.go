package envfile

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"cozejwt/internal/fault"
)

// read returns the values of the first assignments as godotenv reads them.
func (f *File) read(first int) (map[string]string, error) {
	if strings.Count(f.text, "\r") != strings.Count(f.text, "\r\n") { // after a CR alone, godotenv's comments are not ours
		end := len(f.text)
		if first < len(f.assigned) {
			end = f.assigned[first].start
		}
		return godotenv.Unmarshal(f.text[:end])
	}
	literal, rest := f.literals(f.assigned[:first])
	values, err := godotenv.Unmarshal(f.statements(rest))
	if err != nil || literal == nil {
		return values, err
	}
	for name, value := range values { // the fewer, most of the time
		if _, later := literal[name]; !later {
			literal[name] = value
		}
	}
	return literal, nil
}

// literals divides assignments into the values of those that say what they are, and the rest, which
// take godotenv's pattern for $ most of the time. An empty one is not: a comment may become its
// value. In a text with $, each may be a part of another's value.
func (f *File) literals(assigned []assignment) (values map[string]string, rest []assignment) {
	if strings.Contains(f.text, "$") {
		return nil, assigned
	}
	values = make(map[string]string, min(len(assigned), len(f.text)/16)) // or a name comes again and again
	for _, a := range assigned {
		value := f.text[a.valueStart:a.valueEnd]
		if value != "" && isLiteral(a.name, "_.") && isLiteral(value, " _-./:=%+,!*@~?&;()[]{}|<>^") {
			values[a.name] = value
			continue
		}
		delete(values, a.name) // the last counts
		rest = append(rest, a)
	}
	return values, rest
}

// isLiteral reports whether a text has no bytes but ASCII letters, digits and others.
func isLiteral(text, others string) bool {
	for _, b := range []byte(text) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
		case strings.IndexByte(others, b) < 0:
			return false
		}
	}
	return true
}

// statements are the lines of assignments, without the comments between them: godotenv v1.5.1 calls
// itself once for each comment (getStatementStart), so that a megabyte of them takes 64 MB of stack.
func (f *File) statements(assigned []assignment) string {
	var b strings.Builder
	for _, a := range assigned {
		b.WriteString(f.text[a.start:a.end])
		b.WriteByte('\n')
	}
	return b.String()
}

// refused is the fault of a statement that godotenv refuses and our own scan let pass. It
// says which, and never godotenv's words: those quote the values of that line and of the
// lines below it, which are other people's secrets too.
func (f *File) refused() error {
	readable := func(first int) bool {
		_, err := f.read(first)
		return err == nil
	}
	at := slices.IndexFunc(f.assigned, func(a assignment) bool { return refusesName(a.name) })
	if at < 0 || !readable(at) {
		// What cannot be read stays so, whatever follows.
		at = sort.Search(len(f.assigned), func(i int) bool { return !readable(i + 1) })
	}
	if at == len(f.assigned) {
		return unreadable(lineOf(f.text, len(f.text)), fault.Invalid("env.no_pair"))
	}
	a := f.assigned[at]
	line := lineOf(f.text, a.start)
	// godotenv's names are made of these (its parser.go, v1.5.1).
	odd := strings.IndexFunc(a.name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' && r != '.' })
	if odd < 0 {
		return unreadable(line, fault.Invalid("env.no_pair"))
	}
	character, _ := utf8.DecodeRuneInString(a.name[odd:])
	return unreadable(line, notAssigned(f.text, a.start, fault.Invalid("env.bad_name", "character", string(character))))
}

// refusesName reports whether godotenv refuses a name. It takes each byte for a character
// (locateKeyName in its parser.go, v1.5.1).
func refusesName(name string) bool {
	for _, b := range []byte(name) {
		if r := rune(b); r != '_' && r != '.' && !isBlank(r) && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return true
		}
	}
	return false
}
