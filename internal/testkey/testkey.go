// Package testkey is what tests of several rooms need: RSA keys that are made
// at run time, never kept, and ids of the right shape. Only tests import it.
package testkey

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
	"sync/atomic"
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

// Pool returns a function that hands out one key after the other, each a
// different one until they have all been used. Every pool has the same keys:
// two that have to differ come from one pool.
func Pool() func(bits int) (*rsa.PrivateKey, error) {
	var next atomic.Int64
	return func(bits int) (*rsa.PrivateKey, error) {
		if bits != 2048 {
			return Size(bits), nil
		}
		return pool[next.Add(1)%int64(len(pool))](), nil
	}
}

var pool = func() (keys [8]func() *rsa.PrivateKey) {
	for i := range keys {
		keys[i] = sync.OnceValue(New)
	}
	return keys
}()

// RSA is one key for all tests of a package: making one takes a while.
var RSA = sync.OnceValue(New)
