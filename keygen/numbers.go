package keygen

import (
	"cmp"
	"crypto/rsa"
	"math/big"
	"strconv"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// maxBits is what OpenSSL allows (OPENSSL_RSA_MAX_MODULUS_BITS); above it, a signature takes
// seconds.
const maxBits = 16384

var errNumbers = fault.Invalid("key.numbers").Because(ErrDamaged)

// unfit is the fault of numbers that no SDK signs with, nil for others.
func unfit(n, e *big.Int, primes int) *fault.Fault {
	switch bits := n.BitLen(); {
	case n.Sign() <= 0 || e.Sign() <= 0:
		return errNumbers
	case bits > maxBits:
		return fault.Invalid("key.too_long", "bits", strconv.Itoa(bits), "max", strconv.Itoa(maxBits))
	case primes > 2:
		return fault.Invalid("key.multi_prime")
	case e.Bit(0) == 0 || e.BitLen() > 31 || e.Cmp(big.NewInt(3)) < 0:
		return fault.Invalid("key.exponent")
	case bits < DefaultBits:
		return ErrWeak.With("bits", strconv.Itoa(bits))
	}
	return nil
}

// fromNumbers makes a key of its numbers. The primes p and q may be absent (nil).
func fromNumbers(form Form, n, e, d, p, q *big.Int) find {
	if f := unfit(n, e, 2); f != nil {
		return find{err: f}
	}
	if p == nil || q == nil || p.Sign() == 0 || q.Sign() == 0 {
		if p, q = factor(n, e, d); p == nil {
			return find{err: errNumbers}
		}
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: int(e.Int64())}, D: d, Primes: []*big.Int{p, q}}
	if new(big.Int).Mul(p, q).Cmp(n) != 0 || key.Validate() != nil {
		return find{err: errNumbers}
	}
	key.Precompute()
	return find{key: key, form: form}
}

// factor finds the primes of n with both exponents (NIST SP 800-56B, appendix C): where
// e·d-1 is r·2^t, the powers of any base to r, 2r, 4r … come to 1, and a root of 1 that is
// neither 1 nor -1 shares a prime with n. Each base finds one with a chance of one half.
func factor(n, e, d *big.Int) (p, q *big.Int) {
	one := big.NewInt(1)
	r := new(big.Int).Mul(e, d)
	r.Sub(r, one)
	if d.Sign() <= 0 || d.Cmp(n) >= 0 || r.Bit(0) != 0 || r.Sign() <= 0 {
		return nil, nil
	}
	t := r.TrailingZeroBits()
	r.Rsh(r, t)
	last := new(big.Int).Sub(n, one)
	for base := int64(2); base < 64; base++ {
		x := new(big.Int).Exp(big.NewInt(base), r, n)
		for i := uint(0); i < t && x.Cmp(one) != 0 && x.Cmp(last) != 0; i++ {
			y := new(big.Int).Mul(x, x)
			y.Mod(y, n)
			if y.Cmp(one) == 0 {
				p = new(big.Int).GCD(nil, nil, x.Sub(x, one), n)
				q = new(big.Int).Div(n, p)
				if p.Cmp(q) < 0 {
					p, q = q, p // as tools order them
				}
				return p, q
			}
			x = y
		}
		if x.Cmp(one) != 0 && x.Cmp(last) != 0 {
			return nil, nil // d does not undo e
		}
	}
	return nil, nil
}

// memberNames are those of RFC 7518 §6.3, by the names of the forms.
var memberNames = map[string]string{
	"Modulus": "n", "Exponent": "e", "D": "d", "P": "p", "Q": "q",
	"modulus": "n", "publicExponent": "e", "privateExponent": "d", "prime1": "p", "prime2": "q",
}

// ofMembers makes a key of the members of a JWK or of the elements of XML.
func ofMembers(form Form, members map[string]string) find {
	number := func(name string) *big.Int {
		if members[name] == "" {
			return nil
		}
		return new(big.Int).SetBytes(ofBase64(members[name]))
	}
	n, e, d := number("n"), number("e"), number("d")
	switch {
	case n == nil || e == nil:
		return find{err: ErrDamaged}
	case d == nil && members["p"] == "":
		return isPublic(&rsa.PublicKey{N: n, E: int(e.Int64())})
	case d == nil:
		return find{err: errNumbers}
	}
	return fromNumbers(form, n, e, d, number("p"), number("q"))
}

// readJWK reads each JWK in the text, also in a set, in JavaScript or in Python, and the
// same numbers by the names of .NET.
func readJWK(r *reading) {
	text := r.text
	if !strings.Contains(text, "kty") && !strings.Contains(text, "Modulus") {
		return
	}
	plain := unquoted(text)
	for _, at := range jwk().FindAllStringIndex(plain, 64) {
		members, others := map[string]string{}, 2
		for _, m := range jwkMember().FindAllStringSubmatch(plain[at[0]:at[1]], 64) {
			name := cmp.Or(memberNames[m[1]], m[1])
			if name == "oth" {
				others++
			} else if members[name] == "" {
				members[name] = m[2]
			}
		}
		var f find
		switch kty := members["kty"]; {
		case kty == "":
			f = ofMembers(RSAParameters, members)
		case kty == "RSA" && others > 2:
			f.err = fault.Invalid("key.multi_prime")
		case kty == "RSA":
			f = ofMembers(JWK, members)
		case kty == "oct":
			f.err = ErrKind.With("kind", "HMAC")
		case members["d"] == "":
			f.err = ErrPublic
		default:
			f.err = ErrKind.With("kind", crvOrEC(members["crv"]))
		}
		r.takeAlone(plain, at, f)
	}
}

// crvOrEC is the kind of a key on a curve (RFC 7518 §6.2, RFC 8037).
func crvOrEC(crv string) string {
	if strings.HasPrefix(crv, "Ed") || strings.HasPrefix(crv, "X") {
		return crv
	}
	return "EC"
}

var (
	jwk       = lazyregexp.New(`\{(?:[^{}]|\{[^{}]*\})*?\b(?:kty|Modulus)\b(?:[^{}]|\{[^{}]*\})*\}`)
	jwkMember = lazyregexp.New(`\b(kty|crv|n|e|d|p|q|oth|Modulus|Exponent|D|P|Q)["']?\s*:\s*(?:["']([^"']*)["']|\[)`)
)

// readXML reads each RSAKeyValue in the text.
func readXML(r *reading) {
	if !strings.Contains(r.text, "Modulus") {
		return
	}
	plain := unquoted(r.text)
	for _, at := range rsaKeyValue().FindAllStringIndex(plain, 64) {
		members := map[string]string{}
		for _, m := range xmlElement().FindAllStringSubmatch(plain[at[0]:at[1]], 16) {
			members[memberNames[m[1]]] = m[2]
		}
		r.takeAlone(plain, at, ofMembers(XML, members))
	}
}

var (
	rsaKeyValue = lazyregexp.New(`(?:<\?xml[^>]*>\s*)?<RSA(?:KeyValue|Parameters)[^>]*>(?:\s*<[A-Za-z]+>[^<]*</[A-Za-z]+>)*\s*</RSA(?:KeyValue|Parameters)>`)
	xmlElement  = lazyregexp.New(`<(Modulus|Exponent|D|P|Q)>([^<]*)</`)
)

// readNumbers reads what openssl rsa -text prints.
func readNumbers(r *reading) {
	at := strings.Index(r.text, "privateExponent:")
	if at < 0 {
		return
	}
	numbers, end := map[string]*big.Int{}, at
	for _, m := range printedNumber().FindAllStringSubmatchIndex(r.text, 16) {
		base, digits := 16, r.text[max(m[6], 0):max(m[7], 0)]
		if m[4] >= 0 { // 65537 (0x10001)
			base, digits = 10, r.text[m[4]:m[5]]
		}
		digits = strings.NewReplacer(":", "", " ", "", "\t", "", "\r", "", "\n", "").Replace(digits)
		numbers[memberNames[r.text[m[2]:m[3]]]], _ = new(big.Int).SetString(digits, base)
		end = m[1]
	}
	n, e, d := numbers["n"], numbers["e"], numbers["d"]
	if n == nil || e == nil || d == nil {
		r.take(at, end, find{err: ErrDamaged})
		return
	}
	r.take(max(strings.Index(r.text, "modulus:"), 0), end, fromNumbers(Text, n, e, d, numbers["p"], numbers["q"]))
}

var printedNumber = lazyregexp.New(`\b(modulus|publicExponent|privateExponent|prime1|prime2):\s*(?:([0-9]+) \(0x|((?:[0-9a-f]{2}[:\s]*)+))`)
