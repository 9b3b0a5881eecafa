//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// gridIDs are three Key IDs, as a console shows them.
var gridIDs = []string{"_Aaa-fghijklmnopqrstuvwxyz0123456789ABCDEFG", "_Bbb-fghijklmnopqrstuvwxyz0123456789ABCDEFG", "_Ccc-fghijklmnopqrstuvwxyz0123456789ABCDEFG"}

// gridFiles are files of keys as a team has them: the last holds the same key as the one before.
var gridFiles = []string{"private_key.pem", "private_key.pem1", "private_key.pem2", "private_key.pem3"}

// An arrangement says which of three Key IDs Coze knows, with the key of which file, -1 for one that is
// in none; how many tokens may be requested and how many are; and the pair that is found.
type arrangement struct {
	name       string
	of         map[int]int
	most, asks int
	code       int
	pair       string
}

var arrangements = []arrangement{
	{"one pair works", map[int]int{0: -1, 1: 1, 2: -1}, 9, 5, 0, "private_key.pem1=" + gridIDs[1]},
	{"each key has its Key ID", map[int]int{0: 2, 1: 0, 2: 1}, 9, 7, 0, "private_key.pem2=" + gridIDs[0]},
	{"no pair works", map[int]int{}, 9, 9, 3, ""},
}

// arranged is a project in an arrangement. Its .env has the first Key ID with the first file.
func arranged(t *testing.T, a arrangement) *rotating {
	t.Helper()
	r := newRotating(t)
	if err := os.RemoveAll(r.path("config")); err != nil {
		t.Fatal(err)
	}
	keys := testkey.Pool()
	for i, file := range gridFiles {
		if i == len(gridFiles)-1 {
			r.write(file, r.read(gridFiles[i-1]))
			break
		}
		key, err := keys(2048)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keygen.Save(r.path(file), key, keygen.Refuse, time.Now()); err != nil {
			t.Fatal(err)
		}
		for id, of := range a.of {
			if of == i {
				r.coze.register(gridIDs[id], &key.PublicKey)
			}
		}
	}
	for id, of := range a.of {
		if of < 0 {
			r.coze.register(gridIDs[id], &testkey.RSA().PublicKey)
		}
	}
	r.write(".env", strings.NewReplacer(testKeyID, gridIDs[0], "config/private_key.pem", gridFiles[0]).Replace(r.read(".env")))
	return r
}

// match runs the command with the Key IDs that are not in the .env.
func (r *rotating) match(args ...string) []string {
	return append([]string{"match", "--key-id", gridIDs[1], "--key-id", gridIDs[2]}, args...)
}

// requests is how many tokens the service was asked for since.
func (r *rotating) requests(during func()) int {
	before := r.coze.asked.Load()
	during()
	return int(r.coze.asked.Load() - before)
}

func TestMatchRequestsWhatAnArrangementNeeds(t *testing.T) {
	t.Parallel()
	for _, a := range arrangements {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			r := arranged(t, a)
			var out string
			var code int
			n := r.requests(func() { out, code = r.run(r.match("--json")...) })
			if code != a.code || n != a.asks {
				t.Errorf("exit code %d after %d requests, want %d after %d:\n%s", code, n, a.code, a.asks, out)
			}
			var doc struct {
				Base  string       `json:"api_base"`
				Tried []triedEntry `json:"tried"`
				Pair  *pairEntry   `json:"pair"`
				Env   string       `json:"env_path"`
			}
			if err := json.Unmarshal([]byte(out[strings.Index(out, "{"):]), &doc); err != nil {
				t.Fatalf("%v:\n%s", err, out)
			}
			pairs := map[string]bool{} // that were tried, by the key and not the file
			for _, e := range doc.Tried {
				pairs[e.SHA256+e.KeyID] = true
				if e.AppID != testAppID || e.OK != (e.Refusal == "") {
					t.Errorf("tried %+v", e)
				}
			}
			pair := ""
			if doc.Pair != nil {
				pair = filepath.Base(doc.Pair.KeyPath) + "=" + doc.Pair.KeyID
			}
			if doc.Base != r.base || doc.Env != r.path(".env") || pair != a.pair || len(pairs) != a.asks {
				t.Errorf("%s for %s at %s, %d pairs tried:\n%s", pair, doc.Env, doc.Base, len(pairs), out)
			}
		})
	}
}

// A barFrame is a state of the bar, which the next one clears. A port is another one in each run.
var barFrame, port = regexp.MustCompile(`[^\n]*\r\x1b\[K`), regexp.MustCompile(`127\.0\.0\.1:\d+`)

// The grid of each arrangement, in each language at each size, is what the golden file has.
func TestTheGridOfAnArrangement(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Codes() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, a := range arrangements {
				r := arranged(t, a)
				for _, size := range [][2]int{{40, 12}, {80, 24}, {120, 36}, {200, 50}} {
					var raw string
					n := r.requests(func() { raw = r.grid(t, a, lang, size) })
					if n != a.asks {
						t.Errorf("%s: %d requests, want %d", a.name, n, a.asks)
					}
					drawn := min(a.asks, a.most-1) // a bar that is full is gone
					for i := range drawn + 1 {
						if !strings.Contains(raw, fmt.Sprintf(" %d/%d", i, a.most)) {
							t.Errorf("%s, %v: the bar lacks %d of %d:\n%q", a.name, size, i, a.most, raw)
						}
					}
					text := ansi.Strip(barFrame.ReplaceAllString(strings.ReplaceAll(raw, "\r\n", "\n"), ""))
					text = port.ReplaceAllString(text, "127.0.0.1:40000") // which has the usual number of digits
					fmt.Fprintf(&got, "== %s, %dx%d ==\n%s\n", a.name, size[0], size[1], text)
				}
			}
			golden(t, "testdata/match-"+lang+".golden", got.String())
		})
	}
}

// grid runs the command on a terminal, and returns all that it wrote.
func (r *rotating) grid(t *testing.T, a arrangement, lang string, size [2]int) string {
	t.Helper()
	script := []string{"-c", `cd "$0" && exec "$@"`, r.dir, build(t, ".")}
	term := start(t, answering, size[0], size[1], r.env, "sh", append(script, r.match("--no-input", "--lang", lang)...)...)
	if code := term.exit(); code != a.code {
		t.Errorf("%s, %v: exit code %d, want %d", a.name, size, code, a.code)
	}
	return term.output()
}

// golden compares a text with a file, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, want := strings.Split(got, "\n"), strings.Split(string(data), "\n")
	for i := range max(len(lines), len(want)) {
		if i >= len(lines) || i >= len(want) || lines[i] != want[i] {
			t.Fatalf("line %d of %s differs (go test ./cmd/cozejwt -run %s -update writes it again):\n%s", i+1, path, t.Name(), strings.Join(lines[max(0, i-3):min(i+3, len(lines))], "\n"))
		}
	}
}

// A Key ID that is a digest of a key needs no request; that Coze has issued a token for one is
// remembered, and cleared with the rest.
func TestAFingerprintOfTheKeyNeedsNoRequest(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	keyID := exchange.SPKI.Of(&testkey.RSA().PublicKey)
	r.coze.register(keyID, &testkey.RSA().PublicKey)
	r.write(".env", strings.ReplaceAll(r.read(".env"), testKeyID, keyID))
	remembered := func() bool {
		out, _ := r.run("state", "--all", "--json")
		return strings.Contains(out, `"kind": "digest"`)
	}
	n := r.requests(func() {
		if out, code := r.run("match"); code != 0 || !strings.Contains(out, "✓ same fingerprint") || !strings.Contains(out, "already uses this pair") {
			t.Errorf("exit code %d:\n%s", code, out)
		}
	})
	if n != 0 || remembered() {
		t.Errorf("%d requests; remembered %v before a token", n, remembered())
	}
	if out, code := r.run("token"); code != 0 || !remembered() {
		t.Errorf("exit code %d; remembered %v:\n%s", code, remembered(), out)
	}
}
