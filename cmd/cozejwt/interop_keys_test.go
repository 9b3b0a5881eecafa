//go:build e2e && unix

package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestInteropOpenSSLReadsKeysAndSignatures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	private := filepath.Join(dir, "private_key.pem")
	if _, err := keygen.Save(private, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	public := keygen.PublicPath(private)
	if text := output(t, exec.Command("openssl", "pkey", "-in", private, "-check", "-noout")); !strings.Contains(text, "Key is valid") {
		t.Errorf("openssl says %q", text)
	}
	derived := output(t, exec.Command("openssl", "pkey", "-in", private, "-pubout"))
	if saved, err := os.ReadFile(public); err != nil || derived != string(saved) {
		t.Errorf("openssl derives\n%s, %v", derived, err)
	}
	row(t, "openssl", "reads both keys and derives one from the other")

	signed := sign(t)
	dot := strings.LastIndexByte(signed, '.')
	signature, err := jwt.NewParser().DecodeSegment(signed[dot+1:])
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"signature": signature, "signed": []byte(signed[:dot])} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	verify := exec.Command("openssl", "dgst", "-sha256", "-verify", public, "-signature", "signature", "signed")
	verify.Dir = dir
	if text := output(t, verify); !strings.Contains(text, "Verified OK") {
		t.Errorf("openssl says %q", text)
	}
	row(t, "openssl", "verifies the signature of the JWT")
}

// makers make keys as people do elsewhere.
var makers = map[string]func(t *testing.T, dir, path string){
	"openssl genrsa": func(t *testing.T, _, path string) {
		output(t, exec.Command("openssl", "genrsa", "-out", path, "2048"))
	},
	"openssl, PKCS#1": func(t *testing.T, _, path string) {
		output(t, exec.Command("openssl", "genrsa", "-traditional", "-out", path, "2048"))
	},
	"ssh-keygen": func(t *testing.T, _, path string) {
		output(t, exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", path))
	},
	"the console": func(t *testing.T, dir, path string) { // WebCrypto, as in its page
		if err := os.WriteFile(path, []byte(output(t, exec.Command("node", filepath.Join(install(t), "webcrypto.mjs")))), 0o644); err != nil {
			t.Fatal(err)
		}
	},
	"keytool": func(t *testing.T, dir, path string) {
		store := filepath.Join(dir, "store.p12")
		output(t, exec.Command("keytool", "-genkeypair", "-alias", "coze", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=coze",
			"-storetype", "PKCS12", "-keystore", store, "-storepass", "changeit"))
		output(t, exec.Command("openssl", "pkcs12", "-in", store, "-nocerts", "-nodes", "-passin", "pass:changeit", "-out", path))
	},
}

func TestInteropKeysOfOthersAreImported(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(makers)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "made")
			makers[name](t, dir, path)
			project, run := inSandbox(t, "--import-key", path)
			made, err := keygen.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			saved, err := keygen.Load(filepath.Join(project, "config", "private_key.pem"))
			if err != nil || saved.Form != keygen.PKCS8 || !saved.Private.Equal(made.Private) {
				t.Errorf("saved is %v, %v", saved, err)
			}
			if token := strings.TrimSpace(run("token")); len(token) != 64 {
				t.Errorf("the token is %q", token)
			}
			row(t, name, "its key is imported, rewritten as PKCS#8, and gets a token")
		})
	}
}
