package keygen_test

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// otherKinds are keys of other kinds than RSA, and of programs that protect them.
func otherKinds() []alien {
	pair := testkey.RSA()
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	x, _ := ecdh.X25519().GenerateKey(rand.Reader)
	dsaKey := block("DSA PRIVATE KEY", der(struct {
		V             int
		P, Q, G, Y, X *big.Int
	}{0, big.NewInt(23), big.NewInt(11), big.NewInt(4), big.NewInt(4), big.NewInt(3)}, nil))
	sm2 := string(der(privateKeyInfo{0, algorithm{asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, asn1.RawValue{FullBytes: der(asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}, nil)}}, make([]byte, 120)}, nil))
	return []alien{
		{"EC, SEC 1", block("EC PRIVATE KEY", der(x509.MarshalECPrivateKey(ec))), "key.kind", " EC"},
		{"EC with parameters", block("EC PARAMETERS", der(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, nil)) + block("EC PRIVATE KEY", der(x509.MarshalECPrivateKey(ec))), "key.kind", " EC"},
		{"EC parameters alone", block("EC PARAMETERS", der(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, nil)), "key.kind", " EC PARAMETERS"},
		{"EC, DER", string(der(x509.MarshalECPrivateKey(ec))), "key.kind", " EC"},
		{"EC, PKCS#8, DER", string(der(x509.MarshalPKCS8PrivateKey(ec))), "key.kind", " EC"},
		{"EC, Base64", inBase64(string(der(x509.MarshalPKCS8PrivateKey(ec)))), "key.kind", " EC"},
		{"Ed25519", block("PRIVATE KEY", der(x509.MarshalPKCS8PrivateKey(ed))), "key.kind", " Ed25519"},
		{"Ed25519, DER", string(der(x509.MarshalPKCS8PrivateKey(ed))), "key.kind", " Ed25519"},
		{"X25519", block("PRIVATE KEY", der(x509.MarshalPKCS8PrivateKey(x))), "key.kind", " X25519"},
		{"X448", pkcs8Of(make([]byte, 56), 1, 3, 101, 111), "key.kind", " X448"},
		{"Ed448", pkcs8Of(make([]byte, 57), 1, 3, 101, 113), "key.kind", " Ed448"},
		{"SM2", block("PRIVATE KEY", []byte(sm2)), "key.kind", " SM2"},
		{"DSA", dsaKey, "key.kind", " DSA"},
		{"DSA, PKCS#8", pkcs8Of(make([]byte, 57), 1, 2, 840, 10040, 4, 1), "key.kind", " DSA"},
		{"DH", pkcs8Of(make([]byte, 57), 1, 2, 840, 113549, 1, 3, 1), "key.kind", " DH"},
		{"DH parameters", block("DH PARAMETERS", der(struct{ P, G *big.Int }{pair.N, big.NewInt(2)}, nil)), "key.kind", " DH PARAMETERS"},
		{"a kind nobody knows", pkcs8Of(make([]byte, 57), 1, 2, 3, 4), "key.kind", " OID 1.2.3.4"},
		{"RSA-PSS", block("PRIVATE KEY", []byte(pkcs8Of(x509.MarshalPKCS1PrivateKey(pair), 1, 2, 840, 113549, 1, 1, 10))), "key.pss", ""},
		{"OpenSSH, Ed25519", opensshOf("none", "ssh-ed25519", "x"), "key.kind", " Ed25519"},
		{"OpenSSH, ECDSA", opensshOf("none", "ecdsa-sha2-nistp256", "x"), "key.kind", " EC"},
		{"OpenSSH, encrypted", opensshOf("aes256-ctr", "ssh-rsa", "x"), "key.openssh_encrypted", ""},
		{"OpenSSH, of nothing", "openssh-key-v1\x00\xff\xff\xff\xff", "key.openssh", ""},
		{"OpenSSH, its beginning lost", "openssh-key-v1\x00\xff\xff\xff\xff" + ssh(ssh("ssh-rsa", "x"), "y"), "key.openssh", ""},
		{"OpenSSH, a line damaged", strings.Replace(opensshRSA(), "\nb3Bl", "\n?3Bl", 1), "key.damaged_line", " 2"},
		{"EC, damaged", block("EC PRIVATE KEY", []byte("nothing")), "key.kind", " EC"},
		{"OpenSSH, damaged", opensshOf("none", "ssh-rsa", "abcdabcd"), "key.openssh", ""},
		{"PuTTY, encrypted", puttyRSA("aes256-cbc"), "key.putty", ""},
		{"PuTTY, Ed25519", strings.Replace(puttyRSA("none"), "ssh-rsa", "ssh-ed25519", 1), "key.kind", " Ed25519"},
		{"PuTTY, damaged", strings.Replace(puttyRSA("none"), "Private-Lines: ", "Private-Lines: 1", 1), "key.numbers", ""},
		{"PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGNexample\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n", "key.kind", " PGP"},
		{"age", "# public key: age1x\nAGE-SECRET-KEY-1QQQQ\n", "key.kind", " age"},
		{"JWK, EC", `{"kty":"EC","crv":"P-256","x":"x","d":"` + strings.Repeat("a", 43) + `"}`, "key.kind", " EC"},
		{"JWK, Ed25519", `{"kty":"OKP","crv":"Ed25519","x":"x","d":"` + strings.Repeat("a", 43) + `"}`, "key.kind", " Ed25519"},
		{"JWK, HMAC", `{"kty":"oct","k":"` + strings.Repeat("a", 43) + `"}`, "key.kind", " HMAC"},
	}
}

// lockedFiles are encrypted, or stores.
func lockedFiles() []alien {
	encrypted := string(der(struct {
		A algorithm
		D []byte
	}{algorithm{ID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}}, make([]byte, 300)}, nil))
	store := string(der(struct {
		V int
		A algorithm
	}{3, algorithm{ID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, Parameters: asn1.RawValue{FullBytes: der(make([]byte, 300), nil)}}}, nil))
	return []alien{
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", []byte(encrypted)), "key.encrypted", ""},
		{"encrypted PKCS#8, DER", encrypted, "key.encrypted_der", ""},
		{"encrypted PKCS#8 under another label", block("PRIVATE KEY", []byte(encrypted)), "key.encrypted", ""},
		{"encrypted PKCS#1 on one line", "-----BEGIN RSA PRIVATE KEY----- Proc-Type: 4,ENCRYPTED DEK-Info: AES-256-CBC,0011 AAAA -----END RSA PRIVATE KEY-----", "key.encrypted", ""},
		{"PKCS#12", store, "key.pkcs12", ""},
		{"PKCS#12 in BER", "\x30\x80\x02\x01\x03\x30\x80\x06\x09", "key.pkcs12", ""},
		{"PKCS#12, Base64", wrapped(76, inBase64(store)), "key.pkcs12", ""},
		{"JKS", "\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00", "key.keystore", " JKS"},
		{"JCEKS", "\xce\xce\xce\xce\x00\x00\x00\x02\x00\x00", "key.keystore", " JCEKS"},
		{"JKS, Base64", inBase64("\xfe\xed\xfe\xed\x00\x00\x00\x02" + strings.Repeat("\x00", 90)), "key.keystore", " JKS"},
		{"Ansible Vault", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "key.vault", " Ansible Vault"},
		{"SOPS", "key: ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]\n", "key.vault", " SOPS"},
		{"age, armored", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n", "key.vault", " AGE"},
		{"PGP message", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", "key.vault", " PGP"},
		{"git-crypt", "\x00GITCRYPT\x00abc", "key.vault", " git-crypt"},
	}
}

// relatives belong to a key.
func relatives() []alien {
	pair := testkey.RSA()
	p8 := string(keygen.EncodePrivate(pair))
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	public, _, _ := ed25519.GenerateKey(rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
	certificate := der(x509.CreateCertificate(rand.Reader, template, template, &pair.PublicKey, pair))
	request := der(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, pair))
	list := der(x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1)}, template, pair))
	spki := der(x509.MarshalPKIXPublicKey(&pair.PublicKey))
	other := string(keygen.EncodePrivate(testkey.New()))
	return []alien{
		{"certificate", block("CERTIFICATE", certificate), "key.certificate", ""},
		{"certificate, DER", string(certificate), "key.certificate", ""},
		{"certificate, Base64", inBase64(string(certificate)), "key.certificate", ""},
		{"CSR", block("CERTIFICATE REQUEST", request), "key.csr", ""},
		{"CSR of Windows", block("NEW CERTIFICATE REQUEST", request), "key.csr", ""},
		{"CSR, DER", string(request), "key.csr", ""},
		{"CRL", block("X509 CRL", list), "key.crl", ""},
		{"CRL, DER", string(list), "key.crl", ""},
		{"PKCS#7", block("PKCS7", der(struct {
			ID asn1.ObjectIdentifier
			C  asn1.RawValue
		}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true}}, nil)), "key.pkcs7", ""},
		{"public key, DER", string(spki), "key.public", ""},
		{"public key, Base64", inBase64(string(spki)), "key.public", ""},
		{"public key, EC", block("PUBLIC KEY", der(x509.MarshalPKIXPublicKey(&ec.PublicKey))), "key.public", ""},
		{"public key, Ed25519", block("PUBLIC KEY", der(x509.MarshalPKIXPublicKey(public))), "key.public", ""},
		{"public key, PKCS#1, DER", string(x509.MarshalPKCS1PublicKey(&pair.PublicKey)), "key.public", ""},
		{"public key, JWK", jwkOf("n", "e")(p8), "key.public", ""},
		{"public keys, JWK Set", `{"keys":[` + jwkOf("n", "e")(p8) + "," + jwkOf("n", "e")(other) + "]}", "key.public", ""},
		{"public key, JWK, EC", `{"kty":"EC","crv":"P-256","x":"x","y":"y"}`, "key.public", ""},
		{"public key, XML", strings.Split(xmlOf(p8), "<P>")[0] + "</RSAKeyValue>", "key.public", ""},
		{"public key, RFC 4716", "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"x\"\nAAAAB3NzaC1yc2EAAAADAQAB\n---- END SSH2 PUBLIC KEY ----\n", "key.public", ""},
		{"public key, authorized_keys", "# mine\nfrom=\"1.2.3.4\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@host\n", "key.public", ""},
	}
}

// uselessKeys are of RSA, and do not sign for Coze.
func uselessKeys() []alien {
	pair := testkey.RSA()
	p8 := string(keygen.EncodePrivate(pair))
	return []alien{
		{"1024 bits", pkcs1(testkey.Size(1024)), "key.weak", " 1024"},
		{"2047 bits", pkcs1(testkey.Size(2047)), "key.weak", " 2047"},
		{"too long", changed(0, func(n []*big.Int) { n[0] = new(big.Int).SetBit(n[0], 16384, 1) }), "key.too_long", " 16385 16384"},
		{"more primes", changed(1, func([]*big.Int) {}), "key.multi_prime", ""},
		{"more primes, JWK", strings.Replace(jwkOf("n", "e", "d", "p", "q")(p8), "{", `{"oth":[{"r":"x","d":"x","t":"x"}],`, 1), "key.multi_prime", ""},
		{"even exponent", changed(0, func(n []*big.Int) { n[1] = big.NewInt(65536) }), "key.exponent", ""},
		{"exponent 1", changed(0, func(n []*big.Int) { n[1] = big.NewInt(1) }), "key.exponent", ""},
		{"large exponent", changed(0, func(n []*big.Int) { n[1] = big.NewInt(1<<32 + 1) }), "key.exponent", ""},
		{"negative modulus", changed(0, func(n []*big.Int) { n[0] = new(big.Int).Neg(n[0]) }), "key.numbers", ""},
		{"wrong d", changed(0, func(n []*big.Int) { n[2] = new(big.Int).Add(n[2], big.NewInt(2)) }), "key.numbers", ""},
		{"wrong prime", changed(0, func(n []*big.Int) { n[3] = new(big.Int).Add(n[3], big.NewInt(2)) }), "key.numbers", ""},
		{"wrong d, JWK", strings.Replace(jwkOf("n", "e", "d")(p8), `"d": "`, `"d": "A`, 1), "key.numbers", ""},
		{"no d, JWK", jwkOf("n", "e", "p", "q")(p8), "key.numbers", ""},
		{"no n, JWK", jwkOf("e", "d")(p8), "key.damaged", ""},
		{"no n, text", strings.Split(printed(p8), "modulus:")[0] + "privateExponent:\n    00:ab\n", "key.damaged", ""},
	}
}

// damagedKeys have lost something.
func damagedKeys() []alien {
	pair := testkey.RSA()
	p8 := string(keygen.EncodePrivate(pair))
	lines := strings.SplitAfter(p8, "\n")
	lost := func(line int) string {
		return strings.Join(lines[:line-1], "") + lines[line-1][3:] + strings.Join(lines[line:], "")
	}
	return []alien{
		{"a character of another alphabet in line 7", strings.Replace(p8, lines[6], "啊"+lines[6][1:], 1), "key.damaged_line", " 7"},
		{"a character lost in line 5", lost(5), "key.damaged_line", " 5"},
		{"text before, a character lost in its line 5", "a\nb\n" + lost(5), "key.damaged_line", " 7"},
		{"a character in line 3 with CR LF", strings.ReplaceAll(strings.Replace(p8, lines[2], lines[2][:10]+"!"+lines[2][11:], 1), "\n", "\r\n"), "key.damaged_line", " 3"},
		{"few lines", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAg\n-----END PRIVATE KEY-----\n", "key.truncated", ""},
		{"a long version", block("RSA PRIVATE KEY", der(struct{ V, N, E, D, P, Q, A, B, C *big.Int }{pair.N, pair.N, big.NewInt(3), pair.D, pair.D, pair.D, pair.D, pair.D, pair.D}, nil)), "key.damaged", ""},
		{"lines lost", strings.Join(append(lines[:9:9], lines[12:]...), ""), "key.truncated", ""},
		{"cut in the middle", p8[:800], "key.truncated", ""},
		{"DER, cut", string(der(x509.MarshalPKCS8PrivateKey(pair)))[:500], "key.truncated", ""},
		{"DER in a label, of nothing", block("PRIVATE KEY", der([]int{1, 2, 3}, nil)), "key.damaged", ""},
		{"a placeholder", "-----BEGIN PRIVATE KEY-----\nYour private key\n-----END PRIVATE KEY-----\n", "key.placeholder", ""},
		{"a shortened key", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ...\n-----END PRIVATE KEY-----\n", "key.placeholder", ""},
		{"recognised characters", strings.ReplaceAll(strings.ReplaceAll(p8, "I", "l"), "O", "0"), "key.damaged", ""},
		{"in lower case", strings.ToLower(p8), "key.damaged", ""},
		{"END alone", "-----END PRIVATE KEY-----\n", "key.damaged", ""},
		{"words without a point", strings.Repeat("the key is in the safe of the firm ", 16), "key.no_pem", ""},
		{"PuTTY, one line", "PuTTY-User-Key-File-2: ssh-rsa\n", "key.damaged", ""},
		{"BEGIN and END alone", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "key.damaged", ""},
	}
}

// twoKeys are files with more than one.
func twoKeys() []alien {
	pair := testkey.RSA()
	p8 := string(keygen.EncodePrivate(pair))
	other := string(keygen.EncodePrivate(testkey.New()))
	return []alien{
		{"two keys", p8 + other, "key.several", " " + keygen.Fingerprint(&pair.PublicKey) + " " + keygen.Fingerprint(&rsaOf(other).PublicKey)},
		{"two keys in two forms", p8 + jwkOf("n", "e", "d")(other), "key.several", " " + keygen.Fingerprint(&pair.PublicKey)},
		{"two keys in a set", `{"keys":[` + jwkOf("n", "e", "d", "p", "q")(p8) + "," + jwkOf("n", "e", "d", "p", "q")(other) + "]}", "key.several", ""},
	}
}

// otherFiles have nothing to do with a key, or say where it is.
func otherFiles() []alien {
	return []alien{
		{"NULs", strings.Repeat("\x00", 100), "key.empty", ""},
		{"invisible characters", "\ufeff\u200b\u00a0\n", "key.empty", ""},
		{"ZIP", "PK\x03\x04\x14\x00", "key.other_file", " ZIP"},
		{"gzip", "\x1f\x8b\x08\x00", "key.other_file", " gzip"},
		{"DER of something else", string(der(struct {
			A int
			B string
			C string
		}{1, "b", strings.Repeat("c", 90)}, nil)), "key.other_file", " DER"},
		{"PVK", "\x1e\xf1\xb5\xb0\x00\x00\x00\x00", "key.microsoft", " PVK"},
		{"MSBLOB", "\x07\x02\x00\x00\x00\xa4\x00\x00RSA2\x00\x08", "key.microsoft", " MSBLOB"},
		{"PDF", "%PDF-1.7\n", "key.other_file", " PDF"},
		{"web page", "\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "key.web_page", ""},
		{"Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1704\n", "key.lfs", ""},
		{"path", "config/private_key.pem\n", "key.is_path", ""},
		{"path of Windows", `"C:\Users\me\private key.pem"`, "key.is_path", ""},
		{"path in a variable", "COZE_PRIVATE_KEY=./private_key.pem", "key.is_path", ""},
		{"name of a file", "private_key.pem", "key.is_path", ""},
		{"URL", "https://example.com/private_key.pem", "key.is_url", ""},
		{"App ID", "1180437454660", "key.is_id", ""},
		{"Key ID", testkey.KeyID, "key.is_id", ""},
		{"fingerprint", strings.TrimSuffix(strings.Repeat("ab:", 20), ":"), "key.is_id", ""},
		{"token", "pat_0123456789abcdef", "key.is_token", ""},
		{"JWT", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.abc", "key.is_token", ""},
		{"reference", "${COZE_PRIVATE_KEY}", "key.placeholder", ""},
		{"reference of a tool", "op://vault/coze/key", "key.placeholder", ""},
		{"words", "<your private key>", "key.placeholder", ""},
		{"words in Chinese", "在此处粘贴私钥", "key.placeholder", ""},
		{"prose", "a private key starts with -----BEGIN", "key.damaged", ""},
		{"hex of nothing", hex.EncodeToString(make([]byte, 60)), "key.no_pem", ""},
		{"settings without a key", "[coze]\nclient_id = \"1\"\n", "key.no_pem", ""},
	}
}
