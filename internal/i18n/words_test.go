package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// archaic are words that nobody would say, with what is said instead.
var archaic = []struct{ words, instead string }{
	{`\bmend(s|ed|ing)?\b`, "fix"},
	{`\b(go|goes|going|went) on (all|with|where)\b`, "continue, resume"},
	{`\banew\b`, "again, start over"},
	{`\b(taken|take|takes) up( again)?\b`, "resume"},
	{`\bformer\b`, "previous"},
	{`\bpractice Coze\b|练习用`, "the sandbox, 沙箱"},
	{`\bcredential sets?\b`, "profile, the current credentials"},
	{`\bis no (file|URL|host|folder)\b`, "not a regular file, not a URL"},
	{`\bno more\b`, "no longer"},
	{`\btwice given\b|\bdoubled\b`, "duplicate"},
	{`\bto look at\b`, "warnings"},
	{`\bmeanwhile\b|\bby now\b`, "(name the event)"},
	{`\btak(e|es|ing|en) in\b`, "import, accept"},
	{`\boutage\b`, "downtime"},
	{`\bcallback address\b`, "redirect URL"},
	{`\b[Aa]uthoris`, "authorize"},
	{`\ball is well\b`, "everything works"},
	{`\b(please|simply|successfully)\b`, "(leave it out)"},
	{`打码|不会收录|未见证|各读取器`, "已脱敏，已被 git 忽略，本次未验证，各种 .env 解析库"},
}

// Comments, documents and texts use plain words.
func TestArchaicWordsDoNotComeBack(t *testing.T) {
	for name, text := range prose(t) {
		for _, word := range archaic {
			for _, found := range regexp.MustCompile(`(?i)`+word.words).FindAllString(text, -1) {
				if strings.Contains(text, "unauthorised") && strings.EqualFold(found, "authoris") {
					continue // ids of the contract
				}
				t.Errorf("%s: %q; better: %s", name, found, word.instead)
			}
		}
	}
}

// prose is what people read: the texts by their ids, the documents, and the
// comments by their lines.
func prose(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for code, catalogue := range catalogues {
		for id, text := range catalogue() {
			all[code+" "+id] = text
		}
	}
	comment := regexp.MustCompile(`(?:^|\s)//\s(.*)`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "words_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		switch filepath.Ext(path) {
		case ".md", ".html":
			all[path] = string(data)
		case ".go":
			for line := range strings.Lines(string(data)) {
				if m := comment.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
					all[path+": "+m[1]] = m[1]
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Each file of a catalogue has its texts in one order in every language: by
// screen, under the same headings.
func TestCataloguesAreInTheOrderOfTheScreens(t *testing.T) {
	line := regexp.MustCompile(`(?m)^\t(?:// (.+)|\{"([a-z0-9_.]+)",)`)
	outline := func(path string) (headings []string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(data), -1) {
			headings = append(headings, m[1]+m[2])
		}
		return headings
	}
	files, err := filepath.Glob("en_*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no catalogues", err)
	}
	for _, en := range files {
		for _, l := range Languages {
			other := l.Code + strings.TrimPrefix(en, "en")
			want, got := outline(en), outline(other)
			for i := range min(len(want), len(got)) {
				if want[i] != got[i] {
					t.Errorf("%s has %s where %s has %s", other, got[i], en, want[i])
					break
				}
			}
			if len(want) != len(got) {
				t.Errorf("%s has %d texts and headings, %s has %d", other, len(got), en, len(want))
			}
		}
	}
	// The steps stand in the order of the wizard.
	var steps []string
	for _, id := range outline("en_steps.go") {
		if name, ok := strings.CutPrefix(id, "step."); ok {
			steps = append(steps, name)
		}
	}
	if want := []string{"region", "app", "key", "upload", "app_id", "key_id", "review", "test", "done"}; !slices.Equal(steps[:len(want)], want) {
		t.Errorf("the steps stand as %v", steps)
	}
}
