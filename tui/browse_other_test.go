//go:build !windows

package tui

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestTheFirstOpenerOpensThePage(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("macOS has one of its own")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if err := browse("http://127.0.0.1:1/"); !errors.Is(err, errNoBrowser) {
		t.Errorf("without an opener: %v", err)
	}
	opened := filepath.Join(dir, "opened")
	for i := len(openers) - 1; i >= 0; i-- { // each comes before those that are there already
		script := "#!/bin/sh\necho " + openers[i] + " \"$1\" >" + opened + "\necho noise\n"
		if err := os.WriteFile(filepath.Join(dir, openers[i]), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := browse("http://127.0.0.1:1/?a=b&c"); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(opened); strings.TrimSpace(string(got)) != openers[i]+" http://127.0.0.1:1/?a=b&c" {
			t.Errorf("%s was to open the page, but: %s", openers[i], got)
		}
	}
}
