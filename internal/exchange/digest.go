package exchange

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"path/filepath"

	"cozejwt/internal/coze"
	"cozejwt/internal/state"
)

// A Digest is a way to derive a fingerprint of 43 base64url characters from a public key, by SHA-256.
// How Coze derives its own is not documented.
type Digest string

// The digests that are known elsewhere.
const (
	SPKI       Digest = "spki"  // of the SubjectPublicKeyInfo in DER (RFC 5280 §4.1)
	PKCS1      Digest = "pkcs1" // of the RSAPublicKey in DER (RFC 8017 §A.1.1)
	Thumbprint Digest = "jwk"   // of the JWK (RFC 7638 §3)
)

// Of returns the fingerprint of a public key, "" for a digest that is not known.
func (d Digest) Of(key *rsa.PublicKey) string {
	var data []byte
	switch d {
	case SPKI:
		data, _ = x509.MarshalPKIXPublicKey(key) // an RSA key has no error
	case PKCS1:
		data = x509.MarshalPKCS1PublicKey(key)
	case Thumbprint:
		encode := base64.RawURLEncoding.EncodeToString
		data = fmt.Appendf(nil, `{"e":"%s","kty":"RSA","n":"%s"}`, encode(big.NewInt(int64(key.E)).Bytes()), encode(key.N.Bytes()))
	default:
		return ""
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// DigestOf returns the digest of a public key that a Key ID is, "" for none: then the Key ID may
// belong to the key or not.
func DigestOf(keyID string, key *rsa.PublicKey) Digest {
	for _, d := range []Digest{SPKI, PKCS1, Thumbprint} {
		if d.Of(key) == keyID {
			return d
		}
	}
	return ""
}

// A seen is the digest that a host's Key ID was when it issued a token.
type seen struct {
	Host   string `json:"host"`
	Digest Digest `json:"digest"`
}

// noteDigest remembers which digest of the key a Key ID is with which the host of the API base has
// issued a token. The sandbox draws its Key IDs at random, so that it shows nothing.
func (x Exchanger) noteDigest(base, keyID string, key *rsa.PublicKey) {
	d := DigestOf(keyID, key)
	if d == "" || x.RegionOf(base) == coze.Sandbox {
		return
	}
	file, now := x.digestFile(base), seen{coze.Audience(base), d}
	if before, _ := file.Read(); before != now {
		_ = file.Write(now) // a convenience: nothing depends on it
	}
}

// ExpectedKeyID returns the Key ID that a public key has at the host of the API base by the digest
// which was seen there, "" where none was. Another Key ID may be right all the same.
func (x Exchanger) ExpectedKeyID(base string, key *rsa.PublicKey) string {
	if s, ok := x.digestFile(base).Read(); ok && s.Host == coze.Audience(base) {
		return s.Digest.Of(key)
	}
	return ""
}

func (x Exchanger) digestFile(base string) state.File[seen] {
	if x.StateDir == "" {
		return state.File[seen]{}
	}
	return state.File[seen]{Path: filepath.Join(digests(x.StateDir), state.Name(coze.Audience(base))+".json")}
}

func digests(stateDir string) string { return filepath.Join(stateDir, "digests") }

// Digests lists what a state folder remembers of the Key IDs of hosts; none is about a project.
func Digests(stateDir string) []state.Kept { return state.Files(digests(stateDir), "digest", nil) }
