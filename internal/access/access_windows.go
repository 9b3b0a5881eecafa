package access

import (
	"io/fs"
	"os"
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

// Of returns who can read the file at path, beside its owner, this user, the
// system and the administrators, whom no access list keeps out.
func Of(path string) (Access, error) {
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, owned)
	return of(path, sd, err)
}

// OfFile is Of for an open file, whose name need not be its path: stdout's is
// not.
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
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 ||
			ace.Mask&reads == 0 || slices.ContainsFunc(expected, sid.Equals) {
			continue
		}
		if name := account(sid); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
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
	for _, known := range []windows.WELL_KNOWN_SID_TYPE{windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerSid} {
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

// Set gives the file at path the access list that is for this user alone, where
// the mode is for the owner alone; other modes leave the list.
func Set(path string, mode fs.FileMode) error {
	if !private(mode) {
		return nil
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return &fs.PathError{Op: "access", Path: path, Err: err}
	}
	acl, err := windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: fullAccess,
		AccessMode:        windows.SET_ACCESS,
		Inheritance:       windows.NO_INHERITANCE,
		Trustee: windows.TRUSTEE{
			TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_USER,
			TrusteeValue: windows.TrusteeValueFromSID(me.User.Sid),
		},
	}}, nil)
	if err != nil {
		return &fs.PathError{Op: "access", Path: path, Err: err}
	}
	return put(path, acl, true)
}

// Inherit gives the file at path the access list of another, which it is to
// replace.
func Inherit(path, from string) error {
	sd, err := windows.GetNamedSecurityInfo(from, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return &fs.PathError{Op: "access", Path: from, Err: err}
	}
	acl, _, err := sd.DACL()
	if err != nil {
		return nil // it has none, and the folder's gives less than that
	}
	control, _, err := sd.Control()
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
	sd, err := windows.NewSecurityDescriptor()
	if err != nil {
		return err
	}
	if err := sd.SetDACL(acl, true, false); err != nil {
		return err
	}
	information := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if protected {
		information = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
		if err := sd.SetControl(windows.SE_DACL_PROTECTED, windows.SE_DACL_PROTECTED); err != nil {
			return err
		}
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
