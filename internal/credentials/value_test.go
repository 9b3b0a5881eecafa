package credentials_test

import (
	"errors"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/testkey"
)

const keyID = testkey.KeyID

func TestCleanUndoesWhatAPasteBrings(t *testing.T) {
	for name, test := range map[string]struct {
		field     credentials.Field
		raw, want string
	}{
		"as it is":           {credentials.AppID, "1234567890123", "1234567890123"},
		"space around":       {credentials.AppID, "  1234567890123\t", "1234567890123"},
		"line breaks":        {credentials.AppID, "\r\n1234567890123\r\n", "1234567890123"},
		"quotes":             {credentials.AppID, `"1234567890123"`, "1234567890123"},
		"Chinese quotes":     {credentials.AppID, "“1234567890123”", "1234567890123"},
		"variable":           {credentials.AppID, "COZE_CLIENT_ID=1234567890123", "1234567890123"},
		"exported, quoted":   {credentials.AppID, "export COZE_CLIENT_ID='1234567890123'", "1234567890123"},
		"YAML":               {credentials.AppID, "clientId: 1234567890123", "1234567890123"},
		"JSON":               {credentials.AppID, `  "client_id": "1234567890123",`, "1234567890123"},
		"full width":         {credentials.AppID, "１２３４５６７８９０１２３", "1234567890123"},
		"invisible":          {credentials.AppID, "\u200b1234567890123\ufeff", "1234567890123"},
		"no-break space":     {credentials.AppID, "\u00a01234567890123\u00a0", "1234567890123"},
		"Key ID variable":    {credentials.KeyID, "COZE_JWT_OAUTH_PUBLIC_KEY_ID=" + keyID, keyID},
		"whole .env, App ID": {credentials.AppID, "COZE_PUBLIC_KEY=" + keyID + "\nCOZE_CLIENT_ID=1234567890123\n", "1234567890123"},
		"whole .env, Key ID": {credentials.KeyID, "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + keyID + "\n", keyID},
		"trailing comma":     {credentials.KeyID, keyID + ",", keyID},
		"nothing":            {credentials.KeyID, " \n ", ""},
		"label":              {credentials.AppID, "App ID: 1234567890123", "1234567890123"},
		"label of a Key ID":  {credentials.KeyID, "Key ID: " + keyID, keyID},
		"Chinese label":      {credentials.KeyID, "公钥指纹：" + keyID, keyID},
		"half Chinese label": {credentials.AppID, "应用ID：1234567890123", "1234567890123"},
		"label above":        {credentials.AppID, "应用 ID\n1234567890123", "1234567890123"},
		"label of the page":  {credentials.KeyID, "kid：" + keyID, keyID},
		"starts with -":      {credentials.KeyID, "-" + keyID[1:], "-" + keyID[1:]},
	} {
		t.Run(name, func(t *testing.T) {
			if got := credentials.Clean(test.field, test.raw); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.raw, got, test.want)
			}
		})
	}
}

func TestCheckNamesTheMistake(t *testing.T) {
	for name, test := range map[string]struct {
		field credentials.Field
		raw   string
		want  error
	}{
		"nothing":                       {credentials.AppID, " ", credentials.ErrMissing},
		"Key ID as App ID":              {credentials.AppID, keyID, credentials.ErrIsKeyID},
		"App ID as Key ID":              {credentials.KeyID, "123456789012", credentials.ErrIsAppID},
		"public key as Key ID":          {credentials.KeyID, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", credentials.ErrPublicPEM},
		"public key body":               {credentials.KeyID, "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAytYSlqROU8ubfdZOd1kgssPcSG4npZ7vElPoVDRvNB0omC9pqOpA7D36gXNwqwf", credentials.ErrPublicPEM},
		"private key":                   {credentials.KeyID, "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", credentials.ErrPrivatePEM},
		"private key without its lines": {credentials.KeyID, "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQ", credentials.ErrKeyText},
		"a line out of a key":           {credentials.AppID, strings.Repeat("aB3+", 16), credentials.ErrKeyText},
		"masked":                        {credentials.KeyID, "_Abc***EFG", credentials.ErrMasked},
		"masked with dots":              {credentials.AppID, "1234••••0123", credentials.ErrMasked},
		"placeholder":                   {credentials.AppID, "your_client_id", credentials.ErrPlaceholder},
		"placeholder in <>":             {credentials.KeyID, "<key id>", credentials.ErrPlaceholder},
		"Chinese placeholder":           {credentials.AppID, "你的应用ID", credentials.ErrPlaceholder},
		"variable reference":            {credentials.KeyID, "${COZE_PUBLIC_KEY}", credentials.ErrPlaceholder},
		"path":                          {credentials.KeyID, "config/public_key.pem", credentials.ErrPath},
		"home path":                     {credentials.KeyID, "~/keys/public", credentials.ErrPath},
		"token":                         {credentials.KeyID, "eyJhbGciOiJSUzI1NiJ9.e30.x", credentials.ErrToken},
		"space inside ":                 {credentials.AppID, "1234 abc", credentials.ErrSpaces},
		"space inside":                  {credentials.KeyID, "abc def", credentials.ErrSpaces},
		"letters in an App ID":          {credentials.AppID, "app-7", credentials.ErrNotAppID},
		"Chinese in a Key ID":           {credentials.KeyID, "公钥😀", credentials.ErrNotKeyID},
		"many x and an emoji":           {credentials.AppID, strings.Repeat("x", 500) + "😀", credentials.ErrNotAppID},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := credentials.Check(test.field, test.raw); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestCheckOnlyDoubtsAShapeNeverSeen(t *testing.T) {
	for _, test := range []struct {
		field credentials.Field
		raw   string
		doubt bool
	}{
		{credentials.AppID, "1234567890123", false},
		{credentials.AppID, "123456789012", false},
		{credentials.AppID, "12345678901234567890", true},
		{credentials.AppID, "12345", true},
		{credentials.KeyID, keyID, false},
		{credentials.KeyID, "test-key-1", true},
	} {
		_, notice, err := credentials.Check(test.field, test.raw)
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
		field := credentials.KeyID
		if app {
			field = credentials.AppID
		}
		value, _, err := credentials.Check(field, raw)
		if err == nil && (value == "" || strings.ContainsAny(value, " \t\r\n")) {
			t.Errorf("Check(%q) accepted %q", raw, value)
		}
	})
}

func TestAnAppIDInGroupsIsOneNumber(t *testing.T) {
	if value, notice, err := credentials.Check(credentials.AppID, " 1234 5678 90123 "); value != "1234567890123" || notice != nil || err != nil {
		t.Errorf("%q, %v, %v", value, notice, err)
	}
}
