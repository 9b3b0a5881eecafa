//go:build unix

package mutation

import (
	"context"
	"strings"
	"testing"
)

func TestAPromiseThatIsBrokenUnseenIsAnError(t *testing.T) {
	module(t, halves, tested)
	for name, test := range map[string]struct {
		p    Promise
		want string // "" for a test that noticed
	}{
		"noticed":      {Promise{Package: ".", Test: "Test", File: "sample.go", Old: "n%2 == 1", New: "n%2 == 2"}, ""},
		"unseen":       {Promise{Package: ".", Test: "Test", File: "sample.go", Old: "n = 100", New: "n = 99"}, "no test noticed"},
		"not there":    {Promise{Package: ".", Test: "Test", File: "sample.go", Old: "nowhere", New: "x"}, "0 times"},
		"there twice":  {Promise{Package: ".", Test: "Test", File: "sample.go", Old: "100", New: "99"}, "2 times"},
		"no Go":        {Promise{Package: ".", Test: "Test", File: "sample.go", Old: "n = 100", New: "n = \"\""}, "does not compile"},
		"no such test": {Promise{Package: ".", Test: "TestNone", File: "sample.go", Old: "n = 100", New: "n = 99"}, "there is no TestNone"},
		"no file":      {Promise{Package: ".", Test: "Test", File: "none.go", Old: "a", New: "b"}, "none.go"},
	} {
		err := test.p.Broken(context.Background())
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestATableOfPromisesHasSixColumns(t *testing.T) {
	all, err := Promises("# what\n\na\tb\tc\td\te\tf\n")
	if want := (Promise{"a", "b", "c", "d", "e", "f"}); err != nil || len(all) != 1 || all[0] != want {
		t.Errorf("they are %+v, %v", all, err)
	}
	if _, err := Promises("a\tb\n"); err == nil {
		t.Error("a row of two columns is no error")
	}
}
