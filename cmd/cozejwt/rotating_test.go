//go:build unix

package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

const newKeyID = "_New-fghijklmnopqrstuvwxyz0123456789ABCDEFG"

// A rotating is a project whose key is in use, and the service that knows it.
type rotating struct {
	t    testing.TB
	dir  string
	env  []string
	coze *foreignCoze
	base string
}

func newRotating(t testing.TB) *rotating {
	t.Helper()
	r := &rotating{t: t, dir: t.TempDir(), env: home(t), coze: &foreignCoze{appID: testAppID}}
	server := httptest.NewServer(r.coze)
	t.Cleanup(server.Close)
	r.base = server.URL
	if _, err := keygen.Save(r.path("config/private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	r.coze.register(testKeyID, &testkey.RSA().PublicKey)
	r.write(".env", "# ours\nDB='x y'\nCOZE_CLIENT_ID="+testAppID+"\nCOZE_PUBLIC_KEY="+testKeyID+"\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE="+r.base+"\n")
	return r
}

func (r *rotating) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r *rotating) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(r.path(name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rotating) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// another makes a key, as keygen does, that the service knows as id.
func (r *rotating) another(path, id string) {
	r.t.Helper()
	key, err := keygen.Generate(keygen.DefaultBits)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := keygen.Save(r.path(path), key, keygen.Refuse, time.Now()); err != nil {
		r.t.Fatal(err)
	}
	r.coze.register(id, &key.PublicKey)
}

// run executes cozejwt and returns its output and exit code.
func (r *rotating) run(args ...string) (string, int) {
	r.t.Helper()
	return r.runAs(build(r.t, "."), args...)
}

func (r *rotating) runAs(program string, args ...string) (string, int) {
	r.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Dir = append([]string{"PATH=" + os.Getenv("PATH")}, r.env...), r.dir
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return string(out), 0
}

// named returns the credentials in the .env, as a service reads them, and an error if
// the service would get no token with them.
func (r *rotating) named() (credentials.Set, error) {
	held, err := credentials.Load(r.path(".env"))
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
	known, ok := r.coze.keys.Load(held.Set.KeyID)
	if !ok || !key.Private.PublicKey.Equal(known.(*rsa.PublicKey)) {
		return held.Set, errors.New("the service would refuse it")
	}
	return held.Set, nil
}

func (r *rotating) wantNamed(keyID string) {
	r.t.Helper()
	if set, err := r.named(); err != nil || set.KeyID != keyID {
		r.t.Errorf("the .env names %s (%v), want %s", set.KeyID, err, keyID)
	}
}

func (r *rotating) start(args ...string) *terminal {
	r.t.Helper()
	return start(r.t, answering, 80, 24, r.env, build(r.t, "."), append(args, "--dir", r.dir)...)
}

// rotateLine is the title of a rotation's step where no other file names the
// key, so that the fifth is left out.
func rotateLine(n int) string {
	shown := n
	if n > 5 {
		shown--
	}
	return "Step " + strconv.Itoa(shown) + "/7  " + rotateTitles[n-1]
}

// rotateTo walks a rotation from its first step to another. On the way it
// uploads the new public key as id and types that.
func (r *rotating) rotateTo(term *terminal, to int, id string) {
	r.t.Helper()
	for n := 1; n <= to; n++ {
		if n == 5 { // asked only where other files name the key
			continue
		}
		term.wait(rotateLine(n))
		switch {
		case n == 1 || n == 6:
			term.wait("✓ Coze issued an access token")
		case n == 4 && n < to:
			r.upload(id)
			term.paste(id)
			term.wait("❯ " + id)
		}
		if n < to {
			term.press("\r")
		}
	}
}

// upload makes the service know the key that waits, as a person does who pastes
// it into the console.
func (r *rotating) upload(id string) {
	r.t.Helper()
	files, err := filepath.Glob(r.path("config/public_key_*.pem"))
	if err != nil || len(files) != 1 {
		r.t.Fatalf("new public keys are %v, %v", files, err)
	}
	public, err := keygen.LoadPublic(files[0])
	if err != nil {
		r.t.Fatal(err)
	}
	r.coze.register(id, public)
}

// goOn walks from step n, where a run was killed, to the review.
func (r *rotating) goOn(term *terminal, n int) {
	r.t.Helper()
	for ; n < 5; n++ {
		term.wait(rotateLine(n))
		if n == 4 {
			r.upload(newKeyID)
			term.paste(newKeyID)
			term.wait("❯ " + newKeyID)
		}
		term.press("\r")
	}
	term.wait(rotateLine(6)) // what was tested is tested again
	term.wait("✓ Coze issued an access token")
	term.press("\r")
}

// service is one start of a service: it reads the .env and its key and gets a
// token.
func (r *rotating) service() error {
	held, err := credentials.Load(r.path(".env"))
	if err == nil {
		err = held.Validate()
	}
	if err != nil {
		return err
	}
	key, err := keygen.Load(held.KeyFile())
	if err != nil {
		return err
	}
	signed, err := coze.Assertion{AppID: held.Set.AppID, KeyID: held.Set.KeyID, Audience: coze.Audience(r.base)}.Sign(key.Private, time.Now())
	if err != nil {
		return err
	}
	_, err = coze.Service{Base: held.Set.APIBase}.Exchange(context.Background(), signed, coze.Request{})
	return err
}
