package tokencache_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/secret"
	"cozejwt/internal/testfile"
	"cozejwt/internal/tokencache"
)

// issued makes a token of that text, good for an hour.
func issued(text string) func(context.Context) (coze.Token, error) {
	return func(context.Context) (coze.Token, error) {
		return coze.Token{AccessToken: secret.New(text), ExpiresAt: time.Now().Add(time.Hour)}, nil
	}
}

// wantToken fails where the cache gives another token.
func wantToken(t *testing.T, c tokencache.Cache, key any, make func(context.Context) (coze.Token, error), want string) {
	t.Helper()
	if got, err := c.Get(context.Background(), key, make); err != nil || got.AccessToken.Reveal() != want {
		t.Errorf("got %q, %v; want %q", got.AccessToken, err, want)
	}
}

// kept are the files of a cache that hold tokens.
func kept(t *testing.T, c tokencache.Cache) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestARefusedTokenIsMadeAnew(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	wantToken(t, c, "a", issued("first"), "first")
	c.Refused = "first"
	wantToken(t, c, "a", issued("second"), "second")
	wantToken(t, c, "a", issued("third"), "second")
}

func TestAFileWithoutATokenHoldsNone(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now, Refused: "another"}
	wantToken(t, c, "a", issued("first"), "first")
	empty, err := json.Marshal(map[string]any{"AccessToken": "", "ExpiresAt": time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	testfile.Write(t, kept(t, c)[0], string(empty))
	wantToken(t, c, "a", issued("second"), "second")
}

func TestAKeptTokenWaitsForNobody(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	wantToken(t, c, "a", issued("first"), "first")
	ended, end := context.WithCancel(context.Background())
	end()
	other := c
	other.Refused = "first" // so it makes one while it holds the lock
	wantToken(t, other, "a", func(context.Context) (coze.Token, error) {
		if got, err := c.Get(ended, "a", issued("third")); err != nil || got.AccessToken != secret.New("first") {
			t.Errorf("while another is made: %q, %v", got.AccessToken, err)
		}
		return issued("second")(ended)
	}, "second")
}

func TestWhoGivesUpWaitingMakesNoToken(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	ended, end := context.WithCancel(context.Background())
	end()
	wantToken(t, c, "a", func(context.Context) (coze.Token, error) {
		got, err := c.Get(ended, "a", func(context.Context) (coze.Token, error) {
			t.Error("a second token was made")
			return coze.Token{}, nil
		})
		if !errors.Is(err, context.Canceled) || got != (coze.Token{}) {
			t.Errorf("%q, %v; want that it was canceled", got.AccessToken, err)
		}
		return issued("first")(ended)
	}, "first")
}

func TestWithoutTheLockATokenIsNotKept(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	wantToken(t, c, "a", issued("first"), "first")
	file := kept(t, c)[0]
	for _, path := range []string{file, file + ".lock"} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(file+".lock", 0o700); err != nil { // nobody can lock a folder
		t.Fatal(err)
	}
	wantToken(t, c, "a", issued("second"), "second")
	if files := kept(t, c); len(files) != 0 {
		t.Errorf("%d tokens are kept", len(files))
	}
}

func TestWhatNamesNoFileIsMadeEachTime(t *testing.T) {
	t.Chdir(t.TempDir())
	folder := filepath.Join(t.TempDir(), "tokens")
	testfile.Write(t, filepath.Join(folder, "file"), "")
	for name, test := range map[string]struct {
		dir string
		key any
	}{
		"a key that is no JSON":   {folder, func() {}},
		"a folder in a file":      {filepath.Join(folder, "file", "tokens"), "a"},
		"both a folder and a key": {filepath.Join(folder, "file", "tokens"), func() {}},
	} {
		c := tokencache.Cache{Dir: test.dir, Now: time.Now}
		for n := 1; n <= 2; n++ {
			token := strings.Repeat("x", n)
			wantToken(t, c, test.key, issued(token), token)
		}
		for _, dir := range []string{".", folder} {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Name() != "file" {
					t.Errorf("%s: %s was made in %s", name, e.Name(), dir)
				}
			}
		}
	}
}

// A waiter is a context that tells when someone waits for its end.
type waiter struct {
	context.Context
	waits func()
}

func (w waiter) Done() <-chan struct{} {
	w.waits()
	return w.Context.Done()
}

func TestWhoWaitedGetsTheTokenThatWasMade(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	waits, got := make(chan struct{}), make(chan coze.Token, 1)
	second := waiter{context.Background(), sync.OnceFunc(func() { close(waits) })}
	wantToken(t, c, "a", func(ctx context.Context) (coze.Token, error) {
		go func() {
			token, err := c.Get(second, "a", issued("second"))
			if err != nil {
				t.Error(err)
			}
			got <- token
		}()
		<-waits
		return issued("first")(ctx)
	}, "first")
	if token := <-got; token.AccessToken != secret.New("first") {
		t.Errorf("who waited has %q", token.AccessToken)
	}
}
