package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cozejwt/internal/secret"
)

func TestASecretStringIsShownByNothingButAConversion(t *testing.T) {
	type holder struct{ Token, Other secret.String }
	s := secret.String("hunter2")
	h := holder{s, s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%10.3s", "%T %v"} {
		fmt.Fprintf(&out, verb+"\n", s, s)
		fmt.Fprintf(&out, verb+"\n", &h, h)
		fmt.Fprintf(&out, verb+"\n", []secret.String{s}, map[string]secret.String{"a": s})
	}
	fmt.Fprintln(&out, s, h, fmt.Errorf("refused: %v", s), s.String(), s.GoString())
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", s, "all", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", s, "all", h)
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		text, err := marshal(h)
		if err != nil {
			t.Error(err)
		}
		out.Write(text)
	}
	for _, shown := range []string{"hunter2", "68756e74657232", "68756E74657232", "hun", "[104 117"} {
		if strings.Contains(out.String(), shown) {
			t.Errorf("%q is shown in\n%s", shown, out.String())
		}
	}
	if string(s) != "hunter2" {
		t.Error("a conversion changes it")
	}
	var read struct{ A secret.String }
	if err := json.Unmarshal([]byte(`{"A":"hunter2"}`), &read); err != nil || read.A != s {
		t.Errorf("it is read as %q, %v", string(read.A), err)
	}
}
