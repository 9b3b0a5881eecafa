package tokencache_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/secret"
	"cozejwt/internal/testfile"
	"cozejwt/internal/tokencache"
)

func TestATokenIsKeptUntilAMinuteBeforeItsEnd(t *testing.T) {
	now := time.Now()
	made := 0
	c := tokencache.Cache{Dir: filepath.Join(t.TempDir(), "tokens"), Now: func() time.Time { return now }}
	get := func(key string) coze.Token {
		t.Helper()
		token, err := c.Get(context.Background(), key, func(context.Context) (coze.Token, error) {
			made++
			return coze.Token{AccessToken: secret.New(strings.Repeat("x", made)), ExpiresAt: now.Add(10 * time.Minute)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := get("a")
	if again := get("a"); again.AccessToken != first.AccessToken || made != 1 {
		t.Errorf("made %d", made)
	}
	if get("b"); made != 2 {
		t.Error("another set got the same token")
	}
	now = now.Add(9*time.Minute + time.Second)
	if get("a"); made != 3 {
		t.Error("a token was handed out in its last minute")
	}
	files, _ := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	for _, f := range files {
		testfile.WantMode(t, f, 0o600)
	}
	testfile.WantMode(t, c.Dir, 0o700)
	if len(files) != 2 {
		t.Errorf("the folder has %d tokens", len(files))
	}
}

func TestManyAtOnceMakeOneToken(t *testing.T) {
	var made atomic.Int32
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			_, err := c.Get(context.Background(), "a", func(context.Context) (coze.Token, error) {
				made.Add(1)
				return coze.Token{AccessToken: secret.New("x"), ExpiresAt: time.Now().Add(time.Hour)}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d", made.Load())
	}
}

func TestWhatIsNoTokenIsNotKept(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	refused := errors.New("refused")
	if _, err := c.Get(context.Background(), "a", func(context.Context) (coze.Token, error) { return coze.Token{}, refused }); !errors.Is(err, refused) {
		t.Errorf("error is %v", err)
	}
	late := func(context.Context) (coze.Token, error) {
		return coze.Token{AccessToken: secret.New("late"), ExpiresAt: time.Now().Add(time.Hour)}, refused
	}
	if _, err := c.Get(context.Background(), "a", late); !errors.Is(err, refused) {
		t.Errorf("with a token the error is %v", err)
	}
	for want := 1; want <= 2; want++ { // its end is not known
		token, err := c.Get(context.Background(), "a", func(context.Context) (coze.Token, error) {
			return coze.Token{AccessToken: secret.New(strings.Repeat("x", want))}, nil
		})
		if err != nil || len(token.AccessToken.Reveal()) != want {
			t.Errorf("%q, %v", token.AccessToken, err)
		}
	}
	if files := kept(t, c); len(files) != 0 {
		t.Errorf("%d tokens are kept", len(files))
	}
}

func TestAFolderThatCannotBeWrittenCostsOnlyTheCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	testfile.Write(t, file, "")
	c := tokencache.Cache{Dir: filepath.Join(file, "folder"), Now: time.Now}
	token, err := c.Get(context.Background(), "a", func(context.Context) (coze.Token, error) {
		return coze.Token{AccessToken: secret.New("x"), ExpiresAt: time.Now().Add(time.Hour)}, nil
	})
	if err != nil || token.AccessToken != secret.New("x") {
		t.Errorf("%q, %v", token.AccessToken, err)
	}
}
