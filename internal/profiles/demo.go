package profiles

import (
	"cozejwt/envfile"
	"cozejwt/internal/demofile"
	"cozejwt/internal/fault"
	"cozejwt/internal/keyfile"
	"cozejwt/keygen"
)

// errDemo is the note that a demo file has a key of its own.
var errDemo = fault.Invalid("import.demo")

// ErrDemoKept is the note that a demo file, which holds a private key, is still there.
var ErrDemoKept = fault.Invalid("import.demo_kept")

// content is what the file at path holds, and how the file is called that has it: the config of a
// demo file, or the file itself. The errors are those of [envfile.Read] and [demofile.Config].
func content(path string) (data []byte, name string, err error) {
	if demofile.Is(path) {
		data, err = demofile.Config(path)
		return data, demofile.ConfigPath(path), err
	}
	if data, err = envfile.Read(path); err != nil {
		return nil, "", fault.Unreadable(path, err)
	}
	return data, path, nil
}

// DiscardDemo removes the demo file at path once the key that was imported from it has been read
// back. Errors: those of [demofile.Config] and [keygen.Parse], and of [keyfile.Discard].
func (m Imported) DiscardDemo(path string) error {
	config, err := demofile.Config(path)
	if err != nil {
		return err
	}
	key, err := keygen.Parse(config)
	if err != nil {
		return fault.At(path, err)
	}
	return keyfile.Discard(path, m.Profile.KeyFile(), key.Private)
}
