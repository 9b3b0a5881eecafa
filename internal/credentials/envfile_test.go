package credentials_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
)

const complete = "COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=k\nCOZE_PRIVATE_KEY_PATH=config/k.pem\nCOZE_API_BASE=https://api.coze.cn\n"

// load writes a .env file and loads it.
func load(t *testing.T, text string) credentials.EnvFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := credentials.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A field of the set without a row, or a row without a field, would be forgotten
// in silence.
func TestEveryFieldOfTheSetHasARow(t *testing.T) {
	set := reflect.TypeFor[credentials.Set]()
	for i := range set.NumField() {
		id, _, _ := strings.Cut(set.Field(i).Tag.Get("json"), ",")
		at := slices.IndexFunc(credentials.Variables, func(v credentials.Variable) bool { return string(v.Field) == id })
		if at < 0 {
			t.Errorf("%s has no row", id)
			continue
		}
		var s credentials.Set
		*s.At(credentials.Field(id)) = "x"
		if reflect.ValueOf(s).Field(i).String() != "x" {
			t.Errorf("the row of %s is about another field", id)
		}
		for _, c := range credentials.Conventions {
			if credentials.Variables[at].Names[c] == "" {
				t.Errorf("%s has no name in the convention %s", id, c)
			}
		}
	}
	if len(credentials.Variables) != set.NumField() {
		t.Errorf("%d rows for %d fields", len(credentials.Variables), set.NumField())
	}
}

func TestValidateNamesTheFirstThatIsMissing(t *testing.T) {
	for _, v := range credentials.Variables {
		if v.Optional {
			continue
		}
		name := v.Names[credentials.Default]
		lines := slices.DeleteFunc(strings.SplitAfter(complete, "\n"), func(l string) bool { return strings.HasPrefix(l, name+"=") })
		e := load(t, strings.Join(lines, ""))
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
		if missing := e.Missing(); !slices.Equal(missing, []string{name}) {
			t.Errorf("without %s: %v", name, missing)
		}
	}
	if err := load(t, complete).Validate(); err != nil {
		t.Error(err)
	}
}

func TestKeyTextIsAFaultOfItsOwnAndShownNowhere(t *testing.T) {
	e := load(t, strings.Replace(complete, "config/k.pem", "'-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----'", 1))
	if err := e.Validate(); !errors.Is(err, credentials.ErrEnvKeyText) || strings.Contains(err.Error(), "MII") {
		t.Errorf("error is %v", err)
	}
	if e.Set.KeyPath != "" {
		t.Errorf("the path is %q", e.Set.KeyPath)
	}
}

func TestBothConventionsInOneFile(t *testing.T) {
	same := complete + "COZE_JWT_OAUTH_CLIENT_ID=1234567890123\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=k\nCOZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH=./config/k.pem\n"
	if e := load(t, same); len(e.Conventions) != 2 || e.Second != nil {
		t.Errorf("the same twice: %v, %v", e.Conventions, e.Second)
	}
	other := strings.Replace(same, "KEY_ID=k", "KEY_ID=other", 1)
	if e := load(t, other); len(e.Conventions) != 1 || e.Second == nil || e.Second.Set.KeyID != "other" {
		t.Errorf("two sets: %v, %v", e.Conventions, e.Second)
	}
	if e := load(t, complete); len(e.Conventions) != 1 || e.Second != nil {
		t.Errorf("one set: %v, %v", e.Conventions, e.Second)
	}
	if e := load(t, "A=1\n"); e.Found() {
		t.Error("found one where there is none")
	}
}

func TestEqualIsAboutMeaning(t *testing.T) {
	a := load(t, complete)
	b := a
	b.Set.KeyPath, b.Set.APIBase = "./config/../config/k.pem", a.Set.APIBase+"/"
	if !a.Equal(b) {
		t.Error("the same path and base, written in other ways, are different")
	}
	b.Set.KeyID = "x"
	if a.Equal(b) {
		t.Error("another Key ID is equal")
	}
}

func TestMissingNamesTheVariablesOfTheFilesConvention(t *testing.T) {
	for text, want := range map[string]string{
		"COZE_JWT_OAUTH_CLIENT_ID=1\nCOZE_API_BASE=b\n": "COZE_JWT_OAUTH_PUBLIC_KEY_ID,COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH",
		"COZE_API_BASE=b\n":                             "COZE_CLIENT_ID,COZE_PUBLIC_KEY,COZE_PRIVATE_KEY_PATH",
	} {
		// A file without a set is no part of a convention, so the shared base in it is not read.
		if got := strings.Join(load(t, text).Missing(), ","); !strings.HasPrefix(got, want) {
			t.Errorf("%q lacks %s, want %s", text, got, want)
		}
	}
}

func TestLoadRefusesWhatCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	testfile.Write(t, path, "no pair\n")
	if e, err := credentials.Load(path); !errors.Is(err, envfile.ErrUnreadable) || e.Found() {
		t.Errorf("loaded %+v, %v", e, err)
	}
}

func TestKeyTextIsToldWithItsFileAndVariable(t *testing.T) {
	e := load(t, "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY='-----BEGIN PUBLIC KEY-----'\n")
	f, ok := errors.AsType[*fault.Fault](e.Refused())
	if !ok || f.Value("path") != e.Path || f.Value("name") != "COZE_PUBLIC_KEY" {
		t.Errorf("error is %v", e.Refused())
	}
	if err := load(t, complete).Refused(); err != nil {
		t.Errorf("without key text: %v", err)
	}
}

func TestFilesAreTheEnvAndItsProfiles(t *testing.T) {
	dir := testfile.NewFolder(t)
	for _, name := range []string{
		".env", ".env.staging", ".env.local", ".env.example", ".env.prod.bak", ".env.prod~", ".env~", ".envrc", ".envs", "env", "prod.env", "README.md", ".env.folder/file",
	} {
		dir.Write(name, "")
	}
	want := []string{dir.Path(".env"), dir.Path(".env.local"), dir.Path(".env.staging")}
	if got := credentials.Files(dir.Dir); !slices.Equal(got, want) {
		t.Errorf("files are %v, want %v", got, want)
	}
	if got := credentials.Files(dir.Path("absent")); got != nil {
		t.Errorf("files of no folder are %v", got)
	}
}

func TestProfilesAreTheFilesThatAreOne(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".env", ".env.staging", ".env.prod", ".env.local", ".env.example", ".env.staging.bak-1", "env", ".envrc"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for _, path := range credentials.Profiles(dir) {
		names = append(names, credentials.EnvFile{Path: path}.Profile())
	}
	if !slices.Equal(names, []string{"prod", "staging"}) {
		t.Errorf("profiles are %v", names)
	}
	for name, ok := range map[string]bool{"a": true, "a-b": true, "": false, "local": false, "../x": false, "a/b": false, `a\b`: false, "example": false} {
		if err := credentials.CheckProfile(name); (err == nil) != ok {
			t.Errorf("CheckProfile(%q): %v", name, err)
		}
	}
}

func TestConventionsAreParsedByTheirNames(t *testing.T) {
	for _, c := range credentials.Conventions {
		if got, err := credentials.ParseConvention(string(c)); got != c || err != nil {
			t.Errorf("%s: %v, %v", c, got, err)
		}
	}
	if _, err := credentials.ParseConvention("other"); err == nil {
		t.Error("a name that is none was taken")
	}
}

func TestPairsAreInTheOrderTheyAreWritten(t *testing.T) {
	set := credentials.Set{AppID: "1", KeyID: "2", KeyPath: "3", APIBase: "4"}
	for _, c := range credentials.Conventions {
		for i, pair := range set.Pairs(c) {
			if pair[0] != c.VarNames()[i] || pair[1] != string(rune('1'+i)) {
				t.Errorf("%s: %v", c, pair)
			}
		}
	}
}
