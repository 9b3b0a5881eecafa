package secret_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"cozejwt/internal/secret"
)

// keys are private keys of each kind that is made, as DER by the label of their PEM.
func keys(t *testing.T) map[string][][]byte {
	t.Helper()
	made := map[string][][]byte{}
	pkcs8 := func(key any) {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		made["PRIVATE KEY"] = append(made["PRIVATE KEY"], der)
	}
	for _, bits := range []int{2048, 3072} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		pkcs8(key)
		made["RSA PRIVATE KEY"] = append(made["RSA PRIVATE KEY"], x509.MarshalPKCS1PrivateKey(key))
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8(ec)
	der, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	made["EC PRIVATE KEY"] = [][]byte{der}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8(ed)
	return made
}

// writings are the ways in which people write a key down.
var writings = map[string]func(text, der []byte) string{
	"PEM":               func(text, _ []byte) string { return string(text) },
	"PEM with \\n":      func(text, _ []byte) string { return strings.ReplaceAll(string(text), "\n", `\n`) },
	"PEM with \\\\n":    func(text, _ []byte) string { return strings.ReplaceAll(string(text), "\n", `\\n`) },
	"PEM in JSON":       func(text, _ []byte) string { out, _ := json.Marshal(string(text)); return string(out) },
	"PEM on one line":   func(text, _ []byte) string { return strings.ReplaceAll(string(text), "\n", " ") },
	"Base64 of PEM":     func(text, _ []byte) string { return base64.StdEncoding.EncodeToString(text) },
	"Base64 after a CR": func(text, _ []byte) string { return base64.StdEncoding.EncodeToString(append([]byte("\n"), text...)) },
	"Base64 after CRLF": func(text, _ []byte) string { return base64.StdEncoding.EncodeToString(append([]byte("\r\n"), text...)) },
	"Base64 after a BOM": func(text, _ []byte) string {
		return base64.StdEncoding.EncodeToString(append([]byte("\ufeff"), text...))
	},
	"Base64 of DER":    func(_, der []byte) string { return base64.StdEncoding.EncodeToString(der) },
	"base64url of DER": func(_, der []byte) string { return base64.RawURLEncoding.EncodeToString(der) },
	"after a name":     func(text, _ []byte) string { return "COZE_PRIVATE_KEY=" + string(text) },
	"a cut PEM":        func(text, _ []byte) string { return string(text[:len(text)/2]) },
}

func TestAPrivateKeyIsKnownInEveryForm(t *testing.T) {
	for label, ders := range keys(t) {
		for i, der := range ders {
			text := pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
			for name, write := range writings {
				if written := write(text, der); secret.In(written) != secret.Key {
					t.Errorf("%s %d, %s: not known: %.60s", label, i, name, written)
				}
			}
		}
	}
}

func TestALineOutOfTheMiddleOfAKeyIsKnown(t *testing.T) {
	lines, missed := 0, 0
	for _, der := range keys(t)["RSA PRIVATE KEY"] {
		text := base64.StdEncoding.EncodeToString(der)
		for len(text) > 64 {
			if lines++; secret.In(text[:64]) != secret.Key {
				missed++
			}
			text = text[64:]
		}
	}
	if missed*5 > lines { // some have few digits, or slashes all over as a path has
		t.Errorf("%d of %d lines are not known", missed, lines)
	}
}

func TestAPrivateKeyIsKnownAsJWKAndXML(t *testing.T) {
	random := make([]byte, 256)
	_, _ = rand.Read(random)
	d := base64.RawURLEncoding.EncodeToString(random)
	for name, text := range map[string]string{
		"RSA":             `{"kty":"RSA","n":"x","e":"AQAB","d":"` + d + `"}`,
		"in JSON":         `"{\"kty\":\"RSA\",\"d\":\"` + d + `\"}"`,
		"in JSON of JSON": `\"d\\\" : \\\"` + d,
		"in Base64":       base64.StdEncoding.EncodeToString([]byte(`{"kty":"RSA","n":"x","e":"AQAB","d":"` + d + `"}`)),
		"EC":              `{"kty":"EC","crv":"P-256", "d" : "` + d[:43] + `"}`,
		".NET":            "<RSAKeyValue><Modulus>x</Modulus><D>" + base64.StdEncoding.EncodeToString(random) + "</D></RSAKeyValue>",
	} {
		if secret.In(text) != secret.Key {
			t.Errorf("%s: not known: %s", name, text)
		}
	}
}

func TestTokensAreKnown(t *testing.T) {
	random := make([]byte, 48)
	_, _ = rand.Read(random)
	tail := strings.NewReplacer("-", "x", "_", "y").Replace(base64.RawURLEncoding.EncodeToString(random))
	inBase64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for _, text := range []string{
		inBase64("pat_" + tail), inBase64("sat_" + tail), inBase64("czs_" + tail), inBase64("czu_" + tail), inBase64("cztei_" + tail), "x: " + inBase64("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0."+tail),
		"https://%22pat_" + tail[:20] + "%22@api.coze.cn", "a=" + url.PathEscape("x eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0."+tail[:20]),
		"pat_" + tail, "czs_" + tail, "czu_" + tail, "sat_" + tail, "cztei_" + tail, "Authorization: Bearer czu_" + tail[:20],
		"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0." + tail,
	} {
		if got := secret.In(text); got != secret.Token {
			t.Errorf("%s is %q", text, got)
		}
	}
}

// shown are texts that people need to see.
func shown() []string {
	sum, long := sha256.Sum256([]byte("x")), sha512.Sum512([]byte("x"))
	key, _ := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // its public half is looked at
	spki, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	return []string{
		base64.RawURLEncoding.EncodeToString(sum[:]), // a Key ID
		"_" + base64.RawURLEncoding.EncodeToString(sum[:])[1:],
		"1180437454660", "1176000000000000000000",
		"20260115080000A1B2C3D4E5F60718293A", // a log id
		hex.EncodeToString(sum[:]), hex.EncodeToString(long[:]),
		"SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:]),
		"sha512-" + base64.StdEncoding.EncodeToString(long[:]), "sha256:" + hex.EncodeToString(sum[:]),
		"/home/someone/Projects2/src/main/resources/config/keys/production/Private_key2.pem",
		"/tmp/TestAnEditThatCannotBeReadOrWrittenIsAFault3298472/001/config/private_key",
		"/home/someone/GetAccessTokenWithRetryAndBackoffImplementationV2Test/X1/Y2/Zz",
		"/Users/Someone/Library/Application/Support/Company9/Product/Version/Current/key",
		"config/private_key_20260115_0a1b2c3d.pem", `C:\Users\Someone\Documents\private_key.pem`,
		"https://api.coze.cn/api/permission/oauth2/account/123456789/token?x=1",
		"urn:ietf:params:oauth:grant-type:jwt-bearer", "pat_", "czu_Ab12…", "eyJ", "your_private_key", "MIIBIjANBg",
		strings.Repeat("a", 200), strings.Repeat("0", 80), strings.Repeat("Ab1", 5),
		"-----BEGIN PUBLIC KEY-----", "a private key starts with -----BEGIN PRIVATE KEY-----, not with a path",
		"from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----, both lines too",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1A",
		"the quick brown fox jumps over the lazy dog and runs", "密钥的指纹不是私钥",
		base64.StdEncoding.EncodeToString(spki)[:40],
	}
}

func TestWhatPeopleNeedIsShown(t *testing.T) {
	for _, text := range shown() {
		if got := secret.In(text); got != secret.None {
			t.Errorf("%q is taken for a %s", text, got)
		}
		if got := secret.Hidden(text, "(hidden)"); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestHiddenLeavesNothingOfASecret(t *testing.T) {
	for label, ders := range keys(t) {
		for _, der := range ders {
			text := pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
			for name, write := range writings {
				got := secret.Hidden("before: "+write(text, der)+"\nafter", "(hidden)")
				if !strings.HasPrefix(got, "before: ") || !strings.Contains(got, "(hidden)") || secret.In(got) != secret.None {
					t.Errorf("%s, %s: %q", label, name, got)
				}
				if body := base64.StdEncoding.EncodeToString(der); strings.Contains(got, body[len(body)/2:len(body)/2+12]) {
					t.Errorf("%s, %s: a piece is left in %q", label, name, got)
				}
			}
		}
	}
	if got := secret.Hidden("a pat_0123456789abcdef0123 b czs_0123456789abcdef0123, c", "…"); got != "a … b …, c" {
		t.Errorf("two tokens: %q", got)
	}
}

func TestAKeyInAURLIsHiddenWhole(t *testing.T) {
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keys(t)["PRIVATE KEY"][0]}))
	got := secret.Hidden("to https://x.example/"+url.PathEscape(text)+" and https://x.example/a%20b", "(hidden)")
	if want := "to (hidden) and https://x.example/a%20b"; got != want {
		t.Errorf("it becomes %q", got)
	}
}

func TestAPublicKeyIsShownInAText(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	private := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	if got := secret.HiddenInText(public+private+public, "(hidden)"); got != public+"(hidden)\n"+public {
		t.Errorf("it becomes\n%s", got)
	}
}

func FuzzHidden(f *testing.F) {
	for _, text := range shown() {
		f.Add(text)
	}
	f.Add("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n pat_0123456789abcdef0123")
	f.Fuzz(func(t *testing.T, text string) {
		if got := secret.Hidden(text, "…"); secret.In(got) != secret.None {
			t.Errorf("%q becomes %q, which holds a %s", text, got, secret.In(got))
		}
	})
}

// The DER of a key in hex is found however its bytes are written.
func TestAKeyInHexIsFound(t *testing.T) {
	for label, all := range keys(t) {
		for _, der := range all {
			for _, between := range []string{"", " ", ":"} {
				digits := strings.ReplaceAll(fmt.Sprintf("% x", der), " ", between)
				for _, text := range []string{digits, strings.ToUpper(digits), "0x" + digits, "key: " + digits + "\n"} {
					if got := secret.In(text); got != secret.Key {
						t.Errorf("%s with %q between the bytes, %.24s…: it is %q", label, between, text, got)
					}
				}
			}
		}
	}
}

// The lines of a PEM are looked for only where they can be; a filter before the pattern hides none.
func TestALineOfAPEMIsNotOverlooked(t *testing.T) {
	body := strings.Repeat("MIIEvQIBADANBgkq", 4)
	for _, dash := range []string{"-----", "—", "%2D%2D", "&#45;", `\u002d`, "- - ", "-- "} {
		for _, space := range []string{" ", "_", "+", "%20", "&nbsp;", `\u0020`, "\u00a0", "  ", "\n"} {
			for _, label := range []string{"PRIVATE KEY", "RSA PRIVATE KEY", "A PRIVATE PRIVATE KEY"} {
				line := func(word string) string {
					return dash + word + strings.ReplaceAll(" "+label, " ", space) + dash
				}
				for _, text := range []string{
					line("BEGIN") + "\n" + body + "\n" + line("END"), "A_PRIVATE_KEY=" + line("BEGIN") + "\n" + body, body + "\n" + line("END"),
				} {
					if got := secret.In("BACKEND_PRIVATE_KEY_PATH=x\n" + text); got != secret.Key {
						t.Errorf("%q: it is %q", text, got)
					}
				}
			}
		}
	}
}

// Base64url has runs of 60 characters only by chance, and may have the beginning of a token in it.
func TestEachPrivatePartOfAJWKIsHidden(t *testing.T) {
	long := "pat_" + strings.Repeat("Ab1-Cd2_", 30)
	for _, names := range [][]string{{"d", "p", "q", "dp", "dq", "qi"}, {"D", "P", "Q", "DP", "DQ", "InverseQ"}} {
		var members []string
		for _, name := range names {
			members = append(members, fmt.Sprintf("%q: %q", name, long))
		}
		for _, text := range []string{"{" + strings.Join(members, ", ") + "}", "{\n  " + strings.Join(members, ",\n  ") + "\n}"} {
			if secret.In(text) != secret.Key {
				t.Errorf("%s: %q", text, secret.In(text))
			}
			if hidden := secret.Hidden(text, "…"); strings.Contains(hidden, "Ab1") {
				t.Errorf("what is left is %s", hidden)
			}
		}
	}
	for _, text := range []string{`{"id": 1, "p": "src/main/resources/a/path/of/a/project/application"}`, `{"id": "x", "q": "what people look for in a search"}`} {
		if got := secret.In(text); got != secret.None {
			t.Errorf("%s: %q", text, got)
		}
	}
}
