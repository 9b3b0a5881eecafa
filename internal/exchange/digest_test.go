package exchange_test

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// The key of RFC 7638 §3.1, with its thumbprint.
const (
	rfcModulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	rfcThumb   = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
)

func TestADigestIsThatOfItsStandard(t *testing.T) {
	n, err := base64.RawURLEncoding.DecodeString(rfcModulus)
	if err != nil {
		t.Fatal(err)
	}
	rfc := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
	key := &testkey.RSA().PublicKey
	spki, err := hex.DecodeString(keygen.Fingerprint(key))
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := sha256.Sum256(x509.MarshalPKCS1PublicKey(key))
	for _, row := range []struct {
		digest exchange.Digest
		key    *rsa.PublicKey
		want   string
	}{
		{exchange.Thumbprint, rfc, rfcThumb},
		{exchange.SPKI, key, base64.RawURLEncoding.EncodeToString(spki)},
		{exchange.PKCS1, key, base64.RawURLEncoding.EncodeToString(pkcs1[:])},
	} {
		if got := row.digest.Of(row.key); got != row.want || exchange.DigestOf(row.want, row.key) != row.digest {
			t.Errorf("%s is %s (%s), want %s", row.digest, got, exchange.DigestOf(row.want, row.key), row.want)
		}
	}
	for _, none := range []string{"", testkey.KeyID, rfcThumb, exchange.SPKI.Of(key) + "="} {
		if got := exchange.DigestOf(none, key); got != "" {
			t.Errorf("%q is its %s", none, got)
		}
	}
	if got := exchange.Digest("md5").Of(key); got != "" {
		t.Errorf("of none it is %q", got)
	}
}

// issuing is every host, which issues a token or refuses.
type issuing struct{ status int }

func (i issuing) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"access_token":"abcdefghijkl","expires_in":1800000900}`
	if i.status != 200 {
		body = `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`
	}
	return &http.Response{StatusCode: i.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestTheDigestOfALiveSuccessIsRememberedForItsHost(t *testing.T) {
	key, other := testkey.RSA(), &testkey.New().PublicKey
	const base, sandbox = "https://api.coze.cn", "http://127.0.0.1:8370"
	for name, row := range map[string]struct {
		base, keyID string
		status      int
		want        exchange.Digest // at api.coze.cn
	}{
		"a thumbprint":         {base, exchange.Thumbprint.Of(&key.PublicKey), 200, exchange.Thumbprint},
		"a digest of the SPKI": {base, exchange.SPKI.Of(&key.PublicKey), 200, exchange.SPKI},
		"refused":              {base, exchange.SPKI.Of(&key.PublicKey), 401, ""},
		"no known digest":      {base, testkey.KeyID, 200, ""},
		"of another key":       {base, exchange.SPKI.Of(other), 200, ""},
		"another host":         {"https://api.coze.com", exchange.SPKI.Of(&key.PublicKey), 200, ""},
		"the sandbox":          {sandbox, exchange.SPKI.Of(&key.PublicKey), 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := exchange.Exchanger{
				Now: time.Now, StateDir: t.TempDir(), Client: &http.Client{Transport: issuing{row.status}},
				IsSandbox: func(base string) bool { return base == sandbox },
			}
			_, _ = x.Test(t.Context(), credentials.Set{AppID: testkey.AppID, KeyID: row.keyID, APIBase: row.base}, key)
			if got := x.ExpectedKeyID(base, other); got != row.want.Of(other) {
				t.Errorf("another key is expected to have %q, want the %q of it", got, row.want)
			}
			if got := x.ExpectedKeyID(sandbox, other) + x.ExpectedKeyID("", other) + (exchange.Exchanger{}).ExpectedKeyID(base, other); got != "" {
				t.Errorf("elsewhere it is %q", got)
			}
			kept := 0
			if row.status == 200 && exchange.DigestOf(row.keyID, &key.PublicKey) != "" && row.base != sandbox {
				kept = 1
			}
			if got := exchange.Digests(x.StateDir); len(got) != kept {
				t.Errorf("kept are %v", got)
			}
		})
	}
}

// A success that shows no digest takes nothing back, and one that shows another one counts.
func TestTheLastDigestCounts(t *testing.T) {
	key := testkey.RSA()
	x := exchange.Exchanger{Now: time.Now, StateDir: t.TempDir(), Client: &http.Client{Transport: issuing{200}}}
	test := func(keyID string) string {
		_, err := x.Exchange(t.Context(), coze.CN.Base(), coze.Assertion{AppID: testkey.AppID, KeyID: keyID}, key, coze.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return x.ExpectedKeyID(coze.CN.Base(), &key.PublicKey)
	}
	pkcs1, jwk := exchange.PKCS1.Of(&key.PublicKey), exchange.Thumbprint.Of(&key.PublicKey)
	for _, step := range []struct{ keyID, want string }{{testkey.KeyID, ""}, {pkcs1, pkcs1}, {testkey.KeyID, pkcs1}, {jwk, jwk}} {
		if got := test(step.keyID); got != step.want {
			t.Errorf("after %s it is %q, want %q", step.keyID, got, step.want)
		}
	}
	if err := os.WriteFile(exchange.Digests(x.StateDir)[0].Path, []byte(`{"host":"api.coze.com","digest":"spki"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := x.ExpectedKeyID(coze.CN.Base(), &key.PublicKey); got != "" {
		t.Errorf("from another host's file it is %q", got)
	}
}
