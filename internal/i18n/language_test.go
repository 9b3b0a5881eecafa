package i18n

import (
	"slices"
	"strings"
	"testing"
)

func TestCodesAreWhatLangTakes(t *testing.T) {
	codes := Codes()
	if !slices.Equal(codes, []string{"en", "zh"}) {
		t.Errorf("the codes are %q", codes)
	}
	for i, code := range codes {
		if l, ok := Parse(code); !ok || l != Languages[i] || l.String() != code {
			t.Errorf("%s is parsed as %s, %v", code, l, ok)
		}
	}
}

func TestNextGoesRoundTheLanguagesAndKeepsTheCommands(t *testing.T) {
	for _, test := range []struct{ from, want Language }{{English, Chinese}, {Chinese, English}} {
		if got := test.from.Next().In(); got != test.want {
			t.Errorf("after %s comes %s", test.from, got)
		}
		got := Reader{Language: test.from, Program: "npx cozejwt"}.With("--dir", "app").Next()
		if want := (Reader{Language: test.want, Program: "npx cozejwt"}).With("--dir", "app"); got != want {
			t.Errorf("after %s comes %s, whose command is %q", test.from, got, got.Command("token"))
		}
	}
}

// english is a reader who starts the program by its name.
var english = Reader{Language: English}

func TestACommandIsWhatTheReaderHasToType(t *testing.T) {
	for _, test := range []struct {
		l     Speaker
		words []string
		want  string
	}{
		{English, nil, "cozejwt"},
		{English, []string{"token"}, "cozejwt token"},
		{english.With(), []string{"token"}, "cozejwt token"},
		{Reader{Language: English, Program: "npx cozejwt"}, []string{"keygen", "--force"}, "npx cozejwt keygen --force"},
		{english.With("--dir", "app"), []string{"exec", "--", "CMD"}, "cozejwt exec --dir app -- CMD"},
		{english.With("--dir", "app", "--profile", "it's"), []string{"token"}, `cozejwt token --dir app --profile "it's"`},
		{english.With("--dir", "old").With("--dir", "new"), nil, "cozejwt --dir new"},
	} {
		if got := test.l.Command(test.words...); got != test.want {
			t.Errorf("the command of %q is %q, want %q", test.words, got, test.want)
		}
	}
}

func TestAFlagThatIsASecretIsNotRepeated(t *testing.T) {
	l := english.With("--env-file", "pat_0123456789abcdef0123", "--dir", "a\x1b[2Jb")
	if got, want := l.Command("token"), "cozejwt token --env-file "+ShellQuoted("…")+" --dir "+ShellQuoted("a[2Jb"); got != want {
		t.Errorf("the command is %q, want %q", got, want)
	}
}

func TestACommandLeavesTheWordsOfTheCallerAlone(t *testing.T) {
	words := []string{"token", "--json"}
	if got := english.With("--dir", "app").Command(words[:1]...); got != "cozejwt token --dir app" {
		t.Errorf("the command is %q", got)
	}
	if words[1] != "--json" {
		t.Errorf("the word after those of the command has become %q", words[1])
	}
}

func TestAnEmptyLocaleVariableDoesNotDecide(t *testing.T) {
	env := map[string]string{"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}
	if got := Detect(func(name string) string { return env[name] }); got != Chinese {
		t.Errorf("the language is %s", got)
	}
}

func TestALocaleIsReadWithoutItsSpaces(t *testing.T) {
	if got, ok := Parse(" zh@pinyin\n"); got != Chinese || !ok {
		t.Errorf("the language is %s, %v", got, ok)
	}
}

func TestATextThatIsInACatalogueTwiceEndsTheProgram(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "twice.id") {
			t.Errorf("the panic says %q", said)
		}
	}()
	merge([]entry{{"twice.id", "a"}}, []entry{{"other", "b"}, {"twice.id", "c"}})()
	t.Error("no panic")
}
