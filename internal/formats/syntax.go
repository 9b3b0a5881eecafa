package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// broken is the fault of a file that its reader refused. It says the line, and never the
// reader's own words: those quote the file, in which other programs have their secrets.
func broken(kind string, data []byte, err error) error {
	if _, ours := errors.AsType[*fault.Fault](err); ours {
		return err
	}
	if errors.Is(err, errTooLarge) {
		return ErrSyntax.Because(fault.Invalid("import.too_large"))
	}
	if line := lineOf(data, err); line > 0 {
		return ErrSyntax.Because(fault.Invalid("import.line", "line", strconv.Itoa(line), "kind", kind))
	}
	return ErrSyntax.Because(fault.Invalid("import.broken", "kind", kind))
}

// lineInText is how the YAML and the properties reader say where they stopped.
var lineInText = lazyregexp.New(`(?i)\bline (\d+)`)

// A lineError is the line at which a reader stopped that does not say it itself.
type lineError int

func (e lineError) Error() string { return "line " + strconv.Itoa(int(e)) }

// lineOf is the line at which a reader stopped, 0 where it does not say.
func lineOf(data []byte, err error) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
	}
	if line, ok := errors.AsType[lineError](err); ok {
		return int(line)
	}
	if m := lineInText().FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return line
	}
	return 0
}

// tooDeep reports whether text has more open brackets at one place than a configuration
// has: a reader that calls itself for each would use up the stack. Brackets in strings
// count too.
func tooDeep(text []byte) bool {
	const most = 1000
	open := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		}
		if open > most {
			return true
		}
	}
	return false
}
