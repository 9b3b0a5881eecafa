package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"testing"

	"cozejwt/internal/i18n"
)

func TestAConstructorGivesTheClassOfItsName(t *testing.T) {
	for _, test := range []struct {
		name string
		f    *Fault
		want Class
	}{
		{"Usage", Usage("usage", "path", "p"), ClassUsage},
		{"Invalid", Invalid("usage", "path", "p"), ClassCheck},
		{"Unreachable", Unreachable("usage", "path", "p"), ClassUnreachable},
		{"Unexpected", Unexpected("usage", nil, "path", "p"), ClassUnexpected},
		{"Unexpected with an error", Unexpected("usage", errors.New("full"), "path", "p"), ClassUnexpected},
	} {
		if test.f.Class != test.want || test.f.ID != "usage" || test.f.Value("path") != "p" {
			t.Errorf("%s: class %d, id %q, path %q", test.name, test.f.Class, test.f.ID, test.f.Value("path"))
		}
	}
}

func TestUnexpectedShowsTheErrorBehindIt(t *testing.T) {
	full := errors.New("disk full")
	f := Unexpected("file.write", full, "path", "a.pem")
	if got, want := f.Error(), "a.pem: not written: disk full"; got != want {
		t.Errorf("the message is %q, want %q", got, want)
	}
	if !errors.Is(f, full) {
		t.Error("the error behind it cannot be asked for")
	}
	if bare := Unexpected("file.write", nil); bare.Err != nil || bare.Value("error") != "" {
		t.Errorf("without an error it has %v behind it and says %q", bare.Err, bare.Value("error"))
	}
}

func TestUnreadableSaysWhatKeptTheFileFromBeingRead(t *testing.T) {
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	denied := &fs.PathError{Op: "open", Path: "secret.pem", Err: fs.ErrPermission}
	for _, test := range []struct {
		name     string
		err      error
		id, text string
		fix      string
	}{
		{
			"a file that is absent",
			&fs.PathError{Op: "open", Path: "secret.pem", Err: fs.ErrNotExist}, "file.absent", "secret.pem: not found",
			"Check the path; a relative path starts at " + folder,
		},
		{
			"an error that names the path is said without it",
			denied, "file.read", "secret.pem: permission denied", "Check the file's owner and mode",
		},
		{
			"a wrapped error that names the path is said without it",
			fmt.Errorf("key: %w", denied), "file.read", "secret.pem: permission denied", "Check the file's owner and mode",
		},
		{
			"an error without a path is said whole",
			errors.New("too long"), "file.read", "secret.pem: too long", "Check the file's owner and mode",
		},
		{
			"a fault keeps its id and gets the path",
			Irregular(fs.ModeDir), "file.irregular", "secret.pem: not a regular file (it is a folder)",
			"Replace it with a file, or choose another path",
		},
	} {
		f := Unreadable("secret.pem", test.err)
		if f.ID != test.id || f.Class != ClassCheck {
			t.Errorf("%s: the fault is %s of class %d, want %s", test.name, f.ID, f.Class, test.id)
		}
		if f.Error() != test.text {
			t.Errorf("%s: the message is %q, want %q", test.name, f.Error(), test.text)
		}
		if fixes := f.Fixes(i18n.English); !slices.Equal(fixes, []string{test.fix}) {
			t.Errorf("%s: the fixes are %q, want %q", test.name, fixes, test.fix)
		}
		if !errors.Is(f, test.err) {
			t.Errorf("%s: the error behind it cannot be asked for", test.name)
		}
	}
}

// A call of the system may have been about a temporary file, whose name says nothing to the reader.
func TestUnwritableSaysTheReasonAlone(t *testing.T) {
	for _, err := range []error{
		&fs.PathError{Op: "chmod", Path: "/x/a.env.tmp-1", Err: syscall.ENOSPC},
		&os.LinkError{Op: "rename", Old: "/x/a.env.tmp-1", New: "/x/a.env", Err: syscall.ENOSPC},
		fmt.Errorf("twice: %w", &fs.PathError{Op: "chmod", Path: "/x/a.env.tmp-1", Err: syscall.ENOSPC}),
		syscall.ENOSPC,
	} {
		f, ok := errors.AsType[*Fault](Unwritable("a.env", err))
		if !ok || f.ID != "file.write" || f.Class != ClassUnexpected || f.Error() != "a.env: not written: no space left on device" || !errors.Is(f, syscall.ENOSPC) {
			t.Errorf("%v becomes %v", err, f)
		}
	}
}

func TestAtGivesAPathToFaultsAlone(t *testing.T) {
	if got := At("a.pem", Invalid("file.read", "error", "bad")); got == nil || got.Error() != "a.pem: bad" {
		t.Errorf("a fault becomes %v", got)
	}
	if got := At("a.pem", fmt.Errorf("read: %w", Invalid("file.read", "error", "bad"))); got == nil || got.Error() != "a.pem: bad" {
		t.Errorf("a wrapped fault becomes %v", got)
	}
	other := errors.New("other")
	if got := At("a.pem", other); got != other {
		t.Errorf("another error becomes %v", got)
	}
	if got := At("a.pem", nil); got != nil {
		t.Errorf("no error becomes %v", got)
	}
}

func TestAdviseReplacesTheFixAndNothingElse(t *testing.T) {
	f := Usage("key.exists", "path", "a.pem")
	advised := f.Advise("file.write")
	if got, want := advised.Fixes(i18n.English), []string{"Check that you may write to the folder and the disk is not full"}; !slices.Equal(got, want) {
		t.Errorf("the fixes are %q, want %q", got, want)
	}
	if advised.Error() != f.Error() || !errors.Is(advised, f) {
		t.Errorf("the fault itself has become %q", advised.Error())
	}
	if own, want := f.Fixes(i18n.English), i18n.English.Lines("fault.key.exists.fix"); len(own) == 0 || !slices.Equal(own, want) {
		t.Errorf("the fixes of the fault it was made from are %q, want %q", own, want)
	}
}

func TestAFaultWithoutAFixTextHasNoFixes(t *testing.T) {
	if got := Invalid("file_kind.folder").Fixes(i18n.English); got != nil {
		t.Errorf("the fixes are %q", got)
	}
}

func TestBecauseFillsInTheError(t *testing.T) {
	folder := Invalid("file_kind.folder")
	for _, test := range []struct {
		name             string
		f                *Fault
		because          error
		english, chinese string
	}{
		{"an error in its own words", Invalid("file.read", "path", "p"), errors.New("broken"), "p: broken", "p：broken"},
		{"an error whose words are chosen already", Invalid("file.read", "path", "p", "error", "odd"), errors.New("broken"), "p: odd", "p：odd"},
		{"a fault in the reader's language", Invalid("file.read", "path", "p"), folder, "p: a folder", "p：目录"},
		{"a wrapped fault in the reader's language", Invalid("file.read", "path", "p"), fmt.Errorf("x: %w", folder), "p: a folder", "p：目录"},
	} {
		f := test.f.Because(test.because)
		if got := f.Message(i18n.English); got != test.english {
			t.Errorf("%s: the message is %q, want %q", test.name, got, test.english)
		}
		if got := f.Message(i18n.Chinese); got != test.chinese {
			t.Errorf("%s: the Chinese message is %q, want %q", test.name, got, test.chinese)
		}
		if errors.Unwrap(f) != test.because {
			t.Errorf("%s: behind it is %v", test.name, errors.Unwrap(f))
		}
		if test.f.Err != nil {
			t.Errorf("%s: the fault it was made from has changed", test.name)
		}
	}
}

func TestWithFillsACopy(t *testing.T) {
	f := Invalid("file.read", "path", "old.pem", "error", "broken")
	copied := f.With("path", "new.pem")
	if got, want := copied.Error(), "new.pem: broken"; got != want {
		t.Errorf("the copy says %q, want %q", got, want)
	}
	if got, want := f.Error(), "old.pem: broken"; got != want {
		t.Errorf("the fault it was made from says %q, want %q", got, want)
	}
	// Copies of one fault must not share what they were filled with.
	f.Pairs = append(make([]string, 0, 16), f.Pairs...)
	first, second := f.With("path", "first.pem"), f.With("path", "second.pem")
	if first.Value("path") != "first.pem" || second.Value("path") != "second.pem" {
		t.Errorf("two copies have the paths %q and %q", first.Value("path"), second.Value("path"))
	}
}

func TestValueIsTheLastOfItsName(t *testing.T) {
	f := Invalid("file.read", "path", "a", "error", "path", "path", "b", "alone")
	for name, want := range map[string]string{"path": "b", "error": "path", "a": "", "none": "", "alone": ""} {
		if got := f.Value(name); got != want {
			t.Errorf("the value of %q is %q, want %q", name, got, want)
		}
	}
}

func TestTheFileIsThePathUnlessItIsGiven(t *testing.T) {
	f := Invalid("git.tracked", "path", "a.pem")
	if got, want := f.Fixes(i18n.English)[0], "git rm --cached a.pem"; got != want {
		t.Errorf("the fix is %q, want %q", got, want)
	}
	if got, want := f.With("file", "b.pem").Fixes(i18n.English)[0], "git rm --cached b.pem"; got != want {
		t.Errorf("with a file of its own the fix is %q, want %q", got, want)
	}
}

func TestIrregularNamesTheKindOfFile(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{
		fs.ModeDir | 0o755:                  "file_kind.folder",
		fs.ModeNamedPipe | 0o600:            "file_kind.pipe",
		fs.ModeSocket | 0o600:               "file_kind.socket",
		fs.ModeDevice | 0o600:               "file_kind.device",
		fs.ModeDevice | fs.ModeCharDevice:   "file_kind.device",
		fs.ModeIrregular | fs.ModePerm&0o22: "file_kind.device",
	} {
		f := Irregular(mode)
		if f == nil {
			t.Errorf("%s passes for a regular file", mode)
			continue
		}
		if f.ID != "file.irregular" || f.Class != ClassCheck || ID(f.Err) != want {
			t.Errorf("%s: %s because of %s, want %s", mode, f.ID, ID(f.Err), want)
		}
	}
	if f := Irregular(0o644); f != nil {
		t.Errorf("a regular file is a fault: %v", f)
	}
}

func TestFaultsOfOneIDAreTheSameToErrorsIs(t *testing.T) {
	f := Invalid("file.read", "path", "a")
	if !errors.Is(fmt.Errorf("x: %w", f), Usage("file.read", "path", "b")) {
		t.Error("faults of one id with other values differ")
	}
	if errors.Is(f, Invalid("file.absent", "path", "a")) {
		t.Error("faults of two ids are the same")
	}
	if errors.Is(f, fs.ErrNotExist) {
		t.Error("a fault is the same as an error that is none")
	}
}

func TestIDIsThatOfTheFaultInTheChain(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{Invalid("file.read"), "file.read"},
		{fmt.Errorf("x: %w", Invalid("file.read")), "file.read"},
		{Invalid("file.irregular").Because(Invalid("file_kind.pipe")), "file.irregular"},
		{errors.New("other"), ""},
		{nil, ""},
	} {
		if got := ID(test.err); got != test.want {
			t.Errorf("the id of %v is %q, want %q", test.err, got, test.want)
		}
	}
}

// limited is the error of a file that is too large, as the room that reads files has it.
type limited struct{}

func (limited) Error() string { return "large" }
func (limited) Limit() int64  { return 3 << 10 }

func TestAFileFaultSaysWhyWhetherItIsReadOrWritten(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "open", Path: "x", Err: err} }
	for name, test := range map[string]struct {
		err   error
		id    string
		class Class
		text  string
	}{
		"too large":              {at(limited{}), "file.too_large", ClassCheck, "a.env: larger than 3 KiB, so it was not read"},
		"too many descriptors":   {at(syscall.EMFILE), "file.descriptors", ClassUnexpected, "a.env: too many files are open"},
		"of the machine as well": {at(syscall.ENFILE), "file.descriptors", ClassUnexpected, "a.env: too many files are open"},
	} {
		for _, err := range []error{Unreadable("a.env", test.err), Unwritable("a.env", test.err)} {
			if f, ok := errors.AsType[*Fault](err); !ok || f.ID != test.id || f.Class != test.class || f.Error() != test.text || !errors.Is(err, test.err) || f.Fixes(i18n.English) == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
