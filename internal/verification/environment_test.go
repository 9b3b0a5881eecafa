package verification_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/verification"
)

// moved takes the credentials out of the .env into an environment, with the key as text.
func (p *project) moved(change map[string]string) {
	p.t.Helper()
	pem := p.Read("config/private_key.pem")
	variables := map[string]string{
		"COZE_CLIENT_ID": p.value("COZE_CLIENT_ID"), "COZE_PUBLIC_KEY": p.value("COZE_PUBLIC_KEY"),
		"COZE_API_BASE": p.coze.Base, "COZE_PRIVATE_KEY": pem,
	}
	maps.Copy(variables, change)
	p.target.Getenv = func(name string) string { return variables[name] }
	e, _ := credentials.FromEnvironment(p.target.EnvPath, p.target.Getenv)
	p.target.Environment = &e
	if err := os.Remove(p.Path(".env")); err != nil {
		p.t.Fatal(err)
	}
}

// with lists the ids of the results of a status.
func with(results []verification.Result, status verification.Status) []string {
	var ids []string
	for _, r := range results {
		if r.Status == status {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func TestTheEnvironmentIsCheckedWithoutAFile(t *testing.T) {
	p := newProject(t)
	p.moved(nil)
	results := p.run()
	if got := bad(results); len(got) > 0 {
		t.Errorf("troubles are %v", got)
	}
	passed := with(results, verification.Pass)
	for _, id := range []string{"env.complete", "app_id.shape", "key_id.shape", "api.base", "key.format", "key.strength", "token.exchange"} {
		if !slices.Contains(passed, id) {
			t.Errorf("%s did not pass", id)
		}
	}
	for _, r := range results {
		ofFile := strings.HasPrefix(r.ID, "env.") && r.ID != "env.complete" || slices.Contains([]string{"key.exists", "key.age", "key.mode", "key.pair", "key.ignored"}, r.ID)
		if id := idOf(r.Fault); ofFile != (id == "verify.no_env_file" || id == "verify.no_key_file") {
			t.Errorf("%s: status %s, %v", r.ID, r.Status, r.Fault)
		}
		if r.Unmade() {
			t.Errorf("%s was prevented", r.ID)
		}
		if ofFile && r.Status != verification.Skip {
			t.Errorf("%s is %s", r.ID, r.Status)
		}
	}
}

// idOf is the id of a fault, "" for none.
func idOf(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.ID
}

func TestAKeyFileThatTheEnvironmentNamesIsChecked(t *testing.T) {
	p := newProject(t)
	p.moved(map[string]string{"COZE_PRIVATE_KEY": "", "COZE_PRIVATE_KEY_PATH": "config/private_key.pem"})
	if passed := with(p.run(), verification.Pass); !slices.Contains(passed, "key.mode") || !slices.Contains(passed, "key.pair") || !slices.Contains(passed, "token.exchange") {
		t.Errorf("passed have %v", passed)
	}
	if err := os.Remove(p.Path("config/private_key.pem")); err != nil {
		t.Fatal(err)
	}
	if got := bad(p.run()); len(got) != 1 || got[0] != "key.exists fail" {
		t.Errorf("troubles without the key are %v", got)
	}
}

func TestWhatIsWrongInTheEnvironmentIsRepairedNowhere(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]string
		want   string
	}{
		"a quoted id":    {map[string]string{"COZE_CLIENT_ID": `"1234567890123"`}, "app_id.shape fail"},
		"a wrong base":   {map[string]string{"COZE_API_BASE": "https://www.coze.cn"}, "api.base fail"},
		"no key":         {map[string]string{"COZE_PRIVATE_KEY": "nonsense"}, "key.format fail"},
		"a public key":   {map[string]string{"COZE_PRIVATE_KEY": "PUBLIC"}, "key.format fail"},
		"an unknown kid": {map[string]string{"COZE_PUBLIC_KEY": strings.Repeat("A", 43)}, "token.exchange fail"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			if test.change["COZE_PRIVATE_KEY"] == "PUBLIC" {
				test.change["COZE_PRIVATE_KEY"] = p.Read("config/public_key.pem")
			}
			p.moved(test.change)
			results := p.run()
			if got := bad(results); !slices.Contains(got, test.want) {
				t.Errorf("troubles are %v, want %s", got, test.want)
			}
			for _, r := range results {
				if r.Repair != nil {
					t.Errorf("%s has a repair", r.ID)
				}
			}
		})
	}
}

func TestAWeakKeyInTheEnvironmentIsNamed(t *testing.T) {
	p := newProject(t)
	p.moved(map[string]string{"COZE_PRIVATE_KEY": weak("")})
	if got := bad(p.run()); !slices.Contains(got, "key.strength fail") || slices.Contains(got, "key.format fail") {
		t.Errorf("troubles are %v", got)
	}
}
