package keygen

import (
	"errors"

	"cozejwt/internal/fault"
)

// replaced are the fixes of a key that a .env names, by the fault of its file. Where a fault's own
// fix makes a key, that would not be enough: the public key has to be uploaded, and the .env needs
// the Key ID of the new one.
var replaced = map[string]string{
	"key.weak": "key.replace", "key.kind": "key.replace", "key.pss": "key.replace", "key.too_long": "key.replace",
	"key.multi_prime": "key.replace", "key.exponent": "key.replace", "key.empty": "key.replace",
	"key.numbers": "key.recopy", "key.placeholder": "key.recopy", "key.absent": "key.lost",
	"key.openssh": "key.openssh.in_use", "key.openssh_encrypted": "key.openssh_encrypted.in_use", "key.putty": "key.putty.in_use",
}

// InUse returns err, an error of Load for a key file that a .env names, with the fix that replaces
// the key there. Errors that are not of Load are returned as they are.
func InUse(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || replaced[f.ID] == "" {
		return err
	}
	return f.Advise(replaced[f.ID])
}

// LoadInUse is Load for a key file that a .env names, with its errors, each with the fix of InUse.
func LoadInUse(path string) (*Key, error) {
	key, err := Load(path)
	return key, InUse(err)
}
