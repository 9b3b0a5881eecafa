//go:build campaign && unix

package campaign

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// hostile stands in a file for the address of the server that answers as none should.
const hostile = "http://hostile.invalid"

// An asking command asks a service, in a project with credentials that work with another one.
type asking struct {
	name    string
	args    []string
	prepare func(*world) // besides the credentials
	based   bool         // its files say which service, not --api-base
	tokens  bool         // the first request is for a token, which is issued
}

// asked are the commands that ask a service. None waits for an answer for more than a second.
var asked = []asking{
	{name: "token", args: []string{"token"}},
	{name: "token --cache", args: []string{"token", "--cache", "--json"}},
	{name: "api", args: []string{"api", "/v1/workspaces"}, tokens: true},
	{name: "api --paginate", args: []string{"api", "/v1/workspaces", "--paginate", "--jq", ".data"}, tokens: true},
	{name: "api --cache -i", args: []string{"api", "/v1/workspaces", "--cache", "-i"}, tokens: true},
	{name: "verify", args: []string{"verify", "--json"}},
	{name: "verify --call", args: []string{"verify", "--call"}, tokens: true},
	{name: "exec", args: []string{"exec", "--", "true"}},
	{name: "match", args: []string{"match", "--no-input", "--json"}, prepare: (*world).second},
	{name: "profiles", args: []string{"profiles", "--test"}, prepare: (*world).other, based: true},
	{name: "use", args: unasked("use", "other"), prepare: (*world).other, based: true},
	{name: "init", args: unasked("init", "--reuse-key", "--key-path", "config/new.pem", "--key-id", "$NEW", "--json"), prepare: (*world).second},
	{name: "rotate", args: unasked("rotate", "--key-path", "config/new.pem", "--key-id", "$NEW"), prepare: (*world).second},
	{name: "import", args: []string{"import", "old.env", "--profile", "third", "--test", "--yes", "--no-input"}, based: true, prepare: func(w *world) {
		keyID, _ := w.key("config/third.pem")
		w.write("old.env", strings.ReplaceAll(w.settings(keyID, "config/third.pem"), w.coze.Base, hostile))
	}},
}

// other is a profile whose service is hostile.
func (w *world) other() {
	w.t.Helper()
	keyID, _ := w.key("config/other.pem")
	w.write(".env.other", strings.ReplaceAll(w.settings(keyID, "config/other.pem"), w.coze.Base, hostile))
}

// TestNetwork asks servers that answer as none should.
func TestNetwork(t *testing.T) {
	c, r := begin(t, "network"), random("network")
	var strayed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(elsewhere.Close)
	all := answers(elsewhere.URL)
	slices.SortFunc(all, func(a, b answer) int { return strings.Compare(a.name, b.name) }) // or a seed would mean another run
	if len(all) < 150 {
		t.Errorf("there are only %d answers", len(all))
	}
	askers := make(chan []*asker, 6) // most of them wait
	for range cap(askers) {
		askers <- newAskers(t)
	}
	var running sync.WaitGroup
	type asks struct{ answer, command int }
	var runs []asks
	for a := range all {
		for _, n := range r.Perm(len(asked))[:sized(1, len(asked))] {
			runs = append(runs, asks{a, n})
		}
	}
	r.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	for _, run := range runs {
		if c.late() {
			break
		}
		a, as := all[run.answer], <-askers
		running.Go(func() {
			c.did(asked[run.command].name+": "+a.name, as[run.command].asks(a))
			askers <- as
		})
	}
	running.Wait()
	if strayed.Load() > 0 {
		t.Errorf("%d requests went to another host", strayed.Load())
	}
}

// An asker is the project that a command asks in.
type asker struct {
	*asking
	*world
	before files
}

func newAskers(t *testing.T) (all []*asker) {
	t.Helper()
	for i := range asked {
		a := &asker{&asked[i], newWorld(t), nil}
		a.working()
		if a.prepare != nil {
			a.prepare(a.world)
		}
		a.before = a.files()
		all = append(all, a)
	}
	return all
}

// asks runs the command against a server that answers so, and returns what is wrong.
func (w *asker) asks(a answer) (wrong []string) {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if w.tokens && strings.Contains(r.URL.Path, "oauth2") {
			answered(200, token())(rw, r)
			return
		}
		a.answer(rw, r)
	}))
	defer server.Close()
	defer server.CloseClientConnections()
	args := slices.Concat(w.args[:1], []string{"--timeout", "1s"}, w.args[1:])
	if !w.based {
		args = slices.Insert(args, 1, "--api-base", server.URL)
	}
	before := maps.Clone(w.before)
	for name, f := range before {
		f.text = strings.ReplaceAll(f.text, hostile, server.URL)
		before[name] = f
	}
	if err := w.restore(before); err != nil {
		return []string{err.Error()}
	}
	r, used := w.measure(nil, args...)
	wrong = append(excess(r, used, maxMemory), w.printed(a, r)...)
	if !slices.Contains([]int{0, 1, 3, 4}, r.code) && !(r.code == 2 && slices.Contains(w.args, "--jq")) {
		wrong = append(wrong, fmt.Sprintf("exit code %d\n%s", r.code, r.stderr))
	}
	return append(wrong, w.harm(before, r)...)
}

// harm is what an answer may not do to the project: another set in the .env than the one that
// worked, a temporary file, a key that is gone or that others can read.
func (w *asker) harm(before files, r result) (wrong []string) {
	now := w.files()
	if r.code != 0 && now["project/.env"].text != before["project/.env"].text {
		wrong = append(wrong, fmt.Sprintf("exit code %d, and the .env is another", r.code))
	}
	for name, f := range now {
		if strings.Contains(name, ".tmp-") {
			wrong = append(wrong, "there is "+name)
		}
		if strings.Contains(f.text, "PRIVATE KEY") && f.mode&fs.FileMode(0o077) != 0 {
			wrong = append(wrong, fmt.Sprintf("%s has the mode %04o", name, f.mode.Perm()))
		}
	}
	if len(now.keys()) < len(before.keys()) {
		wrong = append(wrong, "a private key is gone")
	}
	return wrong
}

// printed is what is wrong with what the command printed.
func (w *asker) printed(a answer, r result) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	isJSON := slices.Contains(w.args, "--json")
	switch {
	case isJSON && !json.Valid([]byte(r.out)):
		say("not JSON: %.200q", r.out)
	case a.good && r.code != 0 && w.args[0] != "api" && w.args[0] != "verify": // which asks without a JWT, too
		say("exit code %d for an answer as Coze gives it\n%s", r.code, r.all())
	case w.args[0] != "token" || isJSON:
	case r.code != 0 && r.out != "":
		say("exit code %d, and it prints %.100q", r.code, r.out)
	case r.code == 0 && (strings.Count(r.out, "\n") != 1 || strings.IndexFunc(strings.TrimSuffix(r.out, "\n"), commands) >= 0 || len(strings.Fields(r.out)) != 1):
		say("the token is %.100q", r.out)
	}
	return wrong
}
