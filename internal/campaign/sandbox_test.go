//go:build campaign && unix

package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cozejwt/internal/disk"
	"cozejwt/internal/sandbox"
	"cozejwt/keygen"
)

// TestSandboxSaves makes each save of the sandbox fail in each way. What it has acknowledged is
// there when it is started again, and what it refused is not.
func TestSandboxSaves(t *testing.T) {
	c, r := begin(t, "faults, sandbox"), random("sandbox")
	kinds := []string{disk.KillBefore, disk.KillAfter}
	for kind := range disk.Faults {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	type broken struct {
		n    int
		kind string
	}
	var all []broken
	for n := 1; n <= 110; n++ {
		for _, k := range r.Perm(len(kinds))[:sized(r.IntN(3)/2, len(kinds))] {
			all = append(all, broken{n, kinds[k]})
		}
	}
	worlds := map[int]*world{}
	for worker := range workers {
		worlds[worker] = newWorld(t)
	}
	c.together(len(all), func(worker, n int) {
		w := worlds[worker]
		if err := w.restore(files{"project": {mode: 0o755 | fs.ModeDir}, "home": {mode: 0o755 | fs.ModeDir}}); err != nil {
			c.did("restore", []string{err.Error()})
			return
		}
		c.did(fmt.Sprintf("%s at call %d", all[n].kind, all[n].n), w.savesOf(all[n].n, all[n].kind))
	})
}

// savesOf starts the sandbox with a fault, changes its apps, and starts it again.
func (w *world) savesOf(n int, kind string) (wrong []string) {
	s, err := w.serve(disk.Broken + "=" + strconv.Itoa(n) + " " + kind)
	var acknowledged, refused, unknown []string
	if err == nil {
		acknowledged, refused, unknown = w.changeApps(s)
		s.stop()
	}
	s, err = w.serve()
	if err != nil {
		return []string{err.Error()}
	}
	defer s.stop()
	apps, err := s.client.Apps(context.Background())
	if err != nil {
		return []string{err.Error()}
	}
	for _, what := range acknowledged {
		if !has(apps, what) {
			wrong = append(wrong, what+" was acknowledged and is not there")
		}
	}
	for _, what := range refused {
		if has(apps, what) {
			wrong = append(wrong, what+" was refused and is there")
		}
	}
	if len(apps) > len(acknowledged)+len(unknown) {
		wrong = append(wrong, fmt.Sprintf("there are %d apps", len(apps)))
	}
	for _, name := range w.files().temporary() {
		wrong = append(wrong, "after the next run there is "+name)
	}
	return wrong
}

// has reports whether there is an app of a name, or a key of an id.
func has(apps []sandbox.App, what string) bool {
	return slices.ContainsFunc(apps, func(a sandbox.App) bool {
		return a.Name == what || slices.ContainsFunc(a.Keys, func(k *sandbox.Key) bool { return k.ID == what })
	})
}

// TestTwoSandboxes starts sandboxes of one user at once: one serves, what it has acknowledged is
// there when it is started again.
func TestTwoSandboxes(t *testing.T) {
	c := begin(t, "two sandboxes")
	w := newWorld(t)
	for n := range sized(5, 50) {
		if c.late() {
			break
		}
		must(t, w.restore(files{"project": {mode: 0o755 | fs.ModeDir}, "home": {mode: 0o755 | fs.ModeDir}}))
		c.did(fmt.Sprint("round ", n), w.twoSandboxes())
	}
}

func (w *world) twoSandboxes() (wrong []string) {
	all, refused := make([]*served, 3), make([]error, 3)
	var starting sync.WaitGroup
	for n := range all {
		starting.Go(func() { all[n], refused[n] = w.serve() })
	}
	starting.Wait()
	all = slices.DeleteFunc(all, func(s *served) bool { return s == nil })
	if len(all) != 1 {
		wrong = append(wrong, fmt.Sprintf("%d serve: %v", len(all), refused))
	}
	var there []string
	for _, s := range all {
		acknowledged, _, _ := w.changeApps(s)
		there = append(there, acknowledged...)
		s.stop()
	}
	s, err := w.serve()
	if err != nil {
		return append(wrong, err.Error())
	}
	defer s.stop()
	apps, err := s.client.Apps(context.Background())
	if err != nil {
		return append(wrong, err.Error())
	}
	for _, what := range there {
		if !has(apps, what) {
			wrong = append(wrong, what+" was acknowledged and is not there")
		}
	}
	return wrong
}

// changeApps creates and deletes apps and keys. It returns what is there and what is not; unknown
// is what the server did not answer.
func (w *world) changeApps(s *served) (there, gone, unknown []string) {
	ctx := context.Background()
	sort := func(name string, err error) {
		switch {
		case err == nil:
			there = append(there, name)
		case s.ended(err):
			unknown = append(unknown, name)
		default:
			gone = append(gone, name)
		}
	}
	for i := range 4 {
		name := "app" + strconv.Itoa(i)
		id, err := s.client.CreateApp(ctx, name)
		sort(name, err)
		if err != nil {
			continue
		}
		key, _ := w.keys(2048)
		keyID, err := s.client.AddKey(ctx, id, keygen.EncodePublic(&key.PublicKey))
		if err != nil {
			continue
		}
		switch err := deleteKey(s.client, id, keyID); {
		case err == nil:
			gone = append(gone, keyID)
		case s.ended(err):
			unknown = append(unknown, keyID)
		default:
			there = append(there, keyID)
		}
	}
	return there, gone, unknown
}

var errRefused = errors.New("refused")

func deleteKey(c sandbox.Client, appID, keyID string) error {
	r, err := http.NewRequest(http.MethodDelete, c.Base+"/sandbox/apps/"+appID+"/keys/"+keyID, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%w: %d", errRefused, resp.StatusCode)
	}
	return nil
}

// A served sandbox is a process.
type served struct {
	client sandbox.Client
	cmd    *exec.Cmd
	cancel context.CancelFunc
}

// serve starts the sandbox. The error is that of one that ends before it serves.
func (w *world) serve(env ...string) (*served, error) {
	ctx, cancel := patient()
	cmd := w.command(ctx, env, "sandbox", "--no-browser", "--json")
	out, err := cmd.StdoutPipe()
	must(w.t, err)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	must(w.t, cmd.Start())
	var says struct {
		Base string `json:"api_base"`
	}
	if err := json.NewDecoder(out).Decode(&says); err != nil || says.Base == "" {
		_ = cmd.Wait()
		cancel()
		return nil, fmt.Errorf("the sandbox does not start: %v %s", err, stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return &served{sandbox.Client{Base: says.Base}, cmd, cancel}, nil
}

// ended reports whether an error is that of a server which is gone.
func (s *served) ended(err error) bool {
	return !errors.Is(err, errRefused) && (strings.Contains(err.Error(), "connect") || strings.Contains(err.Error(), "EOF") || strings.Contains(err.Error(), "reset"))
}

func (s *served) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cancel()
}
