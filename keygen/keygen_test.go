package keygen_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

func TestGenerateMakesTheSizesThatAreAllowed(t *testing.T) {
	key, err := keygen.Generate(3072)
	if err != nil {
		t.Fatal(err)
	}
	if key.N.BitLen() != 3072 {
		t.Errorf("the key has %d bits", key.N.BitLen())
	}
	if _, err := keygen.Generate(1024); err == nil {
		t.Error("1024 bits were allowed")
	}
}

func TestPublicPath(t *testing.T) {
	for private, public := range map[string]string{
		"config/private_key.pem":               "config/public_key.pem",
		"config/private_key_20261123_ab12.pem": "config/public_key_20261123_ab12.pem",
		"private/prod.pem":                     "private/prod_public.pem",
		"prod.pem":                             "prod_public.pem",
		"key":                                  "key_public.pem",
	} {
		if got := keygen.PublicPath(private); got != public {
			t.Errorf("PublicPath(%q) = %q, want %q", private, got, public)
		}
	}
}

func TestSaveWritesAPairWithItsModes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "project", "config", "private_key.pem")
	saved, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		saved.PrivatePath:             0o600,
		saved.PublicPath:              0o644,
		filepath.Dir(path):            0o700,
		filepath.Join(dir, "project"): 0o755,
	} {
		testfile.WantMode(t, path, want)
	}
	private, err := keygen.Load(saved.PrivatePath)
	if err != nil {
		t.Fatal(err)
	}
	public, err := keygen.LoadPublic(saved.PublicPath)
	if err != nil {
		t.Fatal(err)
	}
	if !keygen.IsPair(private.Private, public) {
		t.Error("the files are no pair")
	}
	if private.Form != keygen.PKCS8 || private.Flaws != nil {
		t.Errorf("the private key is %s with flaws %v", private.Form, private.Flaws)
	}
}

func TestSaveNeverOverwritesUnasked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	if _, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if _, err := keygen.Save(path, testkey.New(), keygen.Refuse, time.Now()); !errors.Is(err, keygen.ErrExists) {
		t.Errorf("error is %v, want ErrExists", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the key changed")
	}
}

func TestSaveKeepsACopyWhenAskedToReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	if _, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	next := testkey.New()
	saved, err := keygen.Save(path, next, keygen.KeepCopy, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(saved.Kept) != 2 {
		t.Fatalf("copies are %v, want one of each file", saved.Kept)
	}
	kept, err := keygen.Load(saved.Kept[0])
	if err != nil {
		t.Fatal(err)
	}
	if !kept.Private.Equal(testkey.RSA()) {
		t.Error("the copy is not the previous key")
	}
	if now, err := keygen.Load(path); err != nil || !now.Private.Equal(next) {
		t.Errorf("the new key is not in place: %v", err)
	}
	testfile.WantMode(t, saved.Kept[0], 0o600)
}

func TestSaveOfTheSameKeyOnlyFixesItsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	if _, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
	testfile.Open(t, path)
	saved, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	testfile.WantMode(t, path, 0o600)
	if saved.Kept != nil {
		t.Errorf("copies %v", saved.Kept)
	}
}

func TestSaveRewritesTheSameKeyAndKeepsACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	if err := os.WriteFile(path, []byte(pkcs1(testkey.RSA())), 0o600); err != nil {
		t.Fatal(err)
	}
	saved, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if key, err := keygen.Load(path); err != nil || key.Form != keygen.PKCS8 || len(saved.Kept) != 1 {
		t.Errorf("the key is %+v, %v, copies %v", key, err, saved.Kept)
	}
}

func TestRewriteLeavesAKeyThatCameInBetween(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.pem")
	now := testkey.New()
	testfile.Write(t, path, string(keygen.EncodePrivate(now)))
	if err := keygen.Rewrite(path, testkey.RSA(), time.Now()); !errors.Is(err, keygen.ErrExists) {
		t.Errorf("error is %v", err)
	}
	if key, err := keygen.Load(path); err != nil || !key.Private.Equal(now) {
		t.Errorf("the key is another: %v", err)
	}
}

func TestRestorePublicMakesThePairWholeAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "private_key.pem")
	saved, err := keygen.Save(path, testkey.RSA(), keygen.Refuse, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	other := testkey.New()
	if err := os.WriteFile(saved.PublicPath, keygen.EncodePublic(&other.PublicKey), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := keygen.RestorePublic(path, testkey.RSA(), time.Now()); err != nil {
		t.Fatal(err)
	}
	public, err := keygen.LoadPublic(saved.PublicPath)
	if err != nil || !keygen.IsPair(testkey.RSA(), public) {
		t.Errorf("the public key is still another one: %v", err)
	}
}

func TestFingerprintTellsKeysApart(t *testing.T) {
	a, b := keygen.Fingerprint(&testkey.RSA().PublicKey), keygen.Fingerprint(&testkey.New().PublicKey)
	if a == b || len(a) != 64 || strings.ToLower(a) != a {
		t.Errorf("fingerprints are %s and %s", a, b)
	}
}
