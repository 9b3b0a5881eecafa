package credentials

import (
	"slices"
	"testing"

	"cozejwt/envfile"
)

// change makes the row of a field another for one test: no variable is optional
// yet, and none has a check without a doubt.
func change(t *testing.T, field Field, edit func(*Variable)) {
	t.Helper()
	at := slices.IndexFunc(Variables, func(v Variable) bool { return v.Field == field })
	before := Variables[at]
	t.Cleanup(func() { Variables[at] = before })
	edit(&Variables[at])
}

func TestAnOptionalVariableMayBeLeftOut(t *testing.T) {
	change(t, KeyID, func(v *Variable) { v.Optional = true })
	set := Set{AppID: "1", APIBase: "https://api.coze.cn"} // without KeyPath either, which is required
	for name, test := range map[string]struct {
		before string
		write  func(*envfile.File) error
		want   string
	}{
		"written":            {"", func(f *envfile.File) error { return set.Write(f, Default) }, "COZE_CLIENT_ID=1\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=https://api.coze.cn\n"},
		"written, was there": {"COZE_PUBLIC_KEY=old\n", func(f *envfile.File) error { return set.Write(f, Default) }, "COZE_PUBLIC_KEY=\nCOZE_CLIENT_ID=1\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=https://api.coze.cn\n"},
		"in the example":     {"", func(f *envfile.File) error { return set.WriteExample(f, Default) }, "COZE_CLIENT_ID=your_app_id\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=https://api.coze.cn\n"},
		"with a value":       {"", func(f *envfile.File) error { return Set{AppID: "1", KeyID: "k"}.Write(f, Default) }, "COZE_CLIENT_ID=1\nCOZE_PUBLIC_KEY=k\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=\n"},
		"example, value":     {"", func(f *envfile.File) error { return Set{AppID: "1", KeyID: "k"}.WriteExample(f, Default) }, "COZE_CLIENT_ID=your_app_id\nCOZE_PUBLIC_KEY=your_key_id\nCOZE_PRIVATE_KEY_PATH=\nCOZE_API_BASE=\n"},
	} {
		f, err := envfile.Parse([]byte(test.before))
		if err != nil {
			t.Fatal(err)
		}
		if err := test.write(f); err != nil || string(f.Bytes()) != test.want {
			t.Errorf("%s: %v\n%s, want\n%s", name, err, f.Bytes(), test.want)
		}
	}
	for keyID, want := range map[string][]string{
		"":  {"COZE_CLIENT_ID", "COZE_PRIVATE_KEY_PATH", "COZE_API_BASE"},
		"k": {"COZE_CLIENT_ID", "COZE_PUBLIC_KEY", "COZE_PRIVATE_KEY_PATH", "COZE_API_BASE"},
	} {
		var pairs []string
		for _, p := range (Set{AppID: "1", KeyID: keyID, APIBase: "b"}).Pairs(Default) {
			pairs = append(pairs, p[0])
		}
		if !slices.Equal(pairs, want) {
			t.Errorf("with Key ID %q the pairs are %v", keyID, pairs)
		}
	}
	if missing := (EnvFile{Set: set}).Missing(); !slices.Equal(missing, []string{"COZE_PRIVATE_KEY_PATH"}) {
		t.Errorf("missing are %v", missing)
	}
}

func TestAnOptionalValueIsCheckedWhereThereIsOne(t *testing.T) {
	change(t, KeyID, func(v *Variable) { v.Optional = true })
	if value, notice, err := Check(KeyID, " "); value != "" || notice != nil || err != nil {
		t.Errorf("without a value: %q, %v, %v", value, notice, err)
	}
	if _, _, err := Check(KeyID, "1234567890123"); err == nil {
		t.Error("an App ID was taken for a Key ID")
	}
	if _, _, err := Check(AppID, " "); err == nil {
		t.Error("a required value may be left out")
	}
}

func TestACheckNeedsNoDoubt(t *testing.T) {
	change(t, KeyID, func(v *Variable) { v.odd = nil })
	if value, notice, err := Check(KeyID, "k"); value != "k" || notice != nil || err != nil {
		t.Errorf("%q, %v, %v", value, notice, err)
	}
}
