package i18n

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sample is a language with some texts of its own, which ends with the test.
func sample(t *testing.T, texts ...entry) Language {
	t.Helper()
	catalogues["sample"] = merge(texts)
	t.Cleanup(func() { delete(catalogues, "sample") })
	return Language{Code: "sample"}
}

func TestTextFillsItsPlaceholders(t *testing.T) {
	for _, test := range []struct {
		name, text string
		pairs      []string
		want       string
	}{
		{"a text without placeholders", "none", []string{"a", "1"}, "none"},
		{"one value", "{a} and {a}", []string{"a", "1"}, "1 and 1"},
		{"three values", "{a}, {b}, {c}", []string{"a", "1", "b", "2", "c", "3"}, "1, 2, 3"},
		{"no value", "{a}", nil, "{a}"},
		{"a value for another placeholder", "{a}", []string{"b", "1"}, "{a}"},
		{"of two values for a name the last", "{a}-{b}", []string{"a", "1", "b", "2", "a", "3"}, "3-2"},
		{"a name without a value", "{a} {b}", []string{"a", "1", "b"}, "1 {b}"},
		{"a value that looks like a placeholder", "{a} {b}", []string{"a", "{b}", "b", "2"}, "{b} 2"},
		{"a value with controls", "{a}!", []string{"a", "x\x1b[31m\u202ey"}, "x[31my!"},
	} {
		l := sample(t, entry{"id", test.text})
		if got := l.Text("id", test.pairs...); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestATextThatALanguageLacksIsInEnglish(t *testing.T) {
	l := sample(t, entry{"option.yes", "Jes"})
	if got := l.Text("option.yes"); got != "Jes" {
		t.Errorf("its own text is %q", got)
	}
	if got, want := l.Text("resume.yes"), English.Text("resume.yes"); got != want || got == "resume.yes" {
		t.Errorf("a text that it lacks is %q, want %q", got, want)
	}
	if got, want := (Language{Code: "none"}).Text("option.yes"), "Yes"; got != want {
		t.Errorf("the text of a language without a catalogue is %q, want %q", got, want)
	}
}

func TestATextThatNoCatalogueHasShowsItsID(t *testing.T) {
	l := sample(t, entry{"id", "text"})
	if got := l.Text("no.such", "a", "1"); got != "no.such" {
		t.Errorf("the text is %q", got)
	}
	for id, want := range map[string]bool{"id": true, "option.yes": true, "no.such": false} {
		if got := l.Has(id); got != want {
			t.Errorf("has %s: %v", id, got)
		}
	}
}

func TestALineThatIsACommandIsQuotedForTheShell(t *testing.T) {
	l := sample(t,
		entry{"mixed", "Look at {path}:\n$ cat {path}\nIt costs $ {n}"},
		entry{"price", "It costs $ {n} for {path}"})
	if got, want := l.Text("mixed", "path", "a b", "n", "1 2"), "Look at a b:\ncat "+ShellQuoted("a b")+"\nIt costs $ 1 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := l.Text("price", "path", "a b", "n", "1 2"), "It costs $ 1 2 for a b"; got != want {
		t.Errorf("a mark within a line: got %q, want %q", got, want)
	}
}

func TestCommandsInATextAreAboutTheSameProject(t *testing.T) {
	for text, want := range map[string]string{
		"Run {{}} again":                 "Run npx cozejwt --dir app again",
		"Run {{init}}, then go":          "Run npx cozejwt init --dir app, then go",
		"运行 {{}} 继续":                     "运行 npx cozejwt --dir app 继续",
		"A key: {{keygen --force}}":      "A key: npx cozejwt keygen --dir app --force",
		"Back: {{use {profile}}}":        "Back: npx cozejwt use 'my work' --dir app",
		"{{use {profile} --yes}}!":       "npx cozejwt use 'my work' --dir app --yes!",
		"{{token}}, {{verify}}":          "npx cozejwt token --dir app, npx cozejwt verify --dir app",
		"Start it with {{:sandbox}}":     "Start it with npx cozejwt sandbox", // has no project
		"The commands of cozejwt do it":  "The commands of cozejwt do it",
		"cozejwt tokens, mycozejwt init": "cozejwt tokens, mycozejwt init",
		"No command, {profile}":          "No command, my work",
		"One of {flags}":                 "One of {flags}", // a placeholder of its own
		"$ {{import {profile}}}":         "npx cozejwt import 'my work' --dir app",
		"$ {{:explain <{profile}}}":      "npx cozejwt explain <'my work'",
		"{profile} {{token}} {profile}":  "my work npx cozejwt token --dir app my work",
	} {
		r := Reader{Language: sample(t, entry{"id", text}), Program: "npx cozejwt"}.With("--dir", "app")
		if got := r.Text("id", "profile", "my work"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheFlagsOfTheProjectAreNoPlaceholders(t *testing.T) {
	r := Reader{Language: sample(t, entry{"id", "{{token}}"})}.With("--dir", "{path}")
	if got := r.Text("id", "path", "x"); got != "cozejwt token --dir "+ShellQuoted("{path}") {
		t.Errorf("got %q", got)
	}
}

func TestCommandsInATextStayAsTheyAreWithoutFlagsAndProgram(t *testing.T) {
	l := sample(t, entry{"id", "Run {{}} again, or {{token}}."})
	for _, test := range []struct {
		name string
		l    Speaker
		want string
	}{
		{"neither", l, "Run cozejwt again, or cozejwt token."},
		{"flags alone", Reader{Language: l}.With("--dir", "a b"), "Run cozejwt --dir " + ShellQuoted("a b") + " again, or cozejwt token --dir " + ShellQuoted("a b") + "."},
		{"program alone", Reader{Language: l, Program: "npx cozejwt"}, "Run npx cozejwt again, or npx cozejwt token."},
	} {
		if got := test.l.Text("id"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// A command that is not marked is about another project, and of another program than the reader's.
func TestEachCommandInATextIsMarked(t *testing.T) {
	root, err := os.ReadFile("../../cmd/cozejwt/root.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`\t\{"\w+", "(\w+)", `).FindAllStringSubmatch(string(root), -1) {
		names[m[1]] = true
	}
	if len(names) < 15 {
		t.Fatalf("found the commands %v", names)
	}
	plain, marked := regexp.MustCompile(`\bcozejwt (\w+)`), regexp.MustCompile(`\{\{:?([a-z]+)`)
	for _, l := range Languages {
		for id, text := range catalogues[l.Code]() {
			if strings.HasPrefix(id, "cmd.") { // help, which is about any project
				continue
			}
			for _, m := range plain.FindAllStringSubmatch(text, -1) {
				if names[m[1]] {
					t.Errorf("%s of %s has %q without marks: {{%s}}", id, l, m[0], m[1])
				}
			}
			for _, m := range marked.FindAllStringSubmatch(text, -1) {
				if !names[m[1]] {
					t.Errorf("%s of %s has the command %s, which does not exist", id, l, m[1])
				}
			}
			if strings.Count(text, "{{") != len(regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(text, -1)) {
				t.Errorf("%s of %s has a mark that does not end", id, l)
			}
		}
	}
}

func TestHelpIsAboutAnyProject(t *testing.T) {
	plain := sample(t, entry{"cmd.x.example", "cozejwt token"})
	if got := (Reader{Language: plain, Program: "npx cozejwt"}).With("--dir", "app").Text("cmd.x.example"); got != "cozejwt token" {
		t.Errorf("the help says %q", got)
	}
}

func TestAValueIsHarmlessAndNoSecret(t *testing.T) {
	l := sample(t, entry{"id", "it is {a}"})
	for in, want := range map[string]string{
		"plain":                            "plain",
		"a\nb\tc":                          "a\nb\tc",
		"a\x1b[2J\u202eb":                  "a[2Jb",
		"pat_0123456789abcdef0123456789ab": "…",
	} {
		if got := l.Text("id", "a", in); got != "it is "+want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestAListHasTheSeparatorOfItsLanguage(t *testing.T) {
	list := List([]string{"a", "b\x1b", "c"})
	for l, want := range map[Language]string{English: "a, b, c", Chinese: "a、b、c"} {
		if got := l.Text("usage.group", "name", list); got != want+l.Text("usage.group", "name", "") {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
	}
}

func TestLinesAreThoseOfTheText(t *testing.T) {
	l := sample(t, entry{"id", "first {a}\n$ second {a}"})
	if got, want := l.Lines("id", "a", "x y"), []string{"first x y", "second " + ShellQuoted("x y")}; !slices.Equal(got, want) {
		t.Errorf("the lines are %q, want %q", got, want)
	}
	if got := l.Lines("no.such"); got != nil {
		t.Errorf("a text that no catalogue has has the lines %q", got)
	}
}

func TestAMessageIsSaidInTheLanguageOfItsReader(t *testing.T) {
	m := Msg("usage.group", "name", "a").Within("name", Msg("option.yes"))
	for l, word := range map[Language]string{English: "Yes", Chinese: "是"} {
		if got, want := l.Say(m), l.Text("usage.group", "name", word); got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
	}
	if got, want := English.Say(Msg("usage.group", "name", "a")), "a:"; got != want {
		t.Errorf("a message with a plain value: got %q, want %q", got, want)
	}
}

func TestWithinLeavesTheMessageItWasMadeFromAlone(t *testing.T) {
	l := sample(t, entry{"pair", "{a}{b}"}, entry{"one", "1"}, entry{"two", "2"}, entry{"three", "3"})
	base := Msg("pair").Within("a", Msg("one"))
	second, third := base.Within("b", Msg("two")), base.Within("b", Msg("three"))
	for _, test := range []struct {
		name string
		m    Message
		want string
	}{
		{"the message it was made from", base, "1{b}"}, {"the first", second, "12"}, {"the other", third, "13"},
	} {
		if got := l.Say(test.m); got != test.want {
			t.Errorf("%s says %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSayLeavesThePairsOfTheCallerAlone(t *testing.T) {
	pairs := []string{"a", "1", "b", "2"}
	l := sample(t, entry{"pair", "{a}{b}"}, entry{"one", "x"})
	if got := l.Say(Msg("pair", pairs[:2]...).Within("b", Msg("one"))); got != "1x" {
		t.Errorf("it says %q", got)
	}
	if !slices.Equal(pairs, []string{"a", "1", "b", "2"}) {
		t.Errorf("the pairs have become %q", pairs)
	}
}
