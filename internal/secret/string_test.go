package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"cozejwt/internal/secret"
)

const hidden = "hunter2"

// A holder has a secret in each kind of field. fmt calls no methods of unexported ones.
type holder struct {
	Token    secret.String
	Pointer  *secret.String
	Pair     [1]secret.String
	Inner    struct{ Token secret.String }
	token    secret.String
	pointer  *secret.String
	list     []secret.String
	named    map[string]secret.String
	keys     map[secret.String]int
	pair     [1]secret.String
	inner    struct{ token, Token secret.String }
	behind   *struct{ token secret.String }
	anything any
	function func() secret.String
}

func newHolder() holder {
	s := secret.New(hidden)
	h := holder{
		Token: s, Pointer: &s, Pair: [1]secret.String{s}, token: s, pointer: &s,
		list: []secret.String{s}, named: map[string]secret.String{"a": s}, keys: map[secret.String]int{s: 1},
		pair: [1]secret.String{s}, behind: &struct{ token secret.String }{s}, anything: s,
		function: func() secret.String { return s },
	}
	h.Inner.Token, h.inner.token, h.inner.Token = s, s, s
	return h
}

// values are the ways in which a secret gets to a formatter.
func values() map[string]any {
	s, h := secret.New(hidden), newHolder()
	return map[string]any{
		"itself": s, "pointer": &s, "list": []secret.String{s}, "array": [1]secret.String{s}, "map": map[string]secret.String{"a": s},
		"key of a map": map[secret.String]bool{s: true}, "struct": h, "pointer to a struct": &h, "list of structs": []holder{h}, "list of pointers": []*holder{&h},
		"map of structs": map[string]holder{"a": h}, "any": []any{s, h, &h}, "unexported alone": struct{ s secret.String }{s},
		"error": fmt.Errorf("refused: %v, %w", s, errors.New("x")), "bytes of a struct": struct{ a []any }{[]any{s, &s}},
	}
}

func wantHidden(t *testing.T, what, text string) {
	t.Helper()
	for _, shown := range []string{hidden, "68756e74657232", "68756E74657232", "68 75 6e", "hun", "[104 117", "104, 117", "aHVudGVyMg"} {
		if strings.Contains(text, shown) {
			t.Errorf("%s: %q is shown in\n%s", what, shown, text)
		}
	}
}

func TestNoVerbShowsASecretString(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%10.3s", "% x", "%#x", "%#q", "%+q", "%T %v", "%!", "%*d", "%[2]v", "%-08v"}
	for letter := 'A'; letter <= 'z'; letter++ {
		verbs = append(verbs, "%"+string(letter))
	}
	for name, value := range values() {
		for _, verb := range verbs {
			wantHidden(t, name+" with "+verb, fmt.Sprintf(verb, value))
		}
		wantHidden(t, name+" as it is", fmt.Sprint(value)+fmt.Sprintln(value)+string(fmt.Append(nil, value)))
	}
	s := secret.New(hidden)
	for text, want := range map[string]string{fmt.Sprint(s): "…", fmt.Sprintf("%d", s): "…", s.String(): "…", s.GoString(): "…"} {
		if text != want {
			t.Errorf("it is shown as %q", text)
		}
	}
}

func TestNoEncodingAndNoLogShowsASecretString(t *testing.T) {
	for name, value := range values() {
		var out bytes.Buffer
		for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
			text, err := marshal(value)
			fmt.Fprintf(&out, "%s %v\n", text, err) // a func and a map are no XML
		}
		fmt.Fprintln(&out, gob.NewEncoder(&out).Encode(value))
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "value", value, slog.Group("g", "value", value))
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "value", value, slog.Group("g", "value", value))
		fmt.Fprintln(&out, template.Must(template.New("").Parse(`{{.}} {{printf "%s %v" . .}} {{println .}} {{html .}} {{js .}}`)).Execute(&out, value))
		wantHidden(t, name, out.String())
	}
	if text, err := json.Marshal(struct{ A secret.String }{secret.New(hidden)}); err != nil || string(text) != `{"A":"…"}` {
		t.Errorf("JSON is %s, %v", text, err)
	}
}

func TestASecretStringIsAValue(t *testing.T) {
	s := secret.New(hidden)
	if s.Reveal() != hidden || s.IsZero() {
		t.Errorf("it reveals %q", s.Reveal())
	}
	if s != secret.New(strings.ToLower("HUNTER2")) || s == secret.New("hunter3") {
		t.Error("it is not compared by its text")
	}
	var zero secret.String
	if zero != secret.New("") || !zero.IsZero() || zero.Reveal() != "" || fmt.Sprint(zero) != "…" {
		t.Errorf("the zero value reveals %q", zero.Reveal())
	}
	var read struct{ A, B secret.String }
	if err := json.Unmarshal([]byte(`{"A":"hunter2","B":""}`), &read); err != nil || read.A != s || read.B != zero {
		t.Errorf("it is read as %q, %v", read.A.Reveal(), err)
	}
}
