//go:build campaign && unix

package campaign

import (
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// A world is a project with its state and cache folders, and a service that knows some keys.
type world struct {
	t     *testing.T
	root  string
	coze  sandbox.Client
	app   string
	keys  func(bits int) (*rsa.PrivateKey, error)
	known map[string]*rsa.PublicKey // by Key ID
	vars  map[string]string         // what $NAME is among the arguments of a command
	shell string                    // what a shell does before a command, "" for none
	undo  []func() error            // what ends a surrounding, the last first
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, root: t.TempDir(), coze: testsandbox.New(t), keys: testkey.Pool(), known: map[string]*rsa.PublicKey{}, vars: map[string]string{}}
	must(t, os.MkdirAll(w.path(""), 0o755))
	must(t, os.MkdirAll(filepath.Join(w.root, "home"), 0o755))
	var err error
	w.app, err = w.coze.CreateApp(context.Background(), "app")
	must(t, err)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// path is a file of the project.
func (w *world) path(name string) string {
	return filepath.Join(w.root, "project", filepath.FromSlash(name))
}

func (w *world) write(name, text string) {
	w.t.Helper()
	must(w.t, os.MkdirAll(filepath.Dir(w.path(name)), 0o700))
	must(w.t, os.WriteFile(w.path(name), []byte(text), 0o600))
}

// key makes a key, saves it where a path is given, and registers it with the service.
func (w *world) key(path string) (keyID string, key *rsa.PrivateKey) {
	w.t.Helper()
	key, err := w.keys(2048)
	must(w.t, err)
	keyID, err = w.coze.AddKey(context.Background(), w.app, keygen.EncodePublic(&key.PublicKey))
	must(w.t, err)
	w.known[keyID] = &key.PublicKey
	if path != "" {
		_, err = keygen.Save(w.path(path), key, keygen.Refuse, time.Now())
		must(w.t, err)
	}
	return keyID, key
}

// variable is what $NAME is among the arguments of a command.
func (w *world) variable(name, value string) { w.vars[name] = value }

// settings are the text of a .env.
func (w *world) settings(keyID, path string) string {
	return "COZE_CLIENT_ID=" + w.app + "\nCOZE_PUBLIC_KEY=" + keyID + "\nCOZE_PRIVATE_KEY_PATH=" + path + "\nCOZE_API_BASE=" + w.coze.Base + "\n"
}

// foreign is what the .env holds besides ours.
const foreign = "# our service\nDB='x y'\n"

// working puts credentials that work into the .env.
func (w *world) working() {
	w.t.Helper()
	keyID, _ := w.key("config/private_key.pem")
	w.write(".env", foreign+w.settings(keyID, "config/private_key.pem"))
}

// A result is how a run ended: the exit code is -1 where it was killed, -2 where it did not end.
type result struct {
	code        int
	out, stderr string
}

func (r result) all() string { return r.out + r.stderr }

func (w *world) run(env []string, args ...string) result {
	ctx, cancel := patient()
	defer cancel()
	cmd := w.command(ctx, env, args...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	r := result{0, out.String(), stderr.String()}
	switch exit, ok := errors.AsType[*exec.ExitError](err); {
	case ctx.Err() != nil:
		r.code = -2
	case ok:
		r.code = exit.ExitCode()
	case err != nil:
		r.code, r.stderr = -2, err.Error()
	}
	return r
}

func (w *world) command(ctx context.Context, env []string, args ...string) *exec.Cmd {
	args = slices.Clone(args)
	for i, arg := range args {
		if value, ok := w.vars[strings.TrimPrefix(arg, "$")]; ok {
			args[i] = value
		}
	}
	args = append([]string{program}, args...)
	if w.shell != "" {
		args = append([]string{"/bin/sh", "-c", w.shell + `; exec "$0" "$@"`}, args...)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = w.path("")
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "LANG=C", "HOME=" + filepath.Join(w.root, "home"),
		"XDG_STATE_HOME=" + filepath.Join(w.root, "state"), "XDG_CACHE_HOME=" + filepath.Join(w.root, "cache"),
	}, env...)
	return cmd
}

// works is why the credentials of a .env would be refused, nil where they are not.
func (w *world) works(name string) (credentials.Set, error) {
	held, err := credentials.Load(w.path(name))
	if err == nil {
		err = held.Validate()
	}
	if err != nil {
		return held.Set, err
	}
	key, err := keygen.Load(held.KeyFile())
	if err != nil {
		return held.Set, err
	}
	if known := w.known[held.Set.KeyID]; held.Set.KeyID == fixedKey {
		return held.Set, nil // of a setup that is not tested
	} else if known == nil || !known.Equal(&key.Private.PublicKey) {
		return held.Set, errors.New("the service does not know this key by this Key ID")
	}
	return held.Set, nil
}

// A file is what is at a path of the world.
type file struct {
	mode fs.FileMode
	text string
	at   time.Time

	owner uint32 // 0 is root
}

type files map[string]file // by their path from the root

// files are all files and folders of the world.
func (w *world) files() files {
	all := files{}
	_ = filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil // it has gone
		}
		f := file{mode: info.Mode(), at: info.ModTime(), owner: info.Sys().(*syscall.Stat_t).Uid}
		if info.Mode().IsRegular() {
			data, _ := os.ReadFile(path)
			f.text = string(data)
		}
		rel, err := filepath.Rel(w.root, path)
		all[rel] = f
		return err
	})
	return all
}

// restore makes the world what it was.
func (w *world) restore(all files) error {
	for _, name := range []string{"project", "state", "cache", "home", "outside"} {
		if err := os.RemoveAll(filepath.Join(w.root, name)); err != nil {
			return err
		}
	}
	for _, name := range sorted(all) {
		f, path := all[name], filepath.Join(w.root, name)
		var err error
		if f.mode.IsDir() {
			err = os.MkdirAll(path, 0o700)
		} else {
			err = os.WriteFile(path, []byte(f.text), 0o600)
		}
		if err = errors.Join(err, os.Chmod(path, f.mode.Perm()), os.Chtimes(path, f.at, f.at)); err != nil {
			return err
		}
	}
	return nil
}

// temporary are the temporary files of writes that were broken off.
func (all files) temporary() (names []string) {
	for _, name := range sorted(all) {
		if strings.Contains(name, ".tmp-") {
			names = append(names, name)
		}
	}
	return names
}

// keys are the fingerprints of the private keys that are in files.
func (all files) keys() map[string]bool {
	found := map[string]bool{}
	for _, f := range all {
		if !strings.Contains(f.text, "PRIVATE KEY") {
			continue
		}
		print, known := fingerprints.Load(f.text)
		if !known {
			print = ""
			if parsed, err := keygen.Parse([]byte(f.text)); err == nil {
				print = keygen.Fingerprint(&parsed.Private.PublicKey)
			}
			fingerprints.Store(f.text, print)
		}
		if print != "" {
			found[print.(string)] = true
		}
	}
	return found
}

// fingerprints are those of the keys in texts: a key is checked when it is read, which takes a while.
var fingerprints sync.Map

func sorted(all files) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
