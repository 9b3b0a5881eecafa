package keyfile_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func project(t *testing.T) testfile.Folder {
	t.Helper()
	testfile.NeedGit(t)
	dir := testfile.NewFolder(t)
	if out, err := exec.Command("git", "-C", dir.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func save(dir testfile.Folder, name string, named bool) error {
	_, err := keyfile.Save(keyfile.Place{Project: dir.Dir, Path: dir.Path(name), Named: named}, testkey.RSA(), keygen.KeepCopy, time.Now())
	return err
}

func saveUnignored(dir testfile.Folder, name string) error {
	_, err := keyfile.Save(keyfile.Place{Project: dir.Dir, Path: dir.Path(name), Unignored: true}, testkey.RSA(), keygen.Refuse, time.Now())
	return err
}

func wantNoKey(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was written: %v", path, err)
	}
}

func TestAKeyIsIgnoredBeforeItIsThere(t *testing.T) {
	for _, name := range []string{"config/private_key.pem", "k.pem", "a b/[x].pem"} {
		dir := project(t)
		if err := save(dir, name, false); err != nil {
			t.Fatal(err)
		}
		if !git.Ignored(dir.Dir, dir.Path(name)) {
			t.Errorf("git does not ignore %s", name)
		}
		if _, err := keygen.Load(dir.Path(name)); err != nil {
			t.Error(err)
		}
	}
}

func TestAFolderThatIsNotThereYetIsInTheWorkTreeToo(t *testing.T) {
	dir := project(t)
	place := keyfile.Place{Project: dir.Path("a/practice"), Path: dir.Path("a/practice/config/private_key.pem")}
	if _, err := keyfile.Save(place, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	if !git.Ignored(dir.Dir, place.Path) {
		t.Error("git does not ignore it")
	}
	dir.Write("file", "")
	place = keyfile.Place{Project: dir.Path("file"), Path: dir.Path("file/k.pem")}
	if _, err := keyfile.Save(place, testkey.RSA(), keygen.Refuse, time.Now()); fault.ID(err) != "file.write" {
		t.Errorf("in a file: error is %v", err)
	}
}

func TestAKeyThatGitWouldTakeIsNotWritten(t *testing.T) {
	for name, test := range map[string]struct {
		there func(dir testfile.Folder)
		want  string
	}{
		"a link": {func(dir testfile.Folder) { testfile.Symlink(t, dir.Path("other"), dir.Path(".gitignore")) }, "git.linked"},
		"a link to a file": {func(dir testfile.Folder) {
			dir.Write("other", "x\n")
			testfile.Symlink(t, "other", dir.Path(".gitignore"))
		}, "git.linked"},
		"a folder":     {func(dir testfile.Folder) { dir.Write(".gitignore/x", "") }, "file.irregular"},
		"another rule": {func(dir testfile.Folder) { dir.Write("config/.gitignore", "!*.pem\n") }, "git.not_ignored"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := project(t)
			test.there(dir)
			err := save(dir, "config/private_key.pem", false)
			if _, ok := errors.AsType[keyfile.Unignored](err); fault.ID(err) != test.want || !ok {
				t.Errorf("error is %v, want %s", err, test.want)
			}
			wantNoKey(t, dir.Path("config/private_key.pem"))
			if err := saveUnignored(dir, "config/private_key.pem"); err != nil {
				t.Errorf("a person agrees: %v", err)
			}
			if _, err := keygen.Load(dir.Path("config/private_key.pem")); err != nil {
				t.Error(err)
			}
			if data, err := os.ReadFile(dir.Path("other")); err == nil && string(data) != "x\n" {
				t.Errorf("what the link leads to is %q", data)
			}
		})
	}
}

func TestNoLinkLeadsAKeyOutOfTheProject(t *testing.T) {
	dir, elsewhere := project(t), t.TempDir()
	testfile.Symlink(t, elsewhere, dir.Path("config"))
	err := save(dir, "config/private_key.pem", false)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || !errors.Is(err, keyfile.ErrOutside) || filepath.Base(f.Value("real")) != "private_key.pem" {
		t.Errorf("error is %v", err)
	}
	wantNoKey(t, filepath.Join(elsewhere, "private_key.pem"))
	if err := save(dir, "config/private_key.pem", true); err != nil {
		t.Errorf("a path that a person gave: %v", err)
	}
	if _, err := keygen.Load(filepath.Join(elsewhere, "private_key.pem")); err != nil {
		t.Error(err)
	}
}

func TestAPathWithALineBreakIsRefused(t *testing.T) {
	dir := project(t)
	for _, name := range []string{"a\n!.env", "a\r.pem", "a\x1b[2J.pem"} {
		if err := save(dir, name, true); !errors.Is(err, git.ErrControl) {
			t.Errorf("%q: error is %v", name, err)
		}
		if _, err := git.Ignore(dir.Dir, dir.Path(name)); !errors.Is(err, git.ErrControl) {
			t.Errorf("%q: .gitignore gets it: %v", name, err)
		}
	}
}

// What is written through a link is what counts: nothing, where the same key is there.
func TestALinkOutOfTheProjectIsReadAlone(t *testing.T) {
	other, err := testkey.Pool()(2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		there []byte
		want  error
	}{
		"the same key":    {keygen.EncodePrivate(testkey.RSA()), nil},
		"another key":     {keygen.EncodePrivate(other), keyfile.ErrOutside},
		"in another form": {pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testkey.RSA())}), keyfile.ErrOutside},
		"no key":          {[]byte("x"), keyfile.ErrOutside},
	} {
		dir, elsewhere := project(t), filepath.Join(t.TempDir(), "theirs")
		testfile.Write(t, elsewhere, string(test.there))
		testfile.Symlink(t, elsewhere, dir.Path("k.pem"))
		if err := save(dir, "k.pem", false); !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v, want %v", name, err, test.want)
		}
		if now, err := os.ReadFile(elsewhere); err != nil || !bytes.Equal(now, test.there) {
			t.Errorf("%s: what it leads to was written: %v", name, err)
		}
	}
}

func TestAKeyOutsideTheProjectIsItsOwnersToIgnore(t *testing.T) {
	dir, elsewhere := project(t), testfile.NewFolder(t)
	if _, err := keyfile.Save(keyfile.Place{Project: dir.Dir, Path: elsewhere.Path("k.pem")}, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Error(err)
	}
	wantNoKey(t, dir.Path(".gitignore"))
}

func TestNoPublicKeyIsMadeElsewhere(t *testing.T) {
	dir, elsewhere := project(t), testfile.NewFolder(t)
	for _, test := range []struct {
		place keyfile.Place
		made  bool
	}{
		{keyfile.Place{Project: dir.Dir, Path: elsewhere.Path("private_key.pem")}, false},
		{keyfile.Place{Project: dir.Dir, Path: elsewhere.Path("private_key.pem"), Named: true}, true},
		{keyfile.Place{Project: dir.Dir, Path: dir.Path("private_key.pem")}, true},
	} {
		if err := keyfile.RestorePublic(test.place, testkey.RSA(), time.Now()); err != nil {
			t.Error(err)
		}
		if _, err := keygen.LoadPublic(keygen.PublicPath(test.place.Path)); (err == nil) != test.made {
			t.Errorf("%+v: made %v, %v", test.place, err == nil, err)
		}
	}
}

func TestALinkWithinTheProjectIsFollowed(t *testing.T) {
	dir := project(t)
	dir.Write("keys/x", "")
	testfile.Symlink(t, "keys", dir.Path("config"))
	if err := save(dir, "config/private_key.pem", false); err != nil {
		t.Fatal(err)
	}
	if _, err := keygen.Load(dir.Path("keys/private_key.pem")); err != nil {
		t.Error(err)
	}
	if !git.Ignored(dir.Dir, dir.Path("keys/private_key.pem")) {
		t.Error("git does not ignore it")
	}
}

// Consent is to a key that git takes, and to nothing else.
func TestConsentIsToNothingElse(t *testing.T) {
	dir := project(t)
	testfile.Symlink(t, t.TempDir(), dir.Path("config"))
	if err := saveUnignored(dir, "config/private_key.pem"); !errors.Is(err, keyfile.ErrOutside) {
		t.Errorf("a link out of the project: error is %v", err)
	}
	if err := saveUnignored(dir, "a\nb.pem"); !errors.Is(err, git.ErrControl) {
		t.Errorf("a line break: error is %v", err)
	}
	if err := saveUnignored(dir, "k.pem"); err != nil || !git.Ignored(dir.Dir, dir.Path("k.pem")) {
		t.Errorf("what can be ignored is not: %v", err)
	}
}

func TestWhatIsIgnoredAnywayNeedsNoGitignore(t *testing.T) {
	dir, elsewhere := project(t), testfile.NewFolder(t)
	testfile.Symlink(t, "other", dir.Path(".gitignore"))
	dir.Write(".git/info/exclude", "*.pem*\n")
	if err := save(dir, "k.pem", false); err != nil {
		t.Errorf("ignored by another rule: %v", err)
	}
	place := keyfile.Place{Project: dir.Dir, Path: elsewhere.Path("k.pem")}
	if _, err := keyfile.Save(place, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Errorf("outside the project: %v", err)
	}
	if _, err := os.Lstat(dir.Path("other")); err == nil {
		t.Error("the link was followed")
	}
}

func TestAKeyElsewhereInTheWorkTreeIsIgnoredToo(t *testing.T) {
	dir := project(t)
	place := keyfile.Place{Project: dir.Path("service"), Path: dir.Path("keys/k.pem"), Named: true}
	if _, err := keyfile.Save(place, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	if !git.Ignored(dir.Dir, place.Path) {
		t.Error("git does not ignore it")
	}
}

func TestWithoutGitAKeyIsSavedAllTheSame(t *testing.T) {
	dir := testfile.NewFolder(t)
	for _, project := range []string{dir.Dir, dir.Path("not there yet")} {
		path := filepath.Join(project, "config", "private_key.pem")
		if _, err := keyfile.Save(keyfile.Place{Project: project, Path: path}, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
			t.Error(err)
		}
	}
}

func TestACopyIsRemovedOnceTheKeyFileWasReadBack(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("copy.pem", string(keygen.EncodePrivate(testkey.RSA())))
	if err := keyfile.Discard(dir.Path("copy.pem"), dir.Path("key.pem"), testkey.RSA()); !errors.Is(err, keygen.ErrAbsent) {
		t.Errorf("without a key file: %v", err)
	}
	dir.Write("key.pem", string(keygen.EncodePrivate(testkey.New())))
	if err := keyfile.Discard(dir.Path("copy.pem"), dir.Path("key.pem"), testkey.RSA()); err == nil || dir.Read("copy.pem") == "" {
		t.Errorf("beside another key: %v", err)
	}
	dir.Write("key.pem", dir.Read("copy.pem"))
	if err := keyfile.Discard(dir.Path("copy.pem"), dir.Path("key.pem"), testkey.RSA()); err != nil {
		t.Error(err)
	}
	if err := keyfile.Discard(dir.Path("copy.pem"), dir.Path("key.pem"), testkey.RSA()); err == nil || dir.Read("key.pem") == "" {
		t.Errorf("a copy that is gone: %v", err)
	}
}

func TestASecretIsWrittenOnceGitIgnoresAllItsFiles(t *testing.T) {
	dir := project(t)
	err := keyfile.Write(dir.Dir, false, func() error {
		if !git.Ignored(dir.Dir, dir.Path("a.env")) || !git.Ignored(dir.Dir, dir.Path("b.pem")) {
			t.Error("it is written before git ignores both")
		}
		return fs.ErrExist
	}, dir.Path("a.env"), dir.Path("b.pem"))
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v", err)
	}
	err = keyfile.Write(dir.Dir, true, func() error {
		t.Error("it is written though a name cannot stand in .gitignore")
		return nil
	}, dir.Path("c.env"), dir.Path("d\n.pem"))
	if !errors.Is(err, git.ErrControl) {
		t.Errorf("error is %v", err)
	}
}
