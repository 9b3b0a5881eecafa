//go:build e2e && unix

package i18n

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// words are names of files and folders as badly as people and attackers make them.
var words = []string{
	"a b", "it's", "it's $HOME", `"`, `'"'`, "`id`", "$(id)", "${HOME}", "$HOME", "%PATH%", "^", "!", "!!", "it's!", "a!b", "~", "~root", "=ls", "@a", "#x",
	"a,b", "a;b", "a&b", "a|b", "a<b>c", "(a)", "{a,b}", "[a]", "*", "?", `\`, `\\`, `a\`, `a\\`, `it's\`, `\'`, `'\''`, `\n`, `C:\a b\c`, `\\host\a`,
	"-a.b", "--", "-", "-x", "--x=y z", "密钥", "“a”", "‘a’", "it‘s", "‚a‛", "„a", "\u00a0", "a\tb", "a\nb", "", " ", "a'b\"c$d`e\\f!g%h", "--%", "1kb", "0x10", ".5",
}

// Each shell that is installed here gives the words back as they were. PowerShell is not
// among Debian's packages: where it is not installed, its part is skipped.
func TestTheShellsReadWhatIsQuotedForThem(t *testing.T) {
	for name, s := range map[string]shell{"bash": posix, "dash": posix, "ksh": posix, "zsh": posix, "fish": fish, "pwsh": powershell} {
		t.Run(name, func(t *testing.T) {
			program, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("no %s here", name)
			}
			p := place{unixPlace.shells, s}
			var script strings.Builder
			if name == "bash" { // as where a person types
				script.WriteString("set -o history -o histexpand\n")
			}
			for _, word := range words {
				script.WriteString(`/usr/bin/printf '%s\0' ` + p.quoted(word) + "\n")
			}
			file := filepath.Join(t.TempDir(), "script.ps1")
			if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(program, file)
			if name == "bash" {
				cmd = exec.Command(program, "--norc", "-s")
				cmd.Stdin = strings.NewReader(script.String())
			}
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
			for i, word := range words {
				if i >= len(got) || got[i] != word {
					t.Errorf("%q, written as %s, is read as %q", word, p.quoted(word), got[min(i, len(got)-1)])
				}
			}
		})
	}
}

// A word that has no character which needs the shell that is there is right in the others.
func TestWhatServesAllShellsIsReadByAll(t *testing.T) {
	for _, program := range []string{"bash", "dash", "zsh", "fish"} {
		path, err := exec.LookPath(program)
		if err != nil {
			continue
		}
		for _, word := range []string{"a b", "it's", "$HOME", "a,b", "~", "=ls", "C:\\a b", "--dir", "密钥", "a;b", "`id`", "{a}", "*"} {
			out, err := exec.Command(path, "-c", `/usr/bin/printf '%s' `+unixPlace.quoted(word)).Output()
			if err != nil || string(out) != word {
				t.Errorf("%s: %q is %q, %v", program, word, out, err)
			}
		}
	}
}
