package sandbox_test

import (
	"os"
	"path/filepath"
	"testing"

	"cozejwt/internal/sandbox"
)

func TestWhatTheSandboxKeepsIsListed(t *testing.T) {
	dir := t.TempDir()
	if all, served := sandbox.Kept(dir); all != nil || served {
		t.Errorf("before any: %v, served: %v", all, served)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("asking leaves %v", left)
	}
	i, err := sandbox.Serve(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if all, served := sandbox.Kept(dir); len(all) != 2 || filepath.Base(all[0].Path) != "sandbox.json" || all[1].Kind != "sandbox" || !served {
		t.Errorf("while it serves: %v, served: %v", all, served)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	if all, served := sandbox.Kept(dir); len(all) == 0 || served {
		t.Errorf("afterwards: %v, served: %v", all, served)
	}
}
