package matching

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
)

// isDigest reports whether a Key ID is a known SHA-256 digest of a public key in base64url: of its
// SPKI DER (RFC 5280), of its PKCS#1 DER (RFC 8017), or its JWK thumbprint (RFC 7638). How Coze
// derives its fingerprints is not documented, so a Key ID that is none of these says nothing.
func isDigest(keyID string, key *rsa.PublicKey) bool {
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return false
	}
	for _, data := range [][]byte{spki, x509.MarshalPKCS1PublicKey(key), thumbprinted(key)} {
		sum := sha256.Sum256(data)
		if base64.RawURLEncoding.EncodeToString(sum[:]) == keyID {
			return true
		}
	}
	return false
}

// thumbprinted is the JWK of which RFC 7638 §3 takes the digest.
func thumbprinted(key *rsa.PublicKey) []byte {
	encode := base64.RawURLEncoding.EncodeToString
	return fmt.Appendf(nil, `{"e":"%s","kty":"RSA","n":"%s"}`, encode(big.NewInt(int64(key.E)).Bytes()), encode(key.N.Bytes()))
}
