package credentials_test

import (
	"errors"
	"path/filepath"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
)

func TestReadTellsTheConventionByItsNames(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		names credentials.Convention
		appID string
		ok    bool
	}{
		"default":       {"COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=k\n", "default", "1", true},
		"sdk":           {"COZE_JWT_OAUTH_CLIENT_ID=2\nCOZE_API_BASE=https://api.coze.cn\n", "sdk", "2", true},
		"the fuller":    {"COZE_CLIENT_ID=1\nCOZE_JWT_OAUTH_CLIENT_ID=2\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=k\n", "sdk", "2", true},
		"both the same": {"COZE_CLIENT_ID=1\nCOZE_JWT_OAUTH_CLIENT_ID=2\n", "default", "1", true},
		"a comment":     {"COZE_CLIENT_ID= # your App ID\nCOZE_PUBLIC_KEY=k\n", "default", "", true},
		"none":          {"COZE_API_BASE=https://api.coze.cn\nA=1\n", "default", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := envfile.Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			set, names, ok := credentials.Read(f)
			if ok != test.ok || names != test.names || set.AppID != test.appID {
				t.Errorf("Read = %+v, %s, %v", set, names, ok)
			}
		})
	}
}

func TestWriteIsReadBack(t *testing.T) {
	want := credentials.Set{AppID: "1", KeyID: "k", KeyPath: "config/my key.pem", APIBase: "https://api.coze.cn"}
	for _, names := range []credentials.Convention{credentials.Default, credentials.SDK} {
		f, err := envfile.Parse(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := want.Write(f, names); err != nil {
			t.Fatal(err)
		}
		if got, n, _ := credentials.Read(f); got != want || n != names {
			t.Errorf("%s: read back as %+v", names, got)
		}
	}
}

func TestKeyPathIsRelativeToTheEnvFile(t *testing.T) {
	dir := filepath.FromSlash("/work/project")
	for _, test := range []struct{ env, key, written string }{
		{"/work/project/.env", "/work/project/config/private_key.pem", "config/private_key.pem"},
		{"/work/project/deploy/.env", "/work/project/config/private_key.pem", "../config/private_key.pem"},
		{"/work/project/.env", "/etc/coze/key.pem", "/etc/coze/key.pem"},
		{"/work/project/.env", "/work/project-two/key.pem", "/work/project-two/key.pem"},
		{"/work/project/.env", "/work/key.pem", "/work/key.pem"},
		{"/work/project/.env", "/work", "/work"},
		{".env", "/work/project/config/private_key.pem", "/work/project/config/private_key.pem"}, // whose folder is not known
	} {
		env, key := filepath.FromSlash(test.env), filepath.FromSlash(test.key)
		written := credentials.RelativeKeyPath(dir, env, key)
		if written != test.written {
			t.Errorf("WrittenKeyPath(%s, %s) = %s, want %s", test.env, test.key, written, test.written)
		}
		if got := (credentials.Set{KeyPath: written}).KeyFile(env); got != key {
			t.Errorf("KeyFile(%s) = %s, want %s", written, got, key)
		}
	}
}

func TestNoPathIsNoKeyFile(t *testing.T) {
	if got := (credentials.Set{}).KeyFile("/work/project/.env"); got != "" {
		t.Errorf("the key is at %q", got)
	}
}

func TestWriteRefusesWhatNoEnvMayHold(t *testing.T) {
	for name, test := range map[string]struct {
		set  credentials.Set
		want error
	}{
		"key text":           {credentials.Set{AppID: "1", KeyID: "-----BEGIN PUBLIC KEY-----"}, credentials.ErrEnvKeyText},
		"what has no quotes": {credentials.Set{AppID: "1", KeyPath: `it's "mine".pem`}, envfile.ErrNoQuoting},
	} {
		f, err := envfile.Parse(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := test.set.Write(f, credentials.Default); !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v, want %v", name, err, test.want)
		}
	}
}

func TestAnExampleHoldsNoIDsAndKeepsWhatIsThere(t *testing.T) {
	set := credentials.Set{AppID: "1234567890123", KeyID: keyID, KeyPath: "config/k.pem", APIBase: "https://api.coze.cn"}
	for before, want := range map[string]string{
		"":                              "COZE_CLIENT_ID=your_app_id\nCOZE_PUBLIC_KEY=your_key_id\nCOZE_PRIVATE_KEY_PATH=config/k.pem\nCOZE_API_BASE=https://api.coze.cn\n",
		"COZE_PUBLIC_KEY=mine\nA=1\n":   "COZE_PUBLIC_KEY=mine\nA=1\nCOZE_CLIENT_ID=your_app_id\nCOZE_PRIVATE_KEY_PATH=config/k.pem\nCOZE_API_BASE=https://api.coze.cn\n",
		"COZE_PRIVATE_KEY_PATH=\nA=1\n": "COZE_PRIVATE_KEY_PATH=\nA=1\nCOZE_CLIENT_ID=your_app_id\nCOZE_PUBLIC_KEY=your_key_id\nCOZE_API_BASE=https://api.coze.cn\n",
	} {
		f, err := envfile.Parse([]byte(before))
		if err != nil {
			t.Fatal(err)
		}
		if err := set.WriteExample(f, credentials.Default); err != nil {
			t.Fatal(err)
		}
		if got := string(f.Bytes()); got != want {
			t.Errorf("%q became\n%s, want\n%s", before, got, want)
		}
	}
	f, _ := envfile.Parse(nil)
	set.KeyPath = `it's "mine".pem`
	if err := set.WriteExample(f, credentials.Default); !errors.Is(err, envfile.ErrNoQuoting) {
		t.Errorf("error is %v", err)
	}
}

func TestForgetIDsKeepsWhereTheKeyIsAndWhoIsAsked(t *testing.T) {
	set := credentials.Set{AppID: "1", KeyID: "k", KeyPath: "k.pem", APIBase: "https://api.coze.cn"}
	set.ForgetIDs()
	if want := (credentials.Set{KeyPath: "k.pem", APIBase: "https://api.coze.cn"}); set != want {
		t.Errorf("left is %+v", set)
	}
}
