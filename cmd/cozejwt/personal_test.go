//go:build unix

package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// pat has the form of a personal access token.
func pat() string { return "pat_" + strings.Repeat("aB3d", 16) }

// A personal token is said for what it is, and never shown, wherever it stands.
func TestAPersonalTokenIsSaidForWhatItIs(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(".env", p.read(".env")+"COZE_API_TOKEN="+pat()+"\n")
	p.write("token.yaml", "coze:\n  botId: '1'\n  token: "+pat()+"\n")
	p.write("both.yaml", "coze:\n  clientId: '"+p.app+"'\n  publicKey: "+p.key+"\n  privateKeyPath: config/private_key.pem\n  baseUrl: "+p.coze.Base+"\nold: "+pat()+"\n")
	for _, test := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"verify"}, "COZE_API_TOKEN is a personal access token (pat_…)", 0},
		{[]string{"verify", "--lang", "zh"}, "COZE_API_TOKEN 是个人访问令牌（pat_…）", 0},
		{[]string{"import", "token.yaml"}, "token.yaml, line 3: a personal access token (pat_…), not the credentials of a JWT app", 3},
		{[]string{"import", "both.yaml"}, "both.yaml, line 6: not imported: a personal access token (pat_…)", 0},
		{[]string{"explain", "curl -H 'Authorization: Bearer " + pat() + "' https://api.coze.cn/v3/chat"}, "The text holds a personal access token (pat_…)", 0},
		{[]string{"explain", "--json", "token: '" + pat() + "'"}, `"known": true`, 0},
		{[]string{"explain", "--lang", "zh", pat()}, "个人访问令牌（pat_…）", 0},
		{nil, ".env: COZE_API_TOKEN is a personal access token (pat_…), for tests", 0}, // the start menu
	} {
		cmd := exec.Command(build(t, "."), append(test.args, "--dir", p.dir)...)
		cmd.Env, cmd.Dir = append(p.env, "ACCESSIBLE=1"), p.dir
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != test.code || !strings.Contains(out.String(), test.want) {
			t.Errorf("%q: exit code %d, want %d and %q in\n%s", test.args, code, test.code, test.want, &out)
		}
		if strings.Contains(out.String(), pat()[4:20]) {
			t.Errorf("%q shows the token:\n%s", test.args, &out)
		}
	}
}
