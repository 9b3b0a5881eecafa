package tokencache_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/tokencache"
)

func failing(err error) func(context.Context) (coze.Token, error) {
	return func(context.Context) (coze.Token, error) { return coze.Token{}, err }
}

// ten asks ten times at once for what cannot be had, and returns how often it was tried and what
// each was told. All wait before the first is done.
func ten(t *testing.T, c tokencache.Cache, failure error) (tried int, told []error) {
	t.Helper()
	const all = 10
	var attempts atomic.Int32
	var begun sync.WaitGroup
	begun.Add(all)
	told = make([]error, all)
	var ended sync.WaitGroup
	for i := range all {
		mine := c
		var once sync.Once
		mine.Now = func() time.Time { // it is asked for first when the waiting begins
			now := c.Now() // before the attempt is let go: who asks after it failed tries again
			once.Do(begun.Done)
			return now
		}
		ended.Go(func() {
			_, told[i] = mine.Get(context.Background(), "a", func(context.Context) (coze.Token, error) {
				begun.Wait()
				attempts.Add(1)
				return coze.Token{}, failure
			})
		})
	}
	ended.Wait()
	return int(attempts.Load()), told
}

func TestWhoWaitedSharesTheFailure(t *testing.T) {
	refusal := &coze.Refusal{Status: 401, Code: "invalid_client", Message: "no", LogID: "1", Date: time.Unix(1_800_000_000, 0).UTC()}
	timeout := coze.ErrTimeout.With("host", "api.coze.cn")
	for name, failure := range map[string]error{"a refusal": refusal, "no answer": timeout} {
		c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
		tried, told := ten(t, c, failure)
		if tried != 1 {
			t.Errorf("%s: tried %d times", name, tried)
		}
		for _, err := range told {
			got, _ := errors.AsType[*coze.Refusal](err)
			f, _ := errors.AsType[*fault.Fault](err)
			if failure == refusal && (got == nil || *got != *refusal) || failure != refusal && (f == nil || !errors.Is(f, timeout) || f.Class != timeout.Class || f.Value("host") != "api.coze.cn") {
				t.Errorf("%s: told %v", name, err)
			}
		}
	}
}

func TestWhoAsksLaterTriesAgain(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	c := tokencache.Cache{Dir: t.TempDir(), Now: func() time.Time { return now }}
	if _, err := c.Get(context.Background(), "a", failing(coze.ErrTimeout)); !errors.Is(err, coze.ErrTimeout) {
		t.Errorf("error is %v", err)
	}
	now = now.Add(time.Millisecond)
	if _, err := c.Get(context.Background(), "a", failing(coze.ErrDNS)); !errors.Is(err, coze.ErrDNS) {
		t.Errorf("error is %v", err)
	}
	now = now.Add(time.Millisecond)
	c.Now = func() time.Time { return time.Now().Add(-time.Minute) }
	wantToken(t, c, "a", issued("first"), "first")
}

// What only this process met says nothing to the others.
func TestAFailureOfOneProcessIsNotShared(t *testing.T) {
	for _, failure := range []error{context.Canceled, fault.Unexpected("file.descriptors", nil), errors.New("of its own")} {
		c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
		if tried, told := ten(t, c, failure); tried != len(told) {
			t.Errorf("%v: tried %d times", failure, tried)
		}
	}
}
