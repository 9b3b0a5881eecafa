package matching

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A host is a token endpoint that knows a key for each app and Key ID.
type host struct {
	keys   map[string]*rsa.PublicKey // by App ID and Key ID
	status int                       // that it answers with, whatever is asked; 0 for the verdict
	wait   func()                    // during a request

	mu                    sync.Mutex
	asked                 []string // App ID and Key ID
	hosts                 map[string]bool
	underWay, mostAtATime int
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.enter(1)
	defer h.enter(-1)
	if h.wait != nil {
		h.wait()
	}
	text, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	parts := strings.Split(text, ".")
	var header struct{ Kid string }
	var claims struct{ Iss, Aud string }
	for i, into := range []any{&header, &claims} {
		data, _ := base64.RawURLEncoding.DecodeString(parts[i])
		_ = json.Unmarshal(data, into)
	}
	name := claims.Iss + " " + header.Kid
	h.mu.Lock()
	h.asked = append(h.asked, name)
	h.hosts[claims.Aud], h.hosts[r.Host] = true, true
	h.mu.Unlock()
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	switch key := h.keys[name]; {
	case h.status != 0:
		refuse(w, h.status, "busy")
	case key == nil:
		refuse(w, http.StatusUnauthorized, "invalid jwt: kid not been registred")
	case rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) != nil:
		refuse(w, http.StatusUnauthorized, "invalid jwt: bad signature")
	default:
		fmt.Fprintf(w, `{"access_token":"t","expires_in":%d,"token_type":"Bearer"}`, time.Now().Add(time.Hour).Unix())
	}
}

func (h *host) enter(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.underWay += n
	h.mostAtATime = max(h.mostAtATime, h.underWay)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error_code":"invalid_client","error_message":%q}`, message)
}

var next = testkey.Pool()

func privates(n int) (keys []*rsa.PrivateKey) {
	for range n {
		key, _ := next(2048)
		keys = append(keys, key)
	}
	return keys
}

// try runs Try against a host and returns what it found as "file=id".
func try(t *testing.T, h *host, f Found) (worked []string, all []Trial, err error) {
	t.Helper()
	h.hosts = map[string]bool{}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	reported := 0
	all, err = f.Try(t.Context(), exchange.Exchanger{Now: time.Now, Client: server.Client()}, server.URL, credentials.Set{}, func(Trial) { reported++ })
	for _, trial := range all {
		if trial.OK() {
			worked = append(worked, trial.Key.Path+"="+trial.ID.KeyID)
		}
	}
	if err == nil && reported != len(h.asked) {
		t.Errorf("reported %d of %d answers", reported, len(h.asked))
	}
	if want := strings.TrimPrefix(server.URL, "http://"); len(h.asked) > 0 && (len(h.hosts) != 1 || !h.hosts[want]) {
		t.Errorf("asked %v, want %s alone", h.hosts, want)
	}
	return worked, all, err
}

func TestTryRequestsNoMoreThanIsNeeded(t *testing.T) {
	k := privates(3)
	thumb := exchange.Thumbprint.Of(&k[2].PublicKey)
	files := []Key{{Path: "0", Private: k[0]}, {Path: "1", Private: k[1]}, {Path: "2", Private: k[2]}, {Path: "1again", Private: k[1]}}
	a, b, c := ID{AppID: "7", KeyID: "a"}, ID{AppID: "7", KeyID: "b"}, ID{AppID: "7", KeyID: "c"}
	for name, test := range map[string]struct {
		keys       []Key
		ids        []ID
		knows      map[string]int
		most, want int
		worked     []string
	}{
		"none works":               {files, []ID{a, b, c}, nil, 9, 9, nil},
		"one works":                {files, []ID{a, b, c}, map[string]int{"7 b": 1}, 9, 5, []string{"1=b", "1again=b"}},
		"the diagonal":             {files, []ID{a, b, c}, map[string]int{"7 a": 0, "7 b": 1, "7 c": 2}, 9, 3, []string{"0=a", "1=b", "2=c", "1again=b"}},
		"the last of each":         {files, []ID{a, b, c}, map[string]int{"7 a": 2, "7 b": 0, "7 c": 1}, 9, 7, []string{"0=b", "1=c", "2=a", "1again=c"}},
		"one Key ID":               {files, []ID{a}, map[string]int{"7 a": 1}, 3, 2, []string{"1=a", "1again=a"}},
		"one key":                  {files[:1], []ID{a, b, c}, map[string]int{"7 b": 0}, 3, 2, []string{"0=b"}},
		"the key beside it first":  {files, []ID{{"7", "a", "2"}}, map[string]int{"7 a": 2}, 3, 1, []string{"2=a"}},
		"a digest":                 {files, []ID{{"7", thumb, ""}}, nil, 0, 0, []string{"2=" + thumb}},
		"a digest settles its key": {files, []ID{a, {"7", thumb, ""}}, nil, 2, 2, []string{"2=" + thumb}},
		"a key of two apps":        {files[:1], []ID{a, {"8", "a", ""}}, map[string]int{"7 a": 0, "8 a": 0}, 2, 2, []string{"0=a", "0=a"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := &host{keys: map[string]*rsa.PublicKey{}}
			for id, key := range test.knows {
				h.keys[id] = &k[key].PublicKey
			}
			f := Found{Keys: test.keys, IDs: test.ids}
			worked, all, err := try(t, h, f)
			if err != nil || !slices.Equal(worked, test.worked) {
				t.Errorf("worked %q (%v), want %q", worked, err, test.worked)
			}
			if most := f.MostCalls(); most != test.most || len(h.asked) != test.want {
				t.Errorf("%d requests of at most %d, want %d of %d: %q", len(h.asked), most, test.want, test.most, h.asked)
			}
			for _, trial := range all {
				if _, refused := errors.AsType[*coze.Refusal](trial.Err); !trial.OK() && !refused {
					t.Errorf("%s with %s: %v", trial.Key.Path, trial.ID.KeyID, trial.Err)
				}
				if trial.Proven != (trial.ID.KeyID == thumb && trial.OK()) {
					t.Errorf("%s with %s: proven %v", trial.Key.Path, trial.ID.KeyID, trial.Proven)
				}
			}
		})
	}
}

func TestTryAsksFourAtATime(t *testing.T) {
	var f Found
	for i, key := range privates(6) {
		f.Keys = append(f.Keys, Key{Path: fmt.Sprint(i), Private: key})
		f.IDs = append(f.IDs, ID{AppID: "7", KeyID: fmt.Sprint(i)})
	}
	four := make(chan struct{})
	h := &host{}
	h.wait = func() {
		h.mu.Lock()
		if h.underWay == atATime && len(h.asked) == 0 {
			close(four)
		}
		h.mu.Unlock()
		<-four // the first ones wait for each other
	}
	if _, _, err := try(t, h, f); err != nil || h.mostAtATime != atATime || len(h.asked) != 36 {
		t.Errorf("%d at a time, %d in all: %v", h.mostAtATime, len(h.asked), err)
	}
}

func TestTryStopsWhereTheHostSaysNothingOfThePair(t *testing.T) {
	f := Found{Keys: []Key{{Path: "0", Private: privates(1)[0]}}, IDs: []ID{{AppID: "7", KeyID: "a"}, {AppID: "7", KeyID: "b"}}}
	for _, status := range []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusTooManyRequests} {
		h := &host{status: status}
		if _, all, err := try(t, h, f); err == nil || all != nil || len(h.asked) != 1 {
			t.Errorf("HTTP %d: %v after %d requests", status, err, len(h.asked))
		}
	}
	x := exchange.Exchanger{Now: time.Now, Client: coze.NewClient()}
	if _, err := f.Try(t.Context(), x, "http://127.0.0.1:1", credentials.Set{}, func(Trial) { t.Error("reported") }); !errors.Is(err, coze.ErrRefused) {
		t.Errorf("nothing listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Try(ctx, x, "http://127.0.0.1:1", credentials.Set{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Behind a proxy the aud is another host's, and the owner is that of the .env's app alone.
func TestTryRequestsWhatTheSetSays(t *testing.T) {
	k := privates(1)
	f := Found{Keys: []Key{{Path: "0", Private: k[0]}}, IDs: []ID{{AppID: "7", KeyID: "a"}, {AppID: "8", KeyID: "b"}}}
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), ".")
		claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
		var said struct{ Iss, Aud string }
		_ = json.Unmarshal(claims, &said)
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, said.Iss+" "+said.Aud+" "+r.URL.Path)
		refuse(w, http.StatusUnauthorized, "invalid jwt: kid not been registred")
	}))
	t.Cleanup(server.Close)
	set := credentials.Set{AppID: "7", Aud: "api.coze.cn", AccountID: "55"}
	x := exchange.Exchanger{Now: time.Now, Client: server.Client(), Waiting: exchange.Waiting{For: time.Hour, Passes: func(error) bool { return true }}}
	if _, err := f.Try(t.Context(), x, server.URL, set, func(Trial) {}); err != nil {
		t.Fatal(err)
	}
	want := []string{"7 api.coze.cn /api/permission/oauth2/account/55/token", "8 api.coze.cn /api/permission/oauth2/token"}
	slices.Sort(asked)
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
}

func TestChoose(t *testing.T) {
	k := privates(2)
	trial := func(path string, key int, keyID string, err error) Trial {
		return Trial{Key: Key{Path: path, Form: keygen.PKCS8, Private: k[key]}, ID: ID{AppID: "7", KeyID: keyID}, Err: err}
	}
	embedded := trial("app.yaml", 0, "a", nil)
	embedded.Key.Embedded = true
	pkcs1 := trial("pkcs1", 0, "a", nil)
	pkcs1.Key.Form = keygen.PKCS1
	own := pkcs1
	own.Key.Path = filepath.FromSlash("/p/pkcs1")
	env := func(keyID, keyPath string) credentials.EnvFile {
		return credentials.EnvFile{Path: "/p/.env", Set: credentials.Set{AppID: "7", KeyID: keyID, KeyPath: keyPath}}
	}
	refused := fault.Invalid("refused")
	otherApp := trial("0", 0, "a", nil)
	otherApp.ID.AppID = "8"
	for name, test := range map[string]struct {
		trials []Trial
		env    credentials.EnvFile
		want   string
	}{
		"none":                     {nil, env("a", ""), ""},
		"all refused":              {[]Trial{trial("0", 0, "a", refused)}, env("a", ""), ""},
		"the only one":             {[]Trial{trial("0", 0, "a", refused), trial("1", 1, "a", nil)}, env("x", ""), "1=a"},
		"that of the .env":         {[]Trial{trial("0", 0, "a", nil), trial("1", 1, "b", nil)}, env("b", ""), "1=b"},
		"two that nothing chooses": {[]Trial{trial("0", 0, "a", nil), trial("1", 1, "b", nil)}, env("x", ""), ""},
		"two apps":                 {[]Trial{trial("0", 0, "a", nil), otherApp}, env("x", ""), ""},
		"the app of the .env":      {[]Trial{otherApp, trial("0", 0, "a", nil)}, env("a", ""), "0=a"},
		"the file of the .env":     {[]Trial{trial("0", 0, "a", nil), trial(filepath.FromSlash("/p/1"), 0, "a", nil)}, env("a", "1"), "/p/1=a"},
		"a file that is PKCS#8":    {[]Trial{pkcs1, trial("0", 0, "a", nil)}, env("a", ""), "0=a"},
		"no file that is PKCS#8":   {[]Trial{embedded, pkcs1}, env("a", ""), "pkcs1=a"},
		"PKCS#1 in the .env":       {[]Trial{own, trial("0", 0, "a", nil)}, env("a", "pkcs1"), "/p/pkcs1=a"},
		"a file of its own":        {[]Trial{embedded, trial("0", 0, "a", nil)}, env("a", ""), "0=a"},
		"nothing but settings":     {[]Trial{embedded}, env("a", ""), "app.yaml=a"},
	} {
		got, chosen := Choose(test.trials, test.env)
		if shown := filepath.ToSlash(got.Key.Path) + "=" + got.ID.KeyID; chosen != (test.want != "") || chosen && shown != test.want {
			t.Errorf("%s: %v %s, want %s", name, chosen, shown, test.want)
		}
	}
}
