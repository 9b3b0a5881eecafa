package keygen

import (
	"crypto/x509"
	"encoding/pem"
	"reflect"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
)

// file is a PEM as encoding/pem writes it.
func file(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

// A file as we write it is read without a search, and is the same key as with one.
func TestAPlainFileIsReadWithoutASearch(t *testing.T) {
	key := testkey.New()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	private := file("PRIVATE KEY", der)
	for name, test := range map[string]struct {
		text  string
		plain bool
	}{
		"as we write it":  {private, true},
		"Windows lines":   {strings.ReplaceAll(private, "\n", "\r\n"), false},
		"text before":     {"key:\n" + private, false},
		"text after":      {private + "x", false},
		"no last newline": {strings.TrimSpace(private), false},
		"twice":           {private + private, false},
		"PKCS #1":         {file("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), false},
		"wrong label":     {file("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), false},
		"more DER":        {file("PRIVATE KEY", append(der, 0)), false},
		"less DER":        {file("PRIVATE KEY", der[:len(der)-1]), false},
		"headers":         {string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Headers: map[string]string{"A": "b"}, Bytes: der})), false},
		"empty":           {"", false},
	} {
		if got := plain([]byte(test.text), "PRIVATE KEY"); (got.form == PKCS8 && got.flaws == nil) != test.plain {
			t.Errorf("%s: plain is %+v", name, got)
		}
		got, err := Parse([]byte(test.text))
		want, wantErr := parse([]byte(test.text))
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(err, wantErr) {
			t.Errorf("%s: %+v, %v; with a search %+v, %v", name, got, err, want, wantErr)
		}
	}
}

func TestAPlainPublicFileIsReadWithoutASearch(t *testing.T) {
	key := testkey.New()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := file("PUBLIC KEY", der)
	for name, test := range map[string]struct {
		text  string
		plain bool
	}{
		"as we write it": {public, true},
		"Windows lines":  {strings.ReplaceAll(public, "\n", "\r\n"), false},
		"text before":    {"key:\n" + public, false},
		"twice":          {public + public, false},
		"PKCS #1":        {file("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)), false},
		"wrong label":    {file("CERTIFICATE", der), false},
		"less DER":       {file("PUBLIC KEY", der[:len(der)-1]), false},
		"a private key":  {file("PUBLIC KEY", x509.MarshalPKCS1PrivateKey(key)), false},
		"empty":          {"", false},
	} {
		if got := plain([]byte(test.text), "PUBLIC KEY"); (got.public != nil) != test.plain {
			t.Errorf("%s: plain is %+v", name, got)
		}
		got, err := ParsePublic([]byte(test.text))
		want, wantErr := parsePublic([]byte(test.text))
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(err, wantErr) {
			t.Errorf("%s: %+v, %v; with a search %+v, %v", name, got, err, want, wantErr)
		}
	}
}
