//go:build campaign && unix

package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
)

// TestEditor edits generated files, and reads each with several readers before and after: other
// variables keep their values, ours have the new ones, and only our lines differ.
func TestEditor(t *testing.T) {
	c, r := begin(t, "editor"), random("editor")
	type edited struct {
		before, after string
		set           credentials.Set
	}
	var all []edited
	var texts []string
	for range sized(4_000, 100_000) {
		if c.late() {
			break
		}
		before, set := generated(r), someSet(r)
		f, err := envfile.Parse([]byte(before))
		if err != nil {
			c.did("refused", nil) // and not changed
			continue
		}
		if err := set.Write(f, credentials.Default); err != nil {
			c.did("refused", nil)
			continue
		}
		all = append(all, edited{before, string(f.Bytes()), set})
		texts = append(texts, before, string(f.Bytes()))
	}
	read := readers(t, texts)
	compared := map[string]int{}
	for i, e := range all {
		wrong := otherLines(e.before, e.after)
		for name, values := range read {
			// A file that a reader reads otherwise from the start is none that it is used with.
			odd := strings.HasPrefix(e.before, "\ufeff") && name != "compose-go" || name == "node" && noNode.MatchString(e.before)
			if name == "godotenv" || !odd && maps.Equal(values[2*i], read["godotenv"][2*i]) {
				compared[name]++
				wrong = append(wrong, otherValues(name, values[2*i], values[2*i+1], e.set)...)
			}
		}
		c.did(fmt.Sprintf("%q\nbecomes %q", e.before, e.after), wrong)
	}
	t.Logf("files that each reader reads as godotenv does: %v", compared)
}

// noNode are lines that node takes for a part of the next name, measured with v20.20: comments that
// are indented, and assignments with a colon.
var noNode = regexp.MustCompile(`(?m)^[ \t]+#|^[ \t]*(export[ \t]+)?[^\s=#:]+:`)

// ours are the names that an edit sets.
var ours = credentials.Default.VarNames()

// otherLines is what is wrong with the text after an edit: lines that are not ours and differ.
func otherLines(before, after string) []string {
	strip := func(text string) string {
		f, err := envfile.Parse([]byte(text))
		if err != nil {
			return err.Error()
		}
		lines, gone := strings.Split(text, "\n"), map[int]bool{}
		for _, a := range f.Assignments() {
			for n := range strings.Count(a.Written, "\n") + 1 {
				gone[a.Line-1+n] = gone[a.Line-1+n] || slices.Contains(ours, a.Name)
			}
		}
		var kept []string
		for n, line := range lines {
			if !gone[n] {
				kept = append(kept, line)
			}
		}
		return strings.TrimRight(strings.TrimPrefix(strings.Join(kept, "\n"), "\ufeff"), "\r\n")
	}
	if was, is := strip(before), strip(after); was != is {
		return []string{fmt.Sprintf("other lines were %q and are %q", was, is)}
	}
	return nil
}

// otherValues is what a reader finds wrong.
func otherValues(reader string, before, after map[string]string, set credentials.Set) (wrong []string) {
	if after == nil {
		return []string{reader + " reads it no more"}
	}
	for name, value := range before {
		if now, there := after[name]; !slices.Contains(ours, name) && (!there || now != value) {
			wrong = append(wrong, fmt.Sprintf("for %s, %s was %q and is %q", reader, name, value, now))
		}
	}
	for name := range after {
		if _, there := before[name]; !there && !slices.Contains(ours, name) {
			wrong = append(wrong, fmt.Sprintf("for %s, there is a new %q", reader, name))
		}
	}
	for _, pair := range set.Pairs(credentials.Default) {
		if pair[1] != "" && after[pair[0]] != pair[1] {
			wrong = append(wrong, fmt.Sprintf("for %s, %s is %q in place of %q", reader, pair[0], after[pair[0]], pair[1]))
		}
	}
	return wrong
}

// readers read each text, nil where one refuses it.
func readers(t *testing.T, texts []string) map[string][]map[string]string {
	t.Helper()
	all := map[string][]map[string]string{}
	for _, text := range texts {
		values, err := godotenv.Unmarshal(strings.TrimPrefix(text, "\ufeff"))
		if err != nil {
			values = nil
		}
		all["godotenv"] = append(all["godotenv"], values)
	}
	data, err := json.Marshal(texts)
	must(t, err)
	commands := map[string][]string{
		"node":          {"node", "-e", `const t=JSON.parse(require("fs").readFileSync(0)),p=require("util").parseEnv;console.log(JSON.stringify(t.map(x=>p(x))))`},
		"python-dotenv": {"/usr/bin/python3", "-c", "import dotenv,io,json,sys\nprint(json.dumps([{k:v for k,v in dotenv.dotenv_values(stream=io.StringIO(t, newline=''),interpolate=False).items() if v is not None} for t in json.load(sys.stdin)]))"},
	}
	if compose, err := compose(t); err != nil {
		t.Logf("compose-go is not here: %v", err)
	} else {
		commands["compose-go"] = []string{compose}
	}
	for name, command := range commands {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Stdin = bytes.NewReader(data)
		out, err := cmd.Output()
		if err != nil {
			t.Logf("%s is not here: %v", name, err)
			continue
		}
		var values []map[string]string
		must(t, json.Unmarshal(out, &values))
		all[name] = values
	}
	return all
}

// compose builds the reader of Docker Compose. It is a module of its own, which no module of the
// program depends on; the error is that of a machine without its modules and without a network.
func compose(t *testing.T) (path string, err error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "compose")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = filepath.Join("testdata", "compose")
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %.500s", err, out)
	}
	return path, nil
}

// someSet is one of the shapes of credentials.
func someSet(r *rand.Rand) credentials.Set {
	paths := []string{"config/private_key.pem", "../keys/my key.pem", "C:/keys/a.pem", "密钥/a.pem", "/abs/it's.pem", "a#b.pem", "k$1.pem"}
	set := credentials.Set{AppID: fixedApp, KeyID: fixedKey, KeyPath: paths[r.IntN(len(paths))], APIBase: "https://api.coze.cn"}
	if r.IntN(4) == 0 {
		set.APIBase = "http://127.0.0.1:29872"
	}
	return set
}

// generated is a file as people, programs and accidents write it.
func generated(r *rand.Rand) string {
	end := [...]string{"\n", "\n", "\n", "\r\n"}[r.IntN(4)]
	var b strings.Builder
	if r.IntN(10) == 0 {
		b.WriteString("\ufeff")
	}
	for range r.IntN(12) {
		b.WriteString(line(r))
		if r.IntN(40) == 0 {
			end = [...]string{"\n", "\r\n", "\n\n"}[r.IntN(3)]
		}
		b.WriteString(end)
	}
	text := b.String()
	if r.IntN(4) == 0 {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

func line(r *rand.Rand) string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	switch r.IntN(12) {
	case 0:
		return ""
	case 1:
		return pick("# a comment", "#", "  # indented 'quote", "#COZE_CLIENT_ID=old", "# it's \"half", "## "+ours[r.IntN(4)]+"=1", "#\t中文")
	case 2, 3, 4:
		return pick("", "", "", "export ", " ", "\t") + ours[r.IntN(4)] + pick("=", "=", "=", " = ", "= ", ": ") + value(r, pick)
	}
	name := pick("A", "B", "DB_URL", "lower", "X_COZE_CLIENT", "N0", "a.b", "PASSWORD", "_", "ÄÖ")
	return pick("", "", "", "export ", "  ") + name + pick("=", "=", "=", "=", " = ", ": ", "= ") + value(r, pick) + pick("", "", "", " ", "\t", " # why", " #it's", "#no")
}

func value(r *rand.Rand, pick func(...string) string) string {
	plain := pick("", "1", "x y", "abc", "a=b", "a#b", "postgres://u:p@h/db?x=1#f", "ümlaut", "密码", "C:\\dir\\n", "$A", "${B}", "it", "{\"a\":1}", "a,b;c", "-", "\\", "%s", "*", "~", "a\tb", "&|<>", "`x`", "!")
	switch r.IntN(8) {
	case 0, 1:
		return `"` + strings.ReplaceAll(plain, `"`, `\"`) + pick("", `\n`, `\"`, "'", "\nsecond line", " #in") + `"`
	case 2, 3:
		return "'" + plain + pick("", `\n`, `"`, "\nsecond", " #in") + "'"
	case 4:
		return pick(`"`, "'", "`", `"half`, "'half", `a"b`, "a'b", `""x`, `"a" "b"`)
	}
	return plain
}
