package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/lint"
)

// diffOf is the diff of a file, with a mark before each of its lines, as git writes it.
func diffOf(path, text string, first int, mark func(line int) byte) string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	var body strings.Builder
	before := 0
	for i, line := range lines {
		if mark(first+i) == ' ' {
			before++
		}
		fmt.Fprintf(&body, "%c%s", mark(first+i), line)
	}
	return fmt.Sprintf("diff --git a/%[1]s b/%[1]s\nindex 1..2 100644\n--- a/%[1]s\n+++ b/%[1]s\n@@ -%[2]d,%[3]d +%[2]d,%[4]d @@ func x()\n%[5]s", path, first, before, len(lines), body.String())
}

func foundIn(diff string) (all []lint.Finding) {
	for _, c := range lint.Changes(diff) {
		all = append(all, lint.Added(c, facts)...)
	}
	return all
}

// Each mistake is found where its line is added, and nowhere else.
func TestOnlyAddedLinesAreJudged(t *testing.T) {
	for _, f := range fixtures(t, "wrong") {
		all := diffOf("src/"+f.name, f.text, 41, func(int) byte { return '+' })
		if !lint.IsDiff(all) {
			t.Fatalf("%s: no diff", f.name)
		}
		var want []string
		for _, w := range f.want {
			var line int
			var rule string
			fmt.Sscanf(w, "%d %s", &line, &rule)
			want = append(want, fmt.Sprintf("%d %s", line+40, rule))
			one := foundIn(diffOf("src/"+f.name, f.text, 1, func(l int) byte { return " +"[min(1, max(0, 1-abs(l-line)))] }))
			if !slices.Contains(said(one), w) || slices.ContainsFunc(one, func(f lint.Finding) bool { return f.Line != line }) {
				t.Errorf("%s: with line %d added: %q", f.name, line, said(one))
			}
		}
		if got := said(foundIn(all)); !slices.Equal(sorted(got), sorted(want)) {
			t.Errorf("%s:\n got %q\nwant %q", f.name, got, want)
		}
		if got := foundIn(diffOf("src/"+f.name, f.text, 1, func(int) byte { return ' ' })); got != nil {
			t.Errorf("%s: none is added, but %q", f.name, said(got))
		}
	}
}

func abs(n int) int { return max(n, -n) }

// A diff shows a part of a file, from anywhere in it.
func TestNoPartOfRightCodeHasAFinding(t *testing.T) {
	for _, f := range append(fixtures(t, "right"), snippets()...) {
		if f.name == "channel.ts" { // whose app it is only its other lines say
			continue
		}
		lines := strings.SplitAfter(f.text, "\n")
		for _, size := range []int{3, 7, 12} {
			for from := 0; from < len(lines); from += 2 {
				part := strings.Join(lines[from:min(len(lines), from+size)], "")
				if part == "" {
					continue
				}
				diff := diffOf("coze/"+f.name, strings.TrimSuffix(part, "\n")+"\n", from+1, func(int) byte { return '+' })
				if got := foundIn(diff); got != nil {
					t.Errorf("%s: %q in\n%s", f.name, said(got), part)
				}
			}
		}
	}
}

func TestADiffIsKnownByItsBeginning(t *testing.T) {
	for text, want := range map[string]bool{
		"diff --git a/a b/a\n":                                                true,
		"--- a/a\n+++ b/a\n@@ -1 +1":                                          true,
		"\n--- a.ts\t2026\r\n+++ b.ts\t2026\r\n":                              true,
		"Index: a.ts\n=====\n--- a.ts\n+++ a.ts\n":                            true,
		"commit 0123abc\nAuthor: A\n\n    Text\n\ndiff --git a/a b/a\n":       true,
		"From 0123456789012345678901234567890123456789 Mon\ndiff --git a b\n": true,
		"commit 0123abc\nAuthor: A\n":                                         false,
		"error: x\ndiff --git a/a b/a\n":                                      false,
		"--- Logging error ---\nTraceback":                                    false,
		"-----BEGIN PRIVATE KEY-----\n":                                       false,
		"+++ a":                                                               false,
		"":                                                                    false,
		`{"code":4100}`:                                                       false,
	} {
		if got := lint.IsDiff(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTheFilesOfADiffAreReadByItsCounts(t *testing.T) {
	add := "@@ -0,0 +1 @@\n+" + token + "\n"
	for diff, want := range map[string]string{
		"diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n" + add:                                                          "x.ts:1",
		"diff --git i/x.ts w/x.ts\n--- i/x.ts\n+++ w/x.ts\n" + add:                                                          "x.ts:1",
		"--- x.ts\n+++ x.ts\n" + add:                                                                                        "x.ts:1",
		"--- x.ts\t2026-01-02 03:04:05\n+++ y.ts\t2026-01-02 03:04:05\n" + add:                                              "y.ts:1",
		"diff --git \"a/\\346\\211\\243.ts\" \"b/\\346\\211\\243.ts\"\n--- /dev/null\n+++ \"b/\\346\\211\\243.ts\"\n" + add: "扣.ts:1",
		"--- a/.env\n+++ b/.env\n" + add:                                                                                    ".env:1",
		"--- a/x.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-" + token + "\n":                                                        "",
		"--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-" + token + "\n+ok\n\\ No newline at end of file\n":                          "",
		"--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +7,2 @@\n--- a\n+++ b\n ok\n" + "@@ -9 +9 @@\n-a\n+" + token + "\n":                "x.ts:9",
		"--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n+" + token:                                                                    "x.ts:1",
		"--- a/x.ts\n+++ b/x.ts\n@@@ -1 -1 +1 @@@\n++" + token:                                                              "",
		"--- a/x.ts\n+++ b/x.ts\n@@ -1,5 +1,5 @@\n a\ndiff --git a/y.ts b/y.ts\n--- a/y.ts\n+++ b/y.ts\n" + add:             "y.ts:1",
		"--- a/x.ts\n+++ /dev/null\n" + add:                                                                                 "",
		"--- old/x.ts\n+++ b/x.ts\n" + add:                                                                                  "b/x.ts:1",
		"--- a/x.ts\n+++ bb/x.ts\n" + add:                                                                                   "bb/x.ts:1",
		"--- x\n+++ `x.ts`\n" + add:                                                                                         "`x.ts`:1",
		"--- x\n+++ \"x.ts\n" + add:                                                                                         "\"x.ts:1",
		"--- a/x.ts\nx\n" + add:                                                                                             "",
		"--- a/x.ts":                                                                                                        "",
		"x\n+++ b/x.ts\n" + add:                                                                                             "",
		"--- x.ts\n+++ x.ts\n@@ -1 +1 @@\n-a\n+b\n+" + token + "\n":                                                         "",
		"--- x.ts\n+++ x.ts\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+ok\n+" + token:                               "x.ts:2",
		add: "",
	} {
		got := ""
		for _, f := range foundIn(diff) {
			got += fmt.Sprintf("%s:%d", f.Path, f.Line)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", diff, got, want)
		}
	}
}

// Whatever a file or a diff holds, a finding has a line of it and repeats nothing of it.
func FuzzCode(f *testing.F) {
	for _, text := range []string{"new CozeAPI({ token })", "Coze(auth=x)", "'assertion' => $jwt // permission/oauth2", "\"\"\"", "/*", "`${", "--- a\n+++ b\n@@ -1 +1 @@\n+" + token, "aud: 'https://api.coze.cn'"} {
		f.Add("coze.ts", text)
		f.Add("coze.py", text)
		f.Add("coze.java", text)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		for _, finding := range lint.Code(path, text, facts) {
			if finding.Line < 1 || finding.Line > 1+strings.Count(text, "\n") || finding.Path != path {
				t.Errorf("%+v", finding)
			}
		}
		for _, finding := range foundIn(text) {
			if finding.Rule == "" {
				t.Errorf("%+v", finding)
			}
		}
	})
}
