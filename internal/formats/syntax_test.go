package formats_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
)

// A reader's own words quote the file: hunter2 is somebody's password.
func TestABrokenFileIsNotQuoted(t *testing.T) {
	for name, test := range map[string]struct{ file, text, says string }{
		"YAML":            {"a.yaml", "a: 1\nb: *hunter2\n", "not valid YAML"},
		"YAML, a line":    {"a.yaml", "a: 1\nb: hunter2: x\n", "line 2 is not valid YAML"},
		"YAML, a tag":     {"a.yaml", "a: !!int hunter2\nb: [", "is not valid YAML"},
		"JSON":            {"a.json", "{\n\"a\": hunter2}", "line 2 is not valid JSON"},
		"TOML":            {"a.toml", "a = 1\nb = hunter2\n", "line 2 is not valid TOML"},
		"properties":      {"a.properties", "a=1\nhunter2=\\u00zz\n", "not valid properties"},
		".env":            {".env", "A-B=1\nPASSWORD=hunter2\n", "line 1"},
		".env, its value": {".env", "PASSWORD=x\nhunter2\n", "line 2"},
	} {
		_, err := formats.Read(test.file, []byte(test.text), nil)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok {
			t.Errorf("%s: error is %v", name, err)
			continue
		}
		for _, l := range i18n.Languages {
			if text := f.Message(l); strings.Contains(text, "hunter2") {
				t.Errorf("%s, %s: it says %q", name, l, text)
			}
		}
		if text := f.Message(i18n.English); !strings.Contains(text, test.says) || !strings.HasPrefix(text, test.file) {
			t.Errorf("%s: it says %q, want %q", name, text, test.says)
		}
	}
}

func TestBracketsWithoutEndAreAnError(t *testing.T) {
	for _, file := range []string{"a.toml", "a.json", "a.yaml"} {
		for _, open := range []string{"[", "{a=", `{"a":`, "{a: "} {
			_, err := formats.Read(file, []byte(map[string]string{"a.toml": "a = "}[file]+strings.Repeat(open, 200_000)), nil)
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != "import.syntax" {
				t.Errorf("%s, %s: error is %v", file, open, err)
			}
		}
	}
}
