// Package access says and sets who else can read a file: by its mode where the
// system has modes (POSIX), by its access list on Windows.
package access

import "io/fs"

// An Access is who can read or change a file.
type Access struct {
	Mode     string // such as "0600"; "" on Windows
	Accounts string // on Windows: who else can, or this user where nobody else can; "" elsewhere
	Open     bool   // someone can who is neither the owner nor an administrator
}

// private reports whether a mode is for the owner alone.
func private(mode fs.FileMode) bool { return mode.Perm()&0o077 == 0 }
