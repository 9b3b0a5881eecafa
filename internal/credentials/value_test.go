package credentials_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
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
		"wide spaces":        {credentials.AppID, "1234\u30005678\u00a090123", "1234 5678 90123"},
		"wide punctuation":   {credentials.KeyPath, "！ａ～｟", "!a~｟"},
		"Key ID variable":    {credentials.KeyID, "COZE_JWT_OAUTH_PUBLIC_KEY_ID=" + keyID, keyID},
		"whole .env, App ID": {credentials.AppID, "COZE_PUBLIC_KEY=" + keyID + "\nCOZE_CLIENT_ID=1234567890123\n", "1234567890123"},
		"whole .env, Key ID": {credentials.KeyID, "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=" + keyID + "\n", keyID},
		"old Mac line ends":  {credentials.AppID, "COZE_PUBLIC_KEY=k\rCOZE_CLIENT_ID=1234567890123\r", "1234567890123"},
		"lines, none named":  {credentials.AppID, "1234567890123\nsomething else", "1234567890123"},
		"text before a name": {credentials.AppID, "my app\nCOZE_PUBLIC_KEY=k\nCOZE_CLIENT_ID=1234567890123", "1234567890123"},
		"a URL is no name":   {credentials.APIBase, "https://api.coze.cn", "https://api.coze.cn"},
		"a key in lines":     {credentials.KeyID, " -----BEGIN X-----\na=b\n-----END X-----\n", "-----BEGIN X-----\na=b\n-----END X-----"},
		"trailing comma":     {credentials.KeyID, keyID + ",", keyID},
		"nothing":            {credentials.KeyID, " \n ", ""},
		"a sentence's end":   {credentials.AppID, "App ID：1234567890123。", "1234567890123"},
		"in a sentence":      {credentials.KeyID, "「" + keyID + "」、", keyID},
		"label":              {credentials.AppID, "App ID: 1234567890123", "1234567890123"},
		"label of a Key ID":  {credentials.KeyID, "Key ID: " + keyID, keyID},
		"Chinese label":      {credentials.KeyID, "公钥指纹：" + keyID, keyID},
		"half Chinese label": {credentials.AppID, "应用ID：1234567890123", "1234567890123"},
		"label above":        {credentials.AppID, "应用 ID\n1234567890123", "1234567890123"},
		"label with a colon": {credentials.AppID, "App ID:\n1234567890123", "1234567890123"},
		"label below text":   {credentials.AppID, "my app\nApp ID:\n1234567890123", "1234567890123"},
		"label of another":   {credentials.AppID, "sorted by: App ID\nnothing\nApp ID: 1234567890123", "1234567890123"},
		"label of the page":  {credentials.KeyID, "kid：" + keyID, keyID},
		"padded":             {credentials.KeyID, "a" + keyID[1:] + "=", "a" + keyID[1:] + "="},
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
		"21 digits as Key ID":           {credentials.KeyID, "117612345678901234567", credentials.ErrIsAppID},
		"id of a Web app as App ID":     {credentials.AppID, "1234567890123.app.coze", credentials.ErrAppType},
		"id of a Web app as Key ID":     {credentials.KeyID, "1234567890123.app.coze", credentials.ErrAppType},
		"public key as Key ID":          {credentials.KeyID, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", credentials.ErrPublicPEM},
		"public key body":               {credentials.KeyID, "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAytYSlqROU8ubfdZOd1kgssPcSG4npZ7vElPoVDRvNB0omC9pqOpA7D36gXNwqwf", credentials.ErrPublicPEM},
		"private key":                   {credentials.KeyID, "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", credentials.ErrPrivatePEM},
		"public key body, 4096 bits":    {credentials.KeyID, "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA", credentials.ErrPublicPEM},
		"start of a key, all alike":     {credentials.KeyID, "MIIAAAAAAAA", credentials.ErrKeyText},
		"three letters, many times":     {credentials.AppID, strings.Repeat("abc", 20), credentials.ErrNotAppID},
		"digits in groups, as a Key ID": {credentials.KeyID, "1234 5678 90123", credentials.ErrSpaces},
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
		"user token":                    {credentials.KeyID, "czu_a", credentials.ErrToken},
		"personal token":                {credentials.AppID, "pat_a", credentials.ErrToken},
		"service token":                 {credentials.AppID, "czs_a", credentials.ErrToken},
		"service access token":          {credentials.AppID, "sat_a", credentials.ErrToken},
		"token of public code":          {credentials.KeyID, "cztei_a", credentials.ErrToken},
		"space inside ":                 {credentials.AppID, "1234 abc", credentials.ErrSpaces},
		"space inside":                  {credentials.KeyID, "abc def", credentials.ErrSpaces},
		"letters in an App ID":          {credentials.AppID, "app-7", credentials.ErrNotAppID},
		"Chinese in a Key ID":           {credentials.KeyID, "公钥😀", credentials.ErrNotKeyID},
		"many x and an emoji":           {credentials.AppID, strings.Repeat("x", 500) + "😀", credentials.ErrTooLong},
		"x in the place of a Key ID":    {credentials.KeyID, strings.Repeat("x", 43), credentials.ErrPlaceholder},
		"a long token as App ID":        {credentials.AppID, "pat_" + strings.Repeat("aB3x", 16), credentials.ErrToken},
		"a SHA-256 as Key ID":           {credentials.KeyID, strings.Repeat("9f3c", 16), credentials.ErrHash},
		"a fingerprint with colons":     {credentials.KeyID, strings.Repeat("9F:", 19) + "9F", credentials.ErrHash},
		"a Key ID many times":           {credentials.KeyID, strings.Repeat("nL6_", 50), credentials.ErrTooLong},
		"a number of a spreadsheet":     {credentials.AppID, "1.17306E+12", credentials.ErrRounded},
		"an MD5 with colons":            {credentials.KeyID, strings.Repeat("9f:", 15) + "9f", credentials.ErrHash},
		"an App ID of a Secret":         {credentials.AppID, "MTEwMDcwMzY2Nzk3Nzc3NDk4NA==", credentials.ErrEncoded},
		"a Key ID of a Secret":          {credentials.KeyID, base64.StdEncoding.EncodeToString([]byte(keyID)), credentials.ErrEncoded},
		"a name and no value":           {credentials.AppID, "COZE_CLIENT_ID=", credentials.ErrMissing},
		"a short name and no value":     {credentials.AppID, "appid=", credentials.ErrMissing},
		"standard Base64":               {credentials.KeyID, "nL6NgCjni+hGrSW45D2iO4ve/Zzuv1_Wkgp3uWckw_8", credentials.ErrBase64},
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
		{credentials.AppID, "117612345678901234567", false},
		{credentials.AppID, "12345", false}, // digits are digits
		{credentials.KeyID, keyID, false},
		{credentials.KeyID, "MIIEvAIBADA" + keyID[11:], false},         // as a key begins
		{credentials.KeyID, keyID[:20] + "your" + keyID[24:], false},   // a word of placeholders
		{credentials.KeyID, keyID[:20] + "\u200b" + keyID[20:], false}, // invisible
		{credentials.KeyID, "a" + keyID[1:] + "=", false},              // padding
		{credentials.KeyID, "1" + keyID[1:] + "=", false},
		{credentials.AppID, "7481617032355069967", true}, // as a bot's
		{credentials.AppID, "1481617032355069967", false},
		{credentials.AppID, "148161703235500", false},
		{credentials.AppID, "1481617032355070000", true}, // rounded
		{credentials.AppID, "148161703235507200010", false},
		{credentials.AppID, "118000000000000000000", false},        // a length that is seen
		{credentials.KeyID, keyID[:20] + `\_` + keyID[21:], false}, // Markdown
		{credentials.KeyID, keyID[1:], true},
		{credentials.KeyID, "test-key-1", true},
	} {
		_, notice, err := credentials.Check(test.field, test.raw)
		if err != nil || (notice != nil) != test.doubt {
			t.Errorf("Check(%s, %q): notice %v, error %v", test.field, test.raw, notice, err)
		}
	}
}

func TestAMistakeNamesItsFieldAndFlag(t *testing.T) {
	_, _, err := credentials.Check(credentials.AppID, "app-7")
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Value("field") != "app_id" || f.Value("flag") != "--app-id" || f.Value("value") != "app-7" {
		t.Errorf("error is %+v", err)
	}
}

func TestOnlyTheIDsHaveAShape(t *testing.T) {
	if got := credentials.Checked(); !slices.Equal(got, []credentials.Field{credentials.AppID, credentials.KeyID}) {
		t.Errorf("checked are %v", got)
	}
	for _, field := range []credentials.Field{credentials.KeyPath, credentials.APIBase} {
		value, notice, err := credentials.Check(field, ` "~/my keys/${NAME}.pem" `)
		if value != "~/my keys/${NAME}.pem" || notice != nil || err != nil {
			t.Errorf("%s: %q, %v, %v", field, value, notice, err)
		}
	}
}

func TestAKeyIDIsOneLine(t *testing.T) {
	for id, want := range map[string]bool{keyID: true, keyID[:20] + "\n" + keyID[20:]: false, keyID + "A": false, keyID[1:] + "=": false} {
		if got := credentials.IsKeyID(id); got != want {
			t.Errorf("IsKeyID(%q) = %v", id, got)
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

func TestANumberOfFewDigitsIsDoubtedAsAnAppID(t *testing.T) {
	for raw, want := range map[string]bool{"9": true, "1234。": true, "12345": false, "１１８０４３７４５４６６０": false} {
		if _, notice, err := credentials.Check(credentials.AppID, raw); err != nil || (notice != nil) != want {
			t.Errorf("%s: notice %v, error %v", raw, notice, err)
		}
	}
	if value, _, err := credentials.Check(credentials.AppID, "1180437454660."); value != "1180437454660" || err != nil {
		t.Errorf("%s, %v", value, err)
	}
}
