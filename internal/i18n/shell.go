package i18n

import (
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"cozejwt/internal/lazyregexp"
)

// A shell is a language in which a command is pasted.
type shell string

// The shells that people paste into. POSIX is bash, zsh, dash, ksh and Git Bash.
const (
	posix      shell = "posix"
	fish       shell = "fish"
	powershell shell = "powershell"
	cmd        shell = "cmd"
)

// A place is where a command is pasted: one of the shells of a system, of which one started
// this program, as far as its environment says.
type place struct {
	shells []shell
	here   shell
}

// posixOnly is the place of a script, which only a POSIX shell reads.
var posixOnly = place{[]shell{posix}, posix}

// thisPlace is where the program runs.
var thisPlace = sync.OnceValue(func() place { return placeOf(runtime.GOOS, os.Getenv) })

// placeOf finds the shell by the variables that shells set. On Windows PSModulePath is there
// in every shell; PowerShell adds the folder of the user, Git Bash sets SHELL.
func placeOf(system string, getenv func(string) string) place {
	name := path.Base(filepath.ToSlash(getenv("SHELL")))
	modules := getenv("PSModulePath")
	if system != "windows" {
		p := place{[]shell{posix, fish, powershell}, posix}
		switch {
		case modules != "":
			p.here = powershell
		case name == "fish":
			p.here = fish
		}
		return p
	}
	p := place{[]shell{cmd, powershell, posix}, cmd}
	switch profile := getenv("USERPROFILE"); {
	case getenv("MSYSTEM") != "" || name == "bash" || name == "zsh":
		p.here = posix
	case profile != "" && strings.Contains(strings.ToLower(modules), strings.ToLower(profile)):
		p.here = powershell
	}
	return p
}

// ShellQuoted makes a word one that the shells of this system read as it is, so that a
// command with it can be pasted into any of them. Where no way of writing it serves all, it
// is for the shell that this program was started from.
func ShellQuoted(word string) string { return thisPlace().quoted(word) }

// ScriptQuoted is ShellQuoted for a script of a POSIX shell.
func ScriptQuoted(word string) string { return posixOnly.quoted(word) }

// FromFile returns a command that reads a file from its standard input.
func FromFile(command, file string) string { return thisPlace().fromFile(command, file) }

// A quoting is a way to write a word, and the shells that read it as it is.
type quoting struct {
	write func(word string) string
	in    func(word string, s shell) bool
}

func (p place) quoted(word string) string {
	all := quotings
	if slices.Contains(p.shells, cmd) { // single quotes mean nothing to it
		all = append([]quoting{bare, double}, quotings...)
	}
	near := []shell{p.here}
	if p.here != powershell && p.here != cmd {
		near = []shell{posix, fish} // SHELL is that of the login
	}
	for _, among := range [][]shell{p.shells, near, {p.here}} {
		for _, q := range all {
			if !slices.ContainsFunc(among, func(s shell) bool { return !q.in(word, s) }) {
				return q.write(word)
			}
		}
	}
	return double.write(word) // a quote in cmd: no file of Windows has one
}

var quotings = []quoting{bare, single, double, escaped, repeated, careted}

// bare words mean nothing more to any shell. A comma makes a list of PowerShell, a first ~,
// = or @ is expanded, as is % in cmd.
var bare = quoting{
	func(word string) string { return word },
	func(word string, _ shell) bool { return plainWord().MatchString(word) },
}

var plainWord = lazyregexp.New(`^([A-Za-z0-9_./][A-Za-z0-9_./:@+=~-]*|--?[A-Za-z0-9][A-Za-z0-9_-]*)$`)

// single quotes: nothing has a meaning in them (XCU 2.2.2), but for \\ and \' of fish, and
// the typographic quotes that PowerShell reads as its own.
var single = quoting{
	func(word string) string { return "'" + word + "'" },
	func(word string, s shell) bool {
		switch s {
		case posix:
			return !strings.Contains(word, "'")
		case fish:
			return !strings.Contains(word, "'") && !strings.Contains(word+"'", `\'`) && !strings.Contains(word, `\\`)
		case powershell:
			return !strings.ContainsAny(word, "'‘’‚‛")
		}
		return false
	},
}

// double quotes: all shells have a meaning for some characters in them. A backslash before
// the last one would escape it for the program.
var double = quoting{
	func(word string) string { return `"` + word + `"` },
	func(word string, s shell) bool {
		if strings.ContainsAny(word, "\"\r\n") || strings.HasSuffix(word, `\`) {
			return false
		}
		switch s {
		case posix: // ! is of the history
			return !strings.ContainsAny(word, "$`!") && !strings.Contains(word, `\\`)
		case fish:
			return !strings.ContainsAny(word, "$") && !strings.Contains(word, `\\`)
		case powershell:
			return !strings.ContainsAny(word, "$`“”„")
		}
		return !strings.ContainsAny(word, "%!")
	},
}

// escaped stands outside the single quotes for what they cannot hold.
var escaped = quoting{
	func(word string) string {
		return "'" + strings.NewReplacer("'", `'\''`, `\`, `'\\'`).Replace(word) + "'"
	},
	func(_ string, s shell) bool { return s == posix || s == fish },
}

// repeated quotes are how PowerShell has one in quotes.
var repeated = quoting{
	func(word string) string {
		return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(word) + "'"
	},
	func(_ string, s shell) bool { return s == powershell },
}

// careted keeps cmd from expanding: the names between two % have a quote in them, and no
// variable has such a name. The program reads two backslashes before a quote as one.
var careted = quoting{
	func(word string) string {
		if rest := strings.TrimRight(word, `\`); rest != word {
			word += word[len(rest):]
		}
		return `"` + strings.NewReplacer("%", `"^%"`, "!", `"^!"`).Replace(word) + `"`
	},
	func(word string, s shell) bool { return s == cmd && !strings.Contains(word, `"`) },
}

// fromFile: PowerShell has no <.
func (p place) fromFile(command, file string) string {
	if p.here == powershell {
		return "Get-Content -Raw " + p.quoted(file) + " | " + command
	}
	return command + " < " + p.quoted(file)
}

// command fills a command of the catalogue, which is written for a POSIX shell: each word
// with a value is quoted as one word. What other shells call otherwise is written their way.
func (p place) command(text string, values []string) string {
	text = withPlaceholder().ReplaceAllStringFunc(text, func(word string) string {
		filled := fill(word, values)
		if filled == word || word == flagsPlaceholder { // whose words are quoted already
			return filled
		}
		return p.quoted(filled)
	})
	if command, file, is := strings.Cut(text, " <"); is && p.here == powershell {
		return "Get-Content -Raw " + file + " | " + command
	}
	name, rest, _ := strings.Cut(text, " ")
	switch system := slices.Contains(p.shells, cmd); {
	case name == "chmod" && system && p.here != posix: // S-1-3-4 is whoever owns the file
		return "icacls " + strings.TrimPrefix(rest, "600 ") + " /inheritance:r /grant:r *S-1-3-4:F"
	case name == "unset":
		return map[shell]string{posix: "unset ", fish: "set -e ", powershell: "Remove-Item Env:", cmd: "set "}[p.here] + rest + map[shell]string{cmd: "="}[p.here]
	}
	return text
}

// withPlaceholder finds the words of a command that have values in them.
var withPlaceholder = lazyregexp.New(`[A-Za-z0-9_./:=-]*\{[a-z_]+\}[A-Za-z0-9_./:=-]*`)

// flagsPlaceholder stands for the flags that each command repeats.
const flagsPlaceholder = "{flags}"
