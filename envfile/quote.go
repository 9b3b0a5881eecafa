package envfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// ErrNoQuoting is the fault of a value that cannot be quoted so that every reader
// decodes it the same.
var ErrNoQuoting = fault.Invalid("env.no_quoting")

// ErrControl is the fault of a value with a line break or another control character: it
// would become a line of its own wherever it is written or printed.
var ErrControl = fault.Invalid("value.control")

// HasControl reports whether a value has a control character.
func HasControl(value string) bool { return strings.ContainsFunc(value, unicode.IsControl) }

// Quote returns value as it is written after NAME=, so that every reader
// decodes the same: unquoted where that is safe, else in single quotes, else in
// double quotes. The error is ErrNoQuoting.
func Quote(name, value string) (string, error) {
	for _, style := range []func(string) (string, bool){plain, single, double} {
		if s, ok := style(value); ok {
			return s, nil
		}
	}
	return "", ErrNoQuoting.With("name", name, "readers", strings.Join(Unserved(value), ", "))
}

// requote is Quote with the quotes that are there already, where they serve.
func requote(name, value, old string) (string, error) {
	style := plain
	switch {
	case strings.HasPrefix(old, `'`):
		style = single
	case strings.HasPrefix(old, `"`):
		style = double
	}
	if s, ok := style(value); ok {
		return s, nil
	}
	return Quote(name, value)
}

// safe are the characters that need no quotes anywhere, beside letters and
// digits of any script.
const safe = "_-./:=%+,!*"

func plain(value string) (string, bool) {
	for _, r := range value {
		if !strings.ContainsRune(safe, r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return "", false
		}
	}
	return value, utf8.ValidString(value)
}

// single fails for a quote inside, and for a backslash at the end, which keeps
// godotenv and npm dotenv from seeing the closing quote.
func single(value string) (string, bool) {
	return "'" + value + "'", printable(value) && !strings.Contains(value, "'") && !strings.HasSuffix(value, `\`)
}

func double(value string) (string, bool) {
	return `"` + value + `"`, printable(value) && !strings.ContainsAny(value, "\"\\$`")
}

// printable is false for line breaks and other control characters: over
// several lines no quoting is read the same everywhere.
func printable(value string) bool {
	return utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
}

var reference = lazyregexp.New(`\$\{|\$[A-Za-z_]`)

// Unserved names the readers that decode value differently even in the best
// way of writing it: none for nearly every value, some for one with $NAME in
// it, and all that fail for one that Quote refuses.
func Unserved(value string) []string {
	if _, ok := single(value); ok {
		var readers []string
		if reference().MatchString(value) {
			readers = append(readers, "@next/env")
		}
		if strings.Contains(value, "${") || strings.Contains(value, `\\`) { // which it takes for one backslash
			readers = append(readers, "python-dotenv")
		}
		return readers
	}
	switch _, ok := double(value); {
	case ok:
		return nil
	case !printable(value):
		return []string{"bash", "dash", "ruby-dotenv"}
	case strings.Contains(value, `'`):
		return []string{"npm dotenv", "node --env-file", "@next/env"}
	}
	return []string{"godotenv", "npm dotenv"} // ends in a backslash
}
