package main

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A foreignCoze is a token endpoint that shares no code with this project: it
// takes a JWT apart by hand and checks it with crypto/rsa alone.
type foreignCoze struct {
	appID string
	keys  sync.Map // of *rsa.PublicKey by Key ID
	asked atomic.Int64
	path  atomic.Value // of the last request
	late  atomic.Int64 // how many requests more know no key yet
}

func (c *foreignCoze) register(keyID string, key *rsa.PublicKey) { c.keys.Store(keyID, key) }

// endpoint NAME [APPID KEYID PUBLICKEYFILE] starts a token endpoint that knows
// that one key, or none, and sets $NAME to its base URL.
func endpoint(ts *testscript.TestScript, _ bool, args []string) {
	c := &foreignCoze{}
	if len(args) == 4 {
		c.appID = args[1]
		c.register(args[2], publicKey(ts, args[3]))
	}
	server := httptest.NewServer(c)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
	endpoints.Store(server.URL, c)
}

// endpoints are those that scripts have started, by their base URL.
var endpoints sync.Map

// knows NAME KEYID PUBLICKEYFILE makes the endpoint $NAME know a key, or with -
// for the file, no longer know it.
func knows(ts *testscript.TestScript, _ bool, args []string) {
	c, _ := endpoints.Load(ts.Getenv(args[0]))
	if args[2] == "-" {
		c.(*foreignCoze).keys.Delete(args[1])
		return
	}
	c.(*foreignCoze).register(args[1], publicKey(ts, args[2]))
}

// asked NAME COUNT checks how often the endpoint $NAME was asked for a token.
func asked(ts *testscript.TestScript, _ bool, args []string) {
	c, _ := endpoints.Load(ts.Getenv(args[0]))
	if n := c.(*foreignCoze).asked.Load(); strconv.FormatInt(n, 10) != args[1] {
		ts.Fatalf("asked %d times, want %s", n, args[1])
	}
}

// late NAME COUNT makes the endpoint $NAME know no key for that many requests.
func late(ts *testscript.TestScript, _ bool, args []string) {
	c, _ := endpoints.Load(ts.Getenv(args[0]))
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	c.(*foreignCoze).late.Store(n)
}

// tokenPaths are the token endpoints of coze-go (auth.go).
var tokenPaths = regexp.MustCompile(`^/api/permission/oauth2/(account/[^/]+/|enterprise_id/[^/]+/)?token$`)

// posted NAME PATH checks the path of the last request to the endpoint $NAME.
func posted(ts *testscript.TestScript, _ bool, args []string) {
	c, _ := endpoints.Load(ts.Getenv(args[0]))
	if path := c.(*foreignCoze).path.Load(); path != args[1] {
		ts.Fatalf("asked %v, want %s", path, args[1])
	}
}

// proxy NAME URL [TIME] starts a proxy to a URL, which asks there in its own name, and sets $NAME to its
// base URL. With each answer, the script's clock goes on by TIME.
func proxy(ts *testscript.TestScript, _ bool, args []string) {
	to, err := url.Parse(args[1])
	ts.Check(err)
	reverse := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	if len(args) > 2 {
		step, err := time.ParseDuration(args[2])
		ts.Check(err)
		clock := clockOf(ts)
		clock.pass(0)
		reverse.ModifyResponse = func(*http.Response) error {
			clock.pass(step)
			return nil
		}
	}
	server := httptest.NewServer(reverse)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// host NAME sets $NAME_HOST to the host of the URL $NAME, as an aud has it.
func host(ts *testscript.TestScript, _ bool, args []string) {
	_, host, _ := strings.Cut(ts.Getenv(args[0]), "://")
	ts.Setenv(args[0]+"_HOST", host)
}

func publicKey(ts *testscript.TestScript, file string) *rsa.PublicKey {
	block, _ := pem.Decode([]byte(ts.ReadFile(file)))
	if block == nil {
		ts.Fatalf("%s is no PEM file", file)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	ts.Check(err)
	return key.(*rsa.PublicKey)
}

func (c *foreignCoze) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.asked.Add(1)
	c.path.Store(r.URL.Path)
	w.Header().Set("X-Tt-Logid", "20261123foreign")
	w.Header().Set("Content-Type", "application/json")
	if err := c.check(r); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"error_code":"invalid_client","error_message":%q,"error":"invalid_client"}`, "invalid jwt: "+err.Error())
		return
	}
	fmt.Fprintf(w, `{"access_token":"foreign_token_0123","expires_in":%d,"token_type":"Bearer"}`, time.Now().Add(15*time.Minute).Unix())
}

func (c *foreignCoze) check(r *http.Request) error {
	assertion, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	parts := strings.Split(assertion, ".")
	if !tokenPaths.MatchString(r.URL.Path) || len(parts) != 3 {
		return fmt.Errorf("empty jwt token")
	}
	var header struct{ Alg, Typ, Kid string }
	var claims struct {
		Iss, Aud, Jti string
		Iat, Exp      int64
	}
	for i, into := range []any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return err
		}
	}
	stored, ok := c.keys.Load(header.Kid)
	if !ok || c.late.Add(-1) >= 0 {
		return fmt.Errorf("kid not been registred")
	}
	key := stored.(*rsa.PublicKey)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature); err != nil {
		return fmt.Errorf("bad signature")
	}
	now := time.Now().Unix()
	if header.Alg != "RS256" || header.Typ != "JWT" || claims.Iss != c.appID || claims.Aud != r.Host || claims.Jti == "" ||
		claims.Iat > now || claims.Exp <= now {
		return fmt.Errorf("bad claims %+v", claims)
	}
	return nil
}
