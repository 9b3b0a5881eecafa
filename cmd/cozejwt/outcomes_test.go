//go:build unix

package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
)

// outcomes reads the table of SECURITY.md that says what a setup leaves: by what the old
// credentials are and what the new ones are, what the .env holds and the exit code.
func outcomes(t *testing.T) map[[2]string]string {
	t.Helper()
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n| old ↓ new → |")
	if !found {
		t.Fatal("SECURITY.md has no table of what a setup leaves")
	}
	cells := map[[2]string]string{}
	var columns []string
	for i, line := range strings.Split(table, "\n") {
		row := strings.Split(strings.Trim(line, "| "), "|")
		for n := range row {
			row[n] = strings.TrimSpace(row[n])
		}
		switch {
		case i == 0:
			columns = row
		case line == "":
			return cells
		case len(row) == len(columns)+1 && !strings.HasPrefix(row[0], "-"):
			for n, column := range columns {
				cells[[2]string{row[0], column}] = row[n+1]
			}
		}
	}
	return cells
}

func TestASetupLeavesWhatTheTableSays(t *testing.T) {
	t.Parallel()
	cells := outcomes(t)
	if len(cells) != 16 {
		t.Fatalf("the table has %d cells: %v", len(cells), cells)
	}
	for cell, want := range cells {
		t.Run(cell[0]+", "+cell[1], func(t *testing.T) {
			t.Parallel()
			r := newRotating(t)
			before := r.had(cell[0])
			out, code := r.run(r.replacing(cell[1])...)
			if got := r.left(before, code); got != want {
				t.Errorf("it leaves %q, the table says %q\n%s", got, want, out)
			}
			r.wantTold(before, out)
		})
	}
}

// had makes the credentials of the .env what the table calls them, and returns its text.
func (r *rotating) had(old string) string {
	r.t.Helper()
	switch old {
	case "work":
	case "refused":
		r.coze.keys.Delete(testKeyID)
	case "unreachable":
		r.write(".env", strings.Replace(r.read(".env"), r.base, closedServer(), 1))
	case "none":
		r.write(".env", "# ours\nDB='x y'\n")
	default:
		r.t.Fatalf("the table says %q", old)
	}
	return r.read(".env")
}

// replacing is the command that sets up new credentials which are what the table calls them.
func (r *rotating) replacing(new string) []string {
	r.t.Helper()
	args := []string{"init", "--no-input", "--yes", "--app-id", testAppID, "--key-id", newKeyID, "--reuse-key", "--key-path", "config/new.pem", "--api-base"}
	r.another("config/new.pem", newKeyID)
	switch new {
	case "work":
		return append(args, r.base)
	case "refused":
		r.coze.keys.Delete(newKeyID)
		return append(args, r.base)
	case "unreachable":
		return append(args, closedServer())
	case "not tested":
		return append(args, r.base, "--skip-test")
	}
	r.t.Fatalf("the table says %q", new)
	return nil
}

// left is what a setup has left, in the words of the table. Whatever it was, the two keys are
// there, and the old credentials are in one place.
func (r *rotating) left(before string, code int) string {
	r.t.Helper()
	for _, name := range []string{"config/private_key.pem", "config/new.pem"} {
		if _, err := os.Stat(r.path(name)); err != nil {
			r.t.Error(err)
		}
	}
	profiles, _ := filepath.Glob(r.path(".env.*"))
	if r.read(".env") == before {
		if len(profiles) != 0 {
			r.t.Errorf("besides the .env there are %v", profiles)
		}
		return fmt.Sprintf("old, %d", code)
	}
	held, err := credentials.Load(r.path(".env"))
	if err != nil || held.Set.KeyID != newKeyID || !strings.Contains(r.read(".env"), "DB='x y'\n") {
		r.t.Errorf("the .env is\n%s, %v", r.read(".env"), err)
	}
	if strings.Contains(before, testKeyID) {
		if len(profiles) != 1 {
			r.t.Fatalf("the old credentials are kept in %v", profiles)
		}
		kept, err := credentials.Load(profiles[0])
		if err != nil || kept.Set.KeyID != testKeyID || kept.KeyFile() != r.path("config/private_key.pem") {
			r.t.Errorf("kept is %+v, %v", kept.Set, err)
		}
	}
	return fmt.Sprintf("new, %d", code)
}

// wantTold: where the old credentials are is said, and what else is named is there.
func (r *rotating) wantTold(before, out string) {
	r.t.Helper()
	profiles, _ := filepath.Glob(r.path(".env.*"))
	named := regexp.MustCompile(`\.env\.custom[\w-]*`).FindAllString(out, -1)
	for _, path := range profiles {
		if !slices.Contains(named, filepath.Base(path)) {
			r.t.Errorf("%s is not named in\n%s", filepath.Base(path), out)
		}
	}
	if r.read(".env") == before && !strings.Contains(out, ".env: unchanged") {
		r.t.Errorf("that the .env is unchanged is not said:\n%s", out)
	}
}

// closedServer is the address of a server that has ended.
func closedServer() string {
	s := httptest.NewServer(nil)
	s.Close()
	return s.URL
}
