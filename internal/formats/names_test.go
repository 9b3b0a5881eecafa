package formats_test

import (
	"encoding/json"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/formats"
)

// TestAFieldIsFoundByItsMeaning gives a set one field under each of its names.
func TestAFieldIsFoundByItsMeaning(t *testing.T) {
	for field, names := range map[credentials.Field]string{
		credentials.AppID: "COZE_CLIENT_ID cozeClientId coze-client-id coze.client.id COZE_JWT_OAUTH_CLIENT_ID OAUTH_COZE_CLIENT_ID cozeclientid COZE_APP_ID CozeOAuthAppID " +
			"VITE_COZE_CLIENT_ID NEXT_PUBLIC_COZE_APP_ID COZE_ISS COZE_AUTH_CLIENTID coze_jwt_appid CozeClientID COZE_OAUTH2_CLIENT_ID",
		credentials.KeyID: "COZE_PUBLIC_KEY COZE_PUBLIC_KEY_ID COZE_OAUTH_KID coze.jwt.oauth.public.key.id cozePublicKeyFingerprint COZE_PUBLIC_KEY_FINGERPRINT COZE_KEY_ID coze-kid " +
			"COZE_JWT_OAUTH_PUBLIC_KEY_ID cozepublickeyid COZE_FINGERPRINT JWT_COZE_KID",
		credentials.KeyPath: "COZE_PRIVATE_KEY_PATH COZE_OAUTH_PRIVATE_KEY_FILE COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH cozePrivateKeyLocation coze.private.key.path COZE_KEY_FILE coze-pem-path " +
			"COZE_PRIVATE_KEY cozeprivatekeypath",
		credentials.APIBase: "COZE_API_BASE COZE_BASE_URL cozeApiBaseUrl COZE_API_URL COZE_API_ENDPOINT COZE_ENDPOINT coze.api.base coze-base-uri COZE_API_HOST coze_api_domain cozeapibase",
	} {
		values := map[credentials.Field]string{credentials.AppID: app, credentials.KeyID: key, credentials.KeyPath: "k.pem", credentials.APIBase: "https://api.coze.cn"}
		plain := map[credentials.Field]string{credentials.AppID: "coze_client_id", credentials.KeyID: "coze_kid", credentials.KeyPath: "coze_private_key_path", credentials.APIBase: "coze_base_url"}
		for _, name := range strings.Fields(names) {
			members := map[string]string{name: values[field]}
			for other, called := range plain {
				if other != field {
					members[called] = values[other]
				}
			}
			text, err := json.Marshal(members)
			if err != nil {
				t.Fatal(err)
			}
			r, err := formats.Read("a.json", text, nil)
			if err != nil || len(r.Sets) != 1 {
				t.Errorf("%s: found %+v, %v", name, r, err)
				continue
			}
			for f, want := range values {
				if got := r.Sets[0].Get(f); got != want {
					t.Errorf("%s: %s is %q, want %q", name, f, got, want)
				}
			}
			if got := r.Sets[0].Places[field]; got.Name != name || got.Line != 1 {
				t.Errorf("%s: it stands at %+v", name, got)
			}
		}
	}
}

func TestWhatIsNoFieldIsNone(t *testing.T) {
	for _, name := range strings.Fields("COZE_CLIENT_SECRET COZE_PRIVATE_KEY_ID COZE_ACCESS_KEY_ID COZE_WWW_BASE COZE_BOT_ID COZE_WORKSPACE_ID COZE_API_KEY monkeyid COZE_API_TOKEN " +
		"client_ids key_path_of coze_public_key_path") {
		r, err := formats.Read("coze.json", []byte(`{"`+name+`": "x", "client_id": "1"}`), nil)
		if err == nil || len(r.Sets) > 0 {
			t.Errorf("%s: found %+v", name, r.Sets)
		}
	}
}

// The stronger name counts, wherever it stands; the others are named.
func TestTheStrongerNameCounts(t *testing.T) {
	for _, test := range []struct {
		field          credentials.Field
		strong, weaker string
	}{
		{credentials.AppID, "COZE_CLIENT_ID", "COZE_APP_ID"},
		{credentials.AppID, "COZE_OAUTH_APP_ID", "COZE_APP_ID"},
		{credentials.AppID, "COZE_ISS", "COZE_APP_ID"},
		{credentials.KeyID, "COZE_PUBLIC_KEY_ID", "COZE_PUBLIC_KEY"},
		{credentials.KeyID, "COZE_KID", "COZE_PUBLIC_KEY"},
		{credentials.KeyPath, "COZE_PRIVATE_KEY_PATH", "COZE_KEY_FILE"},
		{credentials.APIBase, "COZE_API_BASE", "COZE_ENDPOINT"},
	} {
		one, two := test.strong+"=strong.coze.cn\n", test.weaker+"=weaker.coze.cn\n"
		for _, text := range []string{one + two, two + one} {
			if test.field != credentials.AppID {
				text += "COZE_CLIENT_ID=1\n"
			}
			if test.field != credentials.KeyID {
				text += "COZE_PUBLIC_KEY_ID=k\n"
			}
			r, err := formats.Read("a.env", []byte(text), nil)
			if err != nil || len(r.Sets) != 1 {
				t.Errorf("%q: found %+v, %v", text, r, err)
				continue
			}
			f := r.Sets[0]
			if f.Get(test.field) != "strong.coze.cn" || len(f.Unused) != 1 || f.Unused[0].Value("name") != test.weaker || f.Unused[0].Value("used") != test.strong {
				t.Errorf("%q: found %+v", text, f)
			}
		}
	}
}

func TestTheStrongerNameCountsWithoutAValueToo(t *testing.T) {
	r, err := formats.Read("a.env", []byte("COZE_APP_ID=7481617032355069967\nCOZE_CLIENT_ID=<your id>\nCOZE_KID="+key+"\n"), nil)
	if err != nil || r.Sets[0].AppID != "" || len(r.Sets[0].Doubts) != 1 || len(r.Sets[0].Unused) != 1 {
		t.Errorf("found %+v, %v", r, err)
	}
	r, err = formats.Read("a.env", []byte("COZE_APP_ID=1234567890123\nCOZE_CLIENT_ID=\nCOZE_KID="+key+"\n"), nil)
	if err != nil || r.Sets[0].AppID != "1234567890123" {
		t.Errorf("an empty one counts: %+v, %v", r, err)
	}
}

// The id of a workflow's app is no App ID where another name has that.
func TestTheAppOfAWorkflowIsNotTheOAuthApp(t *testing.T) {
	for _, text := range []string{
		"COZE_APP_ID=7481617032355069967\nCOZE_PUBLIC_KEY=KID\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_JWT_OAUTH_CLIENT_ID=1234567890123\n",
		"COZE_APP_ID=7481617032355069967\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_OAUTH_CLIENT_ID=1234567890123\nCOZE_OAUTH_KID=KID\n",
		"COZE_OAUTH_CLIENT_ID=1234567890123\nCOZE_OAUTH_KID=KID\nCOZE_OAUTH_PRIVATE_KEY_FILE=k.pem\nCOZE_APP_ID=7481617032355069967\n",
		"COZE_WORKFLOW_APP_ID=7481617032355069967\nCOZE_CLIENT_ID=1234567890123\nCOZE_KID=KID\nCOZE_PRIVATE_KEY_PATH=k.pem\n",
	} {
		r, err := formats.Read("a.env", []byte(strings.ReplaceAll(text, "KID\n", key+"\n")), nil)
		if err != nil || len(r.Sets) != 1 || r.Sets[0].AppID != app || r.Sets[0].KeyID != key || r.Sets[0].KeyPath != "k.pem" {
			t.Errorf("%s: found %+v, %v", text, r.Sets, err)
			continue
		}
		said := len(r.Sets[0].Unused) + len(r.Notes)
		if said != 1 {
			t.Errorf("%s: the other app is said %d times", text, said)
		}
	}
}
