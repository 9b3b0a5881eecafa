//go:build unix

package access_test

import (
	"io/fs"
	"path/filepath"
	"testing"

	"cozejwt/internal/access"
	"cozejwt/internal/testfile"
)

func TestAModeIsOpenWhereAnyoneElseHasAPartOfIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	testfile.Write(t, path, "secret")
	for _, test := range []struct {
		mode fs.FileMode
		want access.Access
	}{
		{0o600, access.Access{Mode: "0600"}},
		{0o400, access.Access{Mode: "0400"}},
		{0o700, access.Access{Mode: "0700"}},
		{0o640, access.Access{Mode: "0640", Open: true}},
		{0o604, access.Access{Mode: "0604", Open: true}},
		{0o620, access.Access{Mode: "0620", Open: true}},
		{0o601, access.Access{Mode: "0601", Open: true}},
	} {
		if err := access.Set(path, test.mode); err != nil {
			t.Fatal(err)
		}
		if got, err := access.Of(path); err != nil || got != test.want {
			t.Errorf("%04o: %+v, %v; want %+v", test.mode, got, err, test.want)
		}
	}
}
