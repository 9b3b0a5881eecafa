package formats

import (
	"bytes"
	"cmp"
	"html"
	"strings"

	"cozejwt/internal/lazyregexp"
)

var (
	// assigned is a value in a shell, a .env, PowerShell, a Dockerfile, a systemd unit, a .tfvars, an
	// INI file, a makefile, the source of a program or notes.
	assigned = lazyregexp.New(`^\s*(?:[-*•]\s+|@)?(?:export\s+|set\s+|setx\s+|ENV\s+|ARG\s+|Environment=|declare -x\s+|\$env:|` + declared + `)*["'` + "`" + `*]*` +
		`([\pL_][\pL\pN_.-]*(?: [\pL\pN_]+){0,2})["'` + "`" + `*]*\s*(?:=>|:=|\?=|:\s*&?[sS]tr(?:ing)?\s*=|[=:：])[*\s]*(.*)$`)
	// setCommand is the same in csh, fish and setx of Windows.
	setCommand = lazyregexp.New(`^\s*(?:setenv|setx|set\s+-[A-Za-z]*x[A-Za-z]*)\s+([A-Za-z_][A-Za-z0-9_]*)\s+(.*)$`)
	// called is the same in PHP, Go and C.
	called = lazyregexp.New(`^\s*(?:define|os\.Setenv|setenv)\(\s*["']([A-Za-z_]\w*)["']\s*,\s*(.*?)\)?;?$`)
	// built is the same in the calls of a builder.
	built = lazyregexp.New(`^\s*\.([A-Za-z_]\w*)\((.*)\)[;,]?\s*$`)
	// tagged is the same in XML: <add key="…" value="…"/> of .NET, <property name="…" value="…"/> of
	// Spring, <entry key="…">…</entry> of Java, <string name="…">…</string> of Android, <name>…</name>.
	tagged = lazyregexp.New(`<(?:\w+\s+(?:key|name)="([^"]+)"[^>]*?(?:\svalue="([^"]*)"|>([^<]+)</)|([A-Za-z][\w.-]*)>([^<]+)</)`)
	// inARow are several in a line, and passed are those of docker run.
	inARow = lazyregexp.New(`(?:^|\s)` + oneOf + `(?:\s+` + oneOf + `)+`)
	passed = lazyregexp.New(`\s(?:-e|--env|--build-arg)[ =](` + oneOf + `)`)
	one    = lazyregexp.New(oneOf)
	header = lazyregexp.New(`^\s*\[([^\[\]]+)\]\s*$`)
	// members are those of an object or of the arguments of a call.
	members = lazyregexp.New(`["']?[A-Za-z_][A-Za-z0-9_.]*["']?\s*(?:=>|:=|[=:])\s*(?:"[^"]*"|'[^']*'|` + "`[^`]*`" + `)`)
)

// declared is what stands before a name in the source of a program.
const declared = `(?:(?:public|private|protected|internal)\s+)?(?:(?:const|let|var|val|final|static|readonly|string|String|char|str)\s+)+`

const oneOf = `"?[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|'[^']*'|[^\s"']*)"?`

// assignments are the parts of a line that may each assign a value.
func assignments(line string) []string {
	if all := tagged().FindAllString(line, -1); all != nil {
		return all
	}
	if row := inARow().FindString(line); row != "" {
		return one().FindAllString(row, -1)
	}
	if all := members().FindAllString(line, -1); len(all) > 1 {
		return all
	}
	if cells := strings.Split(line, "|"); len(cells) > 3 && strings.TrimSpace(cells[0]) == "" { // of a table in Markdown
		return []string{cells[1] + "=" + strings.Trim(cells[2], " *`")}
	}
	if !passed().MatchString(line) {
		return []string{line}
	}
	var all []string
	for _, m := range passed().FindAllStringSubmatch(line, -1) {
		all = append(all, m[1])
	}
	return all
}

// fromText reads notes and scripts: their lines NAME=value, whatever stands between them.
func fromText(data []byte) ([]document, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte("{")) {
		return fromJSON(data)
	}
	return fromLines(data, false, plainlyWritten)
}

// fromSource reads the source of a program in the same way. What is no literal there is no value, but
// for the path of a file that it reads.
func fromSource(data []byte) ([]document, error) { return fromLines(data, false, computed) }

// computed is the property of a value as a program has it.
func computed(value string) property {
	if quotedOrNumber().MatchString(value) {
		return plainlyWritten(value)
	}
	if m := fileRead().FindStringSubmatch(value); m != nil {
		return property{value: m[1], literal: true}
	}
	return property{tag: "expression"}
}

var (
	quotedOrNumber = lazyregexp.New("^(?:[A-Za-z@&$#]{0,2}#*[\"'`]{1,3}(?:[^\"'`]|\\\\.)*(?:[\"'`]+[#;,)\\]}\\s]*(?:as const)?(?://.*|#.*)?)?$|[0-9]+[;,]?$|-----BEGIN)")
	// fileRead is a call that reads a file; its group is the path.
	fileRead = lazyregexp.New("(?i)(?:open|read|file|load|get|path)\\w*\\(\\s*[\"'`]([^\"'`]*[./][^\"'`]*)[\"'`]")
)

// fromINI reads sections of such lines.
func fromINI(data []byte) ([]document, error) {
	return fromLines(bytes.TrimPrefix(data, []byte("\ufeff")), true, plainlyWritten)
}

func fromLines(data []byte, sections bool, read func(string) property) ([]document, error) {
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	var r flattener
	var section []string
	for i := 0; i < len(lines); i++ {
		if m := header().FindStringSubmatch(lines[i]); m != nil && sections {
			section = strings.Split(m[1], ".")
		}
		at := i
		for _, part := range assignments(lines[i]) {
			name, value, ok := assignment(part)
			if !ok {
				continue
			}
			if err := r.enter(section); err != nil {
				return nil, err
			}
			if more := continued(value, lines[at+1:]); more > 0 {
				value = strings.Join(append([]string{value}, lines[at+1:at+1+more]...), "\n")
				i = at + more
			}
			p := read(value)
			p.path, p.line = deeper(section, name), at+1
			r.add(p)
		}
	}
	return []document{r.doc}, nil
}

// assignment is the name and the value that a part of a line assigns.
func assignment(part string) (name, value string, ok bool) {
	if m := tagged().FindStringSubmatch(part); m != nil {
		name, value = cmp.Or(m[1], m[4]), html.UnescapeString(cmp.Or(m[2], m[3], m[5]))
		return strings.ReplaceAll(name, ":", "."), strings.TrimSpace(value), true
	}
	for _, pattern := range []lazyregexp.Regexp{assigned, setCommand, called, built} {
		if m := pattern().FindStringSubmatch(part); m != nil {
			return m[1], strings.TrimSpace(m[2]), true
		}
	}
	return "", "", false
}

// plainlyWritten is a value without its quotes, the comment behind it, and the mark of a line that
// goes on in the next.
func plainlyWritten(value string) property {
	p := property{literal: strings.HasPrefix(value, "'"), value: strings.TrimRight(value, ";,")}
	for _, quote := range []string{`"""`, `"`, `'`, "`"} {
		if inner, ok := strings.CutPrefix(p.value, quote); ok {
			p.value, _, _ = strings.Cut(inner, quote)
			return p
		}
	}
	if before, _, comment := strings.Cut(p.value, " #"); comment {
		p.value = before
	}
	p.value = strings.TrimSpace(strings.TrimSuffix(p.value, " \\"))
	if strings.Count(p.value, `"`) == 1 { // "NAME=value", as systemd has it
		p.value = strings.TrimSuffix(p.value, `"`)
	}
	return p
}

// continued is how many lines below a value belong to it: to its closing quote, or to the last
// line of a key.
func continued(value string, below []string) int {
	end := ""
	switch {
	case strings.Contains(value, "-----BEGIN") && !strings.Contains(value, "-----END"):
		end = "-----END"
	case strings.HasPrefix(value, `"`) && strings.Count(value, `"`) == 1:
		end = `"`
	case strings.HasPrefix(value, `'`) && strings.Count(value, `'`) == 1:
		end = `'`
	default:
		return 0
	}
	for i, line := range below[:min(len(below), 200)] {
		if strings.Contains(line, end) {
			return i + 1
		}
	}
	return 0
}
