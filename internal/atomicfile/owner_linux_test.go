package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"cozejwt/internal/atomicfile"
)

// Of another user and group, who need no names.
const uid, gid = 1234, 4321

// theirs makes a file of another user.
func theirs(t *testing.T, mode fs.FileMode) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "f")
	write(t, path, "old", 0o600)
	if err := os.Chown(path, uid, gid); err != nil {
		t.Skipf("no file of another user can be made: %v", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// without runs a function as a root that lacks a capability, -1 for none, and
// is in these groups. Linux gives each thread its own.
func without(t *testing.T, capability int, groups []uint32, run func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETGROUPS, uintptr(len(groups)), uintptr(unsafe.Pointer(unsafe.SliceData(groups))), 0); errno != 0 {
			t.Error(errno)
			return
		}
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var sets [2]unix.CapUserData // of 32 capabilities each
		if err := unix.Capget(&header, &sets[0]); err != nil {
			t.Error(err)
			return
		}
		if capability >= 0 {
			sets[capability/32].Effective &^= 1 << (capability % 32)
		}
		if err := unix.Capset(&header, &sets[0]); err != nil {
			t.Error(err)
			return
		}
		run()
	}()
	<-done
}

func TestTheOwnerIsKeptAsFarAsTheProcessMay(t *testing.T) {
	for name, test := range map[string]struct {
		capability int
		groups     []uint32
		uid, gid   uint32
		mode       fs.FileMode
	}{
		"root":                           {-1, nil, uid, gid, 0o640},
		"of the group":                   {unix.CAP_CHOWN, []uint32{gid}, 0, gid, 0o640},
		"of another group, which is out": {unix.CAP_CHOWN, nil, 0, 0, 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			path := theirs(t, 0o640)
			without(t, test.capability, test.groups, func() {
				if err := atomicfile.WriteFile(path, []byte("new"), 0o640); err != nil {
					t.Error(err)
				}
			})
			wantFile(t, path, "new", test.mode)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if now := info.Sys().(*syscall.Stat_t); now.Uid != test.uid || now.Gid != test.gid {
				t.Errorf("it is %d:%d's, want %d:%d's", now.Uid, now.Gid, test.uid, test.gid)
			}
		})
	}
}

func TestAFileThatCannotHaveItsModeIsNotReplaced(t *testing.T) {
	path := theirs(t, 0o640)
	without(t, unix.CAP_FOWNER, nil, func() {
		if err := atomicfile.WriteFile(path, []byte("new"), 0o640); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("error is %v, want that it is not permitted", err)
		}
	})
	wantFile(t, path, "old", 0o640)
	wantNames(t, filepath.Dir(path), "f")
}

func TestATemporaryFileIsMadeForItsOwnerAlone(t *testing.T) {
	path := theirs(t, 0o644)
	dir := filepath.Dir(path)
	if err := os.Chown(dir, uid+1, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil { // so that it cannot be removed and is seen
		t.Fatal(err)
	}
	without(t, unix.CAP_FOWNER, nil, func() {
		if err := atomicfile.WriteFile(path, []byte("new"), 0o644); err == nil {
			t.Error("no error")
		}
	})
	left, err := filepath.Glob(path + ".tmp-*")
	if err != nil || len(left) != 1 {
		t.Fatalf("left are %q, %v; want one file", left, err)
	}
	wantFile(t, left[0], "", 0o600)
}

func TestABackupOfAFileOnAnotherFileSystemIsACopy(t *testing.T) {
	const other = "/proc/version" // no link leads out of /proc
	text, err := os.ReadFile(other)
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.Symlink(other, path); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, name := range []string{"f.bak-20260102T030405Z", "f.bak-20260102T030405Z-2"} {
		kept, err := atomicfile.Backup(path, 0o644, now)
		if err != nil || filepath.Base(kept) != name {
			t.Fatalf("%q, %v; want %s", kept, err, name)
		}
		wantFile(t, kept, string(text), 0o444)
	}
	wantNames(t, dir, "f", "f.bak-20260102T030405Z", "f.bak-20260102T030405Z-2")
}
