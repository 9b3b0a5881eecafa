//go:build campaign && unix

package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cozejwt/internal/disk"
	"cozejwt/keygen"
)

// A member of a crowd is a command that runs while others do, in the same project.
type member struct {
	name string
	args func(w *world, n int) []string // of the n-th
}

// crowd are the commands that run at once.
var crowd = []member{
	{"init", func(w *world, n int) []string {
		return unasked("init", "--reuse-key", "--app-id", fmt.Sprintf("$APP%d", n), "--key-path", fmt.Sprintf("config/own%d.pem", n), "--key-id", fmt.Sprintf("$OWN%d", n), "--json")
	}},
	{"rotate", func(w *world, n int) []string {
		return unasked("rotate", "--key-path", fmt.Sprintf("config/next%d.pem", n%2), "--key-id", fmt.Sprintf("$NEXT%d", n%2), "--json")
	}},
	{"use", func(*world, int) []string { return unasked("use", "other") }},
	{"import", func(w *world, n int) []string {
		return []string{"import", "old.json", "--profile", "p" + strconv.Itoa(n%3), "--yes", "--no-input"}
	}},
	{"keygen", func(*world, int) []string { return []string{"keygen", "--key-path", "config/same.pem", "--json"} }},
	{"keygen --force", func(w *world, n int) []string {
		return []string{"keygen", "--key-path", "config/same.pem", "--force", "--json"}
	}},
	{"verify --yes", func(*world, int) []string { return []string{"verify", "--yes", "--no-input"} }},
	{"match --yes", func(*world, int) []string { return append(unasked("match"), "--max-pairs", "500") }},
	{"token --cache", func(*world, int) []string { return []string{"token", "--cache"} }},
	{"rollback", func(*world, int) []string { return unasked("rotate", "--rollback") }},
	{"prune", func(*world, int) []string { return unasked("rotate", "--prune") }},
	{"export", func(w *world, n int) []string {
		return []string{"export", "--format", "k8s", "--out", "secret.yaml"}
	}},
}

// TestCrowds runs ten of each command at once, then mixtures, some while an editor replaces the
// .env and some of them killed while they write.
func TestCrowds(t *testing.T) {
	c, r := begin(t, "crowds"), random("crowds")
	w := newWorld(t)
	w.crowded()
	starts := []files{w.files()}
	if r := w.run(nil, unasked("rotate", "--key-path", "config/next0.pem", "--key-id", "$NEXT0")...); r.code != 0 {
		t.Fatal(r.all())
	}
	starts = append(starts, w.files())
	alike := sized(len(crowd), 20*len(crowd))
	for round := range alike + sized(6, 200) {
		if c.late() {
			break
		}
		start := r.IntN(2)
		if m := crowd[round%len(crowd)].name; m == "rollback" || m == "prune" {
			start = 1 // after a rotation
		}
		must(t, w.restore(starts[start]))
		var members []member
		for range 10 {
			m := crowd[round%len(crowd)]
			if round >= alike {
				m = crowd[r.IntN(len(crowd))]
			}
			members = append(members, m)
		}
		kind, killed := r.IntN(3), r.IntN(60)
		if round < alike {
			kind = 0
		}
		c.did(fmt.Sprintf("round %d, %s, kind %d", round, members[0].name, kind), w.crowd(members, kind, killed, r))
	}
}

// crowded is a project with keys for ten runs.
func (w *world) crowded() {
	w.t.Helper()
	w.repository()
	w.working()
	for n := range 2 {
		keyID, _ := w.key(fmt.Sprintf("config/next%d.pem", n))
		w.variable(fmt.Sprintf("NEXT%d", n), keyID)
	}
	app := w.app
	for n := range 10 {
		w.another()
		keyID, _ := w.key(fmt.Sprintf("config/own%d.pem", n))
		w.variable(fmt.Sprintf("APP%d", n), w.app)
		w.variable(fmt.Sprintf("OWN%d", n), keyID)
	}
	w.another()
	keyID, _ := w.key("config/other.pem")
	w.write(".env.other", foreign+w.settings(keyID, "config/other.pem"))
	keyID, key := w.key("")
	text, err := json.Marshal(map[string]string{
		"client_type": "jwt", "client_id": w.app, "public_key_id": keyID, "private_key": string(keygen.EncodePrivate(key)), "coze_api_base": w.coze.Base,
	})
	must(w.t, err)
	w.write("old.json", string(text))
	w.app = app
	must(w.t, os.Remove(w.path("config/public_key.pem"))) // for verify --yes
}

// another makes another app that of the world: each holds few keys.
func (w *world) another() {
	w.t.Helper()
	var err error
	w.app, err = w.coze.CreateApp(context.Background(), "app "+strconv.Itoa(len(w.known)))
	must(w.t, err)
}

// The kinds of a round.
const (
	edits = 1 // an editor replaces the .env
	kills = 2 // one of the runs is killed at a call
)

// crowd runs the members at once, and returns what is wrong afterwards.
func (w *world) crowd(members []member, kind, killed int, r *rand.Rand) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	before := w.files()
	results := make([]result, len(members))
	var running sync.WaitGroup
	for n, m := range members {
		var env []string
		if kind == kills && n == 0 {
			env = []string{disk.Broken + "=" + strconv.Itoa(killed+1) + " " + disk.KillAfter}
		}
		running.Go(func() { results[n] = w.run(env, m.args(w, n)...) })
	}
	done := make(chan bool)
	go func() { running.Wait(); close(done) }()
	if kind == edits {
		w.edits(done)
	}
	<-done
	now := w.files()
	text := strings.Builder{}
	for _, f := range now {
		text.WriteString(f.text)
	}
	keys := now.keys()
	for n, got := range results {
		name := members[n].name
		if got.code != 0 && got.code != 3 && got.code != 2 && !(kind == kills && n == 0 && got.code == -1) {
			say("%s: exit code %d\n%s", name, got.code, got.all())
		}
		wrong = append(wrong, misspoken(got)...)
		if got.code != 0 {
			continue
		}
		var said struct {
			KeyID  string `json:"key_id"`
			Public string `json:"public_key_pem"`
		}
		_ = json.Unmarshal([]byte(got.out), &said)
		if said.KeyID != "" && kind != edits && !strings.Contains(text.String(), said.KeyID) {
			say("%s ended with exit code 0, and its Key ID is in no file", name)
		}
		if said.Public != "" && !keys[announced(said.Public)] {
			say("%s announced a key that is gone", name)
		}
	}
	if _, err := w.works(".env"); err != nil {
		say(".env: %v\n%s", err, now["project/.env"].text)
	}
	return append(wrong, w.after(before, now, kind)...)
}

// after is what no crowd may leave behind.
func (w *world) after(before, now files, kind int) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for name, f := range now {
		base := filepath.Base(name)
		switch {
		case strings.Contains(base, ".tmp-"):
			if kind != kills {
				say("there is %s", name)
			}
		case strings.HasPrefix(base, ".env"):
			if _, err := w.works(base); err != nil {
				say("%s: %v", name, err)
			}
			if strings.Contains(before[name].text, foreign) && !strings.Contains(f.text, foreign) {
				say("%s lost other lines: %q", name, f.text)
			}
		}
		if (private(name) || strings.Contains(f.text, "PRIVATE KEY")) && f.mode&0o077 != 0 && base != "old.json" {
			say("%s has the mode %04o", name, f.mode.Perm())
		}
	}
	return wrong
}

// edits replaces the .env as an editor does that adds lines, until the runs are done.
func (w *world) edits(done <-chan bool) {
	for n := 0; ; n++ {
		select {
		case <-done:
			return
		default:
		}
		text, err := os.ReadFile(w.path(".env"))
		if err == nil && n < 500 {
			swap := w.path("editor.swap")
			must(w.t, os.WriteFile(swap, fmt.Appendf(text, "E%d=1\n", n), 0o600))
			must(w.t, os.Rename(swap, w.path(".env")))
		}
	}
}

// announced is the fingerprint of a public key that a run printed.
func announced(text string) string {
	public, err := keygen.ParsePublic([]byte(text))
	if err != nil {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
	}
	return keygen.Fingerprint(public)
}
