package tokencache_test

import (
	"testing"
	"time"

	"cozejwt/internal/tokencache"
)

func TestAllFilesOfTheCacheAreListed(t *testing.T) {
	c := tokencache.Cache{Dir: t.TempDir(), Now: time.Now}
	if got := c.Kept(); got != nil {
		t.Errorf("before a token: %v", got)
	}
	wantToken(t, c, "a", issued("first"), "first")
	all := c.Kept()
	if len(all) != 2 || all[0].Kind != "token" || all[1].Kind != "token" {
		t.Errorf("a token and its lock are %v", all)
	}
}
