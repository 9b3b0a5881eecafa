package boundedfile_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/testfile"
)

func TestAFileIsReadUpToItsLimit(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("f", "12345")
	dir.Write("empty", "")
	testfile.Symlink(t, "f", dir.Path("link"))
	for _, test := range []struct {
		name, want string
		most       int64
	}{{"f", "12345", 5}, {"f", "12345", boundedfile.Most}, {"link", "12345", 5}, {"empty", "", 0}} {
		if got, err := boundedfile.Read(dir.Path(test.name), test.most); err != nil || string(got) != test.want {
			t.Errorf("%s: %q, %v", test.name, got, err)
		}
	}
	got, err := boundedfile.Read(dir.Path("f"), 4)
	large, ok := errors.AsType[boundedfile.TooLarge](err)
	if got != nil || !ok || large.Limit() != 4 || large.Error() != "larger than 4 bytes" {
		t.Errorf("a larger file: %q, %v", got, err)
	}
	if p, ok := errors.AsType[*fs.PathError](err); !ok || p.Path != dir.Path("f") {
		t.Errorf("the error is %v, which names no file", err)
	}
}

func TestTheEndOfAFileIsRead(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("f", "12345")
	for most, want := range map[int64]string{0: "", 2: "45", 5: "12345", boundedfile.Most: "12345"} {
		if got, err := boundedfile.End(dir.Path("f"), most); err != nil || string(got) != want {
			t.Errorf("of %d bytes: %q, %v", most, got, err)
		}
	}
	if _, err := boundedfile.End(dir.Path("."), 5); !errors.As(err, new(boundedfile.NotRegular)) {
		t.Errorf("the end of a folder: %v", err)
	}
}

func TestWhatIsNotThereIsAsOSSays(t *testing.T) {
	if _, err := boundedfile.Read(filepath.Join(t.TempDir(), "absent"), 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

func TestAFolderIsNotRead(t *testing.T) {
	dir := t.TempDir()
	_, err := boundedfile.Read(dir, 5)
	odd, ok := errors.AsType[boundedfile.NotRegular](err)
	if !ok || !odd.Irregular().IsDir() || !strings.HasPrefix(odd.Error(), "not a regular file: d") {
		t.Errorf("error is %v", err)
	}
	if p, ok := errors.AsType[*fs.PathError](err); !ok || p.Path != dir {
		t.Errorf("the error is %v, which names no file", err)
	}
}

func TestAnInputIsReadUpToItsLimit(t *testing.T) {
	if got, err := boundedfile.All(strings.NewReader("12345"), 5); err != nil || string(got) != "12345" {
		t.Errorf("%q, %v", got, err)
	}
	endless := &counted{}
	got, err := boundedfile.All(endless, 1000)
	if large, ok := err.(boundedfile.TooLarge); got != nil || !ok || large != 1000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if endless.read != 1001 {
		t.Errorf("%d bytes were read", endless.read)
	}
	broken := errors.New("broken")
	if got, err := boundedfile.All(io.MultiReader(bytes.NewReader([]byte("1")), iotest.ErrReader(broken)), 5); got != nil || !errors.Is(err, broken) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTheEndOfAnInputIsRead(t *testing.T) {
	for _, read := range []func(string) io.Reader{
		func(text string) io.Reader { return strings.NewReader(text) },
		func(text string) io.Reader { return iotest.OneByteReader(strings.NewReader(text)) },
		func(text string) io.Reader { return iotest.DataErrReader(strings.NewReader(text)) },
	} {
		for length := range 12 {
			text := "0123456789ab"[:length]
			if got, err := boundedfile.Last(read(text), 3); err != nil || string(got) != text[max(0, length-3):] {
				t.Errorf("of %q: %q, %v", text, got, err)
			}
		}
	}
	broken := errors.New("broken")
	if got, err := boundedfile.Last(io.MultiReader(strings.NewReader("1"), iotest.ErrReader(broken)), 5); got != nil || !errors.Is(err, broken) {
		t.Errorf("%q, %v", got, err)
	}
}

// counted never ends.
type counted struct{ read int }

func (c *counted) Read(p []byte) (int, error) {
	c.read += len(p)
	return len(p), nil
}

func TestWhatWasOpenedIsLookedAtAgain(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := boundedfile.Opened(r, 5); !errors.As(err, new(boundedfile.NotRegular)) {
		t.Errorf("a pipe: error is %v", err)
	}
	_ = r.Close()
	if _, err := boundedfile.Opened(r, 5); err == nil || runtime.GOOS != "windows" && !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a closed file: error is %v", err)
	}
}
