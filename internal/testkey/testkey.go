// Package testkey is what tests of several rooms need: RSA keys that are made
// at run time, never kept, and ids of the right shape. Only tests import it.
package testkey

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// Ids of the shapes that are seen in the field.
const (
	AppID = "1234567890123"
	KeyID = "_Abc-fghijklmnopqrstuvwxyz0123456789ABCDEFG"
)

// New makes an RSA key of 2048 bits.
func New() *rsa.PrivateKey { return Size(2048) }

// Size makes an RSA key of that many bits.
func Size(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// RSA is one key for all tests of a package: making one takes a while.
var RSA = sync.OnceValue(New)
