package atomicfile_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"cozejwt/internal/atomicfile"
)

// An event is what the kernel says happened to a file of a folder, or to the
// folder itself, whose name is "".
type event struct {
	name string
	mask uint32
}

// watch runs a function and returns what happened in the folder, in its order.
func watch(t *testing.T, dir string, run func() error) (events []event) {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		t.Skipf("nothing can be watched here: %v", err)
	}
	f := os.NewFile(uintptr(fd), "inotify")
	defer func() { _ = f.Close() }()
	if _, err := unix.InotifyAddWatch(fd, dir, unix.IN_ALL_EVENTS); err != nil {
		t.Fatal(err)
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	n, err := unix.Read(fd, buf)
	if err != nil {
		t.Fatal(err)
	}
	for buf = buf[:n]; len(buf) > 0; { // inotify(7)
		mask, length := binary.NativeEndian.Uint32(buf[4:]), binary.NativeEndian.Uint32(buf[12:])
		name := buf[unix.SizeofInotifyEvent : unix.SizeofInotifyEvent+length]
		events = append(events, event{string(bytes.TrimRight(name, "\x00")), mask})
		buf = buf[unix.SizeofInotifyEvent+length:]
	}
	return events
}

// index is where an event first is at or after a place, -1 for nowhere.
func index(events []event, from int, is func(event) bool) int {
	for i := from; i < len(events); i++ {
		if is(events[i]) {
			return i
		}
	}
	return -1
}

func TestTheModeIsThereBeforeTheContent(t *testing.T) {
	for name, run := range map[string]func(path string) error{
		"WriteFile": func(path string) error { return atomicfile.WriteFile(path, []byte("secret"), 0o600) },
		"WriteNew":  func(path string) error { return atomicfile.WriteNew(path, []byte("secret"), 0o600) },
	} {
		dir := t.TempDir()
		events := watch(t, dir, func() error { return run(filepath.Join(dir, "f")) })
		is := func(mask uint32) func(event) bool {
			return func(e event) bool { return strings.HasPrefix(e.name, "f.tmp-") && e.mask&mask != 0 }
		}
		content := index(events, 0, is(unix.IN_MODIFY))
		if content < 0 {
			t.Fatalf("%s: nothing was written: %v", name, events)
		}
		if index(events, content, is(unix.IN_ATTRIB)) >= 0 {
			t.Errorf("%s: the mode was set after the content was there: %v", name, events)
		}
	}
}

// A process that is killed at any instant leaves a key one name: the temporary one becomes the
// file's. A hard link would be another one beside it for an instant.
func TestANewFileHasOneNameAtAnyInstant(t *testing.T) {
	for name, run := range map[string]func(path string) error{
		"WriteNew":       func(path string) error { return atomicfile.WriteNew(path, []byte("secret"), 0o600) },
		"CompareAndSwap": func(path string) error { return atomicfile.CompareAndSwap(path, nil, []byte("secret"), 0o600) },
		"WriteFile":      func(path string) error { return atomicfile.WriteFile(path, []byte("secret"), 0o600) },
	} {
		dir := t.TempDir()
		events := watch(t, dir, func() error { return run(filepath.Join(dir, "f")) })
		if index(events, 0, func(e event) bool { return e.name == "f" && e.mask&unix.IN_MOVED_TO != 0 }) < 0 {
			t.Skip("this file system renames nothing exclusively")
		}
		if index(events, 0, func(e event) bool { return e.name == "f" && e.mask&unix.IN_CREATE != 0 }) >= 0 {
			t.Errorf("%s: the file is made under its own name: %v", name, events)
		}
		if index(events, 0, func(e event) bool { return strings.HasPrefix(e.name, "f.tmp-cozejwt-") && e.mask&unix.IN_CREATE != 0 }) < 0 {
			t.Errorf("%s: its temporary file would not be swept: %v", name, events)
		}
	}
}

// A flush itself cannot be seen, the opening and closing of the folder for it can.
func TestTheFolderIsFlushedOnceTheNameIsThere(t *testing.T) {
	for name, run := range map[string]func(path string) error{
		"WriteFile": func(path string) error { return atomicfile.WriteFile(path+"-new", nil, 0o600) },
		"WriteNew":  func(path string) error { return atomicfile.WriteNew(path+"-new", nil, 0o600) },
		"RenameNew": func(path string) error { return atomicfile.RenameNew(path, path+"-new") },
		"Backup": func(path string) error {
			kept, err := atomicfile.Backup(path, 0o600, time.Now())
			if err == nil {
				err = os.Rename(kept, path+"-new") // the name that is looked for
			}
			return err
		},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "f"), "text", 0o600)
		events := watch(t, dir, func() error { return run(filepath.Join(dir, "f")) })
		named := index(events, 0, func(e event) bool {
			return (e.name == "f-new" || strings.Contains(e.name, ".bak-")) && e.mask&(unix.IN_CREATE|unix.IN_MOVED_TO) != 0
		})
		if named < 0 {
			t.Fatalf("%s: the name is not there: %v", name, events)
		}
		opened := index(events, named, func(e event) bool { return e.name == "" && e.mask&unix.IN_OPEN != 0 })
		if opened < 0 || index(events, opened, func(e event) bool { return e.name == "" && e.mask&unix.IN_CLOSE_NOWRITE != 0 }) < 0 {
			t.Errorf("%s: the folder was not opened and closed afterwards: %v", name, events)
		}
	}
}

// unwritten returns how many pages of a file are in memory alone, cachestat(2).
func unwritten(t *testing.T, path string) uint64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var all struct{ off, length uint64 } // a length of 0: to the end
	var pages struct{ cached, dirty, writeback, evicted, recentlyEvicted uint64 }
	if _, _, errno := unix.Syscall6(unix.SYS_CACHESTAT, f.Fd(), uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&pages)), 0, 0, 0); errno != 0 {
		t.Skipf("the kernel does not say what is on the disk: %v", errno)
	}
	return pages.dirty + pages.writeback
}

func TestWhatIsWrittenIsOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	text := bytes.Repeat([]byte("x"), 1<<16)
	probe := filepath.Join(dir, "probe")
	write(t, probe, string(text), 0o600)
	cached := unwritten(t, probe)
	f, err := os.OpenFile(probe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if cached == 0 || unwritten(t, probe) != 0 {
		t.Skip("this file system shows no flush")
	}
	path := filepath.Join(dir, "f")
	if err := atomicfile.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if pages := unwritten(t, path); pages != 0 {
		t.Errorf("%d pages are in memory alone", pages)
	}
}
