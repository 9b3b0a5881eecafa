package envfile_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// A value that goes on without quotes is named as that, and shown nowhere.
func TestAValueOverLinesWithoutQuotesIsNamed(t *testing.T) {
	body := strings.Repeat("aB3+", 16) + "\n"
	for name, test := range map[string]struct{ text, id, variable, line, first string }{
		"a key":                {"A=1\nK=-----BEGIN PRIVATE KEY-----\n" + body + "-----END PRIVATE KEY-----\n", "env.unquoted_key", "K", "3", "2"},
		"a key that ends in =": {"K=-----BEGIN PRIVATE KEY-----\n" + strings.TrimSpace(body) + "==\n-----END PRIVATE KEY-----\n", "env.unquoted_key", "K", "3", "1"},
		"a key that is ended":  {"K=-----BEGIN x----------END x-----\nA=1\nstray\n", "env.no_equals", "", "3", ""},
		"JSON":                 {"A=1\nJ={\n  \"a\": 1,\n  \"b\": 2\n}\n", "env.unquoted_lines", "J", "5", "2"},
		"JSON that is ended":   {"J={\n  \"a\": 1,}\nstray\n", "env.no_equals", "", "3", ""},
		"an indented line":     {"A=1\n\tmore\n", "env.unquoted_lines", "A", "2", "1"},
		"after a backslash":    {"A=1 \\\nmore\n", "env.unquoted_lines", "A", "2", "1"},
		"Base64":               {"A=x\n" + body, "env.unquoted_lines", "A", "2", "1"},
		"after an empty line":  {"A=1\n\n  more\n", "env.no_equals", "", "3", ""},
		"after another":        {"A=1 \\\nB=2\nmore\n", "env.no_equals", "", "3", ""},
		"at the top":           {"more\n", "env.no_equals", "", "1", ""},
		"a conflict of git":    {"A=1\n<<<<<<< HEAD\nB=1\n=======\nB=2\n>>>>>>> dev\n", "env.merge", "", "2", ""},
		"the middle of one":    {"A=1\n=======\nB=2\n", "env.merge", "", "2", ""},
		"a section":            {"[coze]\nA=1\n", "env.section", "", "1", ""},
		"an object":            {"{\n  \"A\": \"more\"\n}\n", "env.json", "", "1", ""},
		"text of UTF-16":       {"A=1\nB\x00B\x00\n", "env.zeros", "", "2", ""},
		"a list of YAML":       {"environment:\n  - A=more\n", "env.list", "", "2", ""},
		"PowerShell":           {"$env:A = \"more\"\n", "env.other_shell", "", "1", ""},
		"a comment of others":  {"// more\nA=1\n", "env.comment", "", "1", ""},
	} {
		_, err := envfile.Parse([]byte(test.text))
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !errors.Is(err, envfile.ErrUnreadable) {
			t.Errorf("%s: error is %v", name, err)
			continue
		}
		why, _ := errors.AsType[*fault.Fault](f.Err)
		if why.ID != test.id || why.Value("name") != test.variable || why.Value("first") != test.first || f.Value("line") != test.line {
			t.Errorf("%s: it is %s of %q (line %s) at line %s", name, why.ID, why.Value("name"), why.Value("first"), f.Value("line"))
		}
		for _, l := range i18n.Languages {
			if text := f.Message(l) + strings.Join(f.Fixes(l), ""); strings.Contains(text, "aB3+") || strings.Contains(text, "more") || test.variable != "" && !strings.Contains(text, test.variable) {
				t.Errorf("%s: it says %s", name, text)
			}
		}
	}
}

func TestEncodingsAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "A=1\n": "", "A=配置\n": "", "\ufeffA=1\n": "", "\xff\xfeA\x00": "UTF-16", "\xfe\xff\x00A": "UTF-16", "A\x00=\x001\x00": "UTF-16", "\x00A\x00=": "UTF-16",
		"A\x00": "", "a\x00bcdefgh": "", "\xc4\xe3\xba\xc3": "GBK", "A=1 # \xc4\xe3\n": "GBK", "\x81\x40": "GBK", "\xfe\xfe": "GBK",
		"\xc4": "?", "\xc4\x20": "?", "\x80\x41": "?", "\xff\x41": "?", "\xc4\x7f": "?", "\xc4\xff": "?",
	} {
		if got := envfile.Encoding([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if _, err := envfile.Parse([]byte("\xff\xfeA\x00")); !errors.Is(err, envfile.ErrEncoding) {
		t.Errorf("error is %v", err)
	}
	if _, err := envfile.Parse([]byte("# \xc4\xe3\nA=1\n")); err != nil {
		t.Errorf("GBK in a comment: %v", err)
	}
}

func TestAssignmentsAreAsWritten(t *testing.T) {
	f := parse(t, "\n# x\nexport A='a$b' # c\n\nB = \"x\ny\"\nA=2\n")
	want := []envfile.Assignment{{Name: "A", Written: "'a$b'", Line: 3}, {Name: "B", Written: "\"x\ny\"", Line: 5}, {Name: "A", Written: "2", Line: 7}}
	for i, a := range f.Assignments() {
		if a != want[i] {
			t.Errorf("%d is %+v, want %+v", i, a, want[i])
		}
	}
	if f.Written("A") != "2" || f.Written("B") != "\"x\ny\"" || f.Written("C") != "" {
		t.Errorf("written are %q, %q, %q", f.Written("A"), f.Written("B"), f.Written("C"))
	}
}

func TestWhatEveryReaderTakesIsServed(t *testing.T) {
	for text, want := range map[string]struct {
		separator string
		served    bool
	}{
		"A=1\n": {"=", true}, "export A='1 2' # c\n": {"=", true}, "A=\"/私钥.pem\"\n": {"=", true}, "A=＂x＂\n": {"=", true},
		"A = 1\n": {" = ", false}, "A: 1\n": {": ", false}, "A=\u00a01\n": {"=\u00a0", false},
		"A=${B}/x\n": {"=", false}, "A=a b\n": {"=", false}, "A=\"\\n\"\n": {"=", false}, "B=1\n": {"", false},
	} {
		f := parse(t, text)
		if got := f.Separator("A"); got != want.separator || f.Served("A") != want.served {
			t.Errorf("%q: separator %q, served %v", text, got, f.Served("A"))
		}
	}
}

// What Node.js and shells do not see is not there: setting the value that it has writes it as NAME=value.
func TestSetWritesAnAssignmentThatAllReadersSee(t *testing.T) {
	f := parse(t, "KEY: new # c\nB=1\n")
	if err := f.Set("KEY", "new"); err != nil || string(f.Bytes()) != "KEY=new # c\nB=1\n" {
		t.Errorf("the file became %q, %v", f.Bytes(), err)
	}
}

func TestLinesOfCRAloneAreTold(t *testing.T) {
	for text, want := range map[string]bool{"A=1\rB=2\r": true, "A=1\r\nB=2\r\n": false, "A=1\n": false, "A=1": false} {
		if parse(t, text).HasMacLines() != want {
			t.Errorf("%q: not %v", text, want)
		}
	}
}
