package access

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// list is an access list (ACL, winnt.h) of entries. Its revision is that of entries for
// objects.
func list(t *testing.T, entries ...[]byte) *windows.SECURITY_DESCRIPTOR {
	t.Helper()
	body := slices.Concat(entries...)
	acl := []byte{4, 0}
	acl = binary.LittleEndian.AppendUint16(acl, uint16(8+len(body)))
	acl = binary.LittleEndian.AppendUint16(acl, uint16(len(entries)))
	acl = append(append(acl, 0, 0), body...)
	sd, err := descriptor((*windows.ACL)(unsafe.Pointer(&acl[0])), true)
	if err != nil {
		t.Fatal(err)
	}
	return sd
}

// entry is one of an access list: its type, its flags, its rights, what stands before the
// SID, and what stands behind it.
func entry(t *testing.T, kind, flags byte, rights uint32, before []byte, sid windows.WELL_KNOWN_SID_TYPE, behind []byte) []byte {
	t.Helper()
	whom, err := windows.CreateWellKnownSid(sid)
	if err != nil {
		t.Fatal(err)
	}
	text := unsafe.Slice((*byte)(unsafe.Pointer(whom)), whom.Len())
	body := slices.Concat(binary.LittleEndian.AppendUint32(nil, rights), before, text, behind)
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	return append(binary.LittleEndian.AppendUint16([]byte{kind, flags}, uint16(4+len(body))), body...)
}

func TestEachEntryThatAllowsReadingCounts(t *testing.T) {
	const read, execute = windows.FILE_READ_DATA, windows.FILE_EXECUTE
	everyone, guid := windows.WELL_KNOWN_SID_TYPE(windows.WinWorldSid), make([]byte, 16)
	object := func(flags byte, guids int) []byte {
		return append([]byte{flags, 0, 0, 0}, slices.Repeat(guid, guids)...)
	}
	condition := []byte("artx\x00\x00\x00\x00")
	for name, test := range map[string]struct {
		entry []byte
		open  bool
	}{
		"allowed":                         {entry(t, 0, 0, read, nil, everyone, nil), true},
		"allowed to write the list":       {entry(t, 0, 0, windows.WRITE_DAC, nil, everyone, nil), true},
		"allowed to run":                  {entry(t, 0, 0, execute, nil, everyone, nil), false},
		"denied":                          {entry(t, 1, 0, read, nil, everyone, nil), false},
		"audited":                         {entry(t, 2, 0, read, nil, everyone, nil), false},
		"for what is made in it":          {entry(t, 0, windows.INHERIT_ONLY_ACE, read, nil, everyone, nil), false},
		"with a condition":                {entry(t, 9, 0, read, nil, everyone, condition), true},
		"with a condition, made in it":    {entry(t, 9, windows.INHERIT_ONLY_ACE, read, nil, everyone, condition), false},
		"denied with a condition":         {entry(t, 10, 0, read, nil, everyone, condition), false},
		"an object":                       {entry(t, 5, 0, read, object(0, 0), everyone, nil), true},
		"an object of a type":             {entry(t, 5, 0, read, object(1, 1), everyone, nil), true},
		"an object of an inherited type":  {entry(t, 5, 0, read, object(2, 1), everyone, nil), true},
		"an object of two types":          {entry(t, 5, 0, read, object(3, 2), everyone, nil), true},
		"an object with a condition":      {entry(t, 11, 0, read, object(3, 2), everyone, condition), true},
		"an object to run":                {entry(t, 5, 0, execute, object(3, 2), everyone, nil), false},
		"a denied object":                 {entry(t, 6, 0, read, object(0, 0), everyone, nil), false},
		"an administrator on a condition": {entry(t, 9, 0, read, nil, windows.WinBuiltinAdministratorsSid, condition), false},
		"whoever owns it":                 {entry(t, 0, 0, read, nil, windows.WinCreatorOwnerRightsSid, nil), false},
	} {
		names, err := others(list(t, entry(t, 0, 0, read, nil, windows.WinLocalSystemSid, nil), test.entry))
		if err != nil || (len(names) == 1) != test.open {
			t.Errorf("%s: %q, %v", name, names, err)
		}
	}
}

func TestAFileIsForThisUserAloneFromItsFirstMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got, err := OfFile(f); err != nil || got.Open {
		t.Errorf("%+v, %v; want this user alone", got, err)
	}
	if _, err := f.WriteString("secret"); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "secret" {
		t.Errorf("it holds %q, %v", text, err)
	}
	if again, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made twice: %v, %v", again, err)
	}
	if _, err := Create(filepath.Join(path, "x")); err == nil {
		t.Error("made in a file")
	}
	if !hasLists(path) || hasLists(filepath.Join(t.TempDir(), "a\x00b")) == false {
		t.Error("the file system has no access lists")
	}
}

func TestAListThatCannotBeSetIsAnError(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for name, err := range map[string]error{
		"set":           Set(missing, 0o600),
		"inherit to it": Inherit(missing, t.TempDir()),
		"inherit from":  Inherit(t.TempDir(), missing),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
