package credentials_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
)

// misplacedKeys are key paths as they are written, what is wrong with each, and where it leads in
// the home folder.
var misplacedKeys = map[string]struct {
	is     *fault.Fault
	inHome string
}{
	"~/keys/k.pem":             {credentials.ErrHome, "/keys/k.pem"},
	"$HOME/k.pem":              {credentials.ErrHome, "/k.pem"},
	`"${HOME}/k.pem"`:          {credentials.ErrHome, "/k.pem"},
	`'$HOME/k.pem'`:            {credentials.ErrHome, "/k.pem"},
	`%USERPROFILE%\keys\k.pem`: {credentials.ErrHome, ""},
	"config/k.pem":             {credentials.ErrOtherFolder, ""},
	"./config/k.pem":           {credentials.ErrOtherFolder, ""},
	"config":                   {}, // a folder
	"config/other.pem":         {},
	"../config/k.pem":          {credentials.ErrOtherFolder, ""},
	"../../config/k.pem":       {}, // it is there
	"/config/k.pem":            {},
	"k~/k.pem":                 {},
	"":                         {},
}

func TestAKeyPathThatLeadsElsewhereIsExplained(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	for written, want := range misplacedKeys {
		t.Run(written, func(t *testing.T) {
			p := testfile.NewFolder(t)
			p.Write("config/k.pem", "x")
			p.Write("deploy/a/.env", "COZE_CLIENT_ID=1\nCOZE_PRIVATE_KEY_PATH="+written+"\n")
			t.Chdir(t.TempDir())
			e, err := credentials.Load(p.Path("deploy/a/.env"))
			if err != nil {
				t.Fatal(err)
			}
			got := e.Misplaced()
			e.Set.KeyID, e.Set.APIBase, e.Set.KeyPath = "k", "b", "k.pem" // complete
			if err := e.Validate(); errors.Is(err, credentials.ErrHome) != (want.is == credentials.ErrHome) {
				t.Errorf("it is said to be valid: %v", err)
			}
			e, _ = credentials.Load(e.Path)
			if (got == nil) != (want.is == nil) || got != nil && !errors.Is(got, want.is) {
				t.Fatalf("it is %v, want %v", got, want.is)
			}
			if got == nil {
				return
			}
			if real := got.Value("real"); want.inHome != "" && real != filepath.ToSlash(home)+want.inHome {
				t.Errorf("the path is %s, want %s", real, want.inHome)
			}
			if there := got.Value("there"); want.is == credentials.ErrOtherFolder && (there != p.Path("config/k.pem") || got.Value("path") != e.KeyFile()) {
				t.Errorf("it is at %s, and not at %s", there, got.Value("path"))
			}
		})
	}
}

func TestAKeyPathIsLookedUpFromTheWorkingDirectoryToo(t *testing.T) {
	p := testfile.NewFolder(t)
	p.Write("here/k.pem", "x")
	p.Write("project/.env", "COZE_JWT_OAUTH_CLIENT_ID=1\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=k.pem\n")
	t.Chdir(p.Path("here"))
	e, err := credentials.Load(p.Path("project/.env"))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Misplaced(); got == nil || got.Value("there") != p.Path("here/k.pem") {
		t.Errorf("it is %v", got)
	}
	if (credentials.EnvFile{}).Misplaced() != nil {
		t.Error("without a .env there is nothing to explain")
	}
}
