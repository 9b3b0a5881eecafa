package keygen

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// forms returns the ways in which a key is written as text. Each takes what it knows out of the
// text, so that the next does not see it. The forms of DER are in the table shapes, other
// files in the tables magics and others.
func forms() []func(*reading) {
	return []func(*reading){
		readDump,    // of any of these, or of DER: xxd, hexdump, od -t x1, Format-Hex
		readPEM,     // RFC 7468, as editors, shells and files of settings change it
		readPuTTY,   // .ppk
		readJWK,     // RFC 7517, also in a set
		readXML,     // RSAKeyValue of .NET
		readNumbers, // openssl rsa -text
		readSSH,     // public keys: RFC 4253
		readHex,     // of any of these, or of DER, without the offsets
		readDecimal, // of the same, in numbers: the JSON of a Buffer, byte[] of Java
		readBase64,  // the same
		readEscaped, // the same in a URL, in HTML or in a string of JSON
	}
}

// Parse reads an RSA private key of 2048 to 16384 bits from a file as people bring it:
// see forms. What is no such key is an error that says what it is: one of those above, or
// a fault of its own. Two keys that differ are ErrSeveral.
func Parse(data []byte) (*Key, error) {
	if len(data) > maxKeyFile {
		return nil, ErrTooLarge
	}
	if f := plain(data, "PRIVATE KEY"); f.form == PKCS8 && f.flaws == nil && f.key != nil {
		return &Key{f.key, PKCS8, nil}, nil
	}
	return parse(data)
}

// plain is what a file has inside that is as we write it, with one label; nothing for any other.
// Nothing has to be searched in it: what each command reads takes a tenth of the time.
func plain(data []byte, label string) find {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != label || len(block.Headers) > 0 || sizeOfDER(block.Bytes) != len(block.Bytes) || !bytes.Equal(pem.EncodeToMemory(block), data) {
		return find{}
	}
	return inDER(block.Bytes)
}

// parse is Parse for a file in any form.
func parse(data []byte) (*Key, error) {
	r := read(data)
	var found *find
	for i, f := range r.finds {
		switch {
		case f.key == nil:
		case found == nil:
			found = &r.finds[i]
		case !f.key.PublicKey.Equal(&found.key.PublicKey): // a JWK may have the primes the other way round
			return nil, ErrSeveral.With("first", Fingerprint(&found.key.PublicKey), "second", Fingerprint(&f.key.PublicKey))
		}
	}
	if found == nil {
		return nil, r.instead()
	}
	if len(r.finds) > 1 {
		found.flaw(FlawExtraText)
	}
	key := &Key{found.key, found.form, found.sorted()}
	if key.Flaws == nil && (key.Form == PKCS8 || key.Form == PKCS1) && !isStrict(data) {
		key.Flaws = []Flaw{FlawLayout}
	}
	return key, nil
}

// isStrict reports whether a reader that forgives nothing finds a key in the file.
func isStrict(data []byte) bool {
	block, rest := pem.Decode(data)
	return block != nil && len(strings.TrimSpace(string(rest))) == 0 && strings.HasSuffix(block.Type, "PRIVATE KEY")
}

// A find is one thing in a file: a key that was read, or what is wrong with it.
type find struct {
	key    *rsa.PrivateKey
	public *rsa.PublicKey // of a public key; err is ErrPublic
	form   Form
	flaws  []Flaw
	err    *fault.Fault
	inPEM  bool // in no other encoding
}

func (f *find) flaw(flaws ...Flaw) { f.flaws = append(f.flaws, flaws...) }

func (f *find) sorted() (flaws []Flaw) {
	for _, flaw := range Flaws {
		if slices.Contains(f.flaws, flaw) {
			flaws = append(flaws, flaw)
		}
	}
	return flaws
}

// A reading is a file that is being read.
type reading struct {
	text     string   // what no form has taken yet; taken parts are blank
	taken    [][2]int // by the form that reads
	original string   // the same before the characters were made plain
	flaws    []Flaw   // of all that is in it
	finds    []find
	budget   *int // bytes that may still be read in all the encodings inside each other
	depth    int
}

func read(data []byte) *reading {
	budget := 3 * maxKeyFile
	return readWithin(data, &budget, 0)
}

// maxDepth is how many encodings may be inside each other: Base64 of Base64 of hex.
const maxDepth = 4

func readWithin(data []byte, budget *int, depth int) *reading {
	*budget -= len(data)
	r := &reading{budget: budget, depth: depth}
	if found, ok := inBinary(data); ok {
		r.finds = []find{found}
		return r
	}
	r.decodeText(data)
	if strings.Trim(r.text, layout) == "" {
		return r
	}
	for _, form := range forms() {
		form(r)
		r.blank()
	}
	r.beside()
	return r
}

// beside says what stands beside the finds, in the text that no form has taken.
func (r *reading) beside() {
	flaw := FlawExtraText
	for _, m := range otherSetting().FindAllStringSubmatch(r.text, -1) {
		if !slices.Contains(attributes, m[1]) {
			flaw = FlawEmbedded
		}
	}
	if strings.Trim(escapedBreak().ReplaceAllString(r.text, ""), layout) == "" {
		return
	}
	for i := range r.finds {
		if !slices.Contains(r.finds[i].flaws, FlawEmbedded) {
			r.finds[i].flaw(flaw)
		}
	}
}

// otherSetting is a line of a file of settings or of a program.
var otherSetting = lazyregexp.New(`(?m)^[ \t]*(?:export |set |\$env:|const |let |var |- )?["'$]?([A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]*(?:=|:=|:[ \t])`)

// attributes are what openssl pkcs12 and x509 write beside a key.
var attributes = []string{"friendlyName", "localKeyID", "subject", "issuer", "Comment", "Private-Key"}

var escapedBreak = lazyregexp.New("\\\\+(?:[nrt]|u000[aAdD])|`[nrt]|%(?:25)*0[aAdD]|&(?:amp;)*#(?:x[aAdD]|1[03]);")

// inside reads what was encoded in the text, and reports whether it is anything that is known.
func (r *reading) inside(data []byte, flaws ...Flaw) (known bool) {
	if len(data) == 0 || r.depth == maxDepth || *r.budget < len(data) {
		return false
	}
	in := readWithin(data, r.budget, r.depth+1)
	for _, f := range in.finds {
		if f.err != nil && f.err.ID == "key.other_file" && r.depth > 0 {
			continue // a few bytes of nothing
		}
		f.inPEM = false
		f.flaws = slices.DeleteFunc(f.flaws, func(f Flaw) bool { return f == FlawBinary })
		f.flaw(flaws...)
		f.flaw(r.flaws...)
		if f.err != nil && slices.Contains(withCommand, f.err.ID) {
			f.err = decodeFirst(f.err, flaws)
		}
		r.finds = append(r.finds, f)
	}
	return len(in.finds) > 0
}

// decodeFirst changes the advice of a fault whose command reads the file: it has to be
// decoded before.
func decodeFirst(f *fault.Fault, flaws []Flaw) *fault.Fault {
	if slices.Contains(flaws, FlawBase64) && !slices.ContainsFunc(flaws, hidesFromTools) {
		return f.Advise("key.decode_base64")
	}
	return f.Advise("key.decode")
}

// withCommand are the faults whose fix is a command that reads the file.
var withCommand = []string{"key.encrypted", "key.encrypted_der", "key.pkcs12", "key.keystore", "key.microsoft", "key.putty", "key.openssh", "key.openssh_encrypted"}

// take adds finds, and remembers that the part of the text is known.
func (r *reading) take(begin, end int, finds ...find) {
	for _, f := range finds {
		f.flaw(r.flaws...)
		r.finds = append(r.finds, f)
	}
	r.taken = append(r.taken, [2]int{begin, end})
}

// blank makes spaces of what was taken. The lines stay, so that they can be counted.
func (r *reading) blank() {
	text := []byte(r.text)
	for _, span := range r.taken {
		for i := span[0]; i < span[1]; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	r.text, r.taken = string(text), nil
}

// before says what stands before a key: quotes, or the name of a setting.
func (r *reading) before(begin int) (flaws []Flaw) {
	before := r.text[max(0, begin-200):begin]
	if setting().MatchString(before) {
		flaws = append(flaws, FlawEmbedded)
	}
	if strings.Trim(before, layout) == "" && strings.ContainsAny(before, quotes) {
		flaws = append(flaws, FlawQuoted)
	}
	return flaws
}

const (
	quotes = "\"'`“”„‘’‚«»「」"
	layout = " \t\r\n\x00\\,;" + quotes
)

// setting is the name of a value in a .env, JSON, YAML, TOML or properties.
var setting = lazyregexp.New(`[A-Za-z0-9_.\]-]+(?:["'\\]|&quot;)*[ \t]*(?:=>|:=|[:=])[ \t]*(?:\$?[` + quotes + `\\(\[]|r?"""|&quot;|(?:"""|\'\'\')\r?\n|<<[-~]?["']?\w+["']?\r?\n|[|>][-+0-9]*[ \t]*\r*\n|\\\r?\n)*[ \t]*$`)

// instead is the fault of a file without a key: what there is that comes nearest to one.
func (r *reading) instead() error {
	for _, nearest := range []bool{true, false} {
		for _, f := range r.finds {
			switch {
			case nearest == f.isOther():
			case f.inPEM && slices.ContainsFunc(f.flaws, hidesFromTools) && slices.Contains(withCommand, f.err.ID):
				return f.err.Advise("key.decode")
			default:
				return f.err
			}
		}
	}
	return r.nothing()
}

// hidesFromTools reports whether openssl and the like do not find what is in a file with the
// flaw. What was encoded has its own advice.
func hidesFromTools(flaw Flaw) bool {
	switch flaw {
	case FlawUTF16, FlawBOM, FlawQuoted, FlawEscapedNewlines, FlawEncoded, FlawOneLine, FlawIndented, FlawMarkers, FlawEmbedded:
		return true
	}
	return false
}

// isOther reports whether a find is not even a private key.
func (f find) isOther() bool {
	switch f.err.ID {
	case "key.public", "key.certificate", "key.csr", "key.crl", "key.pkcs7", "key.other_file":
		return true
	}
	return f.err.ID == "key.kind" && strings.HasSuffix(f.err.Value("kind"), "PARAMETERS")
}

// isPublic is the find of a public key.
func isPublic(key any) find {
	if public, ok := key.(*rsa.PublicKey); ok {
		return find{public: public, err: ErrPublic}
	}
	return find{err: ErrPublic}
}

// ofBase64 reads one number of a JWK or of XML.
func ofBase64(s string) []byte {
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '-':
			return '+'
		case c == '_':
			return '/'
		case strings.ContainsRune(" \t\r\n=", c):
			return -1
		}
		return c
	}, s)
	data, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return data
}
