//go:build unix

package git_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/git"
)

// A hostileRepository is one whose configuration starts a program wherever git can be
// made to start one. What is started leaves a file.
type hostileRepository struct {
	t            *testing.T
	dir, started string
	program      string
}

func newHostile(t *testing.T) *hostileRepository {
	t.Helper()
	h := &hostileRepository{t: t, dir: repository(t), started: filepath.Join(t.TempDir(), "started")}
	h.program = filepath.Join(t.TempDir(), "program")
	script := "#!/bin/sh\necho \"$0 $*\" >>" + h.started + "\n"
	if err := os.WriteFile(h.program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".env", "config/private_key.pem", "sub/other"} {
		write(t, filepath.Join(h.dir, name), "x\n")
	}
	run(t, h.dir, "add", "--force", ".")
	run(t, h.dir, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x")
	return h
}

// poison names the program in each setting that has one.
func (h *hostileRepository) poison(gitDir string) {
	h.t.Helper()
	for _, name := range []string{
		"core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.askPass", "core.pager", "core.editor", "core.alternateRefsCommand",
		"credential.helper", "diff.external", "gpg.program", "gpg.ssh.program", "filter.x.clean", "filter.x.smudge", "filter.x.process",
		"diff.x.textconv", "diff.x.command", "uploadpack.packObjectsHook", "interactive.diffFilter", "sequence.editor",
	} {
		run(h.t, h.dir, "--git-dir="+gitDir, "config", name, h.program)
	}
	for name, value := range map[string]string{
		"log.showSignature": "true", "extensions.partialClone": "origin", "remote.origin.promisor": "true", "core.repositoryFormatVersion": "1",
		"remote.origin.url": "ext::" + h.program, "protocol.ext.allow": "always", "core.hooksPath": filepath.Dir(h.program),
		"alias.ls-files": "!" + h.program, "alias.check-ignore": "!" + h.program, "alias.rev-list": "!" + h.program,
	} {
		run(h.t, h.dir, "--git-dir="+gitDir, "config", name, value)
	}
}

// sign gives the branch a commit with a signature, which git may be told to verify.
func (h *hostileRepository) sign() {
	h.t.Helper()
	commit, err := exec.Command("git", "-C", h.dir, "cat-file", "commit", "HEAD").Output()
	if err != nil {
		h.t.Fatal(err)
	}
	signature := "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n\n"
	hash := exec.Command("git", "-C", h.dir, "hash-object", "-t", "commit", "-w", "--stdin")
	hash.Stdin = strings.NewReader(strings.Replace(string(commit), "\n\n", signature, 1))
	id, err := hash.Output()
	if err != nil {
		h.t.Fatal(err)
	}
	run(h.t, h.dir, "update-ref", "HEAD", strings.TrimSpace(string(id)))
}

// lose deletes the objects of the trees, which a partial clone would fetch.
func (h *hostileRepository) lose() {
	h.t.Helper()
	tree, err := exec.Command("git", "-C", h.dir, "rev-parse", "HEAD:config").Output()
	if err != nil {
		h.t.Fatal(err)
	}
	id := strings.TrimSpace(string(tree))
	if err := os.Remove(filepath.Join(h.dir, ".git", "objects", id[:2], id[2:])); err != nil {
		h.t.Fatal(err)
	}
}

// ask asks everything about the files of a folder.
func (h *hostileRepository) ask(dir string) (tracked bool) {
	h.t.Helper()
	for _, name := range []string{".env", "config/private_key.pem", "absent"} {
		file := filepath.Join(dir, name)
		tracked = git.Tracked(dir, file) || tracked
		git.Ignored(dir, file)
		git.Committed(dir, file)
		if _, err := git.Ignore(dir, file); err != nil {
			h.t.Error(err)
		}
	}
	return tracked
}

func (h *hostileRepository) wantNothingStarted() {
	h.t.Helper()
	if text, err := os.ReadFile(h.started); err == nil {
		h.t.Errorf("git started:\n%s", text)
	}
}

func TestNothingOfAHostileRepositoryIsRun(t *testing.T) {
	for name, prepare := range map[string]func(h *hostileRepository) (dir string){
		"settings": func(h *hostileRepository) string {
			write(t, filepath.Join(h.dir, ".gitattributes"), "* filter=x diff=x\n")
			h.poison(filepath.Join(h.dir, ".git"))
			return h.dir
		},
		"a signed commit": func(h *hostileRepository) string {
			h.sign()
			h.poison(filepath.Join(h.dir, ".git"))
			return h.dir
		},
		"a partial clone": func(h *hostileRepository) string {
			h.lose()
			h.poison(filepath.Join(h.dir, ".git"))
			return h.dir
		},
		"a bare repository in a folder": func(h *hostileRepository) string {
			bare := filepath.Join(h.dir, "sub")
			run(t, h.dir, "clone", "-q", "--bare", h.dir, filepath.Join(bare, "x"))
			files, _ := filepath.Glob(filepath.Join(bare, "x", "*"))
			for _, file := range files {
				if err := os.Rename(file, filepath.Join(bare, filepath.Base(file))); err != nil {
					t.Fatal(err)
				}
			}
			h.poison(bare)
			run(t, h.dir, "--git-dir="+bare, "config", "core.bare", "false")
			run(t, h.dir, "--git-dir="+bare, "config", "core.worktree", h.dir)
			return bare
		},
		"a file that says where git is": func(h *hostileRepository) string {
			elsewhere := filepath.Join(h.dir, "sub", "elsewhere")
			if err := os.Rename(filepath.Join(h.dir, ".git"), elsewhere); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(h.dir, ".git"), "gitdir: sub/elsewhere\n")
			h.poison(elsewhere)
			return h.dir
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHostile(t)
			h.ask(prepare(h))
			h.wantNothingStarted()
		})
	}
}

// The environment may name another repository than the one that the folder is in.
func TestTheRepositoryIsThatOfTheFolder(t *testing.T) {
	h := newHostile(t)
	other := repository(t)
	for name, value := range map[string]string{
		"GIT_DIR": filepath.Join(other, ".git"), "GIT_WORK_TREE": other, "GIT_INDEX_FILE": filepath.Join(other, "index"),
		"GIT_EXTERNAL_DIFF": h.program, "GIT_SSH_COMMAND": h.program, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": h.program,
	} {
		t.Setenv(name, value)
	}
	if !h.ask(h.dir) {
		t.Error("a file that is tracked is not found")
	}
	h.wantNothingStarted()
}
