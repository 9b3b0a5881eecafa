package keygen_test

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// FuzzParse: whatever comes in, Parse returns an error, or a key that survives being written
// and read again. A key without a flaw is one that a reader finds which forgives nothing.
func FuzzParse(f *testing.F) {
	p8 := string(keygen.EncodePrivate(testkey.RSA()))
	for _, seed := range []string{
		"", pkcs1(testkey.RSA()), "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----", "-----BEGIN X-----\n-----END X-----", `"'`,
		string(keygen.EncodePublic(&testkey.RSA().PublicKey)), opensshRSA(), puttyRSA("none"),
	} {
		f.Add([]byte(seed))
	}
	for _, w := range inForms {
		f.Add([]byte(w.make(p8)))
	}
	for _, a := range aliens() {
		f.Add([]byte(a.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = keygen.ParsePublic(data)
		key, err := keygen.Parse(data)
		if err != nil {
			return
		}
		again, err := keygen.Parse(keygen.EncodePrivate(key.Private))
		if err != nil || !again.Private.Equal(key.Private) || again.Flaws != nil {
			t.Errorf("the key did not survive: %v", err)
		}
		if key.Flaws != nil || key.Form != keygen.PKCS8 {
			return
		}
		block, rest := pem.Decode(data)
		if block == nil || strings.TrimSpace(string(rest)) != "" {
			t.Fatal("a strict reader finds no PEM, or more than it")
		}
		if strict, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil || !again.Private.Equal(strict) {
			t.Errorf("a strict reader finds another key: %v", err)
		}
	})
}
