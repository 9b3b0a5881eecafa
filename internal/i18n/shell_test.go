package i18n

import (
	"strings"
	"testing"
)

var (
	unixPlace    = placeOf("linux", func(string) string { return "" })
	windowsPlace = placeOf("windows", func(string) string { return "" })
)

func TestTheShellIsFoundByItsVariables(t *testing.T) {
	for name, test := range map[string]struct {
		system string
		env    map[string]string
		want   shell
	}{
		"nothing":               {"linux", nil, posix},
		"zsh":                   {"darwin", map[string]string{"SHELL": "/bin/zsh"}, posix},
		"fish":                  {"linux", map[string]string{"SHELL": "/usr/bin/fish"}, fish},
		"PowerShell on Linux":   {"linux", map[string]string{"SHELL": "/bin/bash", "PSModulePath": "/opt/microsoft"}, powershell},
		"cmd":                   {"windows", map[string]string{"USERPROFILE": `C:\Users\me`, "PSModulePath": `C:\Program Files\WindowsPowerShell\Modules`}, cmd},
		"PowerShell":            {"windows", map[string]string{"USERPROFILE": `C:\Users\me`, "PSModulePath": `c:\users\ME\Documents\PowerShell\Modules;C:\x`}, powershell},
		"Windows, no profile":   {"windows", map[string]string{"PSModulePath": `C:\x`}, cmd},
		"Git Bash":              {"windows", map[string]string{"SHELL": "/usr/bin/bash", "USERPROFILE": `C:\Users\me`}, posix},
		"MSYS":                  {"windows", map[string]string{"MSYSTEM": "UCRT64"}, posix},
		"zsh of MSYS":           {"windows", map[string]string{"SHELL": "/usr/bin/zsh"}, posix},
		"an odd one on Windows": {"windows", map[string]string{"SHELL": `C:\x\fish.exe`}, cmd},
	} {
		if got := placeOf(test.system, func(name string) string { return test.env[name] }); got.here != test.want {
			t.Errorf("%s: %s, want %s", name, got.here, test.want)
		}
	}
}

func TestAWordIsQuotedOnlyWhereAShellReadsMoreInIt(t *testing.T) {
	for word, want := range map[string][2]string{ // on Unix, on Windows
		"config/key-1_A.pem": {"config/key-1_A.pem", "config/key-1_A.pem"},
		"a:b@c+d=e~f":        {"a:b@c+d=e~f", "a:b@c+d=e~f"},
		"--dir":              {"--dir", "--dir"},
		"-v":                 {"-v", "-v"},
		"":                   {"''", `""`},
		"-a.b":               {"'-a.b'", `"-a.b"`}, // PowerShell takes it for two
		"--%":                {"'--%'", `"--"^%""`},
		"~/a":                {"'~/a'", `"~/a"`},
		"=ls":                {"'=ls'", `"=ls"`},
		"@a":                 {"'@a'", `"@a"`},
		"a,b":                {"'a,b'", `"a,b"`},
		"a b":                {"'a b'", `"a b"`},
		"$HOME":              {"'$HOME'", `"$HOME"`},
		"a;b":                {"'a;b'", `"a;b"`},
		"a\nb":               {"'a\nb'", `"a` + "\n" + `b"`},
		`C:\key.pem`:         {`'C:\key.pem'`, `"C:\key.pem"`},
		`\\host\key.pem`:     {`''\\''\\'host'\\'key.pem'`, `"\\host\key.pem"`},
		`C:\my keys\`:        {`'C:'\\'my keys'\\''`, `"C:\my keys\\"`},
		"50%":                {"'50%'", `"50"^%""`},
		"密钥":                 {"'密钥'", `"密钥"`},
		"it's":               {`"it's"`, `"it's"`},
		"it's $5":            {`'it'\''s $5'`, `"it's $5"`},
		"it‘s":               {`"it‘s"`, `"it‘s"`},
		`it's \\ it`:         {`'it'\''s '\\''\\' it'`, `"it's \\ it"`},
		`"`:                  {`'"'`, `"""`},
	} {
		if got := unixPlace.quoted(word); got != want[0] {
			t.Errorf("%q is quoted as %s, want %s", word, got, want[0])
		}
		if got := windowsPlace.quoted(word); got != want[1] {
			t.Errorf("%q is quoted as %s on Windows, want %s", word, got, want[1])
		}
	}
	inPowerShell := place{unixPlace.shells, powershell}
	for word, want := range map[string]string{"it's $5": "'it''s $5'", "“it‘s $5”": "'“it‘‘s $5”'"} {
		if got := inPowerShell.quoted(word); got != want {
			t.Errorf("%q is quoted as %s in PowerShell, want %s", word, got, want)
		}
	}
	if got := ScriptQuoted("it's $5"); got != `'it'\''s $5'` {
		t.Errorf("in a script it is %s", got)
	}
}

func TestACommandIsWrittenForTheShellThatIsThere(t *testing.T) {
	for text, want := range map[string]map[shell]string{
		"chmod 600 {path}":                     {posix: `chmod 600 "it's"`, powershell: `chmod 600 "it's"`},
		"openssl -in {path} -out {path}.plain": {posix: `openssl -in "it's" -out "it's.plain"`},
		"unset {name}":                         {posix: "unset COZE_AUD", fish: "set -e COZE_AUD", powershell: "Remove-Item Env:COZE_AUD"},
		"cozejwt explain <{path}":              {posix: `cozejwt explain <"it's"`, fish: `cozejwt explain <"it's"`, powershell: `Get-Content -Raw "it's" | cozejwt explain`},
		"cozejwt verify {flags} --x={path}":    {posix: `cozejwt verify --dir 'a b' "--x=it's"`},
		"{unknown} a":                          {posix: "{unknown} a"},
	} {
		for s, want := range want {
			got := place{unixPlace.shells, s}.command(text, []string{"{path}", "it's", "{name}", "COZE_AUD", flagsPlaceholder, "--dir 'a b'"})
			if got != want {
				t.Errorf("%s in %s is %s, want %s", text, s, got, want)
			}
		}
	}
	if got := windowsPlace.command("chmod 600 {path}", []string{"{path}", `C:\a b`}); got != `icacls "C:\a b" /inheritance:r /grant:r *S-1-3-4:F` {
		t.Errorf("on Windows: %s", got)
	}
	if got := windowsPlace.command("unset {name}", []string{"{name}", "COZE_AUD"}); got != "set COZE_AUD=" {
		t.Errorf("in cmd: %s", got)
	}
	if got := (place{unixPlace.shells, powershell}).fromFile("gh secret set X", "a b"); got != "Get-Content -Raw 'a b' | gh secret set X" {
		t.Errorf("from a file in PowerShell: %s", got)
	}
	if got := unixPlace.fromFile("gh secret set X", "a b"); got != "gh secret set X < 'a b'" {
		t.Errorf("from a file: %s", got)
	}
}

// What is right in a shell by its documentation holds for any word: each way that is taken
// leaves none of the characters that end or expand it.
func FuzzShellQuoted(f *testing.F) {
	for _, word := range []string{"a b", "it's", `\`, `\'`, "$x", "%x%", "!", "“”‘’", "-a.b", "", "\n"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		if got := posixWord(posixOnly.quoted(word)); got != word && !strings.ContainsRune(word, 0) {
			t.Errorf("%q is written as %s, which is %q", word, posixOnly.quoted(word), got)
		}
		if got := posixWord(unixPlace.quoted(word)); got != word && !strings.ContainsRune(word, 0) {
			t.Errorf("%q is written as %s, which is %q", word, unixPlace.quoted(word), got)
		}
	})
}

// posixWord reads a word as a POSIX shell does (XCU 2.2), where nothing is expanded.
func posixWord(text string) string {
	var word strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
			word.WriteByte(text[i])
		case '\'':
			end := i + 1 + strings.IndexByte(text[i+1:], '\'')
			word.WriteString(text[i+1 : end])
			i = end
		case '"':
			end := i + 1 + strings.IndexByte(text[i+1:], '"')
			inside := text[i+1 : end]
			if strings.ContainsAny(inside, "$`!") {
				return "expanded: " + inside
			}
			word.WriteString(strings.ReplaceAll(inside, `\\`, `\`))
			i = end
		default:
			word.WriteByte(text[i])
		}
	}
	return word.String()
}
