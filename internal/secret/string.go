package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// A String is a secret that no verb of fmt, no JSON and no log shows. Where it is wanted,
// string(s) says so. fmt calls no method of an unexported field: a struct with such a
// field needs a Format of its own before it is printed whole.
type String string

// Format writes the mark, whatever the verb.
func (String) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mark) }

// String returns the mark.
func (String) String() string { return Mark }

// GoString returns the mark.
func (String) GoString() string { return Mark }

// MarshalText returns the mark, for JSON, XML and YAML.
func (String) MarshalText() ([]byte, error) { return []byte(Mark), nil }

// LogValue is the mark in a log.
func (String) LogValue() slog.Value { return slog.StringValue(Mark) }

// Mark stands for what is not shown.
const Mark = "…"
