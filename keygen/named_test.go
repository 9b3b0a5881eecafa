package keygen_test

import (
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// An alien is a file that is no key for Coze, and what is said of it.
type alien struct {
	name, text string
	id         string
	values     string // of the fault's placeholders, each after a space
}

func der(v any, err error) []byte {
	if err != nil {
		panic(err)
	}
	if b, ok := v.([]byte); ok {
		return b
	}
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

type (
	algorithm struct {
		ID         asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	privateKeyInfo struct {
		Version   int
		Algorithm algorithm
		Key       []byte
	}
)

// pkcs8Of is a PrivateKeyInfo of an algorithm, around any bytes.
func pkcs8Of(key []byte, id ...int) string {
	return string(der(privateKeyInfo{0, algorithm{ID: id}, key}, nil))
}

// ssh writes strings as RFC 4251 §5 does.
func ssh(parts ...string) string {
	out := ""
	for _, p := range parts {
		out += string(binary.BigEndian.AppendUint32(nil, uint32(len(p)))) + p
	}
	return out
}

func opensshOf(cipher, kind, private string) string {
	return block("OPENSSH PRIVATE KEY", []byte("openssh-key-v1\x00"+ssh(cipher, "none", "")+"\x00\x00\x00\x01"+ssh(ssh(kind, "x"), private)))
}

func number(n *big.Int) string { return "\x00" + string(n.Bytes()) }

// opensshRSA is the key as ssh-keygen writes it.
func opensshRSA() string {
	k := testkey.RSA()
	private := "abcdabcd" + ssh("ssh-rsa", number(k.N), number(big.NewInt(int64(k.E))), number(k.D), number(k.Precomputed.Qinv), number(k.Primes[0]), number(k.Primes[1]), "me@host")
	return opensshOf("none", "ssh-rsa", private)
}

// puttyRSA is the key as puttygen writes it.
func puttyRSA(encryption string) string {
	k := testkey.RSA()
	lines := func(data string) (int, string) {
		text := wrapped(64, base64.StdEncoding.EncodeToString([]byte(data)))
		return strings.Count(text, "\n") + 1, text
	}
	n, public := lines(ssh("ssh-rsa", number(big.NewInt(int64(k.E))), number(k.N)))
	m, private := lines(ssh(number(k.D), number(k.Primes[0]), number(k.Primes[1]), number(k.Precomputed.Qinv)))
	return "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: " + encryption + "\nComment: me\nPublic-Lines: " + itoa(n) + "\n" + public +
		"\nPrivate-Lines: " + itoa(m) + "\n" + private + "\nPrivate-MAC: 00\n"
}

func itoa(n int) string { return big.NewInt(int64(n)).String() }

func TestKeysOfSSHAreImported(t *testing.T) {
	for want, text := range map[string]string{
		"OpenSSH": opensshRSA(), "PuTTY": puttyRSA("none"), "PuTTY windows_lines": strings.ReplaceAll(puttyRSA("none"), "\n", "\r\n"),
		"OpenSSH base64": base64.StdEncoding.EncodeToString([]byte(opensshRSA())),
	} {
		key, err := keygen.Parse([]byte(text))
		if err != nil || !key.Private.Equal(testkey.RSA()) || describe(key) != want {
			t.Errorf("%s: %v, %v", want, key, err)
		}
	}
}

// changed is the key with one of its numbers replaced, as PKCS#1.
func changed(version int, change func(numbers []*big.Int)) string {
	n := numbersOf(testkey.RSA())
	numbers := []*big.Int{n["n"], n["e"], n["d"], n["p"], n["q"], n["dp"], n["dq"], n["qi"]}
	change(numbers)
	return block("RSA PRIVATE KEY", der(struct {
		V                         int
		N, E, D, P, Q, Dp, Dq, Qi *big.Int
	}{version, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]}, nil))
}

func aliens() []alien {
	return slices.Concat(otherKinds(), lockedFiles(), relatives(), uselessKeys(), damagedKeys(), twoKeys(), otherFiles())
}

func TestWhatIsNoKeyIsNamed(t *testing.T) {
	for _, a := range aliens() {
		t.Run(a.name, func(t *testing.T) {
			key, err := keygen.Parse([]byte(a.text))
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || key != nil {
				t.Fatalf("key %v, error %v", key, err)
			}
			values := ""
			for _, name := range []string{"kind", "bits", "max", "line", "first", "second"} {
				if v := f.Value(name); v != "" {
					values += " " + v
				}
			}
			if f.ID != a.id || !strings.HasPrefix(values, a.values) {
				t.Errorf("it is %s%s, want %s%s", f.ID, values, a.id, a.values)
			}
			for _, l := range i18n.Languages {
				if text := f.With("path", "k").Message(l) + strings.Join(f.With("path", "k").Fixes(l), ""); strings.Contains(text, "fault.") || strings.Contains(text, "{") || f.Fixes(l) == nil {
					t.Errorf("it says %q", text)
				}
			}
		})
	}
}
