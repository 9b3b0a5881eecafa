package access_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"cozejwt/internal/access"
)

// open lets everyone read a file.
func open(t *testing.T, path string) {
	t.Helper()
	everyone, err := windows.CreateWellKnownSid(windows.WinWorldSid)
	if err != nil {
		t.Fatal(err)
	}
	acl, err := windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: windows.GENERIC_READ, AccessMode: windows.SET_ACCESS,
		Trustee: windows.TRUSTEE{TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeValue: windows.TrusteeValueFromSID(everyone)},
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, acl, nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhoElseCanReadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if got, err := access.Of(path); err != nil || !got.Open || got.Accounts == "" {
		t.Errorf("%+v, %v; want everyone by name", got, err)
	}
	if err := access.Set(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := access.Of(path); err != nil || got.Open {
		t.Errorf("%+v, %v; want nobody else", got, err)
	}
}

func TestTheListOfTheReplacedFileIsKept(t *testing.T) {
	dir := t.TempDir()
	from, path := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, p := range []string{from, path} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := access.Set(from, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if err := access.Inherit(path, from); err != nil {
		t.Fatal(err)
	}
	if got, err := access.Of(path); err != nil || got.Open {
		t.Errorf("%+v, %v; want nobody else", got, err)
	}
}
