//go:build unix

package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/state"
)

// What writes a secret in a project adds lines to its .gitignore before: not while another run does.
func TestCommandsThatWriteASecretWaitForTheProject(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	folder, err := filepath.EvalSymlinks(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	release, _, err := state.LockFolder(folder, t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for _, args := range [][]string{
		{"export", "--format", "k8s", "--out", "secret.yaml"},
		{"keygen", "--key-path", "config/new.pem"},
	} {
		cmd := exec.Command(build(t, "."), append(args, "--json", "--timeout", "1ms")...)
		cmd.Env, cmd.Dir = p.env, p.dir
		out, _ := cmd.Output()
		var said struct {
			Error struct{ ID string }
		}
		if err := json.Unmarshal(out, &said); err != nil || said.Error.ID != "folder.held" {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
}
