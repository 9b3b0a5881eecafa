package credset_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/credset"
	"cozejwt/internal/testkey"
)

const keyID = testkey.KeyID

func TestCleanUndoesWhatAPasteBrings(t *testing.T) {
	for name, test := range map[string]struct {
		field     credset.Field
		raw, want string
	}{
		"as it is":           {credset.AppIDField, "1234567890123", "1234567890123"},
		"space around":       {credset.AppIDField, "  1234567890123\t", "1234567890123"},
		"line breaks":        {credset.AppIDField, "\r\n1234567890123\r\n", "1234567890123"},
		"quotes":             {credset.AppIDField, `"1234567890123"`, "1234567890123"},
		"Chinese quotes":     {credset.AppIDField, "“1234567890123”", "1234567890123"},
		"variable":           {credset.AppIDField, "COZE_CLIENT_ID=1234567890123", "1234567890123"},
		"exported, quoted":   {credset.AppIDField, "export COZE_CLIENT_ID='1234567890123'", "1234567890123"},
		"YAML":               {credset.AppIDField, "clientId: 1234567890123", "1234567890123"},
		"JSON":               {credset.AppIDField, `  "client_id": "1234567890123",`, "1234567890123"},
		"full width":         {credset.AppIDField, "１２３４５６７８９０１２３", "1234567890123"},
		"invisible":          {credset.AppIDField, "\u200b1234567890123\ufeff", "1234567890123"},
		"no-break space":     {credset.AppIDField, "\u00a01234567890123\u00a0", "1234567890123"},
		"Key ID variable":    {credset.KeyIDField, "COZE_JWT_OAUTH_PUBLIC_KEY_ID=" + keyID, keyID},
		"whole .env, App ID": {credset.AppIDField, "COZE_PUBLIC_KEY=" + keyID + "\nCOZE_CLIENT_ID=1234567890123\n", "1234567890123"},
		"whole .env, Key ID": {credset.KeyIDField, "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + keyID + "\n", keyID},
		"trailing comma":     {credset.KeyIDField, keyID + ",", keyID},
		"nothing":            {credset.KeyIDField, " \n ", ""},
		"label of the page":  {credset.KeyIDField, "kid：" + keyID, keyID},
		"starts with -":      {credset.KeyIDField, "-" + keyID[1:], "-" + keyID[1:]},
	} {
		t.Run(name, func(t *testing.T) {
			if got := credset.Clean(test.field, test.raw); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.raw, got, test.want)
			}
		})
	}
}

func TestCheckNamesTheMistake(t *testing.T) {
	for name, test := range map[string]struct {
		field credset.Field
		raw   string
		want  error
	}{
		"nothing":                       {credset.AppIDField, " ", credset.ErrMissing},
		"Key ID as App ID":              {credset.AppIDField, keyID, credset.ErrIsKeyID},
		"App ID as Key ID":              {credset.KeyIDField, "123456789012", credset.ErrIsAppID},
		"public key as Key ID":          {credset.KeyIDField, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", credset.ErrPublicPEM},
		"public key body":               {credset.KeyIDField, "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAytYSlqROU8ubfdZOd1kgssPcSG4npZ7vElPoVDRvNB0omC9pqOpA7D36gXNwqwf", credset.ErrPublicPEM},
		"private key":                   {credset.KeyIDField, "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", credset.ErrPrivatePEM},
		"private key without its lines": {credset.KeyIDField, "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQ", credset.ErrKeyText},
		"a line out of a key":           {credset.AppIDField, strings.Repeat("aB3+", 16), credset.ErrKeyText},
		"masked":                        {credset.KeyIDField, "_Abc***EFG", credset.ErrMasked},
		"masked with dots":              {credset.AppIDField, "1234••••0123", credset.ErrMasked},
		"placeholder":                   {credset.AppIDField, "your_client_id", credset.ErrPlaceholder},
		"placeholder in <>":             {credset.KeyIDField, "<key id>", credset.ErrPlaceholder},
		"Chinese placeholder":           {credset.AppIDField, "你的应用ID", credset.ErrPlaceholder},
		"variable reference":            {credset.KeyIDField, "${COZE_PUBLIC_KEY}", credset.ErrPlaceholder},
		"path":                          {credset.KeyIDField, "config/public_key.pem", credset.ErrPath},
		"home path":                     {credset.KeyIDField, "~/keys/public", credset.ErrPath},
		"token":                         {credset.KeyIDField, "eyJhbGciOiJSUzI1NiJ9.e30.x", credset.ErrToken},
		"space inside":                  {credset.KeyIDField, "abc def", credset.ErrSpaces},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := credset.Check(test.field, test.raw); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestCheckOnlyDoubtsAShapeNeverSeen(t *testing.T) {
	for _, test := range []struct {
		field credset.Field
		raw   string
		doubt bool
	}{
		{credset.AppIDField, "1234567890123", false},
		{credset.AppIDField, "123456789012", false},
		{credset.AppIDField, "12345678901234567890", true},
		{credset.AppIDField, "app-7", true},
		{credset.KeyIDField, keyID, false},
		{credset.KeyIDField, "test-key-1", true},
	} {
		_, notice, err := credset.Check(test.field, test.raw)
		if err != nil || (notice != nil) != test.doubt {
			t.Errorf("Check(%s, %q): notice %v, error %v", test.field, test.raw, notice, err)
		}
	}
}

// FuzzCheck: what is accepted has nothing in it that a line of .env could not
// hold.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "COZE_CLIENT_ID='1'", `"a": "b",`, "a=b=c", "“x”", "-----BEGIN X", "\n\n=", "１：２", "export A: 'b'"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, raw string, app bool) {
		field := credset.KeyIDField
		if app {
			field = credset.AppIDField
		}
		value, _, err := credset.Check(field, raw)
		if err == nil && (value == "" || strings.ContainsAny(value, " \t\r\n")) {
			t.Errorf("Check(%q) accepted %q", raw, value)
		}
	})
}
