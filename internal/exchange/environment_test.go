package exchange_test

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestTheKeyOfAnEnvironmentIsRead(t *testing.T) {
	pem := string(keygen.EncodePrivate(testkey.RSA()))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		variable, value string
		want            error
	}{
		"PEM":          {"COZE_PRIVATE_KEY", pem, nil},
		"escaped":      {"COZE_PRIVATE_KEY", strings.ReplaceAll(pem, "\n", `\n`), nil},
		"on one line":  {"COZE_PRIVATE_KEY", strings.ReplaceAll(pem, "\n", " "), nil},
		"Base64":       {"COZE_PRIVATE_KEY_BASE64", base64.StdEncoding.EncodeToString([]byte(pem)), nil},
		"SDK":          {"COZE_JWT_OAUTH_PRIVATE_KEY", pem, nil},
		"a file":       {"COZE_PRIVATE_KEY_PATH", "key.pem", nil},
		"no such file": {"COZE_PRIVATE_KEY_PATH", "none.pem", keygen.ErrAbsent},
		"no key":       {"COZE_PRIVATE_KEY", "nonsense", exchange.ErrEnvironmentKey},
		"a public key": {"COZE_PRIVATE_KEY", string(keygen.EncodePublic(&testkey.RSA().PublicKey)), keygen.ErrPublic},
	} {
		e, _ := credentials.FromEnvironment(filepath.Join(dir, ".env"), func(name string) string {
			return map[string]string{test.variable: test.value}[name]
		})
		key, err := exchange.EnvironmentKey(e)
		switch {
		case test.want == nil && (err != nil || !key.Private.Equal(testkey.RSA())):
			t.Errorf("%s: error is %v", name, err)
		case test.want != nil && !errors.Is(err, test.want):
			t.Errorf("%s: error is %v, want %v", name, err, test.want)
		case err != nil && strings.Contains(err.Error(), "{"):
			t.Errorf("%s: it says %v", name, err)
		case err != nil && strings.Contains(err.Error(), "nonsense"):
			t.Errorf("%s: it quotes the value: %v", name, err)
		}
	}
}
