package keygen_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// other is a key that is not testkey.RSA.
var other = sync.OnceValue(testkey.New)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// unkept is the path of a private key whose copy cannot be made: its dated name
// would be too long for a file, which the name of a temporary file is not.
func unkept(dir string) string {
	return filepath.Join(dir, "private_"+strings.Repeat("x", 224)+".pem")
}

func wantFile(t *testing.T, path string, want []byte) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
		t.Errorf("%s is another: %v", filepath.Base(path), err)
	}
}

func TestAFailedBackupKeepsTheKey(t *testing.T) {
	path := unkept(t.TempDir())
	old := keygen.EncodePrivate(other())
	testfile.Write(t, path, string(old))
	saved, err := keygen.Save(path, testkey.RSA(), keygen.KeepCopy, noon)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.ID != "file.write" || f.Value("path") != path {
		t.Errorf("error is %v", err)
	}
	if saved.Kept != nil || keygen.Backups(path) != nil {
		t.Errorf("copies are %v", saved.Kept)
	}
	wantFile(t, path, old)
	if _, err := os.Lstat(saved.PublicPath); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a public key of a key that was not written: %v", err)
	}
}

func TestAFailedBackupKeepsThePublicKeyAndTheForm(t *testing.T) {
	path := unkept(t.TempDir())
	stale, form := keygen.EncodePublic(&other().PublicKey), pkcs1(testkey.RSA())
	testfile.Write(t, path, form)
	testfile.Write(t, keygen.PublicPath(path), string(stale))
	if err := keygen.RestorePublic(path, testkey.RSA(), noon); fault.ID(err) != "file.write" {
		t.Errorf("RestorePublic: error is %v", err)
	}
	if err := keygen.Rewrite(path, testkey.RSA(), noon); fault.ID(err) != "file.write" {
		t.Errorf("Rewrite: error is %v", err)
	}
	wantFile(t, path, []byte(form))
	wantFile(t, keygen.PublicPath(path), stale)
}

func TestSaveSaysWhatKeepsItFromWriting(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		path  string
		there func(dir testfile.Folder)
		want  string
	}{
		"a file is in place of a folder above": {"file/config/k.pem", func(dir testfile.Folder) { dir.Write("file", "") }, "file.write"},
		"the folder cannot be made":            {long(300) + "/k.pem", nil, "file.write"},
		"no room for a temporary name":         {long(250) + ".pem", nil, "file.write"},
		"a folder is in place of the key":      {"k.pem", func(dir testfile.Folder) { dir.Write("k.pem/file", "") }, "key.irregular"},
		"a folder is in place of the public":   {"k.pem", func(dir testfile.Folder) { dir.Write("k_public.pem/file", "") }, "key.irregular"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := testfile.NewFolder(t)
			if test.there != nil {
				test.there(dir)
			}
			if _, err := keygen.Save(dir.Path(test.path), testkey.RSA(), keygen.KeepCopy, noon); fault.ID(err) != test.want {
				t.Errorf("error is %v (%s), want %s", err, fault.ID(err), test.want)
			}
		})
	}
}

func TestSaveDoesNotWriteThroughALinkToNothing(t *testing.T) {
	dir := testfile.NewFolder(t)
	testfile.Symlink(t, "elsewhere.pem", dir.Path("k.pem"))
	if _, err := keygen.Save(dir.Path("k.pem"), testkey.RSA(), keygen.KeepCopy, noon); fault.ID(err) != fault.ID(keygen.ErrExists) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Lstat(dir.Path("elsewhere.pem")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the key was written elsewhere: %v", err)
	}
}

func TestRewriteWritesTheSameKeyAndNothingElse(t *testing.T) {
	dir := testfile.NewFolder(t)
	path, form := dir.Path("private_key.pem"), pkcs1(testkey.RSA())
	dir.Write("private_key.pem", form)
	if err := keygen.Rewrite(path, testkey.RSA(), noon); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, keygen.EncodePrivate(testkey.RSA()))
	kept := keygen.Backups(path)
	if want := []string{path + ".bak-20260102T120000Z"}; !slices.Equal(kept, want) {
		t.Fatalf("copies are %v, want %v", kept, want)
	}
	wantFile(t, kept[0], []byte(form))
	if _, err := os.Lstat(keygen.PublicPath(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a public key now: %v", err)
	}
	if err := keygen.Rewrite(dir.Path("absent.pem"), testkey.RSA(), noon); !errors.Is(err, keygen.ErrAbsent) {
		t.Errorf("without a key the error is %v", err)
	}
}

func TestRestorePublicLeavesAPairAndKeepsWhatIsNone(t *testing.T) {
	dir := testfile.NewFolder(t)
	path, public := dir.Path("private_key.pem"), dir.Path("public_key.pem")
	pair := "# ours\n" + string(keygen.EncodePublic(&testkey.RSA().PublicKey))
	for _, test := range []struct {
		there string
		kept  int
	}{
		{pair, 0},
		{string(keygen.EncodePublic(&other().PublicKey)), 1},
	} {
		dir.Write("public_key.pem", test.there)
		if err := keygen.RestorePublic(path, testkey.RSA(), noon); err != nil {
			t.Fatal(err)
		}
		kept := keygen.Backups(public)
		if len(kept) != test.kept {
			t.Fatalf("copies are %v, want %d", kept, test.kept)
		}
		for _, path := range append(kept, public)[:1] {
			wantFile(t, path, []byte(test.there))
		}
	}
}

func TestRestorePublicMakesAFileThatIsGone(t *testing.T) {
	path := testfile.NewFolder(t).Path("private_key.pem")
	if err := keygen.RestorePublic(path, testkey.RSA(), noon); err != nil {
		t.Fatal(err)
	}
	wantFile(t, keygen.PublicPath(path), keygen.EncodePublic(&testkey.RSA().PublicKey))
}

func TestBitsAreThoseThatAreOffered(t *testing.T) {
	for s, want := range map[string]int{"2048": 2048, "3072": 3072, "4096": 4096, "1024": 0, "2049": 0, "": 0, "2048 ": 0} {
		if got, err := keygen.ParseBits(s); got != want || (err == nil) != (want != 0) {
			t.Errorf("ParseBits(%q) = %d, %v", s, got, err)
		}
	}
}

func TestADatedNameHasTheUTCDateAndTheFingerprint(t *testing.T) {
	public := &testkey.RSA().PublicKey
	late := time.Date(2026, 1, 2, 23, 0, 0, 0, time.FixedZone("", -3600))
	name := filepath.Base(keygen.DatedPath("config", public, late))
	if want := "private_key_20260103_" + keygen.Fingerprint(public)[:8] + ".pem"; name != want {
		t.Errorf("name is %s, want %s", name, want)
	}
	for name, want := range map[string]bool{
		name: true, "private_key.pem": false, "private_key_20260103_0123456z.pem": false, "public_key_20260103_01234567.pem": false, "x" + name: false, name + "1": false,
	} {
		if got := keygen.IsDated(name); got != want {
			t.Errorf("IsDated(%q) = %v", name, got)
		}
	}
}

// A file of settings that holds the key is not replaced by the key.
func TestAFileOfSettingsIsLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.yml")
	for _, text := range []string{asJSON(string(keygen.EncodePrivate(testkey.RSA()))), "a: 1\n" + string(keygen.EncodePrivate(testkey.RSA()))} {
		testfile.Write(t, path, text)
		if err := keygen.Rewrite(path, testkey.RSA(), noon); !errors.Is(err, keygen.ErrEmbedded) {
			t.Errorf("Rewrite: %v", err)
		}
		if _, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, noon); !errors.Is(err, keygen.ErrExists) {
			t.Errorf("Save: %v", err)
		}
		wantFile(t, path, []byte(text))
	}
}
