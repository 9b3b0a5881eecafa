package mutation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Promise is a line that keeps one, what would break it, and the test that has to notice.
type Promise struct {
	What, Package, Test string
	File                string // relative to the module
	Old, New            string // the text of one line, and its replacement
}

// Promises reads a table of them: a line each, its columns separated by tabs, in the order of the
// fields. A line that begins with # is a comment. The error quotes the line that has another number
// of columns.
func Promises(table string) ([]Promise, error) {
	var all []Promise
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			return nil, fmt.Errorf("%q has %d columns, want 6", line, len(f))
		}
		all = append(all, Promise{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return all, nil
}

// Broken breaks the promise and runs its test. The error is nil where the test noticed.
func (p Promise) Broken(ctx context.Context) error {
	source, err := os.ReadFile(p.File)
	if err != nil {
		return err
	}
	if n := bytes.Count(source, []byte(p.Old)); n != 1 {
		return fmt.Errorf("%s has %q %d times, want once", p.File, p.Old, n)
	}
	scratch, err := os.MkdirTemp("", "cozejwt-promise-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	absolute, err := filepath.Abs(p.File)
	if err != nil {
		return err
	}
	broken, overlay := filepath.Join(scratch, "broken.go"), filepath.Join(scratch, "overlay.json")
	if err := os.WriteFile(broken, bytes.Replace(source, []byte(p.Old), []byte(p.New), 1), 0o600); err != nil {
		return err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{absolute: broken}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", "-timeout=2m", "-run", "^"+p.Test+"$", p.Package)
	// Tests that build the program build the broken one.
	cmd.Env = append(os.Environ(), strings.TrimSpace("GOFLAGS="+os.Getenv("GOFLAGS")+" -overlay="+overlay))
	out, err := cmd.CombinedOutput()
	switch {
	case bytes.Contains(out, []byte("[build failed]")) || bytes.Contains(out, []byte("[setup failed]")):
		return fmt.Errorf("it does not compile:\n%s", out)
	case bytes.Contains(out, []byte("no tests to run")):
		return fmt.Errorf("there is no %s in %s", p.Test, p.Package)
	case err == nil:
		return errors.New("no test noticed")
	}
	return nil
}
