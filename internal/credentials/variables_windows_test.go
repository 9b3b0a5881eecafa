package credentials_test

import (
	"testing"

	"cozejwt/internal/credentials"
)

// A path is written with / whatever the system: the .env may be read elsewhere.
func TestPathsOfWindows(t *testing.T) {
	for _, test := range []struct{ keyFile, written string }{
		{`C:\project\config\private_key.pem`, "config/private_key.pem"},
		{`C:\keys\k.pem`, "C:/keys/k.pem"},
		{`D:\keys\k.pem`, "D:/keys/k.pem"},
	} {
		env := `C:\project\.env`
		written := credentials.RelativeKeyPath(`C:\project`, env, test.keyFile)
		if written != test.written {
			t.Errorf("%s is written %s, want %s", test.keyFile, written, test.written)
		}
		if back := (credentials.Set{KeyPath: written}).KeyFile(env); back != test.keyFile {
			t.Errorf("%s is read as %s", written, back)
		}
	}
}
