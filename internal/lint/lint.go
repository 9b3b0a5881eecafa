// Package lint finds known mistakes in source code that calls Coze: by line, with the reason and
// with code that is right. The rules are data, in the files rules.go and clients.go, each with its
// public source. It parses no language: a finding needs what is unmistakable, and code that it
// cannot judge has none. The package is pure: it reads no file, sends nothing, and repeats nothing
// of the code.
package lint

import (
	"cmp"
	"slices"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// A Finding is a mistake in a line of code. Its texts are "lint.<Rule>" and "lint.<Rule>.fix".
type Finding struct {
	Path  string
	Line  int    // counted from 1
	Rule  string // the rule's id
	Right string // code that is right, in the language of the file
}

// Facts are what is known of the project.
type Facts struct {
	Base string // the API base of its .env, "" where it has none
}

// Code returns the findings in a source file, in the order of its lines.
func Code(path, text string, facts Facts) []Finding {
	return newPart(path, text, strings.ToLower(text)).findings(facts)
}

// A part is source code of one file: all of it, or what a diff shows of it.
type part struct {
	path      string
	language  language
	text      string
	kinds     []kind
	code      string // the text without comments
	bare      string // the code without what is in its strings
	saysCoze  bool   // the file itself, not only its path
	tokenURLs []tokenURL
	file      string // in lower case, what is known of the file, for what has to be named in it
}

func newPart(path, text, file string) part {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := part{path: path, language: languageOf(path), text: text, file: file}
	p.saysCoze = strings.Contains(file, "coze") || strings.Contains(file, "扣子") || strings.Contains(file, "/permission/oauth2")
	p.kinds = p.language.syntax().kinds(text)
	p.code = masked(text, p.kinds, comment)
	p.bare = masked(text, p.kinds, comment, content)
	p.findTokenURLs()
	return p
}

func (p part) findings(facts Facts) []Finding {
	found := p.secrets()
	if (p.saysCoze || strings.Contains(strings.ToLower(p.path), "coze")) && p.language != none && !p.language.syntax().cut(p.text) {
		for _, r := range rules {
			if r.shared && !p.saysCoze {
				continue
			}
			for _, at := range r.find(p) {
				found = append(found, p.finding(at, r.id, r.right[p.language], r.right[none]))
			}
		}
		found = append(found, p.clients(facts)...)
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return slices.CompactFunc(found, func(a, b Finding) bool { return a.Line == b.Line && a.Rule == b.Rule })
}

func (p part) finding(at int, rule string, right ...string) Finding {
	host := cnHost
	if strings.Contains(lineAt(p.code, at), comHost) {
		host = comHost
	}
	return Finding{p.path, 1 + strings.Count(p.text[:at], "\n"), rule, strings.ReplaceAll(cmp.Or(right...), "{host}", host)}
}

const (
	cnHost  = "api.coze.cn"
	comHost = "api.coze.com"
)

// lineAt is the line of a place in a text, as far as a person wrote it: a bundle has one line.
func lineAt(text string, at int) string {
	const most = 512
	before, after := text[max(0, at-most):at], text[at:min(len(text), at+most)]
	line, _, _ := strings.Cut(after, "\n")
	return before[strings.LastIndexByte(before, '\n')+1:] + line
}

var (
	urlInCode = lazyregexp.New(`https?://[^\s'"<>` + "`" + `]+|/(?:permission/)?(?:o/)?oauth2?/[^\s'"<>` + "`" + `]*`)
	givesOut  = lazyregexp.New(`(?i)token|auth|login|signin|googleapis|cgi-bin|/sns/`)
)

// A tokenURL is where tokens are requested.
type tokenURL struct {
	span
	ofCoze bool
}

func (p *part) findTokenURLs() {
	for _, u := range urlInCode().FindAllStringIndex(p.code, 10*mostOfOne) {
		url := p.code[u[0]:u[1]]
		ofCoze := strings.Contains(strings.ToLower(url), "coze") || strings.Contains(url, "/permission/")
		if ofCoze || givesOut().MatchString(url) {
			p.tokenURLs = append(p.tokenURLs, tokenURL{span{u[0], u[1]}, ofCoze})
		}
	}
}

// isNearOther reports whether the closest URL of tokens is of another service, whose rules are
// others: RFC 7523 has the form field, RFC 6749 the number of seconds.
func (p part) isNearOther(at int) bool {
	other, distance := false, len(p.code)
	for _, u := range p.tokenURLs {
		if away := max(u.from-at, at-u.to); away < distance {
			other, distance = !u.ofCoze, away
		}
	}
	return other
}
