// Package demofile reads the demo project that the console offers for download (下载示例文件,
// "Download DEMO file"): a zip with the coze_oauth_config.json that the official SDKs load. The
// layout is that of coze-dev/coze-oauth-quickstart (ced76f8): a folder with the config beside the
// project's files. A zip of the real console with a key in it has not been seen.
package demofile

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
)

// ConfigName is the name of the config in the zip.
const ConfigName = "coze_oauth_config.json"

// mostZip is the size in bytes of the largest zip that is read: a sample project is far smaller.
const mostZip = 16 << 20

var (
	// ErrBroken is the fault of a zip that is damaged or was not downloaded completely.
	ErrBroken = fault.Invalid("demo.broken")
	// ErrNoConfig is the fault of a zip without the config.
	ErrNoConfig = fault.Invalid("demo.no_config")
	// ErrSeveral is the fault of a zip with several configs.
	ErrSeveral = fault.Invalid("demo.several")
	// ErrEncrypted is the fault of a zip whose config has a password.
	ErrEncrypted = fault.Invalid("demo.encrypted")
)

// Is reports whether the file at path is a zip, by its first bytes or by its name.
func Is(path string) bool {
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		return true
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == "PK\x03\x04"
}

// Has reports whether the file at path is a zip with one config. It reads the list of
// the zip's files alone.
func Has(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostZip {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return false
	}
	_, err = configIn(z)
	return err == nil
}

// ConfigPath is how the config of the zip at path is named for a person.
func ConfigPath(path string) string { return filepath.Join(path, ConfigName) }

// Config returns the text of the config in the zip at path. Errors: ErrBroken, ErrNoConfig,
// ErrSeveral, ErrEncrypted, and the fault of a file that cannot be read, each with the path.
func Config(path string) ([]byte, error) {
	data, err := boundedfile.Read(path, mostZip)
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, ErrBroken.With("path", path)
	}
	f, err := configIn(z)
	if err != nil {
		return nil, fault.At(path, err)
	}
	r, err := f.Open()
	if err != nil {
		return nil, ErrBroken.With("path", path)
	}
	defer r.Close()
	text, err := boundedfile.All(r, boundedfile.Most)
	if _, large := errors.AsType[boundedfile.TooLarge](err); large {
		return nil, fault.Unreadable(ConfigPath(path), err)
	}
	if err != nil { // also a wrong sum
		return nil, ErrBroken.With("path", path)
	}
	return text, nil
}

// configIn finds the config: the one that is nearest to the root, where a sample may have others
// in its own folders. The errors are ErrNoConfig, ErrSeveral and ErrEncrypted.
func configIn(z *zip.Reader) (*zip.File, error) {
	var nearest []*zip.File
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/") // as some tools of Windows write it
		if path.Base(name) != ConfigName || strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		nearest = append(nearest, f)
	}
	if len(nearest) == 0 {
		return nil, ErrNoConfig
	}
	slices.SortStableFunc(nearest, func(a, b *zip.File) int { return depth(a) - depth(b) })
	switch first := nearest[0]; {
	case len(nearest) > 1 && depth(nearest[1]) == depth(first):
		return nil, ErrSeveral
	case first.Flags&1 != 0:
		return nil, ErrEncrypted
	default:
		return first, nil
	}
}

func depth(f *zip.File) int {
	return strings.Count(strings.Trim(strings.ReplaceAll(f.Name, `\`, "/"), "/"), "/")
}
