package keygen

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
)

// Form is how a private key was encoded.
type Form string

// The forms that Parse takes.
const (
	PKCS8         Form = "PKCS#8"        // RFC 5208
	PKCS1         Form = "PKCS#1"        // RFC 8017 A.1.2; the Go and Java SDKs refuse it
	JWK           Form = "JWK"           // RFC 7518 §6.3
	XML           Form = "XML"           // RSAKeyValue of .NET
	RSAParameters Form = "RSAParameters" // the same in JSON
	OpenSSH       Form = "OpenSSH"       // PROTOCOL.key of OpenSSH, without a passphrase
	PuTTY         Form = "PuTTY"         // .ppk, without a passphrase
	Text          Form = "OpenSSL text"  // what openssl rsa -text prints
)

// Flaw is something Parse forgave that a stricter reader may not.
type Flaw string

// The flaws, in the order in which a Key has them.
const (
	FlawBinary          Flaw = "binary"           // DER, not PEM
	FlawBase64          Flaw = "base64"           // Base64 of the file
	FlawHex             Flaw = "hex"              // hex of the file
	FlawDecimal         Flaw = "decimal"          // its bytes as decimal numbers
	FlawUTF16           Flaw = "utf16"            // UTF-16 or UTF-32
	FlawBOM             Flaw = "bom"              // a UTF-8 byte order mark first
	FlawQuoted          Flaw = "quoted"           // quotes around it, or around its lines
	FlawEscapedNewlines Flaw = "escaped_newlines" // \n as two characters
	FlawEncoded         Flaw = "encoded"          // %0A, &#10; or tags of HTML in it
	FlawWindowsLines    Flaw = "windows_lines"    // CR LF, or CR
	FlawOneLine         Flaw = "one_line"         // line breaks lost
	FlawIndented        Flaw = "indented"         // something before each line
	FlawCharacters      Flaw = "characters"       // invisible characters, or other spaces and dashes
	FlawMarkers         Flaw = "markers"          // BEGIN or END line missing or changed
	FlawLabel           Flaw = "label"            // BEGIN line of another form
	FlawLayout          Flaw = "layout"           // another thing that strict readers refuse
	FlawExtraText       Flaw = "extra_text"       // text before or after the block
	FlawEmbedded        Flaw = "embedded"         // a value in a file of settings
)

// Flaws are all of them, in that order.
var Flaws = []Flaw{
	FlawBinary, FlawBase64, FlawHex, FlawDecimal, FlawUTF16, FlawBOM, FlawQuoted, FlawEscapedNewlines, FlawEncoded, FlawWindowsLines,
	FlawOneLine, FlawIndented, FlawCharacters, FlawMarkers, FlawLabel, FlawLayout, FlawExtraText, FlawEmbedded,
}

// A Key is a private key that was read, with how it was written.
type Key struct {
	Private *rsa.PrivateKey
	Form    Form
	Flaws   []Flaw
}

// Embedded reports whether the file holds settings too, so that it must not be replaced by
// the key alone.
func (k Key) Embedded() bool { return slices.Contains(k.Flaws, FlawEmbedded) }

// Format writes no part of the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "a private key (%s)", string(k.Form)) }

// LogValue is what a log has of the key.
func (k Key) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// MarshalText returns no part of the key, for JSON and the like. The error is always nil.
func (k Key) MarshalText() ([]byte, error) { return []byte(fmt.Sprint(k)), nil }

// What Parse and Load return for what is not a usable RSA private key.
var (
	ErrEmpty       = fault.Invalid("key.empty")
	ErrNoPEM       = fault.Invalid("key.no_pem")
	ErrDamaged     = fault.Invalid("key.damaged")
	ErrPublic      = fault.Invalid("key.public")
	ErrEncrypted   = fault.Invalid("key.encrypted")
	ErrKind        = fault.Invalid("key.kind")
	ErrCertificate = fault.Invalid("key.certificate")
	ErrOpenSSH     = fault.Invalid("key.openssh")
	ErrWeak        = fault.Invalid("key.weak")
	ErrAbsent      = fault.Invalid("key.absent")
	ErrUnreadable  = fault.Invalid("key.unreadable")
	ErrIrregular   = fault.Invalid("key.irregular")
	ErrTooLarge    = fault.Invalid("key.too_large")
	ErrSeveral     = fault.Invalid("key.several")
	ErrEmbedded    = fault.Invalid("key.embedded")
	errPrivate     = fault.Invalid("key.private")
)

// maxKeyFile is far above any RSA key in any form and far below what would hurt to read.
const maxKeyFile = 1 << 20

// Load reads the private key in the file at path. The errors are those of Parse, ErrAbsent, and the
// fault of a file that cannot be read, each with the path.
func Load(path string) (*Key, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	key, err := Parse(data)
	return key, fault.At(path, err)
}

// Absent is the fault of a key that is not at path. It names the files that may be meant: others in
// the same folder, such as private_key.pem1, where the public key is still there those of its pair
// alone, and the one of [elsewhere] below root. Shown is how the path is written for the reader.
func Absent(path, shown, root string) *fault.Fault {
	near := besides(path)
	if found := elsewhere(path, root); found != "" && !slices.Contains(near, filepath.Base(found)) {
		near = append(near, found)
	}
	if near != nil {
		return fault.Invalid("key.absent_near", "path", shown, "near", strings.Join(near, ", "))
	}
	return ErrAbsent.With("path", shown)
}

// besides are the names of the files in the folder of path that may be meant by it.
func besides(path string) (near []string) {
	public, _ := LoadPublic(PublicPath(path))
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".pem") || strings.Contains(e.Name(), "public") || e.IsDir() {
			continue
		}
		if public != nil {
			if key, err := Load(filepath.Join(filepath.Dir(path), e.Name())); err != nil || !IsPair(key.Private, public) {
				continue
			}
		}
		near = append(near, e.Name())
	}
	return near
}

// elsewhere is the file below root at which a path leads that was written on another machine, with
// other separators, in another case, or for another folder: the end of the path, as long as may be.
func elsewhere(path, root string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' })
	const deepest = 8
	for parts = parts[max(0, len(parts)-deepest):]; len(parts) > 0; parts = parts[1:] {
		if found := below(root, parts); found != "" {
			return filepath.ToSlash(found)
		}
	}
	return ""
}

// below is the path of a regular file below root, whose parts are in any case; "" for none.
func below(root string, parts []string) string {
	path := ""
	for _, part := range parts {
		entries, _ := os.ReadDir(filepath.Join(root, path))
		at := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return strings.EqualFold(e.Name(), part) })
		if at < 0 {
			return ""
		}
		path = filepath.Join(path, entries[at].Name())
	}
	if info, err := os.Stat(filepath.Join(root, path)); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return path
}

// LoadPublic reads the public key in the file at path. The errors are those of ParsePublic and, for
// the file, of Load.
func LoadPublic(path string) (*rsa.PublicKey, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	key, err := ParsePublic(data)
	return key, fault.At(path, err)
}

func readFile(path string) ([]byte, error) {
	data, err := boundedfile.Read(path, maxKeyFile)
	if err == nil {
		return data, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent.With("path", path)
	}
	if _, odd := errors.AsType[boundedfile.NotRegular](err); odd {
		return nil, ErrIrregular.With("path", path)
	}
	if _, large := errors.AsType[boundedfile.TooLarge](err); large {
		return nil, ErrTooLarge.With("path", path)
	}
	if f := fault.Unreadable(path, err); f.ID == "file.descriptors" {
		return nil, f
	}
	return nil, ErrUnreadable.With("path", path, "error", errors.Unwrap(err).Error())
}

// ParsePublic reads an RSA public key from PEM text: SubjectPublicKeyInfo, or PKCS#1 (RFC 8017
// A.1.1). The errors are faults that name what the text holds instead, as Parse's do.
func ParsePublic(data []byte) (*rsa.PublicKey, error) {
	if len(data) > maxKeyFile {
		return nil, ErrTooLarge
	}
	if f := plain(data, "PUBLIC KEY"); f.public != nil {
		return f.public, nil
	}
	return parsePublic(data)
}

// parsePublic is ParsePublic for a file in any form.
func parsePublic(data []byte) (*rsa.PublicKey, error) {
	r := read(data)
	for _, f := range r.finds {
		if f.key != nil {
			return nil, errPrivate
		}
	}
	for _, f := range r.finds {
		if f.public != nil && f.inPEM {
			return f.public, nil
		}
	}
	for _, f := range r.finds {
		if kind, ok := errors.AsType[*fault.Fault](f.err.Err); ok && f.inPEM && f.err.ID == ErrPublic.ID {
			return nil, kind
		}
		if f.inPEM {
			return nil, f.err
		}
	}
	if len(r.finds) > 0 {
		return nil, ErrNoPEM // it is in another form
	}
	return nil, r.nothing()
}
