package keygen_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestParsePublicTakesBothForms(t *testing.T) {
	public := &testkey.RSA().PublicKey
	spki := string(keygen.EncodePublic(public))
	for name, text := range map[string]string{
		"SubjectPublicKeyInfo": spki,
		"PKCS#1":               block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(public)),
		"one line":             strings.ReplaceAll(spki, "\n", " "),
		"quoted, with \\n":     `"` + strings.ReplaceAll(spki, "\n", `\n`) + `"`,
		"Windows line ends":    strings.ReplaceAll(spki, "\n", "\r\n"),
	} {
		if got, err := keygen.ParsePublic([]byte(text)); err != nil || !got.Equal(public) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParsePublicSaysWhatElseItIs(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, _ := x509.MarshalPKIXPublicKey(&ec.PublicKey)
	ed, _, _ := ed25519.GenerateKey(rand.Reader)
	edDER, _ := x509.MarshalPKIXPublicKey(ed)
	for name, test := range map[string]struct {
		text string
		want error
		kind string
	}{
		"private key":    {string(keygen.EncodePrivate(testkey.RSA())), fault.Invalid("key.private"), ""},
		"PKCS#1 private": {pkcs1(testkey.RSA()), fault.Invalid("key.private"), ""},
		"empty":          {" \n", keygen.ErrEmpty, ""},
		"prose":          {"the key is in the console", keygen.ErrNoPEM, ""},
		"DER":            {string(ecDER), keygen.ErrNoPEM, ""},
		"JWK":            {jwkOf("n", "e")(string(keygen.EncodePrivate(testkey.RSA()))), keygen.ErrNoPEM, ""},
		"cut off":        {"-----BEGIN PUBLIC KEY-----\nMIIB", keygen.ErrDamaged, ""},
		"damaged":        {block("PUBLIC KEY", []byte{1}), keygen.ErrDamaged, ""},
		"damaged PKCS#1": {block("RSA PUBLIC KEY", []byte{1}), keygen.ErrDamaged, ""},
		"EC":             {block("PUBLIC KEY", ecDER), keygen.ErrKind, "EC"},
		"Ed25519":        {block("PUBLIC KEY", edDER), keygen.ErrKind, "Ed25519"},
	} {
		key, err := keygen.ParsePublic([]byte(test.text))
		f, ok := errors.AsType[*fault.Fault](err)
		if key != nil || !errors.Is(err, test.want) || !ok || f.Value("kind") != test.kind {
			t.Errorf("%s: key %v, error %v, want %v", name, key != nil, err, test.want)
		}
	}
}

func TestLoadingNamesTheFileThatIsNoKey(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("prose.pem", "the key is in the safe")
	dir.Write("limit.pem", string(bytes.Repeat([]byte(" "), 1<<20)))
	dir.Write("large.pem", string(bytes.Repeat([]byte(" "), 1<<20+1)))
	for file, want := range map[string]error{
		"absent.pem": keygen.ErrAbsent, "prose.pem": keygen.ErrNoPEM, "limit.pem": keygen.ErrEmpty, "large.pem": keygen.ErrTooLarge,
	} {
		private, err := keygen.Load(dir.Path(file))
		if f, ok := errors.AsType[*fault.Fault](err); private != nil || !errors.Is(err, want) || !ok || f.Value("path") != dir.Path(file) {
			t.Errorf("Load(%s): %v", file, err)
		}
		public, err := keygen.LoadPublic(dir.Path(file))
		if f, ok := errors.AsType[*fault.Fault](err); public != nil || !errors.Is(err, want) || !ok || f.Value("path") != dir.Path(file) {
			t.Errorf("LoadPublic(%s): %v", file, err)
		}
	}
}

func TestAbsentNamesOnlyWhatMayBeAPrivateKey(t *testing.T) {
	dir := testfile.NewFolder(t)
	for _, name := range []string{"notes.txt", "private_key", "other_public.pem", "folder.pem/file", "a.pem", "b.pem1"} {
		dir.Write(name, "")
	}
	f := keygen.Absent(dir.Path("private_key.pem"), "private_key.pem", dir.Path(""))
	if f.Value("near") != "a.pem, b.pem1" || f.Value("path") != "private_key.pem" {
		t.Errorf("%v", f)
	}
}

func TestAbsentFindsTheKeyOfAPathThatIsWrittenForElsewhere(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("config/private_key.pem", "")
	dir.Write("keys/top.pem2", "")
	dir.Write("top.pem", "")
	for path, want := range map[string]string{
		"/Users/me/demo/config/private_key.pem":     "config/private_key.pem",
		dir.Path("Config/Private_Key.pem"):          "config/private_key.pem",
		dir.Path(`config\private_key.pem`):          "top.pem, config/private_key.pem",
		`D:\work\demo\config\private_key.pem`:       "config/private_key.pem",
		dir.Path("keys/top.pem"):                    "top.pem2, top.pem",
		dir.Path("keys/config"):                     "top.pem2", // a folder is no key
		"/elsewhere/../none.pem":                    "",
		strings.Repeat("/a", 1000) + "/b/c/top.pem": "top.pem",
	} {
		if filepath.Separator == '\\' && strings.HasPrefix(strings.ToLower(path), strings.ToLower(dir.Path("config"))) {
			continue // there, the file is not absent
		}
		if got := keygen.Absent(path, path, dir.Path("")).Value("near"); got != want {
			t.Errorf("%s: near %q, want %q", path, got, want)
		}
	}
}
