package formats_test

import (
	"fmt"
	"slices"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/formats"
)

// Each private key and each Key ID is there for who tries them, in a set or not.
func TestEveryKeyAndKeyIDIsListed(t *testing.T) {
	m := fresh(t, 13)
	text := m.filled(`{
	"coze": {
		"client_id": "<APP>", "kid": "<KID>", "private_key": PEMJSON,
		"old": {"public_key_id": "` + key + `", "key_in_base64": "PEM64"}
	},
	"payments": {"private_key": PEMJSON, "key_id": "short"}
}`)
	r, err := formats.Read("a.json", []byte(text), nil)
	if err != nil || len(r.Sets) != 1 {
		t.Fatalf("found %+v, %v", r, err)
	}
	var keys, ids []string
	for _, k := range r.Keys {
		keys = append(keys, fmt.Sprint(k.Where, " ", k.Name, " ", k.Line, " ", k.Coze))
		wantKey(t, k.Text.Reveal(), m.pem)
	}
	for _, id := range r.KeyIDs {
		ids = append(ids, fmt.Sprint(id.Where, " ", id.Name, " ", id.Line, " ", id.Coze, " ", id.Value == m.key, " ", id.Value == key))
	}
	if want := []string{"coze private_key 3 true", "coze.old key_in_base64 4 true", "payments private_key 6 false"}; !slices.Equal(keys, want) {
		t.Errorf("keys are %q, want %q", keys, want)
	}
	if want := []string{"coze kid 3 true true false", "coze.old public_key_id 4 true false true"}; !slices.Equal(ids, want) {
		t.Errorf("Key IDs are %q, want %q", ids, want)
	}
	if len(r.Notes) != 1 || r.Notes[0].Value("names") != "public_key_id, key_in_base64" {
		t.Errorf("notes are %v", r.Notes)
	}
}

func TestThereAreKeysWithoutASet(t *testing.T) {
	m := fresh(t, 13)
	r, err := formats.Read("coze.env", []byte(m.filled("COZE_KID=<KID>\nCOZE_PRIVATE_KEY=PEM64\nKID_2="+key+"\n")), nil)
	if err == nil || len(r.Keys) != 1 || len(r.KeyIDs) != 2 {
		t.Errorf("found %+v, %v", r, err)
	}
}

// Each value has the line that it stands at, in each syntax.
func TestEachValueHasItsPlace(t *testing.T) {
	for file, text := range map[string]string{
		"a.yaml": "\ncoze:\n  client_id: 1\n\n  kid: k\n",
		"a.json": "\n{\"coze\": {\n\"client_id\": 1,\n// x\n\"kid\":\n\"k\"}}",
		"a.toml": "\n[coze]\nclient_id = 1\n\nkid = 'k'\n",
		".env.a": "\n# x\nCOZE_CLIENT_ID=1\n\nCOZE_KID='k'\n",
		"a.txt":  "\nx\nCOZE_CLIENT_ID=1\n\nCOZE_KID='k'\n",
	} {
		r, err := formats.Read(file, []byte(text), nil)
		if err != nil || len(r.Sets) != 1 {
			t.Errorf("%s: found %+v, %v", file, r, err)
			continue
		}
		places := r.Sets[0].Places
		want := 5
		if file == "a.json" {
			want = 6
		}
		if places[credentials.AppID].Line != 3 || places[credentials.KeyID].Line != want {
			t.Errorf("%s: places are %+v", file, places)
		}
	}
}

// Two services in one file are not mixed up.
func TestPartsOfTwoSetsAreNotMixed(t *testing.T) {
	object := func(kind, name, data string) string {
		return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n" + data
	}
	text := object("ConfigMap", "coze-a", "data: {COZE_CLIENT_ID: '1', COZE_KID: a}\n") + object("ConfigMap", "coze-b", "data: {COZE_CLIENT_ID: '2', COZE_KID: b}\n") +
		object("Secret", "coze-key-a", "stringData: {COZE_PRIVATE_KEY_PATH: a.pem}\n") + object("Secret", "coze-key-b", "stringData: {COZE_PRIVATE_KEY_PATH: b.pem}\n")
	r, err := formats.Read("k8s.yaml", []byte(text), nil)
	if err != nil || len(r.Sets) != 2 || r.Sets[0].KeyPath != "" || r.Sets[1].KeyPath != "" || len(r.Notes) != 1 {
		t.Errorf("found %+v, %v", r, err)
	}
	r, err = formats.Read("a.yaml", []byte("coze:\n  app: {client_id: 1}\n  oauth: {client_id: 2}\n  key: {kid: k}\n"), nil)
	if err == nil || len(r.Sets) > 0 {
		t.Errorf("found %+v, %v", r, err)
	}
}

func TestTheRegionComesFromTheRestOfTheFile(t *testing.T) {
	ids := "COZE_CLIENT_ID=1\nCOZE_KID=k\n"
	for text, want := range map[string]string{
		ids: " ",
		ids + "COZE_WWW_BASE=https://www.coze.cn":                "cn COZE_WWW_BASE",
		ids + "COZE_AUD=api.coze.com\n":                          "com COZE_AUD",
		ids + "COZE_ENV=en\n":                                    "com COZE_ENV",
		ids + "COZE_ENV=cn\n":                                    "cn COZE_ENV",
		ids + "COZE_REGION=global\n":                             "com COZE_REGION",
		ids + "NODE_ENV=cn\n":                                    " ",
		ids + "COZE_ENV=production\n":                            " ",
		ids + "COZE_ENV=cn\nX=https://coze.com\n":                " ",
		ids + "X=https://mycoze.cn.example\n":                    " ",
		ids + "COZE_API_BASE=https://api.coze.cn\nCOZE_ENV=en\n": " ",
		"COZE_CN_CLIENT_ID=1\nCOZE_CN_KID=k\nCOZE_ENV=en\n":      "cn COZE_CN_CLIENT_ID",
		"COZE_COM_CLIENT_ID=1\nCOZE_COM_KID=k\n":                 "com COZE_COM_CLIENT_ID",
	} {
		r, err := formats.Read("a.env", []byte(text), nil)
		if err != nil || len(r.Sets) != 1 {
			t.Errorf("%q: found %+v, %v", text, r, err)
			continue
		}
		if got := r.Sets[0].Region + " " + r.Sets[0].RegionFrom; got != want {
			t.Errorf("%q: region is %q, want %q", text, got, want)
		}
	}
}
