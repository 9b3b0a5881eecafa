// Package boundedfile is the one way a file is read: a regular file, up to a size. A pipe that
// nobody writes to holds nobody up, and what is too large is not read into the memory.
package boundedfile

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Most is the size in bytes of the largest file of a project, and of our own between two runs:
// a larger one is no .env, no .gitignore and no configuration.
const Most = 1 << 20

// NotRegular is the error of a path that leads to something else than a regular file.
type NotRegular fs.FileMode

// Error says what is there.
func (n NotRegular) Error() string { return "not a regular file: " + fs.FileMode(n).String() }

// Irregular is the mode of what is there.
func (n NotRegular) Irregular() fs.FileMode { return fs.FileMode(n) }

// TooLarge is the error of an input that has more bytes than this.
type TooLarge int64

// Error says how many bytes there may be.
func (t TooLarge) Error() string { return fmt.Sprintf("larger than %d bytes", int64(t)) }

// Limit is how many bytes there may be.
func (t TooLarge) Limit() int64 { return int64(t) }

// Read returns the content of the regular file at path, of at most so many bytes. It follows
// links. Besides the errors of [os.ReadFile] there are NotRegular and TooLarge, each in a
// [fs.PathError].
func Read(path string, most int64) ([]byte, error) {
	return read(path, upTo(most))
}

func upTo(most int64) func(*os.File, fs.FileInfo) ([]byte, error) {
	return func(f *os.File, info fs.FileInfo) ([]byte, error) { return all(f, most, info.Size()) }
}

// End is Read for the last bytes of a file, at most so many: the end of a log is the newest.
// The errors are those of Read without TooLarge.
func End(path string, most int64) ([]byte, error) {
	return read(path, func(f *os.File, info fs.FileInfo) ([]byte, error) {
		if _, err := f.Seek(max(0, info.Size()-most), io.SeekStart); err != nil {
			return nil, err
		}
		return io.ReadAll(io.LimitReader(f, most)) // a log may grow
	})
}

func read(path string, content func(*os.File, fs.FileInfo) ([]byte, error)) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: NotRegular(info.Mode())} // opening a device may do something to it
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := opened(f, content)
	switch err.(type) {
	case NotRegular, TooLarge:
		err = &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return data, err
}

// opened reads what was opened: what is at its path may have been replaced since.
func opened(f *os.File, content func(*os.File, fs.FileInfo) ([]byte, error)) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, NotRegular(info.Mode())
	}
	return content(f, info)
}

// All returns what r holds, of at most so many bytes. Where it holds more, the error is a
// TooLarge, and what follows was not read.
func All(r io.Reader, most int64) ([]byte, error) { return all(r, most, 0) }

// all is All for what has so many bytes, as far as that is known.
func all(r io.Reader, most, size int64) ([]byte, error) {
	var data bytes.Buffer
	data.Grow(int(min(size, most)) + bytes.MinRead + 1) // ReadFrom looks for more
	_, err := data.ReadFrom(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, err
	case int64(data.Len()) > most:
		return nil, TooLarge(most)
	}
	return data.Bytes(), nil
}

// Last returns the last bytes of what r holds, at most so many (one or more), and reads all of it.
// The errors are those of r.
func Last(r io.Reader, most int) ([]byte, error) {
	kept := make([]byte, 0, 2*most)
	for {
		if len(kept) == cap(kept) {
			kept = append(kept[:0], kept[most:]...)
		}
		n, err := r.Read(kept[len(kept):cap(kept)])
		kept = kept[:len(kept)+n]
		switch {
		case err == io.EOF:
			return kept[max(0, len(kept)-most):], nil
		case err != nil:
			return nil, err
		}
	}
}
