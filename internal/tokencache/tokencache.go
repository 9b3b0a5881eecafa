// Package tokencache keeps access tokens on the disk, for scripts that ask often.
// A token is a secret: its file is 0600 in a folder 0700, and its name says
// nothing of it.
package tokencache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"cozejwt/internal/coze"
	"cozejwt/internal/disk"
	"cozejwt/internal/secret"
	"cozejwt/internal/state"
)

// Margin is how long before its end a token is no longer handed out.
const Margin = time.Minute

// A Cache keeps tokens in a folder.
type Cache struct {
	Dir string
	Now func() time.Time
	// Refused is a token that the API does not accept any more: it is not handed
	// out again. "" for none.
	Refused string
}

// Get returns the token that is kept for what key describes, or makes one and keeps it. Processes
// that ask at the same time make one between them, and share the failure where it cannot be had:
// they all wait no longer than one of them alone. A token whose end is not known is not kept, and
// none where the folder cannot be written. The errors are make's, also of another process that has
// just asked, and the context's.
func (c Cache) Get(ctx context.Context, key any, make func(context.Context) (coze.Token, error)) (coze.Token, error) {
	file, err := c.file(key)
	if err != nil {
		return make(ctx)
	}
	if t, ok := c.good(file); ok {
		return t, nil
	}
	began := c.Now()
	lock := flock.New(file.Path + ".lock")
	if err := disk.Change("lock", lock.Path(), func() error {
		_, err := lock.TryLockContext(ctx, 10*time.Millisecond)
		return err
	}); err != nil {
		if ctx.Err() != nil {
			return coze.Token{}, ctx.Err()
		}
		return make(ctx)
	}
	defer lock.Unlock()
	if t, ok := c.good(file); ok { // made by who had the lock before
		return t, nil
	}
	failed := failureFile(file)
	if err := failed.since(began, c.Now()); err != nil {
		return coze.Token{}, err
	}
	t, err := make(ctx)
	if err != nil {
		failed.note(c.Now(), err)
		return t, err
	}
	failed.Remove()
	if t.ExpiresAt.IsZero() {
		return t, nil
	}
	_ = file.Write(kept{t.AccessToken.Reveal(), t.ExpiresAt, t.LogID}) // the token is good without
	return t, nil
}

// kept is a token as it is on the disk, which only its owner can read.
type kept struct {
	AccessToken string
	ExpiresAt   time.Time
	LogID       string
}

// file is named by a digest of the key, and its folder is there.
func (c Cache) file(key any) (file state.File[kept], err error) {
	text, err := json.Marshal(key)
	if err != nil {
		return file, err
	}
	if err := disk.MkdirAll(c.Dir, 0o700); err != nil {
		return file, err
	}
	sum := sha256.Sum256(text)
	return state.File[kept]{Path: filepath.Join(c.Dir, hex.EncodeToString(sum[:])+".json")}, nil
}

// good returns the token that is kept, where it lasts long enough.
func (c Cache) good(file state.File[kept]) (t coze.Token, ok bool) {
	k, ok := file.Read()
	t = coze.Token{AccessToken: secret.New(k.AccessToken), ExpiresAt: k.ExpiresAt, LogID: k.LogID}
	return t, ok && !t.AccessToken.IsZero() && t.AccessToken.Reveal() != c.Refused && c.Now().Add(Margin).Before(t.ExpiresAt)
}

// Kept lists the files of the cache: tokens, why one could not be had, and locks.
func (c Cache) Kept() []state.Kept { return state.Files(c.Dir, "token", nil) }
