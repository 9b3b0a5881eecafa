//go:build unix

package git_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cozejwt/internal/git"
)

// git waits for who writes to a pipe, so it is not asked. In its place is a program that notes that
// it was run.
func TestAPipeInTheWayOfGitHoldsNobodyUp(t *testing.T) {
	for _, pipe := range []string{"", ".gitignore", "sub/.gitignore", "sub/deep/.gitignore", ".git/info/exclude", ".git/config", ".git/HEAD", ".git/index"} {
		t.Run(pipe, func(t *testing.T) {
			dir, programs := repository(t), t.TempDir()
			file := filepath.Join(dir, "sub", "deep", "k.pem")
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if pipe != "" {
				_ = os.Remove(filepath.Join(dir, pipe))
				if err := syscall.Mkfifo(filepath.Join(dir, pipe), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			note := filepath.Join(programs, "note")
			if err := os.WriteFile(filepath.Join(programs, "git"), []byte("#!/bin/sh\n: > '"+note+"'\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", programs)
			answered := git.Ignored(filepath.Dir(file), file)
			_, err := os.Stat(note)
			if run := err == nil; run != (pipe == "") || answered != run {
				t.Errorf("git was run: %v, and says %v", run, answered)
			}
		})
	}
}
