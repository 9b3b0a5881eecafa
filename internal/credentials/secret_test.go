package credentials_test

import (
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A secret where an id or a path belongs is read by nobody and shown nowhere.
func TestASecretInAVariableIsLeftOutAndSaid(t *testing.T) {
	pem := keygen.EncodePrivate(testkey.RSA())
	body := strings.Split(string(pem), "\n")
	token := "pat_0123456789abcdefghijABCDEFGHIJ"
	for name, secret := range map[string]string{
		"a PEM": strings.ReplaceAll(string(pem), "\n", `\n`), "Base64 of a PEM": base64.StdEncoding.EncodeToString(pem),
		"Base64 of DER": strings.Join(body[1:len(body)-2], ""), "a line of a key": body[5], "a token": token,
	} {
		want := credentials.ErrEnvKeyText
		if secret == token {
			want = credentials.ErrEnvToken
		}
		for _, variable := range credentials.Default.VarNames() {
			path := filepath.Join(t.TempDir(), ".env")
			testfile.Write(t, path, "COZE_CLIENT_ID=1234567890123\nCOZE_API_BASE=https://api.coze.cn\n"+variable+"="+secret+"\n")
			held, err := credentials.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range credentials.Variables {
				if strings.Contains(held.Set.Get(row.Field), secret[:12]) {
					t.Errorf("%s in %s is read into %s", name, variable, row.Field)
				}
			}
			f, ok := errors.AsType[*fault.Fault](held.KeyTextError())
			if !ok || !errors.Is(f, want) || f.Value("name") != variable {
				t.Errorf("%s in %s: the fault is %v, want %v", name, variable, held.KeyTextError(), want)
				continue
			}
			for _, l := range i18n.Languages {
				if said := f.Message(l) + strings.Join(f.Fixes(l), "\n"); strings.Contains(said, secret[:12]) {
					t.Errorf("%s in %s: it says %q", name, variable, said)
				}
			}
		}
	}
}
