package fault_test

import (
	"errors"
	"io/fs"
	"testing"

	"cozejwt/internal/fault"
)

type odd fs.FileMode

func (odd) Error() string            { return "odd" }
func (o odd) Irregular() fs.FileMode { return fs.FileMode(o) }

func TestWhatCannotBeWrittenIsTold(t *testing.T) {
	ours := fault.Invalid("env.changed")
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"no error":          {nil, ""},
		"a fault":           {errors.Join(ours), "env.changed"},
		"a device":          {&fs.PathError{Op: "replace", Path: "x", Err: odd(fs.ModeDevice)}, "file.irregular"},
		"any other error":   {errors.New("no space"), "file.write"},
		"one of the system": {&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, "file.write"},
	} {
		err := fault.Unwritable("there/x", test.err)
		if fault.ID(err) != test.want || (err == nil) != (test.err == nil) {
			t.Errorf("%s: it is %v, want %s", name, err, test.want)
		}
		if f, ok := errors.AsType[*fault.Fault](err); ok && test.want != "env.changed" && f.Value("path") != "there/x" {
			t.Errorf("%s: it is about %q", name, f.Value("path"))
		}
	}
}
