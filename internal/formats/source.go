package formats

import (
	"cmp"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// fromSource reads the source of a program as fromText reads notes, its objects as parts of each other. What is
// no literal there is no value, but for the path of a file that it reads, and for what a variable of
// the environment is by default.
func fromSource(data []byte) ([]document, error) {
	docs, err := fromLines(data, lineReader{read: computed, source: true})
	for i := range docs {
		docs[i] = resolved(docs[i])
	}
	return docs, err
}

// resolved puts the values of variables where the members of an object are these. A place with few
// members says nothing about the app: there, what is a variable goes.
func resolved(doc document) document {
	const few = 3
	at, size := map[string]int{}, map[string]int{} // where a variable stands; how many members a place has
	place := func(path []string) string { return strings.Join(path, "\x00") }
	for i, p := range doc {
		if p.tag == "" {
			at[place(p.path)] = i
		}
		size[place(p.path[:len(p.path)-1])]++
	}
	var kept document
	for _, p := range doc {
		outer := p.path[:len(p.path)-1]
		for n := len(outer) - 1; n >= 0 && p.tag != "" && p.refers != ""; n-- {
			if from, known := at[place(append(outer[:n:n], p.refers))]; known {
				p.value, p.literal, p.tag = doc[from].value, doc[from].literal, ""
			}
		}
		if resolved := p.refers != "" && p.tag == ""; !resolved || size[place(outer)] >= few {
			kept = append(kept, p)
		}
	}
	return kept
}

// computed is the property of a value as a program has it.
func computed(value string) property {
	if key := pemIn(value); key != "" {
		return property{value: key, literal: true}
	}
	if quotedOrNumber().MatchString(value) {
		return plainlyWritten(value)
	}
	if m := keyword().FindStringSubmatch(value); m != nil {
		return plainlyWritten(m[1])
	}
	if m := defaulted().FindStringSubmatch(value); m != nil {
		name, fallback := cmp.Or(m[1], m[2], m[3]), plainlyWritten(cmp.Or(m[4], m[5])).value
		if name == "" || strings.ContainsAny(fallback, "${}") {
			return property{value: fallback, literal: true}
		}
		return property{value: "${" + name + ":-" + fallback + "}"}
	}
	for _, file := range []lazyregexp.Regexp{fileRead, besideThis} {
		if m := file().FindStringSubmatch(value); m != nil {
			return property{value: m[1], literal: true}
		}
	}
	p := property{tag: "expression"}
	if m := identifier().FindStringSubmatch(value); m != nil {
		p.refers = m[1]
	}
	return p
}

// identifier is a value that is a variable of the program.
var identifier = lazyregexp.New(`^&?\$?(?:this\.|self\.)?([A-Za-z_]\w*)\s*[,;)]*$`)

var (
	quotedOrNumber = lazyregexp.New("^(?:[A-Za-z@&$#]{0,2}#*[\"'`]{1,3}(?:[^\"'`]|\\\\.)*(?:[\"'`]+[#;,)\\]}\\s]*(?:as const)?\\s*(?://.*|#.*|/\\*.*)?)?$|[0-9]+[;,]?$|-----BEGIN)")
	// fileRead is a call that reads a file; its group is the path.
	fileRead = lazyregexp.New("(?i)(?:open|read|file|load|get|path)\\w*\\(\\s*[\"'`]([^\"'`]*[./][^\"'`]*)[\"'`]")
)

// besideThis is a path beside the program.
var besideThis = lazyregexp.New("\\b(?:__DIR__|__dirname|__file__|BASE_DIR|BASE_PATH|ROOT\\w*|cwd\\(\\))[^\"'`]*[\"'`]/?([^\"'`]+\\.\\w{2,4})[\"'`]")

// defaulted is a variable of the environment with the text that it is by default, as an argument or
// behind an operator. Its groups are names, and texts in their quotes.
var defaulted = lazyregexp.New("(?:(?:\\w*[eE]nv|get|fetch|getenv|Getenv|config|getOrDefault|GetEnvironmentVariable)\\(\\s*[\"']([A-Za-z_][\\w.]*)[\"']|\\benv(?:iron)?(?:\\.|\\[[\"'])(\\w+)[\"']?\\]?|\\bENV\\[[\"'](\\w+)[\"']\\])" +
	"(?:\\s*,\\s*(?:default\\w*\\s*[=:]\\s*)?([\"'`][^\"'`]*[\"'`])\\s*,?\\s*\\)|\\)?\\s*(?:\\|\\||\\?\\?|\\?:|\\bor\\b|\\{)\\s*([\"'`][^\"'`]*[\"'`]))")

// keyword is the argument of a call that says what a value is by default.
var keyword = lazyregexp.New("\\bdefault\\s*=\\s*([\"'][^\"']*[\"'])")

// pemIn is the key in a value, without what a program has around it; "" for none.
func pemIn(value string) string {
	begin, end := strings.Index(value, "-----BEGIN"), strings.LastIndex(value, "-----END")
	if begin < 0 || end < begin || !strings.Contains(value[begin:], "\n") {
		return ""
	}
	last, _, _ := strings.Cut(value[end+len("-----END"):], "-----")
	return value[begin:end] + "-----END" + last + "-----\n"
}

// An object is one that a program gives a name to.
type object struct {
	name  string
	depth int // of the brackets in it
}

// nest follows the objects of a program into each other: each is a place for what stands in it.
func (r *lineReader) nest(line string) {
	bare := inQuotes().ReplaceAllString(line, "")
	opened := opens().FindStringSubmatch(line)
	r.depth += strings.Count(bare, "{") + strings.Count(bare, "[") + strings.Count(bare, "(") -
		strings.Count(bare, "}") - strings.Count(bare, "]") - strings.Count(bare, ")")
	for n := len(r.objects) - 1; n >= 0 && r.objects[n].depth > r.depth; n-- {
		r.objects = r.objects[:n]
	}
	if opened != nil && len(r.objects) < maxDepth {
		r.objects = append(r.objects, object{cmp.Or(opened[1], opened[2]), r.depth})
	}
	r.place = nil
	for _, o := range r.objects {
		r.place = append(r.place, o.name)
	}
}

var (
	inQuotes = lazyregexp.New(`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|` + "`[^`]*`" + `|//.*$`)
	// opens is a line that gives an object a name and goes on below.
	opens = lazyregexp.New(`^\s*(?:variable\s+"([A-Za-z_][\w-]*)"\s*\{|(?:export\s+(?:default\s+)?)?(?:` + declared + `)?["']?\$?([A-Za-z_][\w$-]*)["']?\s*(?::\s*[\w<>.\[\], |]+?\s*=|:=|=>|[:=])\s*(?:new\s+)?[\w.&*<>]*\s*[\[{(]{1,2})\s*(?:(?://|#).*)?$`)
)
