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
	assigned = lazyregexp.New(`^\s*(?:[-*•]\s+|@)?(?:export\s+|set\s+|setx\s+|ENV\s+|ARG\s+|Environment=|declare -x\s+|\$env:|\$(?:this->)?|` + declared + `)*(?:[A-Za-z_][\w.]*\[)?[\["'` + "`" + `*]*` +
		`([\pL_][\pL\pN_.-]*(?: [\pL\pN_]+){0,2})[\]"'` + "`" + `*]*(?:\s*\{[^{}]*\})?\s*(?:=>|:=|\?=|:\s*&?[sS]tr(?:ing)?\s*=|[=:：])[*\s]*(.*)$`)
	// setCommand is the same in csh, fish, setx of Windows and the preprocessor of C.
	setCommand = lazyregexp.New(`^\s*(?:setenv|setx|set\s+-[A-Za-z]*x[A-Za-z]*|#\s*define)\s+([A-Za-z_][A-Za-z0-9_]*)\s+(.*)$`)
	// called is the same as the arguments of a call: define of PHP, SetDefault of viper, add_argument of
	// Python, put of a map, buildConfigField of Gradle.
	called = lazyregexp.New(`^\s*(?i:[\w.$>-]*\b(?:define|putenv|setenv|setdefault|set|put|add_argument|add_option|option|flag|string|\w*Field|property|setProperty|env|addOption|default|from|of|entry|arg|param)\w*)(?:\(\s*|\s+)(?:["']String["']\s*,\s*)?["']-{0,2}([A-Za-z_][\w.-]*)["']\s*,\s*((?:["'` + "`" + `][^-]|[0-9]|.*\bdefault\s*=).*?)\)?[;,]?$`)
	// injected is the same in an annotation of Spring.
	injected = lazyregexp.New(`@Value\(\s*"\$\{([\w.-]+):([^"{}]*)\}"`)
	// built is the same in the calls of a builder.
	built = lazyregexp.New(`^\s*\.([A-Za-z_]\w*)\((.*)\)[;,]?\s*$`)
	// tagged is the same in XML: <add key="…" value="…"/> of .NET, <property name="…" value="…"/> of
	// Spring, <entry key="…">…</entry> of Java, <string name="…">…</string> of Android, <name>…</name>.
	tagged = lazyregexp.New(`<(?:\w+\s+(?:key|name)="([^"]+)"[^>]*?(?:\svalue="([^"]*)"|>([^<]+)</)|([A-Za-z][\w.-]*)>([^<]+)</)`)
	// valueFirst is the first of these with its attributes the other way round.
	valueFirst = lazyregexp.New(`<(\w+)\s+(value="[^"]*")\s+((?:key|name)="[^"]+")`)
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
	if keyword().MatchString(line) {
		return []string{line}
	}
	line = valueFirst().ReplaceAllString(line, "<$1 $3 $2")
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
	return fromLines(data, lineReader{read: plainlyWritten})
}

// fromINI reads sections of such lines.
func fromINI(data []byte) ([]document, error) {
	return fromLines(bytes.TrimPrefix(data, []byte("\ufeff")), lineReader{read: plainlyWritten, sections: true})
}

// A lineReader makes properties of the lines of a text.
type lineReader struct {
	flattener
	read     func(value string) property
	sections bool // there are headers in brackets
	source   bool // it is a program
	place    []string
	objects  []object // of a program, that are open
	depth    int      // of its brackets
}

func fromLines(data []byte, r lineReader) ([]document, error) {
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		if m := header().FindStringSubmatch(lines[i]); m != nil && r.sections {
			r.place = strings.Split(m[1], ".")
		}
		more, err := r.line(i, lines)
		if err != nil {
			return nil, err
		}
		if more == 0 && r.source {
			r.nest(lines[i])
		}
		i += more
	}
	return []document{r.doc}, nil
}

// line reads what a line assigns, and returns how many below it belong to that.
func (r *lineReader) line(at int, lines []string) (more int, err error) {
	for _, part := range assignments(lines[at]) {
		name, value, ok := assignment(part)
		if !ok || r.source && strings.Contains(name, " ") { // a statement, not the label of a note
			continue
		}
		if err := r.enter(r.place); err != nil {
			return 0, err
		}
		var p property
		if text, below := heredoc(value, lines[at+1:]); below > 0 {
			more, p = below, property{value: text, literal: true}
		} else {
			if below := continued(value, lines[at+1:]); below > 0 {
				more, value = below, strings.Join(append([]string{value}, lines[at+1:at+1+below]...), "\n")
			}
			p = r.read(value)
		}
		p.path, p.line = deeper(r.place, name), at+1
		r.add(p)
	}
	return more, nil
}

// heredoc is the text of a document that begins behind a value, and how many lines it has below it.
func heredoc(value string, below []string) (text string, lines int) {
	m := heredocBegins().FindStringSubmatch(value)
	if m == nil {
		return "", 0
	}
	for i, line := range below[:min(len(below), 200)] {
		if strings.TrimSpace(line) == m[1] {
			return strings.Join(below[:i], "\n"), i + 1
		}
	}
	return "", 0
}

var heredocBegins = lazyregexp.New(`^<<[-~]?["']?([A-Za-z_]\w*)["']?$`)

// assignment is the name and the value that a part of a line assigns.
func assignment(part string) (name, value string, ok bool) {
	if m := tagged().FindStringSubmatch(part); m != nil {
		name, value = cmp.Or(m[1], m[4]), html.UnescapeString(cmp.Or(m[2], m[3], m[5]))
		return strings.ReplaceAll(name, ":", "."), strings.TrimSpace(value), true
	}
	if m := injected().FindStringSubmatch(part); m != nil {
		return m[1], `"` + m[2] + `"`, true
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
	if inner, ok := strings.CutPrefix(p.value, `"\"`); ok { // a string in a string
		p.value = `"` + strings.TrimSuffix(inner, `\""`) + `"`
	}
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

// openString is a string of several lines as it begins: """ of Python, r”' of Dart, @" of C#, @' of
// PowerShell, [[ of Lua, <<~PEM of Ruby.
var openString = lazyregexp.New("^(?:[@rRbf$]{0,2}#*[\"'`]{1,3}|\\[=*\\[|<<[-~]?\\w+)\\\\?$")

// beginsKey reports whether the next line is the first of a key.
func beginsKey(below []string) bool {
	return len(below) > 0 && strings.HasPrefix(strings.TrimSpace(below[0]), "-----BEGIN")
}

// continued is how many lines below a value belong to it: to its closing quote, or to the last
// line of a key.
func continued(value string, below []string) int {
	end := ""
	switch {
	case strings.Contains(value, "-----BEGIN") && !strings.Contains(value, "-----END"), openString().MatchString(value) && beginsKey(below):
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
