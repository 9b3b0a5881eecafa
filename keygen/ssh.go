package keygen

import (
	"encoding/base64"
	"encoding/binary"
	"html"
	"math/big"
	"strconv"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

const opensshMagic = "openssh-key-v1\x00"

// A wire reads the strings and numbers of SSH (RFC 4251 §5). After the end all are empty.
type wire []byte

func (w *wire) string() string {
	b := *w
	if len(b) < 4 || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-4) {
		*w = nil
		return ""
	}
	end := 4 + binary.BigEndian.Uint32(b)
	*w = b[end:]
	return string(b[4:end])
}

func (w *wire) number() *big.Int { return new(big.Int).SetBytes([]byte(w.string())) }

func (w *wire) skip(n int) { *w = (*w)[min(n, len(*w)):] }

// inOpenSSH reads a private key of OpenSSH (PROTOCOL.key).
func inOpenSSH(data []byte) find {
	w := wire(data[len(opensshMagic):])
	cipher := w.string()
	w.string() // name of the key derivation
	w.string() // its options
	w.skip(4)  // number of keys, always 1
	public := wire(w.string())
	kind := public.string()
	switch {
	case kind == "":
		return find{err: ErrOpenSSH}
	case kind != "ssh-rsa":
		return find{err: ErrKind.With("kind", sshKind(kind))}
	case cipher != "none":
		return find{err: fault.Invalid("key.openssh_encrypted").Because(ErrEncrypted)}
	}
	private := wire(w.string())
	private.skip(8) // two equal numbers, by which a passphrase is checked
	if private.string() != "ssh-rsa" {
		return find{err: ErrOpenSSH}
	}
	n, e, d := private.number(), private.number(), private.number()
	private.number() // the inverse of q
	return fromNumbers(OpenSSH, n, e, d, private.number(), private.number())
}

// sshKind is a kind of key by its name in SSH.
func sshKind(name string) string {
	switch {
	case strings.Contains(name, "ed25519"):
		return "Ed25519"
	case strings.Contains(name, "ecdsa"):
		return "EC"
	case name == "ssh-dss":
		return "DSA"
	}
	return name
}

// readPuTTY reads a .ppk of version 2 or 3 (PuTTY, appendix C). Its MAC is not checked:
// the numbers are.
func readPuTTY(r *reading) {
	at := ppk().FindStringSubmatchIndex(r.text)
	if at == nil {
		return
	}
	value := func(name string) string {
		m := ppkLine().FindAllStringSubmatch(r.text[at[0]:], 32)
		for _, line := range m {
			if line[1] == name {
				return strings.TrimSpace(line[2])
			}
		}
		return ""
	}
	blob := func(name string) wire {
		count, _ := strconv.Atoi(value(name))
		_, lines, _ := strings.Cut(r.text[at[0]:], name+":")
		parts := strings.SplitN(lines, "\n", count+2)
		if count < 1 || len(parts) < count+1 {
			return nil
		}
		data, _ := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(strings.Join(parts[1:count+1], "")), ""))
		return data
	}
	kind := strings.TrimSpace(r.text[at[2]:at[3]])
	public, private := blob("Public-Lines"), blob("Private-Lines")
	var f find
	switch {
	case kind != "ssh-rsa":
		f.err = ErrKind.With("kind", sshKind(kind))
	case value("Encryption") == "":
		f.err = ErrDamaged
	case value("Encryption") != "none":
		f.err = fault.Invalid("key.putty").Because(ErrEncrypted)
	default:
		public.string()
		e, n, d := public.number(), public.number(), private.number()
		f = fromNumbers(PuTTY, n, e, d, private.number(), private.number())
	}
	r.take(at[0], len(r.text), f)
}

var (
	ppk     = lazyregexp.New(`PuTTY-User-Key-File-\d: *([^\n]*)`)
	ppkLine = lazyregexp.New(`(?m)^[ \t>]*([A-Z][A-Za-z-]+):([^\n]*)$`)
)

// readSSH names public keys of SSH: RFC 4253 §6.6 in a line, as in authorized_keys.
func readSSH(r *reading) {
	if at := sshPublic().FindStringIndex(r.text); at != nil {
		r.take(at[0], at[1], find{err: ErrPublic})
	}
}

var sshPublic = lazyregexp.New(`(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S{1,40}|sk-\S{1,60}) +AAAA[^\n]*`)

// unquoted undoes the escapes of JSON in strings and of HTML.
func unquoted(text string) string {
	return strings.NewReplacer(`\/`, "/", `\r`, "", `\n`, "\n", `\t`, " ", `\u002b`, "+", `\u002f`, "/", `\u003d`, "=",
		`\u003c`, "<", `\u003e`, ">", `\u0022`, `"`, `\`, "").Replace(html.UnescapeString(text))
}

// takeAlone takes a part of the text without its escapes. What stands beside it is a file
// of settings or a program.
func (r *reading) takeAlone(plain string, at []int, f find) {
	bare := strings.Trim(plain[:at[0]]+plain[at[1]:], layout+"[]{}")
	if bare != "" && f.key != nil {
		f.flaw(FlawEmbedded)
	}
	if plain == r.text {
		r.take(at[0], at[1], f)
	} else {
		r.take(0, len(r.text), f)
	}
}
