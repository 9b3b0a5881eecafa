package envfile

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"cozejwt/internal/lazyregexp"
)

// A Pair is a variable and the value that it gets.
type Pair struct{ Name, Value string }

// Set gives name the value: in the last assignment where there are several, which is the one that
// counts for every reader, or in a new line at the end. A value that is there already changes
// nothing. The error is ErrUnsafe.
func (f *File) Set(name, value string) error { return f.SetAll(Pair{name, value}) }

// SetAll sets each of the pairs, whose names differ, or none of them. The file is parsed once,
// however many there are. The error is ErrUnsafe, for an edit that some reader would read
// otherwise.
func (f *File) SetAll(pairs ...Pair) error {
	pairs = slices.DeleteFunc(slices.Clone(pairs), func(p Pair) bool {
		old, ok := f.values[p.Name]
		return ok && old == p.Value && f.served(p.Name, p.Value)
	})
	if len(pairs) == 0 {
		return nil
	}
	text, err := f.edited(pairs)
	if err != nil {
		return err
	}
	after, err := parse(text)
	if err != nil || !f.othersEqual(after, pairs) {
		return ErrUnsafe.With("name", pairs[0].Name)
	}
	for _, p := range pairs {
		if after.values[p.Name] != p.Value {
			return ErrUnsafe.With("name", p.Name)
		}
	}
	after.bom = f.bom
	*f = *after
	return nil
}

// served reports whether the value stands there in a way that every reader decodes the same. A
// space around the = is the writer's own: shells alone mind it.
func (f *File) served(name, value string) bool {
	a := f.last(name)
	if a == nil || strings.Trim(f.text[a.nameEnd:a.valueStart], " \t") != "=" {
		return false
	}
	written := f.text[a.valueStart:a.valueEnd]
	same, err := requote(name, value, written)
	return err == nil && same == written
}

// Served reports whether every reader decodes the value of name as Get does, as it is written.
// What is beyond ASCII, all of them take as it is.
func (f *File) Served(name string) bool {
	ascii := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= utf8.RuneSelf {
				return -1
			}
			return r
		}, s)
	}
	written := ascii(f.Written(name))
	same, err := requote(name, ascii(f.values[name]), written)
	return f.Separator(name) == "=" && err == nil && same == written
}

// Separator returns what stands between name and its value, "=" in a file that every reader takes.
func (f *File) Separator(name string) string {
	if a := f.last(name); a != nil {
		return f.text[a.nameEnd:a.valueStart]
	}
	return ""
}

// A change puts text in the place of that between two offsets.
type change struct {
	from, to int
	text     string
}

// edited is the text with the pairs in it.
func (f *File) edited(pairs []Pair) (string, error) {
	var inPlace []change
	appended := ""
	for _, p := range pairs {
		a := f.last(p.Name)
		if a == nil {
			quoted, err := Quote(p.Name, p.Value)
			if err != nil {
				return "", err
			}
			appended += p.Name + "=" + quoted + f.newlineEnd
			continue
		}
		old := f.text[a.valueStart:a.valueEnd]
		if spansAnother(old) {
			return "", ErrUnsafe.With("name", p.Name)
		}
		quoted, err := requote(p.Name, p.Value, old)
		if err != nil {
			return "", err
		}
		// KEY: value and KEY = value are not read everywhere; KEY=value is.
		inPlace = append(inPlace, change{a.nameEnd, a.valueEnd, "=" + quoted})
	}
	slices.SortFunc(inPlace, func(a, b change) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	b.Grow(len(f.text) + len(appended) + 100*len(inPlace))
	from := 0
	for _, c := range inPlace {
		b.WriteString(f.text[from:c.from])
		b.WriteString(c.text)
		from = c.to
	}
	b.WriteString(f.text[from:])
	if appended != "" && f.text != "" && !strings.HasSuffix(f.text, "\n") {
		b.WriteString(f.newlineEnd)
	}
	b.WriteString(appended)
	return b.String(), nil
}

// spansAnother reports whether a written value goes on over a line that looks like an assignment
// or a comment of its own: a quote is not closed, or only some readers take it for closed. It
// would be lost with the value.
func spansAnother(written string) bool {
	_, rest, _ := strings.Cut(written, "\n")
	return anotherLine().MatchString(rest) && !HoldsKey(written)
}

// anotherLine is a line that is not the middle of a value.
var anotherLine = lazyregexp.New(`(?m)^[ \t]*(#|(export[ \t]+)?[A-Za-z_][\w.]*[ \t]*[=:])`)

// othersEqual reports whether all variables but those of the pairs have the value they had.
// One that refers to others with $ may change with them.
func (f *File) othersEqual(after *File, pairs []Pair) bool {
	changing := map[string]bool{}
	for _, a := range f.assigned {
		if strings.IndexByte(f.text[a.valueStart:a.valueEnd], '$') >= 0 {
			changing[a.name] = true
		}
	}
	for _, p := range pairs {
		changing[p.Name] = true
	}
	within := func(some, all map[string]string) bool {
		for name, value := range some {
			if other, ok := all[name]; (!ok || other != value) && !changing[name] {
				return false
			}
		}
		return true
	}
	return within(f.values, after.values) && within(after.values, f.values)
}
