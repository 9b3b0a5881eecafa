package access

import (
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// reads are the rights that show a file's content or change it, or its access
// list (winnt.h).
const reads = windows.FILE_READ_DATA | windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA |
	windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_READ | windows.GENERIC_WRITE | windows.GENERIC_ALL

const fullAccess = 0x1f01ff // FILE_ALL_ACCESS (winnt.h)

// Of returns who can read the file at path, beside its owner, this user, the system and the
// administrators, whom no access list keeps out. The error is an *fs.PathError.
func Of(path string) (Access, error) {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, owned)
	return of(path, sd, err)
}

// OfFile is Of for an open file, whose name need not be its path: stdout's is not. The error is an
// *fs.PathError.
func OfFile(f *os.File) (Access, error) {
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, owned)
	return of(f.Name(), sd, err)
}

const owned = windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION

func of(path string, sd *windows.SECURITY_DESCRIPTOR, err error) (Access, error) {
	var accounts []string
	if err == nil {
		accounts, err = others(sd)
	}
	var me *windows.Tokenuser
	if err == nil {
		me, err = windows.GetCurrentProcessToken().GetTokenUser()
	}
	switch {
	case err != nil:
		return Access{}, &fs.PathError{Op: "access", Path: path, Err: err}
	case len(accounts) > 0:
		return Access{Accounts: strings.Join(accounts, ", "), Open: true}, nil
	}
	return Access{Accounts: account(me.User.Sid)}, nil
}

// others lists the accounts that a descriptor lets read, by name.
func others(sd *windows.SECURITY_DESCRIPTOR) ([]string, error) {
	dacl, _, err := sd.DACL()
	if err == windows.ERROR_OBJECT_NOT_FOUND || err == nil && dacl == nil {
		return []string{"Everyone"}, nil // no list: no limit
	}
	if err != nil {
		return nil, err
	}
	expected, err := trusted(sd)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range uint32(dacl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, i, &ace); err != nil {
			return nil, err
		}
		sid := allowed(ace)
		if sid == nil || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 ||
			ace.Mask&reads == 0 || slices.ContainsFunc(expected, sid.Equals) {
			continue
		}
		if name := account(sid); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// The types of entries that allow something (winnt.h). A callback entry has a condition
// after the SID, which may be true.
const (
	allowedObject         = 0x5
	allowedCallback       = 0x9
	allowedCallbackObject = 0xb
)

// allowed returns whom an entry allows something, nil for an entry of another type. In an
// entry for objects, flags and up to two GUIDs stand before the SID (ACCESS_ALLOWED_OBJECT_ACE).
func allowed(ace *windows.ACCESS_ALLOWED_ACE) *windows.SID {
	start := unsafe.Pointer(&ace.SidStart)
	switch ace.Header.AceType {
	case windows.ACCESS_ALLOWED_ACE_TYPE, allowedCallback:
		return (*windows.SID)(start)
	case allowedObject, allowedCallbackObject:
		offset := unsafe.Sizeof(ace.SidStart)
		for _, present := range []uint32{1, 2} { // ACE_OBJECT_TYPE_PRESENT, ACE_INHERITED_OBJECT_TYPE_PRESENT
			if ace.SidStart&present != 0 {
				offset += unsafe.Sizeof(windows.GUID{})
			}
		}
		return (*windows.SID)(unsafe.Add(start, offset))
	}
	return nil
}

// trusted are who may read every file: its owner, this user, and those who could
// take it anyway.
func trusted(sd *windows.SECURITY_DESCRIPTOR) ([]*windows.SID, error) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	sids := []*windows.SID{me.User.Sid}
	if owner, _, err := sd.Owner(); err == nil && owner != nil {
		sids = append(sids, owner)
	}
	for _, known := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerSid, windows.WinCreatorOwnerRightsSid} {
		sid, err := windows.CreateWellKnownSid(known)
		if err != nil {
			return nil, err
		}
		sids = append(sids, sid)
	}
	return sids, nil
}

func account(sid *windows.SID) string {
	name, domain, _, err := sid.LookupAccount("")
	switch {
	case err != nil:
		return sid.String()
	case domain == "":
		return name
	}
	return domain + `\` + name
}

// Set gives the file at path the access list that is for this user alone, where the mode is for the
// owner alone; other modes leave the list. A file system without access lists (FAT) leaves it too,
// and Of tells. The error is an *fs.PathError.
func Set(path string, mode fs.FileMode) error {
	if !private(mode) || !hasLists(path) {
		return nil
	}
	acl, err := ownList()
	if err != nil {
		return &fs.PathError{Op: "access", Path: path, Err: err}
	}
	return put(path, acl, true)
}

// Create makes a new file that from its first moment on is for this user alone, open for
// reading and writing. The error is fs.ErrExist where something is there.
func Create(path string) (*os.File, error) {
	h, err := create(path)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

func create(path string) (windows.Handle, error) {
	acl, err := ownList()
	if err != nil {
		return 0, err
	}
	sd, err := descriptor(acl, true)
	if err != nil {
		return 0, err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: sd}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	defer runtime.KeepAlive(acl) // the descriptor points to it
	return windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE,
		&attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
}

// ownList is the access list that is for this user alone.
func ownList() (*windows.ACL, error) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: fullAccess,
		AccessMode:        windows.SET_ACCESS,
		Inheritance:       windows.NO_INHERITANCE,
		Trustee: windows.TRUSTEE{
			TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_USER,
			TrusteeValue: windows.TrusteeValueFromSID(me.User.Sid),
		},
	}}, nil)
}

// hasLists reports whether the file system of a path keeps access lists. One that does not
// say is taken for one that does.
func hasLists(path string) bool {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return true
	}
	volume := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(name, &volume[0], uint32(len(volume))); err != nil {
		return true
	}
	var flags uint32
	if err := windows.GetVolumeInformation(&volume[0], nil, 0, nil, nil, &flags, nil, 0); err != nil {
		return true
	}
	return flags&windows.FILE_PERSISTENT_ACLS != 0
}

// Inherit gives the file at path the access list of another, which it is to replace. The error is
// an *fs.PathError.
func Inherit(path, from string) error {
	if !hasLists(path) {
		return nil
	}
	sd, err := windows.GetNamedSecurityInfo(from, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return &fs.PathError{Op: "access", Path: from, Err: err}
	}
	acl, _, err := sd.DACL()
	if err == windows.ERROR_OBJECT_NOT_FOUND {
		return nil // it has none, and the folder's gives less than that
	}
	var control windows.SECURITY_DESCRIPTOR_CONTROL
	if err == nil {
		control, _, err = sd.Control()
	}
	if err != nil {
		return &fs.PathError{Op: "access", Path: from, Err: err}
	}
	return put(path, acl, control&windows.SE_DACL_PROTECTED != 0)
}

// put sets the list as it is; SetNamedSecurityInfo would mix the folder's into it
// under Wine.
func put(path string, acl *windows.ACL, protected bool) (err error) {
	defer func() {
		if err != nil {
			err = &fs.PathError{Op: "access", Path: path, Err: err}
		}
	}()
	sd, err := descriptor(acl, protected)
	if err != nil {
		return err
	}
	information := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if protected {
		information = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	const shared = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := windows.CreateFile(name, windows.WRITE_DAC, shared, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(h) }()
	return windows.SetKernelObjectSecurity(h, information, sd)
}

// descriptor is one with an access list. One that is protected takes nothing from the folder.
func descriptor(acl *windows.ACL, protected bool) (*windows.SECURITY_DESCRIPTOR, error) {
	sd, err := windows.NewSecurityDescriptor()
	if err == nil {
		err = sd.SetDACL(acl, true, false)
	}
	if err == nil && protected {
		err = sd.SetControl(windows.SE_DACL_PROTECTED, windows.SE_DACL_PROTECTED)
	}
	return sd, err
}
