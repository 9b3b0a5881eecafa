package main

import (
	"os"
	"slices"
	"testing"

	"cozejwt/internal/i18n"
)

// Each command that the help lists has a page, and nothing else has.
func TestEachCommandHasItsManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := &app{lang: i18n.Reader{Language: i18n.English}}
	if err := a.manCommand().RunE(nil, []string{dir}); err != nil {
		t.Fatal(err)
	}
	want := []string{"cozejwt.1"}
	for _, c := range a.root("help").Commands() {
		if c.IsAvailableCommand() {
			want = append(want, "cozejwt-"+c.Name()+".1")
		}
	}
	slices.Sort(want)
	pages, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pages {
		got = append(got, p.Name())
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the pages are %q, want %q", got, want)
	}
}
