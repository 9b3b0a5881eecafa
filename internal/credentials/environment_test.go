package credentials_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
)

// in returns the variables as a getenv.
func in(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestTheEnvironmentIsASet(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----"
	for name, test := range map[string]struct {
		variables map[string]string
		want      string // App ID, Key ID, path, base; variables that are read; variables that are missing
	}{
		"a path": {
			map[string]string{"COZE_CLIENT_ID": "1", "COZE_PUBLIC_KEY": "k", "COZE_PRIVATE_KEY_PATH": "key.pem", "COZE_API_BASE": "b"},
			"[1 k key.pem b] [COZE_CLIENT_ID COZE_PUBLIC_KEY COZE_PRIVATE_KEY_PATH COZE_API_BASE] []",
		},
		"a key before a path": {
			map[string]string{"COZE_CLIENT_ID": "1", "COZE_PUBLIC_KEY": "k", "COZE_PRIVATE_KEY_PATH": "key.pem", "COZE_PRIVATE_KEY": key, "COZE_PRIVATE_KEY_BASE64": "x"},
			"[1 k  ] [COZE_CLIENT_ID COZE_PUBLIC_KEY COZE_PRIVATE_KEY] [COZE_API_BASE]",
		},
		"Base64": {
			map[string]string{"COZE_PRIVATE_KEY_BASE64": "x", "COZE_API_BASE": "b"},
			"[   b] [COZE_PRIVATE_KEY_BASE64 COZE_API_BASE] [COZE_CLIENT_ID COZE_PUBLIC_KEY]",
		},
		"no key": {
			map[string]string{"COZE_CLIENT_ID": "1"},
			"[1   ] [COZE_CLIENT_ID] [COZE_PUBLIC_KEY COZE_PRIVATE_KEY COZE_API_BASE]",
		},
		"the names of the SDKs": {
			map[string]string{"COZE_JWT_OAUTH_CLIENT_ID": "2", "COZE_JWT_OAUTH_PRIVATE_KEY": key, "COZE_CLIENT_ID": "1", "COZE_API_BASE": "b"},
			"[2   b] [COZE_JWT_OAUTH_CLIENT_ID COZE_JWT_OAUTH_PRIVATE_KEY COZE_API_BASE] [COZE_JWT_OAUTH_PUBLIC_KEY_ID]",
		},
		"the names of the SDKs alone": {
			map[string]string{"COZE_JWT_OAUTH_PRIVATE_KEY_BASE64": "x"},
			"[   ] [COZE_JWT_OAUTH_PRIVATE_KEY_BASE64] [COZE_JWT_OAUTH_CLIENT_ID COZE_JWT_OAUTH_PUBLIC_KEY_ID COZE_API_BASE]",
		},
	} {
		e, ok := credentials.FromEnvironment("/p/.env", in(test.variables))
		if got := fmt.Sprint([]string{e.Set.AppID, e.Set.KeyID, e.Set.KeyPath, e.Set.APIBase}, e.Names, e.Missing()); !ok || got != test.want {
			t.Errorf("%s: it is %s, want %s", name, got, test.want)
		}
	}
}

func TestAnEnvironmentWithoutASetIsNone(t *testing.T) {
	for _, variables := range []map[string]string{
		nil, {"COZE_API_BASE": "b"}, {"COZE_CLIENT_ID": "", "COZE_PRIVATE_KEY": ""}, {"COZE_API_TOKEN": "t"},
	} {
		if e, ok := credentials.FromEnvironment("/p/.env", in(variables)); ok {
			t.Errorf("%v is %v", variables, e.Names)
		}
	}
}

func TestAnEnvironmentIsValidated(t *testing.T) {
	complete := map[string]string{
		"COZE_CLIENT_ID": "1", "COZE_PUBLIC_KEY": "k", "COZE_PRIVATE_KEY_PATH": "config/key.pem", "COZE_API_BASE": "b",
	}
	for name, test := range map[string]struct {
		variable, value string
		want            error
		says            string
	}{
		"complete":      {},
		"no id":         {"COZE_CLIENT_ID", "", credentials.ErrEnvironmentIncomplete, "COZE_CLIENT_ID"},
		"no key":        {"COZE_PRIVATE_KEY_PATH", "", credentials.ErrEnvironmentIncomplete, "COZE_PRIVATE_KEY"},
		"a key as path": {"COZE_PRIVATE_KEY_PATH", "-----BEGIN PRIVATE KEY-----\nabc", credentials.ErrEnvironmentValue, "COZE_PRIVATE_KEY_PATH"},
		"a control":     {"COZE_CLIENT_ID", "1\x1b2", credentials.ErrEnvironmentValue, "COZE_CLIENT_ID"},
		"a home":        {"COZE_PRIVATE_KEY_PATH", "~/key.pem", credentials.ErrEnvironmentHome, "COZE_PRIVATE_KEY_PATH"},
	} {
		variables := map[string]string{}
		for n, v := range complete {
			variables[n] = v
		}
		variables[test.variable] = test.value
		e, _ := credentials.FromEnvironment("/p/.env", in(variables))
		err := e.Validate()
		if !errors.Is(err, test.want) || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error is %v", name, err)
		}
		if f, ok := errors.AsType[*fault.Fault](err); ok && f.Class != fault.ClassUsage {
			t.Errorf("%s: class is %v", name, f.Class)
		}
		if test.want == nil && e.KeyFile() != filepath.FromSlash("/p/config/key.pem") {
			t.Errorf("the key is at %s", e.KeyFile())
		}
	}
}

func TestAFileThatHoldsAVariableCounts(t *testing.T) {
	for text, want := range map[string]bool{
		"":                               false,
		"PORT=3000\n":                    false,
		"COZE_API_TOKEN=x\n":             false,
		"COZE_CLIENT_ID=\n":              true,
		"COZE_API_BASE=b\n":              true,
		"COZE_PRIVATE_KEY_BASE64=\n":     true,
		"COZE_JWT_OAUTH_PRIVATE_KEY=x\n": true,
	} {
		f, err := envfile.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := credentials.InFile(f); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestPrivateKeyNames(t *testing.T) {
	names := []string{
		"COZE_PRIVATE_KEY", "COZE_PRIVATE_KEY_BASE64", "COZE_PRIVATE_KEY_PATH", "coze_private_key", "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH",
		"COZE_PUBLIC_KEY", "COZE_CLIENT_ID", "MY_COZE_PRIVATE_KEY",
	}
	got := slices.DeleteFunc(names, func(name string) bool { return !credentials.IsPrivateKeyName(name) })
	if len(got) != 5 {
		t.Errorf("they are %v", got)
	}
}
