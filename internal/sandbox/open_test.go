package sandbox_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testfile"
)

// serveIn serves the sandbox of a folder until the test ends.
func serveIn(t *testing.T, dir string) sandbox.Client {
	t.Helper()
	i, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() })
	return sandbox.Client{Base: i.Base, Session: i.Session}
}

func TestASandboxThatIsClosedAnswersNoMore(t *testing.T) {
	dir := t.TempDir()
	i, err := sandbox.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := sandbox.Client{Base: i.Base}
	if _, err := c.Apps(context.Background()); err != nil {
		t.Errorf("it does not answer: %v", err)
	}
	if err := i.Close(); err != nil {
		t.Errorf("it was not closed: %v", err)
	}
	if _, err := c.Apps(context.Background()); err == nil {
		t.Error("it still answers")
	}
	serveIn(t, dir) // the lock is free
}

func TestWhoHasJoinedClosesNothing(t *testing.T) {
	dir := t.TempDir()
	c := serveIn(t, dir)
	joined, err := sandbox.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if joined.Session != c.Session || joined.Console() != c.Console() {
		t.Errorf("the console of who has joined is %s, want %s", joined.Console(), c.Console())
	}
	testfile.WantMode(t, filepath.Join(dir, "sandbox.session"), 0o600)
	if err := joined.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Apps(context.Background()); err != nil {
		t.Errorf("it does not answer any more: %v", err)
	}
}

func TestWhoServesIsNamed(t *testing.T) {
	dir := t.TempDir()
	c := serveIn(t, dir)
	_, err := sandbox.Serve(dir, "")
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Value("base") != c.Base {
		t.Errorf("error is %v, want one with %s", err, c.Base)
	}
}

// The process that holds the lock may have gone without a trace.
func TestOpenWaitsForWhoServesUntilItIsCalledOff(t *testing.T) {
	dir := t.TempDir()
	serveIn(t, dir)
	for name, text := range map[string]string{"nowhere": `{}`, "at an address that is silent": `{"addrs":["127.0.0.1:1"]}`} {
		testfile.Write(t, filepath.Join(dir, "sandbox.json"), text)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if i, err := sandbox.Open(ctx, dir); !errors.Is(err, context.Canceled) {
			t.Errorf("served %s: %+v, %v", name, i, err)
		}
	}
}

func TestASandboxComesBackToItsAddress(t *testing.T) {
	dir := t.TempDir()
	var bases []string
	for range 2 {
		i, err := sandbox.Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		bases = append(bases, i.Base)
		if err := i.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(sandbox.Bases(dir), bases[:1]) || bases[0] != bases[1] {
		t.Errorf("it was at %v, and remembers %v", bases, sandbox.Bases(dir))
	}
}

// Some other program may be at the port of one folder, but hardly of several.
func TestAPreferredPortIsBelowTheEphemeralOnes(t *testing.T) {
	var ports []int
	for range 4 {
		i, err := sandbox.Open(context.Background(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		port, err := strconv.Atoi(i.Base[strings.LastIndex(i.Base, ":")+1:])
		if err != nil {
			t.Fatal(err)
		}
		if port >= 20000 && port <= 29999 {
			return
		}
		ports = append(ports, port)
	}
	t.Errorf("the ports are %v", ports)
}

func TestAnAddressThatComesBackIsTheFirstAgain(t *testing.T) {
	f := testfile.NewFolder(t)
	i, err := sandbox.Serve(f.Dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	addr := strings.TrimPrefix(i.Base, "http://")
	f.Write("sandbox.json", `{"addrs":["127.0.0.1:1","`+addr+`"],"apps":[]}`)
	if i, err = sandbox.Serve(f.Dir, addr); err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if want := []string{i.Base, "http://127.0.0.1:1"}; !slices.Equal(sandbox.Bases(f.Dir), want) {
		t.Errorf("it remembers %v, want %v", sandbox.Bases(f.Dir), want)
	}
}

func TestAnAddressThatIsAskedForIsServedOrNone(t *testing.T) {
	dir := t.TempDir()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = sandbox.Serve(dir, taken.Addr().String())
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != "sandbox.listen" || f.Value("addr") != taken.Addr().String() {
		t.Errorf("error is %v", err)
	}
	serveIn(t, dir) // the lock is free
}

func TestASandboxWithoutAStateHasNoBase(t *testing.T) {
	f := testfile.NewFolder(t)
	if bases := sandbox.Bases(f.Dir); len(bases) != 0 {
		t.Errorf("its bases are %v", bases)
	}
	f.Write("sandbox.json", `{"addrs":["127.0.0.1:1"`)
	if bases := sandbox.Bases(f.Dir); len(bases) != 0 {
		t.Errorf("the bases of a damaged file are %v", bases)
	}
}

func TestAStateThatCannotBeWrittenIsSaidSo(t *testing.T) {
	for name, test := range map[string]struct {
		make func(testfile.Folder) // what stands in the way
		dir  string
		path string // that is named
	}{
		"the folder is a file":       {func(f testfile.Folder) { f.Write("state", "") }, "state", "state"},
		"the lock is a folder":       {func(f testfile.Folder) { f.Write("state/sandbox.lock/x", "") }, "state", "state/sandbox.lock"},
		"the session is a folder":    {func(f testfile.Folder) { f.Write("state/sandbox.session/x", "") }, "state", "state/sandbox.session"},
		"the state file is a folder": {func(f testfile.Folder) { f.Write("state/sandbox.json/x", "") }, "state", "state/sandbox.json"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := testfile.NewFolder(t)
			test.make(folder)
			i, err := sandbox.Serve(folder.Path(test.dir), "127.0.0.1:0")
			if err == nil {
				_ = i.Close()
			}
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Value("path") != folder.Path(test.path) {
				t.Errorf("error is %v, want one with %s", err, folder.Path(test.path))
			}
		})
	}
}

func TestAChangeThatCannotBeKeptIsSaidSo(t *testing.T) {
	f := testfile.NewFolder(t)
	c := serveIn(t, f.Path("state"))
	if err := os.Remove(f.Path("state/sandbox.json")); err != nil {
		t.Fatal(err)
	}
	f.Write("state/sandbox.json/x", "")
	if _, err := c.CreateApp(context.Background(), "x"); err == nil {
		t.Error("the app was created")
	}
}

func TestASandboxInMemoryKeepsNothing(t *testing.T) {
	var bases []string
	for range 2 {
		i, err := sandbox.OpenInMemory()
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		c := sandbox.Client{Base: i.Base}
		apps, err := c.Apps(context.Background())
		if err != nil || len(apps) != 0 || !i.Owned {
			t.Errorf("the apps are %v, %v", apps, err)
		}
		if _, err := c.CreateApp(context.Background(), "x"); err != nil {
			t.Error(err)
		}
		bases = append(bases, i.Base)
	}
	if bases[0] == bases[1] {
		t.Errorf("two are at %s", bases[0])
	}
}
