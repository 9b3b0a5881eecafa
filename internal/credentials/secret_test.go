package credentials_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A secret where an id or a path belongs is read by nobody and shown nowhere.
func TestAFileNameWithALineBreakIsNoProfile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file has such a name")
	}
	dir := t.TempDir()
	for _, name := range []string{".env.a", ".env.b\n!.env", ".env.c\x1b[2J"} {
		testfile.Write(t, filepath.Join(dir, name), "COZE_CLIENT_ID=1234567890123\n")
	}
	if got := credentials.Profiles(dir); len(got) != 1 || filepath.Base(got[0]) != ".env.a" {
		t.Errorf("the profiles are %q", got)
	}
}

func TestASecretInAVariableIsLeftOutAndSaid(t *testing.T) {
	pem := keygen.EncodePrivate(testkey.RSA())
	body := strings.Split(string(pem), "\n")
	first, second := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	line := base64.StdEncoding.EncodeToString(append(first[:], second[:16]...)) // some lines of a real key are not known for one
	token := "pat_0123456789abcdefghijABCDEFGHIJ"
	for name, secret := range map[string]string{
		"a PEM": strings.ReplaceAll(string(pem), "\n", `\n`), "Base64 of a PEM": base64.StdEncoding.EncodeToString(pem),
		"a line break": `"a\n!.env"`, "Base64 of DER": strings.Join(body[1:len(body)-2], ""), "a line of a key": line, "a token": token,
	} {
		want := credentials.ErrEnvKeyText
		switch name {
		case "a token":
			want = credentials.ErrEnvToken
		case "a line break":
			want = envfile.ErrControl
		}
		for _, variable := range credentials.Default.VarNames() {
			path := filepath.Join(t.TempDir(), ".env")
			testfile.Write(t, path, "COZE_CLIENT_ID=1234567890123\nCOZE_API_BASE=https://api.coze.cn\n"+variable+"="+secret+"\n")
			held, err := credentials.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range credentials.Variables {
				if value := held.Set.Get(row.Field); strings.Contains(value, strings.Trim(secret, `"`)[:8]) || envfile.HasControl(value) {
					t.Errorf("%s in %s is read into %s", name, variable, row.Field)
				}
			}
			f, ok := errors.AsType[*fault.Fault](held.Refused())
			if !ok || !errors.Is(f, want) || f.Value("name") != variable {
				t.Errorf("%s in %s: the fault is %v, want %v", name, variable, held.Refused(), want)
				continue
			}
			for _, l := range i18n.Languages {
				if said := f.Message(l) + strings.Join(f.Fixes(l), "\n"); strings.Contains(said, strings.Trim(secret, `"`)[:8]) {
					t.Errorf("%s in %s: it says %q", name, variable, said)
				}
			}
		}
	}
}

// A name is shown in every list, and git gets it as an argument.
func TestAFileNameThatIsASecretIsNoProfile(t *testing.T) {
	dir := t.TempDir()
	token := "pat_0123456789abcdefghijABCDEFGHIJ"
	for _, name := range []string{".env.a", ".env." + token} {
		testfile.Write(t, filepath.Join(dir, name), "COZE_CLIENT_ID=1234567890123\n")
	}
	if got := credentials.Files(dir); len(got) != 1 || filepath.Base(got[0]) != ".env.a" {
		t.Errorf("the files are %q", got)
	}
	if err := credentials.CheckProfile(token); fault.ID(err) != "profile.name" {
		t.Errorf("as a name of a profile: %v", err)
	}
}
