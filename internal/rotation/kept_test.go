package rotation_test

import (
	"path/filepath"
	"testing"

	"cozejwt/internal/rotation"
	"cozejwt/internal/testfile"
)

func TestTheRecordsOfAllProjectsAreListed(t *testing.T) {
	dir := t.TempDir()
	if got := rotation.AllRecords(dir); got != nil {
		t.Errorf("of none: %v", got)
	}
	testfile.Write(t, filepath.Join(dir, "rotations", "a", "1.json"), `{"files":[{"path":"/p/.env"},{"path":"/p/.env.b"}]}`)
	testfile.Write(t, filepath.Join(dir, "rotations", "a", "2.json"), `{"files":[]}`)
	testfile.Write(t, filepath.Join(dir, "rotations", "b", "1.json"), `broken`)
	got := rotation.AllRecords(dir)
	if len(got) != 3 || got[0].About != "/p/.env" || got[1].About != "" || got[2].About != "" || got[2].Kind != "rotation" {
		t.Errorf("they are %v", got)
	}
}
