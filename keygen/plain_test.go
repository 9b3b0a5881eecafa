package keygen

import (
	"crypto/x509"
	"encoding/pem"
	"reflect"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
)

// A file as we write it is read without a search, and is the same key as with one.
func TestAPlainFileIsReadWithoutASearch(t *testing.T) {
	key := testkey.New()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := func(label string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	plain := file("PRIVATE KEY", der)
	for name, test := range map[string]struct {
		text  string
		plain bool
	}{
		"as we write it":  {plain, true},
		"Windows lines":   {strings.ReplaceAll(plain, "\n", "\r\n"), false},
		"text before":     {"key:\n" + plain, false},
		"text after":      {plain + "x", false},
		"no last newline": {strings.TrimSpace(plain), false},
		"twice":           {plain + plain, false},
		"PKCS #1":         {file("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), false},
		"wrong label":     {file("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), false},
		"more DER":        {file("PRIVATE KEY", append(der, 0)), false},
		"less DER":        {file("PRIVATE KEY", der[:len(der)-1]), false},
		"headers":         {string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Headers: map[string]string{"A": "b"}, Bytes: der})), false},
		"empty":           {"", false},
	} {
		if got := plainPKCS8([]byte(test.text)) != nil; got != test.plain {
			t.Errorf("%s: plain is %v", name, got)
		}
		got, err := Parse([]byte(test.text))
		want, wantErr := parse([]byte(test.text))
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(err, wantErr) {
			t.Errorf("%s: %+v, %v; with a search %+v, %v", name, got, err, want, wantErr)
		}
	}
}
