// Package fault is the error a person can act on: it knows what was seen and
// where, names its text in the catalogues, and says what to do next. Text is
// made at the edge, in the reader's language, and exists once.
package fault

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"cozejwt/internal/i18n"
)

// Class says what kind of trouble a fault is; it decides the exit code.
type Class int

// The classes.
const (
	ClassUnexpected  Class = iota // the machine or this program: exit 1
	ClassUsage                    // how the command was called: exit 2
	ClassCheck                    // a credential or file is not right: exit 3
	ClassUnreachable              // the service did not answer: exit 4
)

// A Fault is one such error. Its message is the text "fault.<ID>", what to do
// is "fault.<ID>.fix" (a line each), both filled from Pairs.
type Fault struct {
	ID    string
	Class Class
	Pairs []string // placeholder name, value, name, value, …
	Err   error    // the underlying error, if there is one

	advice string // the fault whose fix is meant, "" for its own
	more   string // the fault whose fix is another way out, "" for none
}

// Usage returns a fault in how the command was called.
func Usage(id string, pairs ...string) *Fault { return &Fault{ID: id, Class: ClassUsage, Pairs: pairs} }

// Invalid returns a fault in a credential or a file.
func Invalid(id string, pairs ...string) *Fault {
	return &Fault{ID: id, Class: ClassCheck, Pairs: pairs}
}

// Unreachable returns a fault on the way to the service.
func Unreachable(id string, pairs ...string) *Fault {
	return &Fault{ID: id, Class: ClassUnreachable, Pairs: pairs}
}

// Unexpected returns a fault of the machine that wraps err, where there is one.
func Unexpected(id string, err error, pairs ...string) *Fault {
	f := &Fault{ID: id, Class: ClassUnexpected, Pairs: pairs}
	if err == nil {
		return f
	}
	return f.Because(err)
}

// Unreadable returns the fault of a file at path that err kept from being read.
func Unreadable(path string, err error) *Fault {
	if errors.Is(err, fs.ErrNotExist) {
		folder, _ := os.Getwd()
		return Invalid("file.absent", "path", path, "folder", folder).Because(err)
	}
	if _, ours := errors.AsType[*Fault](err); ours {
		return At(path, err).(*Fault)
	}
	if f := ofFile(path, err); f != nil {
		return f
	}
	return Invalid("file.read", "path", path, "error", reason(err)).Because(err)
}

// Unwritable returns the fault of a file at path that err kept from being written. An err
// that is a fault already is returned as it is.
func Unwritable(path string, err error) error {
	if _, ours := errors.AsType[*Fault](err); ours || err == nil {
		return err
	}
	if f := ofFile(path, err); f != nil {
		return f
	}
	return Unexpected("file.write", nil, "path", path, "error", reason(err)).Because(err)
}

// reason is why a call of the system failed, without the path: the message of a fault gives that,
// and a call may have been about a temporary file.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err.Error()
	}
	return err.Error()
}

// ModeUnset returns the fault of a file at path whose mode err kept from being set; nil where
// err is. The file is there, with its content.
func ModeUnset(path string, err error) error {
	if err == nil || errors.Is(err, fs.ErrNotExist) { // it is gone
		return Unwritable(path, err)
	}
	return Unexpected("file.mode", nil, "path", path, "error", reason(err)).Because(err)
}

// ofFile returns the fault of an error that has the same reason whether a file at path is read
// or written; nil for any other.
func ofFile(path string, err error) *Fault {
	if odd, ok := errors.AsType[interface {
		error
		Irregular() fs.FileMode
	}](err); ok {
		return Irregular(odd.Irregular()).With("path", path)
	}
	if large, ok := errors.AsType[interface {
		error
		Limit() int64
	}](err); ok {
		return Invalid("file.too_large", "path", path, "kib", strconv.FormatInt(large.Limit()>>10, 10)).Because(err)
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return Unexpected("file.descriptors", err, "path", path)
	}
	return nil
}

// At returns err with the path of the file it is about, where it is a fault.
func At(path string, err error) error {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.With("path", path)
	}
	return err
}

// Advise returns a copy of f whose fix is the text "fault.<id>.fix": where the
// same trouble has another remedy.
func (f *Fault) Advise(id string) *Fault {
	c := f.With()
	c.advice = id
	return c
}

// AdviseAlso returns a copy of f whose fix is followed by the text "fault.<id>.fix".
func (f *Fault) AdviseAlso(id string) *Fault {
	c := f.With()
	c.more = id
	return c
}

// Because returns a copy of f with the error behind it, whose message fills
// {error}: in the reader's language where it is a fault.
func (f *Fault) Because(err error) *Fault {
	c := f.With()
	if _, ours := errors.AsType[*Fault](err); !ours && f.Value("error") == "" {
		c = f.With("error", err.Error())
	}
	c.Err = err
	return c
}

// With returns a copy of f with more placeholders filled.
func (f *Fault) With(pairs ...string) *Fault {
	c := *f
	c.Pairs = append(append([]string{}, f.Pairs...), pairs...)
	return &c
}

// Value returns what fills a placeholder, the last where it is filled twice.
func (f *Fault) Value(name string) string {
	value := ""
	for i := 0; i+1 < len(f.Pairs); i += 2 {
		if f.Pairs[i] == name {
			value = f.Pairs[i+1]
		}
	}
	return value
}

// Message is what was seen and where, in the reader's language.
func (f *Fault) Message(l i18n.Speaker) string { return l.Text("fault."+f.ID, f.filled(l)...) }

// Fixes is what to do next, a step each, in the reader's language.
func (f *Fault) Fixes(l i18n.Speaker) []string {
	fixes := l.Lines("fault."+cmp.Or(f.advice, f.ID)+".fix", f.filled(l)...)
	if f.more != "" {
		fixes = append(fixes, l.Lines("fault."+f.more+".fix", f.filled(l)...)...)
	}
	return fixes
}

// filled returns the placeholders with their values: {error} is the message of the underlying
// fault, {file} is {path} unless a pair sets it.
func (f *Fault) filled(l i18n.Speaker) []string {
	pairs := []string{"file", f.Value("path")}
	if cause, ok := errors.AsType[*Fault](f.Err); ok {
		pairs = append(pairs, "error", cause.Message(l))
	}
	return append(pairs, f.Pairs...)
}

// Irregular returns the fault of a path that holds no regular file, nil where it
// holds one.
func Irregular(mode fs.FileMode) *Fault {
	kind := ""
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		kind = "folder"
	case mode&fs.ModeNamedPipe != 0:
		kind = "pipe"
	case mode&fs.ModeSocket != 0:
		kind = "socket"
	default:
		kind = "device"
	}
	return Invalid("file.irregular").Because(Invalid("file_kind." + kind))
}

// Error is the English message.
func (f *Fault) Error() string { return f.Message(i18n.English) }

// Unwrap returns the underlying error.
func (f *Fault) Unwrap() error { return f.Err }

// Is makes faults of one ID equal to [errors.Is], whatever their placeholders.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.ID == f.ID
}

// ID returns the id of the fault in err's chain, or "" where there is none.
func ID(err error) string {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.ID
	}
	return ""
}
