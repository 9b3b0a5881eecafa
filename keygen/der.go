package keygen

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strconv"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// shapes are the ASN.1 structures that a key file holds, by the types of their first
// members: I is INTEGER, S SEQUENCE, O OCTET STRING, B BIT STRING, o OBJECT IDENTIFIER,
// and a digit a tag of the structure's own.
var shapes = []struct {
	members lazyregexp.Regexp
	read    func(der []byte, members []asn1.RawValue) find
}{
	{lazyregexp.New(`^ISO`), inPKCS8},         // PrivateKeyInfo, RFC 5208 and RFC 5958
	{lazyregexp.New(`^IIIIIIIII`), inPKCS1},   // RSAPrivateKey, RFC 8017 A.1.2
	{lazyregexp.New(`^IIIIII$`), kind("DSA")}, // of OpenSSL
	{lazyregexp.New(`^IO`), kind("EC")},       // ECPrivateKey, RFC 5915
	{lazyregexp.New(`^IS`), named(errPKCS12, "3")},
	{lazyregexp.New(`^SO$`), named(errEncryptedDER, "")}, // EncryptedPrivateKeyInfo, RFC 5208 §6
	{lazyregexp.New(`^SB$`), inSPKI},                     // SubjectPublicKeyInfo, RFC 5280 §4.1
	{lazyregexp.New(`^II$`), inPublicPKCS1},              // RSAPublicKey, RFC 8017 A.1.1
	{lazyregexp.New(`^III$`), inDH},                      // DHParameter, PKCS #3 section 9
	{lazyregexp.New(`^SSB$`), inSigned},                  // RFC 5280, RFC 2986
	{lazyregexp.New(`^o0$`), named(errPKCS7, "")},        // ContentInfo, RFC 5652 §3
}

// algorithms names the keys that are not for RS256, by their OBJECT IDENTIFIER.
var algorithms = map[string]string{
	"1.2.840.10045.2.1":    "EC",
	"1.2.840.10040.4.1":    "DSA",
	"1.2.840.113549.1.3.1": "DH",
	"1.2.840.10046.2.1":    "DH",
	"1.3.101.110":          "X25519",
	"1.3.101.111":          "X448",
	"1.3.101.112":          "Ed25519",
	"1.3.101.113":          "Ed448",
	"1.2.156.10197.1.301":  "SM2",
}

const (
	oidRSA = "1.2.840.113549.1.1.1"
	oidPSS = "1.2.840.113549.1.1.10"
	oidSM2 = "1.2.156.10197.1.301" // the curve of an EC key
)

// sizeOfDER returns how many bytes the DER takes that begins with head (X.690 §8.1): a
// SEQUENCE that begins as one of shapes. It returns 0 for anything else.
func sizeOfDER(head []byte) int {
	if len(head) < 6 || head[0] != 0x30 {
		return 0
	}
	size, at := int(head[1]), 2
	if size >= 0x80 {
		size, at = 0, 2+int(head[1]&0x7f)
		if at < 3 || at > 5 {
			return 0
		}
		for _, b := range head[2:at] {
			size = size<<8 | int(b)
		}
	}
	switch head[at] {
	case asn1.TagInteger, asn1.TagOID, 0x30:
	default:
		return 0
	}
	if head[1] < 0x80 && head[3] >= ' ' && head[4] >= ' ' {
		return 0 // text that begins with a zero
	}
	return at + size
}

func isDER(data []byte) bool { return sizeOfDER(data) > 0 }

// inDER says what a DER is: an RSA key, or its name.
func inDER(der []byte) find {
	size := sizeOfDER(der)
	if size > len(der) {
		return find{err: truncated(len(der), size)}
	}
	der = der[:size]
	members := membersOf(der)
	shape := ""
	for _, m := range members {
		switch {
		case m.Class == asn1.ClassContextSpecific:
			shape += strconv.Itoa(m.Tag % 10)
		case m.Tag < len(types):
			shape += types[m.Tag : m.Tag+1]
		default:
			shape += "?"
		}
	}
	for _, s := range shapes {
		if s.members().MatchString(shape) {
			return s.read(der, members)
		}
	}
	return find{err: errOtherDER}
}

var errOtherDER = fault.Invalid("key.other_file", "kind", "DER").Because(ErrNoPEM)

const idTruncated = "key.truncated"

// truncated is the fault of a key of which a part is missing, in bytes of DER.
func truncated(have, want int) *fault.Fault {
	return fault.Invalid("key.truncated", "have", strconv.Itoa(have), "want", strconv.Itoa(want)).Because(ErrDamaged)
}

// types are the letters of shapes, by the tag.
const types = "??IBO?o?????????S"

// membersOf returns the members of a SEQUENCE, as many as a shape looks at.
func membersOf(der []byte) (members []asn1.RawValue) {
	var sequence asn1.RawValue
	if _, err := asn1.Unmarshal(der, &sequence); err != nil {
		return nil
	}
	for rest := sequence.Bytes; len(rest) > 0 && len(members) < 12; {
		var member asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &member); err != nil {
			return nil
		}
		members = append(members, member)
	}
	return members
}

// algorithmOf returns the OBJECT IDENTIFIERs of an AlgorithmIdentifier and its parameters.
func algorithmOf(identifier asn1.RawValue) (oid, parameters string) {
	for _, m := range membersOf(identifier.FullBytes) {
		var id asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(m.FullBytes, &id); err == nil && oid == "" {
			oid = id.String()
		} else if err == nil {
			parameters = id.String()
		}
	}
	return oid, parameters
}

// notRSA is the fault of a key that is not for RS256, nil for one that is.
func notRSA(identifier asn1.RawValue) *fault.Fault {
	oid, parameters := algorithmOf(identifier)
	name, known := algorithms[oid]
	switch {
	case oid == oidRSA:
		return nil
	case oid == oidPSS:
		return fault.Invalid("key.pss")
	case parameters == oidSM2:
		name = "SM2"
	case !known:
		name = "OID " + oid
	}
	return ErrKind.With("kind", name)
}

func inPKCS8(_ []byte, members []asn1.RawValue) find {
	if f := notRSA(members[1]); f != nil {
		return find{err: f}
	}
	f := inPKCS1(members[2].Bytes, nil)
	f.form = PKCS8
	return f
}

func inPKCS1(der []byte, _ []asn1.RawValue) find {
	members := membersOf(der)
	if len(members) < 9 {
		return find{err: ErrDamaged}
	}
	var version int
	var n, e *big.Int
	for i, to := range []any{&version, &n, &e} {
		if _, err := asn1.Unmarshal(members[i].FullBytes, to); err != nil {
			return find{err: ErrDamaged}
		}
	}
	if f := unfit(n, e, version+2); f != nil { // version 1 has more than two primes
		return find{err: f}
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return find{err: errNumbers}
	}
	return find{key: key, form: PKCS1}
}

func inSPKI(der []byte, members []asn1.RawValue) find {
	if f := notRSA(members[0]); f != nil {
		return find{err: ErrPublic.Because(f)}
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return find{err: ErrDamaged}
	}
	public, _ := key.(*rsa.PublicKey)
	return find{public: public, err: ErrPublic}
}

func inPublicPKCS1(der []byte, members []asn1.RawValue) find {
	if e := members[1].Bytes; len(e) == 0 || len(e) > 4 || e[len(e)-1]%2 == 0 {
		return find{err: ErrKind.With("kind", "DH PARAMETERS")} // PKCS #3, section 9: a prime and a generator
	}
	public, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		return find{err: ErrDamaged}
	}
	return find{public: public, err: ErrPublic}
}

// inDH names parameters with the length of a key. Their first number is a large prime.
func inDH(_ []byte, members []asn1.RawValue) find {
	if len(members[0].Bytes) < 32 {
		return find{err: ErrDamaged}
	}
	return find{err: ErrKind.With("kind", "DH PARAMETERS")}
}

// inSigned tells a certificate, a request for one and a list of revoked ones apart.
func inSigned(der []byte, _ []asn1.RawValue) find {
	if _, err := x509.ParseCertificateRequest(der); err == nil {
		return find{err: errCSR}
	}
	if _, err := x509.ParseRevocationList(der); err == nil {
		return find{err: errCRL}
	}
	return find{err: ErrCertificate}
}

func kind(name string) func([]byte, []asn1.RawValue) find {
	return func([]byte, []asn1.RawValue) find { return find{err: ErrKind.With("kind", name)} }
}

// named reads nothing of a structure but that it is one, and its version where there is one.
func named(f *fault.Fault, version string) func([]byte, []asn1.RawValue) find {
	return func(_ []byte, members []asn1.RawValue) find {
		if version != "" && !bytes.Equal(members[0].Bytes, []byte{version[0] - '0'}) {
			return find{err: ErrDamaged}
		}
		return find{err: f}
	}
}
