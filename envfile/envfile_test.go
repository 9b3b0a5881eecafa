package envfile_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/envfile"
)

func parse(t *testing.T, text string) *envfile.File {
	t.Helper()
	f, err := envfile.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSetChangesItsVariableAlone(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{"new file", "", "KEY=new\n"},
		{"appended", "A=1\n", "A=1\nKEY=new\n"},
		{"appended where the last line has no end", "A=1", "A=1\nKEY=new\n"},
		{"in place, with comment", "# top\nKEY=old # why\n\nB=2\n", "# top\nKEY=new # why\n\nB=2\n"},
		{"export and indent stay", "  export KEY=old\n", "  export KEY=new\n"},
		{"quotes stay", "KEY=\"old\"\nB='2'\n", "KEY=\"new\"\nB='2'\n"},
		{"single quotes stay", "KEY='old' # c\n", "KEY='new' # c\n"},
		{"Windows line ends", "A=1\r\nKEY=old\r\nB=2\r\n", "A=1\r\nKEY=new\r\nB=2\r\n"},
		{"Windows line ends, appended", "A=1\r\n", "A=1\r\nKEY=new\r\n"},
		{"byte order mark", "\ufeffA=1\n", "\ufeffA=1\nKEY=new\n"},
		{"byte order mark before the variable", "\ufeffKEY=old\n", "\ufeffKEY=new\n"},
		{"twice: the last counts", "KEY=a\nB=2\nKEY=b\n", "KEY=a\nB=2\nKEY=new\n"},
		{"same value", "KEY =  'new' \n", "KEY =  'new' \n"},
		{"YAML style becomes plain", "KEY: old\n", "KEY=new\n"},
		{"space around = goes", "KEY = old\n", "KEY=new\n"},
		{"empty value", "KEY=\nB=2\n", "KEY=new\nB=2\n"},
		{"empty value at the end", "KEY=", "KEY=new"},
		{"multi-line neighbour", "PEM=\"a\nKEY=inside\nb\"\nKEY=old\n", "PEM=\"a\nKEY=inside\nb\"\nKEY=new\n"},
		{"longer names are others", "XKEY=1\nKEY_2=2\nKEY=old\n", "XKEY=1\nKEY_2=2\nKEY=new\n"},
		{"empty value with Windows line ends", "KEY=\r\nB=2\r\n", "KEY=new\r\nB=2\r\n"},
		{"nothing but a comment", "KEY= # your key\nB=2\n", "KEY=new # your key\nB=2\n"},
		{"a value that starts with #", "KEY=#x\n", "KEY=new\n"},
		{"blanks for a value, at the end", "KEY= ", "KEY=new"},
		{"the last comment is one", "KEY=a #b #c\n", "KEY=new #c\n"},
		{"# in single quotes", "KEY='a # b'\n", "KEY='new'\n"},
		{"single quotes over lines", "PEM='a\nKEY=inside\nb'\nKEY=old\n", "PEM='a\nKEY=inside\nb'\nKEY=new\n"},
		{"quotes in quotes", `KEY="a\"b"` + "\n", `KEY="new"` + "\n"},
		{"an empty line first", "\nA=1\n", "\nA=1\nKEY=new\n"},
		{"a name that begins with export", "export=1\nexported=2\n", "export=1\nexported=2\nKEY=new\n"},
		{"commented out", "#KEY=old\n", "#KEY=old\nKEY=new\n"},
		{"second statement of a line", `A="1" KEY=old` + "\n", `A="1" KEY=new` + "\n"},
		{"reference from another", "KEY=old\nB=${KEY}/x\n", "KEY=new\nB=${KEY}/x\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := parse(t, test.before)
			if err := f.Set("KEY", "new"); err != nil {
				t.Fatal(err)
			}
			if got := string(f.Bytes()); got != test.after {
				t.Errorf("the file became\n%q, want\n%q", got, test.after)
			}
			if got, _ := f.Get("KEY"); got != "new" {
				t.Errorf("KEY reads as %q", got)
			}
		})
	}
}

func TestQuoteIsReadTheSameEverywhere(t *testing.T) {
	for value, want := range map[string]string{
		"":                        "",
		"config/private_key.pem":  "config/private_key.pem",
		"https://api.coze.cn:443": "https://api.coze.cn:443",
		"配置/私钥.pem":               "配置/私钥.pem",
		"0012":                    "0012",
		"with space":              "'with space'",
		" edge ":                  "' edge '",
		"a#b":                     "'a#b'",
		"a #b":                    "'a #b'",
		"~/key":                   "'~/key'",
		"a;b&c(d)":                "'a;b&c(d)'",
		`C:\keys\new.pem`:         `'C:\keys\new.pem'`,
		"`x`":                     "'`x`'",
		`say "hi"`:                `'say "hi"'`,
		"it's":                    `"it's"`,
		"$HOME/key":               "'$HOME/key'",
	} {
		got, err := envfile.Quote("KEY", value)
		if err != nil || got != want {
			t.Errorf("Quote(%q) = %q, %v; want %q", value, got, err, want)
		}
	}
}

func TestQuoteRefusesWhatNoWayServes(t *testing.T) {
	for value, reader := range map[string]string{
		`it's "so"`:  "npm dotenv",
		`it's\n`:     "npm dotenv",
		"it's $5":    "npm dotenv",
		"two\nlines": "bash",
		"tab\there":  "bash",
		`C:\keys\`:   "godotenv",
		"\xff":       "bash",
	} {
		_, err := envfile.Quote("KEY", value)
		if !errors.Is(err, envfile.ErrNoQuoting) {
			t.Errorf("Quote(%q): error is %v, want ErrNoQuoting", value, err)
			continue
		}
		if !strings.Contains(err.Error(), reader) {
			t.Errorf("Quote(%q): %q does not name %s", value, err, reader)
		}
	}
}

func TestUnservedNamesTheReadersThatExpand(t *testing.T) {
	for value, want := range map[string]string{
		"plain": "", `C:\\a`: "python-dotenv", `C:\a`: "", "$5": "", "$HOME": "@next/env", "${HOME}": "@next/env,python-dotenv",
	} {
		if got := strings.Join(envfile.Unserved(value), ","); got != want {
			t.Errorf("Unserved(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestParseRefusesWithTheLine(t *testing.T) {
	for name, test := range map[string]struct{ text, line, cause string }{
		"no pair":                  {"A=1\n\nnot a pair\nB=2\n", "line 3", "no ="},
		"no pair at the end":       {"A=1\nstray", "line 2", "no ="},
		"no pair at all":           {"stray", "line 1", "no ="},
		"export alone":             {"export", "line 1", "no ="},
		"quote never closed":       {"A=1\nB=\"x\nC=3\n", "line 2", "unclosed quote"},
		"no name":                  {"=1\n", "line 1", "no name"},
		"bad character":            {"# c\nA-B=1\n", "line 2", `unexpected character "-"`},
		"bad character below":      {"A=1\nA-B=1\nC=3\n", "line 2", `unexpected character "-"`},
		"backslash keeps open":     {"A='C:\\'\nB=1\n", "line 1", "unclosed quote"},
		"bad character, long line": {"A-B=" + strings.Repeat("x", 200), "line 1", `unexpected character "-"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := envfile.Parse([]byte(test.text))
			if !errors.Is(err, envfile.ErrUnreadable) {
				t.Fatalf("error is %v, want ErrUnreadable", err)
			}
			if !strings.Contains(err.Error(), test.line) || !strings.Contains(err.Error(), test.cause) {
				t.Errorf("%q does not name %s and %s", err, test.line, test.cause)
			}
		})
	}
}

func TestAnErrorShowsNoValue(t *testing.T) {
	_, err := envfile.Parse([]byte("A=1\nA-B=s3cret\nC=s3cret\n"))
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("error is %v", err)
	}
}

func TestMaskedShowsTheNamedAlone(t *testing.T) {
	keyBody := "MII" + strings.Repeat("aB3+", 16)
	for _, row := range []struct{ before, want string }{
		{"# note\nSECRET=abc # c\nKEY=1\nPEM=\"x\ny\"\nEMPTY=\n", "# …\nSECRET=… # …\nKEY=1\nPEM=…\nEMPTY=\n"},
		{"# OLD_SECRET=abc\r\n#  token: xyz\r\nKEY=1\r\n", "# …\r\n#  …\r\nKEY=1\r\n"},
		{"KEY=\"-----BEGIN PRIVATE KEY-----\nx\"\n", "KEY=…\n"},
		{"KEY=/home/someone/projects/company/teams/backend/services/agent/config/key\n", "KEY=/home/someone/projects/company/teams/backend/services/agent/config/key\n"},
		{"KEY=1 # was " + keyBody + "\n# " + keyBody + "\n", "KEY=1 # …\n# …\n"},
		{"# PEM=\"-----BEGIN X-----\n# " + keyBody + "\n# kQ==\n# -----END X-----\"\n#a\n", "# …\n# …\n# …\n# …\n#…\n"},
		{"# -----BEGIN X-----\r\n#ab\r\n# -----END X-----\r\n# note\r\n", "# …\r\n#…\r\n# …\r\n# …\r\n"},
		{"KEY=" + keyBody + "\n", "KEY=…\n"},
		{"# -----BEGIN X-----\nKEY=1\n# note\n", "# …\nKEY=1\n# …\n"},
		{"#\n# \n##  password hunter2\nKEY=1\t#\tx\n", "#\n# \n#…\nKEY=1\t#\t…\n"},
	} {
		if got := parse(t, row.before).Redacted("KEY"); got != row.want {
			t.Errorf("masked:\n%q, want\n%q", got, row.want)
		}
	}
}

func TestSetRewritesWhatNotEveryReaderReadsAlike(t *testing.T) {
	for before, want := range map[string]string{
		"KEY=a#b\n":     "KEY='a#b'\n",
		"KEY=a b\n":     "KEY='a b'\n",
		"KEY='a#b'\n":   "KEY='a#b'\n",
		"KEY=\"a b\"\n": "KEY=\"a b\"\n",
		"KEY=a.b\n":     "KEY=a.b\n",
	} {
		f := parse(t, before)
		value, _ := f.Get("KEY")
		if err := f.Set("KEY", value); err != nil {
			t.Fatal(err)
		}
		if got := string(f.Bytes()); got != want {
			t.Errorf("%q became %q, want %q", before, got, want)
		}
	}
}

func TestSetRefusesAndLeavesTheFileAlone(t *testing.T) {
	for name, test := range map[string]struct {
		text, value string
		want        error
	}{
		"a new value that has no quotes": {"A=1\n", `it's "x"`, envfile.ErrNoQuoting},
		"an old value's":                 {"KEY=1\n", `it's "x"`, envfile.ErrNoQuoting},
		"what would uncover another":     {"KEY=\rB=2\n", "new", envfile.ErrUnsafe}, // a line end to some, a blank to others
		"a quote that is not closed":     {"KEY='abc\nB='\n", "new", envfile.ErrUnsafe},
		"the same before an export":      {"KEY=\"abc\n  export B=\"\n", "new", envfile.ErrUnsafe},
		"the same before a comment":      {"KEY='abc\n# its'\n", "new", envfile.ErrUnsafe},
		"what only some take for open":   {"KEY='\\'\nB=1\n#'\n", "new", envfile.ErrUnsafe},
		"what would still be a comment":  {"KEY= # c\n", "", envfile.ErrUnsafe},
	} {
		f := parse(t, test.text)
		if err := f.Set("KEY", test.value); !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v, want %v", name, err, test.want)
		}
		if got := string(f.Bytes()); got != test.text {
			t.Errorf("%s: %q became %q", name, test.text, got)
		}
	}
}

func TestAFileTellsItsNamesAndItsEnds(t *testing.T) {
	f := parse(t, "\ufeffB=1\r\nexport A=2\r\nB=3\r\n")
	if got := strings.Join(f.Names(), ","); got != "B,A,B" || !f.HasBOM() || !f.HasWindowsLines() {
		t.Errorf("%s, BOM %v, Windows %v", got, f.HasBOM(), f.HasWindowsLines())
	}
	if f := parse(t, "A=1\n\r\n"); f.HasBOM() || f.HasWindowsLines() {
		t.Errorf("BOM %v, Windows %v", f.HasBOM(), f.HasWindowsLines())
	}
	if got, ok := f.Get("C"); got != "" || ok {
		t.Errorf("C is %q, %v", got, ok)
	}
}
