// Package envfile reads .env files with godotenv and edits them in place:
// only the variables that are set change, every other byte stays. It writes a
// value only in a way that every common reader decodes the same (godotenv,
// compose-go, npm dotenv, node --env-file, @next/env, python-dotenv,
// ruby-dotenv, bash and dash), and refuses a value for which there is none.
// It never puts key text into a file.
package envfile

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// A File is the content of a .env file.
type File struct {
	bom        string // kept, and hidden from the readers below, which break on it
	text       string
	assigned   []assignment
	values     map[string]string
	newlineEnd string // the file's own line end
}

var (
	// ErrUnreadable is the fault of a file that does not parse; it names the line.
	ErrUnreadable = fault.Invalid("env.unreadable")
	// ErrUnsafe is the fault of an edit that would change another variable.
	ErrUnsafe = fault.Invalid("env.unsafe")
	// ErrChanged is the fault of Save where the file is not as it was read.
	ErrChanged = fault.Invalid("env.changed")
)

// unreadable is the fault of a line that not every reader takes.
func unreadable(line int, cause error) *fault.Fault {
	return ErrUnreadable.With("line", strconv.Itoa(line)).Because(cause)
}

const bom = "\ufeff"

// ErrEncoding is the fault of a file that is not UTF-8.
var ErrEncoding = fault.Invalid("file.encoding")

// Encoding names the encoding of a text that is not UTF-8: UTF-16 by its byte order mark or by
// its zeros, GBK by its pairs of bytes; "" for UTF-8.
func Encoding(data []byte) string {
	switch zeros := bytes.Count(data, []byte{0}); {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}), len(data) > 3 && zeros*3 >= len(data):
		return "UTF-16"
	case utf8.Valid(data):
		return ""
	}
	for i := 0; i < len(data); i++ {
		if data[i] < 0x80 {
			continue
		}
		// A lead byte and a trail byte (GB 18030, two-byte area).
		if i++; data[i-1] == 0x80 || data[i-1] == 0xFF || i == len(data) || data[i] < 0x40 || data[i] == 0x7F || data[i] == 0xFF {
			return "?"
		}
	}
	return "GBK"
}

// Parse reads the text of a .env file. The errors are faults that name a line: ErrEncoding and
// those of what no reader takes.
func Parse(data []byte) (*File, error) {
	if encoding := Encoding(data); encoding == "UTF-16" {
		return nil, ErrEncoding.With("encoding", encoding)
	}
	return parse(string(data))
}

func parse(text string) (*File, error) {
	f := &File{text: text, newlineEnd: "\n"}
	if rest, ok := strings.CutPrefix(f.text, bom); ok {
		f.bom, f.text = bom, rest
	}
	if i := strings.IndexByte(f.text, '\n'); i > 0 && f.text[i-1] == '\r' {
		f.newlineEnd = "\r\n"
	}
	var err error
	if f.assigned, err = scan(f.text); err != nil {
		return nil, err
	}
	if f.values, err = f.read(len(f.assigned)); err != nil {
		return nil, f.refused()
	}
	return f, nil
}

// Get returns the value of name as godotenv reads it.
func (f *File) Get(name string) (value string, ok bool) {
	value, ok = f.values[name]
	return value, ok
}

// An Assignment is one NAME=value as it stands in a file.
type Assignment struct {
	Name    string
	Written string // the value with its quotes, nothing in it expanded
	Line    int
}

// Assignments returns the assignments in order; the last of a name counts.
func (f *File) Assignments() []Assignment {
	all := make([]Assignment, len(f.assigned))
	line, counted := 1, 0
	for i, a := range f.assigned {
		line += strings.Count(f.text[counted:a.start], "\n")
		counted = a.start
		all[i] = Assignment{a.name, f.text[a.valueStart:a.valueEnd], line}
	}
	return all
}

// Written returns the value of name as it stands in the file, with its quotes and nothing in
// it expanded.
func (f *File) Written(name string) string {
	if a := f.last(name); a != nil {
		return f.text[a.valueStart:a.valueEnd]
	}
	return ""
}

// Names returns the names that are assigned, in order; a name that is assigned
// twice is in it twice.
func (f *File) Names() []string {
	names := make([]string, len(f.assigned))
	for i, a := range f.assigned {
		names[i] = a.name
	}
	return names
}

// HasBOM reports whether the file starts with a UTF-8 byte order mark.
func (f *File) HasBOM() bool { return f.bom != "" }

// HasWindowsLines reports whether the lines end in CR LF.
func (f *File) HasWindowsLines() bool { return f.newlineEnd == "\r\n" }

// HasMacLines reports whether the lines end in CR alone.
func (f *File) HasMacLines() bool {
	return strings.Contains(f.text, "\r") && !strings.Contains(f.text, "\n")
}

// Bytes returns the text of the file.
func (f *File) Bytes() []byte { return []byte(f.bom + f.text) }

func (f *File) last(name string) *assignment {
	for i := len(f.assigned) - 1; i >= 0; i-- {
		if f.assigned[i].name == name {
			return &f.assigned[i]
		}
	}
	return nil
}

// Redacted returns the text with every value hidden but those of the given
// names, fit for a screen: a .env file holds other people's secrets too, also
// in lines that are commented out. Key text is hidden wherever it stands.
func (f *File) Redacted(shown ...string) string {
	var b strings.Builder
	from := 0
	for _, a := range f.assigned {
		value := f.text[a.valueStart:a.valueEnd]
		if value == "" || slices.Contains(shown, a.name) && !HoldsKey(value) {
			continue
		}
		b.WriteString(maskComments(f.text[from:a.valueStart]))
		b.WriteString("…")
		from = a.valueEnd
	}
	b.WriteString(maskComments(f.text[from:]))
	return b.String()
}

var (
	comment = lazyregexp.New(`#([ \t]*)[^ \t\r\n][^\r\n]*`)
	derText = lazyregexp.New(`\bMII[A-Za-z0-9+/]{20}`) // the DER of a key begins so; a long path does not
)

// maskComments hides what comments say: people keep passwords and old keys there.
func maskComments(text string) string { return comment().ReplaceAllString(text, "#$1…") }

// HoldsKey reports whether a value holds text of a key, public or private, or a token, in
// place of a key's path or id.
func HoldsKey(value string) bool {
	return strings.Contains(value, "KEY-----") || strings.Contains(value, "MII") && derText().MatchString(value) || secret.In(value) != secret.None
}

// Read reads the file at path, a regular one of at most [boundedfile.Most] bytes. Where there is
// none, the error is that of [os.ReadFile], otherwise it is a fault.
func Read(path string) ([]byte, error) {
	data, err := boundedfile.Read(path, boundedfile.Most)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Unreadable(path, err)
	}
	return data, err
}

// Load reads the file at path. One that does not exist is empty. The errors are those of Parse, and
// the fault of a file that cannot be read, each with the path.
func Load(path string) (*File, error) {
	data, err := Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Unreadable(path, err)
	}
	f, err := Parse(data)
	return f, fault.At(path, err)
}

// Save writes f to path where the file still holds the bytes before, and
// refuses with ErrChanged where someone else has changed it. A new file is
// 0600; an old one keeps its mode; the same content is not written.
func (f *File) Save(path string, before []byte) error {
	now, err := Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(before) == 0:
		before = nil
	case err != nil:
		return fault.Unreadable(path, err)
	case !bytes.Equal(now, before):
		return ErrChanged.With("path", path)
	case bytes.Equal(now, f.Bytes()):
		return nil
	default:
		before = now
	}
	err = atomicfile.CompareAndSwap(path, before, f.Bytes(), 0o600)
	if errors.Is(err, atomicfile.ErrChanged) {
		return ErrChanged.With("path", path)
	}
	if err != nil {
		return fault.Unwritable(path, err)
	}
	return nil
}
