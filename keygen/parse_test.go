package keygen_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs1(key *rsa.PrivateKey) string {
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func TestParseTakesWhatPeopleBring(t *testing.T) {
	p8 := string(keygen.EncodePrivate(testkey.RSA()))
	oneLine := strings.ReplaceAll(strings.TrimSpace(p8), "\n", " ")
	for _, test := range []struct {
		name, text string
		form       keygen.Form
		flaws      []keygen.Flaw
	}{
		{"PKCS#8", p8, keygen.PKCS8, nil},
		{"PKCS#1", pkcs1(testkey.RSA()), keygen.PKCS1, nil},
		{"PKCS#8 bytes under the PKCS#1 label", strings.ReplaceAll(p8, "PRIVATE", "RSA PRIVATE"), keygen.PKCS8, []keygen.Flaw{keygen.FlawLabel}},
		{"no newline at the end", strings.TrimSpace(p8), keygen.PKCS8, nil},
		{"Windows line ends", strings.ReplaceAll(p8, "\n", "\r\n"), keygen.PKCS8, []keygen.Flaw{keygen.FlawWindowsLines}},
		{"old Mac line ends", strings.ReplaceAll(p8, "\n", "\r"), keygen.PKCS8, []keygen.Flaw{keygen.FlawWindowsLines}},
		{"one line with \\n", strings.ReplaceAll(p8, "\n", `\n`), keygen.PKCS8, []keygen.Flaw{keygen.FlawEscapedNewlines}},
		{"one line with \\r\\n", strings.ReplaceAll(p8, "\n", `\r\n`), keygen.PKCS8, []keygen.Flaw{keygen.FlawEscapedNewlines}},
		{"in quotes, with \\n", `"` + strings.ReplaceAll(p8, "\n", `\n`) + `"`, keygen.PKCS8, []keygen.Flaw{keygen.FlawQuoted, keygen.FlawEscapedNewlines}},
		{"one line with spaces", oneLine, keygen.PKCS8, []keygen.Flaw{keygen.FlawOneLine}},
		{"one line PKCS#1", strings.ReplaceAll(pkcs1(testkey.RSA()), "\n", " "), keygen.PKCS1, []keygen.Flaw{keygen.FlawOneLine}},
		{"byte order mark", "\ufeff" + p8, keygen.PKCS8, []keygen.Flaw{keygen.FlawBOM}},
		{"text before", "my key:\n" + p8, keygen.PKCS8, []keygen.Flaw{keygen.FlawExtraText}},
		{"text after", p8 + "garbage\n", keygen.PKCS8, []keygen.Flaw{keygen.FlawExtraText}},
		{"public key first", string(keygen.EncodePublic(&testkey.RSA().PublicKey)) + p8, keygen.PKCS8, []keygen.Flaw{keygen.FlawExtraText}},
		{"two keys on a line each", oneLine + "\n" + strings.ReplaceAll(pkcs1(testkey.RSA()), "\n", " "), keygen.PKCS8, []keygen.Flaw{keygen.FlawOneLine, keygen.FlawExtraText}},
	} {
		t.Run(test.name, func(t *testing.T) {
			key, err := keygen.Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if !key.Private.Equal(testkey.RSA()) {
				t.Error("another key came out")
			}
			if key.Form != test.form || !slices.Equal(key.Flaws, test.flaws) {
				t.Errorf("form %s, flaws %v; want %s, %v", key.Form, key.Flaws, test.form, test.flaws)
			}
		})
	}
}

// A notKey is text that Parse refuses, and why.
type notKey struct {
	name, text string
	want       error
	mentions   string
}

func notKeys(t *testing.T) []notKey {
	t.Helper()
	p8 := string(keygen.EncodePrivate(testkey.RSA()))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecSEC1, _ := x509.MarshalECPrivateKey(ec)
	ecPKCS8, _ := x509.MarshalPKCS8PrivateKey(ec)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	edPKCS8, _ := x509.MarshalPKCS8PrivateKey(ed)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &testkey.RSA().PublicKey, testkey.RSA())
	if err != nil {
		t.Fatal(err)
	}
	legacy := "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"
	return []notKey{
		{"empty", "", keygen.ErrEmpty, ""},
		{"only space", " \n\t", keygen.ErrEmpty, ""},
		{"only quotes", `""`, keygen.ErrEmpty, ""},
		{"public key", string(keygen.EncodePublic(&testkey.RSA().PublicKey)), keygen.ErrPublic, "BEGIN PRIVATE KEY"},
		{"PKCS#1 public key", block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&testkey.RSA().PublicKey)), keygen.ErrPublic, ""},
		{"OpenSSH public key", "ssh-rsa AAAAB3Nza me@host", keygen.ErrPublic, ""},
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", []byte{1}), keygen.ErrEncrypted, "passphrase"},
		{"encrypted PKCS#1", legacy, keygen.ErrEncrypted, "passphrase"},
		{"EC, SEC 1", block("EC PRIVATE KEY", ecSEC1), keygen.ErrKind, "EC"},
		{"EC, PKCS#8", block("PRIVATE KEY", ecPKCS8), keygen.ErrKind, "EC"},
		{"Ed25519", block("PRIVATE KEY", edPKCS8), keygen.ErrKind, "Ed25519"},
		{"certificate", block("CERTIFICATE", cert), keygen.ErrCertificate, ""},
		{"OpenSSH private key", block("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00")), keygen.ErrOpenSSH, "OpenSSH"},
		{"1024 bits", pkcs1(testkey.Size(1024)), keygen.ErrWeak, "1024"},
		{"cut off", p8[:len(p8)-200], keygen.ErrDamaged, ""},
		{"a character lost", strings.Replace(p8, "MII", "MI", 1), keygen.ErrDamaged, ""},
		{"body without its lines", strings.Join(strings.Split(p8, "\n")[1:20], "\n"), keygen.ErrDamaged, ""},
		{"prose", "the key is in the safe", keygen.ErrNoPEM, ""},
		{"HTML", "<!doctype html><title>Sign in</title>", keygen.ErrNoPEM, ""},
		{"binary", "\x30\x82\x04\xa4\x00", keygen.ErrNoPEM, ""},
	}
}

func TestParseSaysWhatElseItIs(t *testing.T) {
	for _, test := range notKeys(t) {
		t.Run(test.name, func(t *testing.T) {
			_, err := keygen.Parse([]byte(test.text))
			if !errors.Is(err, test.want) {
				t.Fatalf("error is %v, want %v", err, test.want)
			}
			if !strings.Contains(err.Error(), test.mentions) {
				t.Errorf("%q does not mention %q", err, test.mentions)
			}
		})
	}
}

func TestADamagedKeyIsToldFromWhatNeverWasOne(t *testing.T) {
	for text, want := range map[string]error{
		block("PRIVATE KEY", []byte{1}):                keygen.ErrDamaged,
		strings.Repeat("abcd", 101):                    keygen.ErrDamaged, // long enough for a key's body
		strings.Repeat("abcd", 100):                    keygen.ErrNoPEM,
		strings.Repeat("the key is in the safe. ", 30): keygen.ErrNoPEM,
	} {
		if _, err := keygen.Parse([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%.40q: error is %v, want %v", text, err, want)
		}
	}
}

func TestAbsentNamesTheKeyOfThePublicKeyThatIsLeft(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "private_key.pem")
	write := func(name string, data []byte) { testfile.Write(t, filepath.Join(dir, name), string(data)) }
	write("other.pem", keygen.EncodePrivate(testkey.New()))
	if got := keygen.Absent(path, path, filepath.Dir(path)).Value("near"); got != "other.pem" {
		t.Errorf("near without a public key: %q", got)
	}
	write("public_key.pem", keygen.EncodePublic(&testkey.RSA().PublicKey))
	if got := keygen.Absent(path, path, filepath.Dir(path)); !errors.Is(got, keygen.ErrAbsent) || got.Value("near") != "" {
		t.Errorf("near of another pair: %v", got)
	}
	write("broken.pem", []byte("no key"))
	write("renamed.pem1", keygen.EncodePrivate(testkey.RSA()))
	if got := keygen.Absent(path, path, filepath.Dir(path)).Value("near"); got != "renamed.pem1" {
		t.Errorf("near: %q", got)
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "private_key.pem1") // a name seen in the field
	if _, err := keygen.Load(path); !errors.Is(err, keygen.ErrAbsent) || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v", err)
	}
	if _, err := keygen.Load("/dev/zero"); !errors.Is(err, keygen.ErrIrregular) {
		t.Errorf("error for a device is %v", err)
	}
	if _, err := keygen.Load(dir); !errors.Is(err, keygen.ErrIrregular) {
		t.Errorf("error for a folder is %v", err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keygen.Load(path); !errors.Is(err, keygen.ErrTooLarge) {
		t.Errorf("error for a large file is %v", err)
	}
	if err := os.WriteFile(path, keygen.EncodePrivate(testkey.RSA()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keygen.Load(path); err != nil {
		t.Error(err)
	}
}
