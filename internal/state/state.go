// Package state keeps what a program knows from one run to the next: small JSON
// files of one type each, for their owner alone, and a lock. It holds no secret
// and nothing that a program could not do without. Only tokencache keeps secrets in
// such files.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
)

// A File is a JSON file that holds a T. With an empty Path nothing is kept.
type File[T any] struct{ Path string }

// Read returns what the file holds; ok is false for a file that is missing or cannot be read.
func (f File[T]) Read() (value T, ok bool) {
	data, err := boundedfile.Read(f.Path, boundedfile.Most)
	if err != nil || json.Unmarshal(data, &value) != nil {
		var none T
		return none, false
	}
	return value, true
}

// Write puts value into the file, mode 0600, in a folder that is made 0700. The error is the fault
// of a file that cannot be written.
func (f File[T]) Write(value T) error {
	if f.Path == "" {
		return nil
	}
	data, err := json.MarshalIndent(value, "", "  ")
	if err == nil {
		err = disk.MkdirAll(filepath.Dir(f.Path), 0o700)
	}
	if err == nil {
		err = atomicfile.WriteFile(f.Path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return fault.Unwritable(f.Path, err)
	}
	return nil
}

// Remove deletes the file where it is.
func (f File[T]) Remove() {
	if f.Path != "" {
		_ = disk.Remove(f.Path) // it may not be there
	}
}

// Name makes a file's name of what the file is about, whatever characters that
// has: 16 hexadecimal digits.
func Name(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// A Holder is the process that has a lock.
type Holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// ErrLocked is returned by LockFolder where another process has the lock.
var ErrLocked = errors.New("locked by another process")

// LockFolder takes the lock of a folder, until release; calling that again does nothing. It is
// the folder itself that is locked, so it is one lock for all users and without a place to write;
// it dies with its holder. Who holds it is noted in the folder notes. Where another process has
// it, the error is ErrLocked and the holder is that process, zero where that is not known.
func LockFolder(folder, notes string, now time.Time) (release func(), other Holder, err error) {
	note := File[Holder]{filepath.Join(notes, Name(folder)+".json")}
	if _, err := os.Stat(folder); err != nil { // on Windows, another file than the folder is locked
		return nil, other, fault.Unexpected("folder.lock", err, "dir", folder)
	}
	lock := folderLock(folder)
	switch got, err := lock.TryLock(); {
	case err != nil:
		return nil, other, fault.Unexpected("folder.lock", err, "dir", folder)
	case !got:
		other, _ = note.Read()
		return nil, other, ErrLocked
	}
	_ = note.Write(Holder{os.Getpid(), now}) // without it, the other is told less
	return func() { _ = lock.Unlock() }, Holder{}, nil
}
