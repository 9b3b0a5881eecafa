//go:build e2e && unix

package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// byAuthlib makes a token endpoint the service of a project, with the keys that its own service
// knows. Its checks and answers are those of Authlib, the OAuth library of Python, which knows
// RFC 7523 and nothing of Coze. The function it returns ends it, and gives its outcome of each request.
func byAuthlib(t *testing.T, r *rotating) (outcomes func() []string) {
	t.Helper()
	output(t, exec.Command("/usr/bin/python3", "-c", "import authlib")) // or the test is skipped
	cmd := exec.Command("/usr/bin/python3", "testdata/authlib/server.py")
	cmd.Stdin = bytes.NewReader(r.knownKeys())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var port [6]byte // of five digits, as the ports that a system hands out have
	if _, err := io.ReadFull(out, port[:]); err != nil {
		_ = cmd.Wait()
		t.Fatalf("no port: %v\n%s", err, &stderr)
	}
	base := "http://127.0.0.1:" + strings.TrimSpace(string(port[:]))
	r.write(".env", strings.ReplaceAll(r.read(".env"), r.base, base))
	r.base = base
	return func() []string {
		_ = cmd.Process.Kill()
		text, err := io.ReadAll(out)
		_ = cmd.Wait()
		if err != nil || stderr.Len() > 0 {
			t.Errorf("the endpoint: %v\n%s", err, &stderr)
		}
		return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
}

// knownKeys are the keys that the project's service knows, as server.py reads them.
func (r *rotating) knownKeys() []byte {
	r.t.Helper()
	known := map[string]string{}
	r.coze.keys.Range(func(id, key any) bool {
		der, err := x509.MarshalPKIXPublicKey(key.(*rsa.PublicKey))
		if err != nil {
			r.t.Fatal(err)
		}
		known[id.(string)] = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		return true
	})
	text, err := json.Marshal(map[string]map[string]string{r.coze.appID: known})
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

// The pairs that match tries, and the one that it finds, are right by an endpoint that others wrote.
func TestMatchFindsThePairByAuthlib(t *testing.T) {
	t.Parallel()
	for _, a := range arrangements {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			r := arranged(t, a)
			outcomes := byAuthlib(t, r)
			out, code := r.run(r.match("--json")...)
			var doc struct {
				Tried []triedEntry `json:"tried"`
				Pair  *pairEntry   `json:"pair"`
			}
			if err := json.Unmarshal([]byte(out[max(0, strings.Index(out, "{")):]), &doc); err != nil {
				t.Fatalf("exit code %d: %v\n%s", code, err, out)
			}
			pair, pairs := "", map[string]bool{} // that were tried, by the key and not the file
			if doc.Pair != nil {
				pair = filepath.Base(doc.Pair.KeyPath) + "=" + doc.Pair.KeyID
			}
			for _, e := range doc.Tried {
				pairs[e.SHA256+e.KeyID] = e.OK
			}
			said := outcomes() // "400 " is Authlib's for a bad signature
			works := 0
			for _, ok := range pairs {
				if ok {
					works++
				}
			}
			if code != a.code || pair != a.pair || len(pairs) != a.asks || len(said) != a.asks || works != strings.Count("\n"+strings.Join(said, "\n"), "\n200 ") {
				t.Errorf("exit code %d, pair %q, %d pairs tried of which %d work; want %d, %q, %d; the endpoint said %q:\n%s", code, pair, len(pairs), works, a.code, a.pair, a.asks, said, out)
			}
			t.Logf("%d requests, %d of them answered with a token", len(said), works)
			if a.code == 0 && works == 0 {
				t.Error("no pair works")
			}
		})
	}
}
