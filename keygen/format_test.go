package keygen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestAKeyIsNotFormatted(t *testing.T) {
	key, err := keygen.Parse(keygen.EncodePrivate(testkey.RSA()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb, key)
		fmt.Fprintf(&out, verb, *key)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", key)
	text, err := json.Marshal(map[string]any{"key": key})
	if err != nil {
		t.Error(err)
	}
	out.Write(text)
	d := testkey.RSA().D
	for _, part := range []string{d.String()[:20], d.Text(16)[:20]} {
		if strings.Contains(out.String(), part) {
			t.Errorf("the private exponent is shown in\n%s", out.String())
		}
	}
}
