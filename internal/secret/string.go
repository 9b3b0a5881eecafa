package secret

import (
	"fmt"
	"io"
	"log/slog"
	"unique"
)

// A String is a secret that no verb of fmt, no JSON and no log shows; [String.Reveal] says
// where it is wanted. Two of the same text are equal, and the zero value is the empty text.
//
// fmt calls no methods of an unexported field. It gets only an address to print there,
// because it follows no pointer to a string.
type String struct{ text unique.Handle[string] }

// New returns the secret that a text is.
func New(text string) String {
	if text == "" {
		return String{}
	}
	return String{unique.Make(text)}
}

// Reveal returns the text.
func (s String) Reveal() string {
	if s.IsZero() {
		return ""
	}
	return s.text.Value()
}

// IsZero reports whether the text is empty.
func (s String) IsZero() bool { return s == String{} }

// Format writes the mark, whatever the verb.
func (String) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mark) }

// String returns the mark.
func (String) String() string { return Mark }

// GoString returns the mark.
func (String) GoString() string { return Mark }

// MarshalText returns the mark, for JSON, XML and YAML. The error is always nil.
func (String) MarshalText() ([]byte, error) { return []byte(Mark), nil }

// UnmarshalText reads the text, from JSON, XML and YAML. The error is always nil.
func (s *String) UnmarshalText(text []byte) error {
	*s = New(string(text))
	return nil
}

// LogValue is the mark in a log.
func (String) LogValue() slog.Value { return slog.StringValue(Mark) }

// Mark stands for what is not shown.
const Mark = "…"
