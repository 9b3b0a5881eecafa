// Package keygen makes RSA key pairs for JWT signing (RS256, RFC 7518 §3.3),
// writes them the way every Coze SDK reads them, and reads keys that other tools
// made. It never prints a private key and never sends one anywhere.
package keygen

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cozejwt/internal/access"
	"cozejwt/internal/atomicfile"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// DefaultBits is the size of a key unless another is asked for.
const DefaultBits = 2048

// ParseBits returns the key size in bits that s names: 2048, 3072 or 4096. The error is a fault of
// usage.
func ParseBits(s string) (int, error) {
	switch s {
	case "2048", "3072", "4096":
		return strconv.Atoi(s)
	}
	return 0, fault.Usage("key.bits", "bits", s)
}

// Generate makes an RSA key of bits bits. The errors are those of ParseBits, and the fault of a
// system without randomness.
func Generate(bits int) (*rsa.PrivateKey, error) {
	if _, err := ParseBits(strconv.Itoa(bits)); err != nil {
		return nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, fault.Unexpected("key.generate", err)
	}
	return key, nil
}

// EncodePrivate returns key as a PKCS#8 PEM block (RFC 5208), the one form
// that all four official SDKs read.
func EncodePrivate(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // only for key types that are not *rsa.PrivateKey
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// EncodePublic returns key as a SubjectPublicKeyInfo PEM block (RFC 5280 §4.1).
func EncodePublic(key *rsa.PublicKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki(key)})
}

// Fingerprint returns the SHA-256 of the public key's SubjectPublicKeyInfo in
// lower-case hex. It tells two keys apart; it is not the Key ID, whose making
// Coze does not document.
func Fingerprint(key *rsa.PublicKey) string {
	sum := sha256.Sum256(spki(key))
	return hex.EncodeToString(sum[:])
}

func spki(key *rsa.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err) // only for key types that are not *rsa.PublicKey
	}
	return der
}

// IsPair reports whether public belongs to private.
func IsPair(private *rsa.PrivateKey, public *rsa.PublicKey) bool {
	return private.PublicKey.Equal(public)
}

// PublicPath returns where the public key of the private key at path is kept:
// beside it, "private" in its name made "public", or "_public" put before the
// extension of a name without "private".
func PublicPath(path string) string {
	dir, name := filepath.Split(path)
	if strings.Contains(name, "private") {
		return dir + strings.Replace(name, "private", "public", 1)
	}
	return dir + strings.TrimSuffix(name, ".pem") + "_public.pem"
}

// A Saved is what Save left on the disk. Kept names the copies of files that
// were there before.
type Saved struct {
	PrivatePath, PublicPath string
	Kept                    []string
}

// Existing says what Save does about a private key that is there already.
type Existing int

// What Save may do: refuse, or keep a dated copy beside the new file.
const (
	Refuse Existing = iota
	KeepCopy
)

var (
	// ErrExists is the fault of Save under Refuse.
	ErrExists = fault.Usage("key.exists")
	// ErrPublicUnwritten is the fault of Save where the private key is there and its public key
	// could not be written.
	ErrPublicUnwritten = fault.Unexpected("key.public_unwritten", nil)
	// ErrLinked is the fault of Save where a symbolic link is in the place of a key file:
	// what it leads to is not replaced.
	ErrLinked = fault.Invalid("key.linked")
)

// Save writes key to path as PKCS#8, mode 0600, and its public key to PublicPath(path), mode 0644.
// A folder that it makes is 0700. An identical file only gets its mode; the same key in another
// form is backed up and rewritten. Another key at path is ErrExists under Refuse, and is backed up
// and replaced under KeepCopy. So is a file of settings that holds the key.
func Save(path string, key *rsa.PrivateKey, existing Existing, now time.Time) (Saved, error) {
	saved := Saved{PrivatePath: path, PublicPath: PublicPath(path)}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return saved, fault.Unwritable(path, err)
	}
	if same, err := Load(path); err == nil && same.Private.Equal(key) && !same.Embedded() {
		existing = KeepCopy // the same key, written another way
	}
	if err := saved.put(path, EncodePrivate(key), 0o600, existing, now); err != nil {
		return saved, err
	}
	// A public key can be made again from the private one, but the file there
	// may be of another pair: its copy is kept in any case.
	err := saved.put(saved.PublicPath, EncodePublic(&key.PublicKey), 0o644, KeepCopy, now)
	if fault.ID(err) == "file.write" {
		err = ErrPublicUnwritten.With("path", saved.PublicPath, "private", path).Because(errors.Unwrap(err))
	}
	return saved, err
}

// makeFolder makes the folder for keys private. Those above it hold other
// things too and are made as usual.
func makeFolder(dir string) error {
	if err := disk.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := disk.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func (s *Saved) put(path string, data []byte, mode fs.FileMode, existing Existing, now time.Time) error {
	old, err := readFile(path)
	switch {
	case errors.Is(err, ErrAbsent):
		err = atomicfile.WriteNew(path, data, mode)
		if errors.Is(err, fs.ErrExist) {
			return ErrExists.With("path", path)
		}
	case err != nil:
	case bytes.Equal(old, data) && !isLink(path):
		return fault.ModeUnset(path, access.Set(path, mode))
	case bytes.Equal(old, data): // the mode of what a link leads to is its owner's
	case isLink(path):
		real, _ := filepath.EvalSymlinks(path)
		return ErrLinked.With("path", path, "real", real)
	case existing == Refuse:
		return ErrExists.With("path", path)
	default:
		var kept string
		if kept, err = atomicfile.Backup(path, mode, now); err == nil {
			s.Kept = append(s.Kept, kept)
			err = atomicfile.WriteFile(path, data, mode)
		}
	}
	return fault.Unwritable(path, err)
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Backups lists the copies that were kept of the file at path.
func Backups(path string) []string { return atomicfile.Backups(path) }

// Rewrite writes the private key at path as Save does, and nothing else. Another key that has come
// there in between is ErrExists, and a file of settings that holds the key is ErrEmbedded.
func Rewrite(path string, key *rsa.PrivateKey, now time.Time) error {
	there, err := Load(path)
	if err != nil {
		return err
	}
	if !there.Private.Equal(key) {
		return ErrExists.With("path", path)
	}
	if there.Embedded() {
		return ErrEmbedded.With("path", path)
	}
	var saved Saved
	return saved.put(path, EncodePrivate(key), 0o600, KeepCopy, now)
}

// RestorePublic makes the public key file of the private key at path be its pair. A file that is
// not is kept as a copy. The errors are those of Save.
func RestorePublic(path string, key *rsa.PrivateKey, now time.Time) error {
	if public, err := LoadPublic(PublicPath(path)); err == nil && IsPair(key, public) {
		return nil
	}
	var saved Saved
	return saved.put(PublicPath(path), EncodePublic(&key.PublicKey), 0o644, KeepCopy, now)
}

// DatedPath returns folder/private_key_YYYYMMDD_XXXXXXXX.pem: the UTC date, and the
// first 8 hex digits of the key's Fingerprint.
func DatedPath(folder string, key *rsa.PublicKey, now time.Time) string {
	return filepath.Join(folder, "private_key_"+now.UTC().Format("20060102")+"_"+Fingerprint(key)[:8]+".pem")
}

var dated = lazyregexp.New(`^private_key_[0-9]{8}_[0-9a-f]{8}\.pem$`)

// IsDated reports whether a file's name is one of DatedPath's.
func IsDated(name string) bool { return dated().MatchString(name) }
