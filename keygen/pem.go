package keygen

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// marker finds the BEGIN and END lines of a PEM. Its groups are the word and the label.
var marker = lazyregexp.New(strings.NewReplacer("BEGIN", "(BEGIN|END)").Replace(secret.PEMLine("BEGIN",
	`((?:(?:RSA-PSS|[A-Z0-9.]+) )*?(?:PRIVATE KEY|PUBLIC KEY|CERTIFICATE REQUEST|CERTIFICATE|X509 CRL|PKCS7|CMS|PARAMETERS)(?: BLOCK)?|[A-Za-z0-9\x20]{2,40}--)`) + `[^\sA-Za-z0-9+/\\%&<'"` + "`" + `]*`))

// readPEM reads each block of a PEM, and the body of one that has lost a line.
func readPEM(r *reading) {
	found := marker().FindAllStringSubmatchIndex(r.text, -1)
	for i, m := range found {
		begin, end := m[0], m[1]
		if r.text[m[2]:m[3]] == "END" {
			if i == 0 || r.text[found[i-1][2]:found[i-1][3]] == "END" {
				r.take(begin, end) // its body is read as Base64
			}
			continue
		}
		b := pemBlock{label: plainLabel(r.text[m[4]:m[5]]), first: r.text[begin:end], body: r.text[end:], line: 1 + strings.Count(r.text[:begin], "\n")}
		if i+1 < len(found) {
			next := found[i+1]
			b.body = r.text[end:next[0]]
			if r.text[next[2]:next[3]] == "END" {
				b.last, b.lastLabel = r.text[next[0]:next[1]], plainLabel(r.text[next[4]:next[5]])
			}
		}
		if f, used, ok := b.read(r); ok {
			f.flaw(r.before(begin)...)
			if !strings.Contains(r.original, b.first+b.body[:used]) && f.key != nil && !strings.Contains(r.original, "\r") {
				f.flaw(FlawCharacters)
			}
			if b.last != "" {
				used = len(b.body) + len(b.last)
			}
			r.take(begin, end+used, f)
		}
	}
}

// plainLabel returns a label of a PEM in its words, such as RSA PRIVATE KEY.
func plainLabel(label string) string {
	label = labelBreak().ReplaceAllString(strings.TrimRight(label, "-"), " ")
	return strings.Join(strings.Fields(labelWord().ReplaceAllString(label, " $0 ")), " ")
}

var (
	labelBreak = lazyregexp.New(`(?:` + secret.Escape + `|[\s\x{a0}_+])+`)
	labelWord  = lazyregexp.New(`PRIVATE|PUBLIC|KEY`)
)

// A pemBlock is one block of a PEM as it stands in the text.
type pemBlock struct {
	label, lastLabel string
	first, last      string // lines; last is "" where it is missing
	body             string
	line             int // number of the first line
}

// read says what is in the block, and how much of the body it has used. It is not ok where
// there is no body, as in a sentence that quotes a BEGIN line, or where r has read it.
func (p pemBlock) read(r *reading) (f find, used int, ok bool) {
	if f.err = p.byLabel(); f.err != nil {
		f.inPEM = true
		f.flaw(p.flaws(f, nil)...)
		return f, len(p.body), true
	}
	skipped := len(headers().FindString(p.body))
	b, repaired := p.decode(p.body[skipped:])
	switch {
	case strings.HasPrefix(string(b.data), opensshMagic):
		f = inOpenSSH(b.data)
	case isDER(b.data):
		f = inDER(b.data)
	case len(b.data) < 16 && p.last == "":
		return f, 0, false
	case strings.HasPrefix(string(b.data), "-----BEGIN") && r.inside(b.data, FlawBase64):
		return f, 0, false
	default:
		f.err = ErrDamaged
	}
	if f.err != nil {
		f.err = p.explained(f.err, b, skipped)
	}
	f.inPEM = true
	f.flaw(b.flaws...)
	f.flaw(repaired...)
	f.flaw(p.flaws(f, repaired)...)
	return f, skipped + b.end, true
}

// byLabel is the fault of a block whose label says enough, nil for one to be decoded.
func (p pemBlock) byLabel() *fault.Fault {
	head := p.body[:min(len(p.body), 400)] // RFC 1421 §4.6.1.1
	switch {
	case strings.HasSuffix(p.label, "PRIVATE KEY") && (strings.Contains(p.label, "ENCRYPTED") || strings.Contains(head, "Proc-Type:") && strings.Contains(head, "ENCRYPTED")):
		return ErrEncrypted
	case p.label == "AGE ENCRYPTED FILE", p.label == "PGP MESSAGE":
		return errVault.With("kind", p.label[:3])
	case strings.HasPrefix(p.label, "SSH2 PUBLIC"), strings.HasPrefix(p.label, "PGP"), strings.HasSuffix(p.label, "PARAMETERS"):
		return ofLabel(p.label)
	}
	return nil
}

// explained is the fault of a block by what is known of its lines and its label.
func (p pemBlock) explained(f *fault.Fault, b body, skipped int) *fault.Fault {
	switch f.ID {
	case ErrDamaged.ID, idTruncated, errOtherDER.ID:
		if p.label == "OPENSSH PRIVATE KEY" && b.bad < 0 {
			return ErrOpenSSH
		}
		return p.damage(b, skipped)
	case errEncryptedDER.ID:
		return ErrEncrypted
	}
	return f
}

// decode decodes the body as it stands, or as it was before a tool changed it: where that is whole.
func (p pemBlock) decode(text string) (b body, flaws []Flaw) {
	b = decodeBody(text)
	if isWhole(b.data) {
		return b, nil
	}
	fromLines, flaw := fromLines(text)
	for _, other := range []struct {
		data []byte
		flaw Flaw
	}{
		{decodeBody(droppedBackslash().ReplaceAllString(strings.TrimSuffix(strings.TrimSpace(text), "n"), "$1")).data, FlawEscapedNewlines},
		{decodeBody(strings.ReplaceAll(text, " ", "+")).data, FlawEncoded}, // a form of HTML sends a + without its code
		{fromLines, flaw},
	} {
		if isWhole(other.data) {
			return body{data: other.data, end: len(text), bad: -1}, []Flaw{other.flaw}
		}
	}
	return b, nil
}

// isWhole reports whether a DER is all there, whatever it is.
func isWhole(data []byte) bool {
	if !isDER(data) {
		return false
	}
	err := inDER(data).err
	return err == nil || !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNoPEM)
}

// droppedBackslash is a \n of which a shell has left the n, before each line.
var droppedBackslash = lazyregexp.New(`n([A-Za-z0-9+/=]{1,64})`)

// headers are those of RFC 1421 §4.6, such as Comment: …
var headers = lazyregexp.New(`^(?:\s*[A-Za-z][A-Za-z0-9-]*: [^\n]*\n)*`)

// ofLabel is the fault of a block whose label says what it is.
func ofLabel(label string) *fault.Fault {
	switch {
	case label == "CERTIFICATE", strings.HasSuffix(label, " CERTIFICATE"):
		return ErrCertificate
	case strings.HasSuffix(label, "CERTIFICATE REQUEST"):
		return errCSR
	case strings.HasSuffix(label, "CRL"):
		return errCRL
	case label == "PKCS7", label == "CMS":
		return errPKCS7
	case strings.HasSuffix(label, "PUBLIC KEY"):
		return ErrPublic
	}
	return ErrKind.With("kind", strings.TrimSuffix(strings.TrimSuffix(label, " BLOCK"), " PRIVATE KEY"))
}

// damage says what is wrong with a block that cannot be read, and in which line.
func (p pemBlock) damage(b body, skipped int) *fault.Fault {
	if p.label != "PRIVATE KEY" && p.label != "RSA PRIVATE KEY" && p.label != "OPENSSH PRIVATE KEY" && !strings.HasSuffix(p.label, "PUBLIC KEY") {
		return ofLabel(p.label)
	}
	line := oddLine(p.body, p.line)
	if b.bad >= 0 {
		line = p.line + strings.Count(p.body[:skipped+b.bad], "\n")
	}
	switch need := sizeOfDER(b.data); {
	case placeholder().MatchString(strings.Trim(p.body, layout)), shortened().MatchString(p.body):
		return errPlaceholder
	case line > 0:
		return fault.Invalid("key.damaged_line", "line", strconv.Itoa(line)).Because(ErrDamaged)
	case need > len(b.data):
		return truncated(len(b.data), need)
	}
	return ErrDamaged
}

// shortened is a key in a document, of which only the beginning is shown.
var shortened = lazyregexp.New(`\.\.\.|…|\*\*\*|<[A-Za-z_ -]+>|\$\{|(?i:your[_ -]|x{8})`)

// flaws are those of the lines.
func (p pemBlock) flaws(f find, repaired []Flaw) (flaws []Flaw) {
	if !strings.Contains(p.body, "\n") && !slices.Contains(f.flaws, FlawEscapedNewlines) && !slices.Contains(f.flaws, FlawEncoded) {
		flaws = append(flaws, FlawOneLine)
	}
	if repaired == nil && indented().MatchString(p.body) {
		flaws = append(flaws, FlawIndented)
	}
	if strings.Trim(p.first, layout) != "-----BEGIN "+p.label+"-----" || strings.Trim(p.last, layout) != "-----END "+p.label+"-----" {
		flaws = append(flaws, FlawMarkers)
	}
	if f.key != nil && (f.form == PKCS8) != (p.label == "PRIVATE KEY") && !(f.form == PKCS1 && p.label == "RSA PRIVATE KEY") && f.form != OpenSSH {
		flaws = append(flaws, FlawLabel)
	}
	return flaws
}

var indented = lazyregexp.New(`\n[ \t]+[A-Za-z0-9+/]`)
