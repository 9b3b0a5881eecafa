package keygen

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// Form is how a private key was encoded.
type Form string

// The forms that Parse takes.
const (
	PKCS8 Form = "PKCS#8" // RFC 5208
	PKCS1 Form = "PKCS#1" // RFC 8017 A.1.2; the Go and Java SDKs refuse it
)

// Flaw is something Parse forgave that a stricter reader may not.
type Flaw string

// The flaws.
const (
	FlawEscapedNewlines Flaw = "escaped_newlines" // \n as two characters
	FlawOneLine         Flaw = "one_line"         // line breaks lost
	FlawWindowsLines    Flaw = "windows_lines"    // CR LF, or CR
	FlawBOM             Flaw = "bom"              // a UTF-8 byte order mark first
	FlawQuoted          Flaw = "quoted"           // quotes around it
	FlawExtraText       Flaw = "extra_text"       // text before or after the block
)

// A Key is a private key that was read, with how it was written.
type Key struct {
	Private *rsa.PrivateKey
	Form    Form
	Flaws   []Flaw
}

// Format writes no part of the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "a private key (%s)", string(k.Form)) }

// LogValue is what a log has of the key.
func (k Key) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// MarshalText returns no part of the key, for JSON and the like.
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
)

// maxKeyFile is far above any RSA key in PEM (16384 bits take 13 kB) and far
// below what would hurt to read.
const maxKeyFile = 256 << 10

// Load reads the private key in the file at path.
func Load(path string) (*Key, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	key, err := Parse(data)
	return key, fault.At(path, err)
}

// Absent is the fault of a key that is not at path. It names the files in the same folder that may
// be meant, such as private_key.pem1; where the public key is still there, those of its pair alone.
// Shown is how the path is written for the reader.
func Absent(path, shown string) *fault.Fault {
	public, _ := LoadPublic(PublicPath(path))
	entries, _ := os.ReadDir(filepath.Dir(path))
	var near []string
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
	if near != nil {
		return fault.Invalid("key.absent_near", "path", shown, "near", strings.Join(near, ", "))
	}
	return ErrAbsent.With("path", shown)
}

// LoadPublic reads the public key in the file at path.
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

// Parse reads an RSA private key of at least 2048 bits from PEM text as people
// bring it: PKCS#8 or PKCS#1, with any line ends, as one line with \n in it,
// in quotes, with text around it.
func Parse(data []byte) (*Key, error) {
	text, flaws, err := tidy(data)
	if err != nil {
		return nil, err
	}
	block, alone, err := privateBlock(text)
	if err != nil {
		return nil, err
	}
	if !alone {
		flaws = append(flaws, FlawExtraText)
	}
	private, form, err := decodePrivate(block)
	if err != nil {
		return nil, err
	}
	if bits := private.N.BitLen(); bits < DefaultBits {
		return nil, ErrWeak.With("bits", strconv.Itoa(bits))
	}
	return &Key{private, form, flaws}, nil
}

// ParsePublic reads an RSA public key from PEM text: SubjectPublicKeyInfo, or
// PKCS#1 (RFC 8017 A.1.1).
func ParsePublic(data []byte) (*rsa.PublicKey, error) {
	text, _, err := tidy(data)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, undecodable(text)
	}
	if block.Type == "RSA PUBLIC KEY" {
		key, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			return nil, ErrDamaged
		}
		return key, nil
	}
	if strings.Contains(block.Type, "PRIVATE KEY") {
		return nil, fault.Invalid("key.private")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, ErrDamaged
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, ErrKind.With("kind", kindOf(key))
	}
	return public, nil
}

var (
	onePEM    = lazyregexp.New(`(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)`)
	spaces    = lazyregexp.New(`\s+`)
	byteOrder = []byte("\ufeff")
)

// tidy undoes what editors, shells and .env files do to PEM text.
func tidy(data []byte) (text []byte, flaws []Flaw, err error) {
	if rest, ok := bytes.CutPrefix(data, byteOrder); ok {
		data, flaws = rest, append(flaws, FlawBOM)
	}
	data = bytes.TrimSpace(data)
	if bare := bytes.TrimSpace(bytes.Trim(data, `"'`+"`")); len(bare) != len(data) {
		data, flaws = bare, append(flaws, FlawQuoted)
	}
	if len(data) == 0 {
		return nil, nil, ErrEmpty
	}
	if bytes.Contains(data, []byte(`\n`)) {
		data = []byte(strings.NewReplacer(`\r`, "", `\n`, "\n").Replace(string(data)))
		flaws = append(flaws, FlawEscapedNewlines)
	}
	if bytes.ContainsRune(data, '\r') {
		data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		flaws = append(flaws, FlawWindowsLines)
	}
	reflowed := onePEM().ReplaceAllFunc(data, reflow)
	if !bytes.Equal(reflowed, data) {
		data, flaws = reflowed, append(flaws, FlawOneLine)
	}
	return data, flaws, nil
}

// reflow puts the lines of a PEM block that stands on one line back on lines
// of their own.
func reflow(block []byte) []byte {
	m := onePEM().FindSubmatch(block)
	if bytes.Contains(m[2], []byte("\n")) {
		return block
	}
	return bytes.Join([][]byte{nil, m[1], spaces().ReplaceAll(m[2], nil), m[3], nil}, []byte("\n"))
}

// privateBlock finds the first private key in text; alone says that there is
// nothing else in it.
func privateBlock(text []byte) (block *pem.Block, alone bool, err error) {
	var first *pem.Block
	text = bytes.TrimSpace(text)
	for rest := text; ; {
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if first == nil {
			first = block
		}
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			alone = first == block && bytes.HasPrefix(text, []byte("-----BEGIN")) && len(bytes.TrimSpace(rest)) == 0
			return block, alone, nil
		}
	}
	switch {
	case first == nil:
		return nil, false, undecodable(text)
	case strings.HasSuffix(first.Type, "PUBLIC KEY"):
		return nil, false, ErrPublic
	case strings.Contains(first.Type, "CERTIFICATE"):
		return nil, false, ErrCertificate
	}
	return nil, false, ErrKind.With("kind", first.Type)
}

// undecodable tells PEM that lost a part from text that never was PEM.
func undecodable(text []byte) error {
	switch {
	case bytes.HasPrefix(text, []byte("ssh-rsa ")):
		return ErrPublic
	case bytes.Contains(text, []byte("-----BEGIN")):
		return ErrDamaged
	}
	if _, err := base64.StdEncoding.DecodeString(string(spaces().ReplaceAll(text, nil))); err == nil && len(text) > 400 {
		return ErrDamaged // the body of a key without its BEGIN and END lines
	}
	return ErrNoPEM
}

func decodePrivate(block *pem.Block) (*rsa.PrivateKey, Form, error) {
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return nil, "", ErrEncrypted
	case block.Type == "OPENSSH PRIVATE KEY":
		return nil, "", ErrOpenSSH
	case block.Type == "EC PRIVATE KEY", block.Type == "DSA PRIVATE KEY":
		return nil, "", ErrKind.With("kind", strings.TrimSuffix(block.Type, " PRIVATE KEY"))
	}
	// The label is not trusted: some tools write PKCS#8 bytes under the PKCS#1 label and the reverse.
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, PKCS1, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, "", ErrDamaged
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, "", ErrKind.With("kind", kindOf(key))
	}
	return private, PKCS8, nil
}

func kindOf(key any) string {
	switch key.(type) {
	case *ecdsa.PrivateKey, *ecdsa.PublicKey:
		return "EC"
	case ed25519.PrivateKey, ed25519.PublicKey:
		return "Ed25519"
	}
	return "non-RSA"
}
