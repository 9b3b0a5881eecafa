package lint

import (
	"strings"

	"cozejwt/internal/lazyregexp"
)

// comBase is what each official SDK calls unless told otherwise: coze-js core.ts:88,
// coze-go client.go:82 and auth.go:237, coze-py coze.py:37 and auth/__init__.py:281,
// coze-java CozeAPI.java:151 and OAuthClient.java:331.
const comBase = "https://api.coze.com"

// A client is a call of an official SDK that takes a base URL.
type client struct {
	language language
	call     lazyregexp.Regexp // up to and with its bracket
	base     lazyregexp.Regexp // an argument that holds the base URL, or that makes it needless
	place    int               // the argument by place that is the base URL, counted from 1; 0 for none
	of       string            // what has to be in the file, in lower case
	right    string
}

var (
	baseKey     = lazyregexp.New(`^(?:['"]?baseURL['"]?\s*(?:[:(]|$)|\[|get baseURL\b)`)
	baseKeyword = lazyregexp.New(`^(?:base_url|oauth_app)\s*=`)
	baseOption  = lazyregexp.New(`\bWith(?:Auth)?BaseURL\(`)
	isName      = lazyregexp.New(`^\w+\s*=[^=]`)
)

var clients = []client{
	{js, lazyregexp.New(`\bnew\s+CozeAPI\s*\(`), baseKey, 0, "coze", `new CozeAPI({ token, baseURL: process.env.COZE_API_BASE })`},
	{js, lazyregexp.New(`\bgetJWTToken\s*\(`), baseKey, 0, "@coze/", `getJWTToken({ baseURL: process.env.COZE_API_BASE, aud, appId, keyid, privateKey })`},
	{python, lazyregexp.New(`\b(?:Async)?Coze\s*\(`), baseKeyword, 2, "coze", `Coze(auth=auth, base_url=os.environ["COZE_API_BASE"])`},
	{python, lazyregexp.New(`\b(?:Async)?JWTOAuthApp\s*\(`), baseKeyword, 4, "coze", `JWTOAuthApp(client_id, private_key, public_key_id, base_url=os.environ["COZE_API_BASE"])`},
	{python, lazyregexp.New(`\b(?:Async)?JWTAuth\s*\(`), baseKeyword, 5, "cozepy", `JWTAuth(client_id, private_key, public_key_id, base_url=os.environ["COZE_API_BASE"])`},
	{golang, lazyregexp.New(`\bcoze\.NewCozeAPI\(`), baseOption, 0, "coze", `coze.NewCozeAPI(auth, coze.WithBaseURL(os.Getenv("COZE_API_BASE")))`},
	{golang, lazyregexp.New(`\bcoze\.NewJWTOAuthClient\(`), baseOption, 0, "coze", `coze.NewJWTOAuthClient(param, coze.WithAuthBaseURL(os.Getenv("COZE_API_BASE")))`},
	{java, lazyregexp.New(`\bCozeAPI\.Builder\s*\(`), nil, 0, "coze", `new CozeAPI.Builder().auth(auth).baseURL(System.getenv("COZE_API_BASE")).build()`},
	{java, lazyregexp.New(`\bJWTOAuthBuilder\s*\(`), nil, 0, "coze", `new JWTOAuthClient.JWTOAuthBuilder().baseURL(System.getenv("COZE_API_BASE"))`},
}

// clients finds the clients of an SDK that are left at its default, while the project uses
// another base.
func (p part) clients(facts Facts) (found []Finding) {
	if facts.Base == "" || strings.TrimRight(facts.Base, "/") == comBase {
		return nil
	}
	for _, c := range clients {
		if c.language != p.language || !strings.Contains(p.file, c.of) {
			continue
		}
		for _, at := range c.call().FindAllStringIndex(p.bare, mostOfOne) {
			if !p.isDefinition(at[0]) && c.lacksBase(p, at[1]-1) {
				found = append(found, p.finding(at[0], "base", c.right))
			}
		}
	}
	return found
}

var defines = lazyregexp.New(`\b(?:class|def|func|function|async|fun|interface)\s+$`)

// isDefinition reports whether a name is defined where it stands, and not called.
func (p part) isDefinition(at int) bool {
	return defines().MatchString(p.bare[max(0, at-40):at])
}

// lacksBase reports whether a call whose bracket opens at a place surely has no base URL.
func (c client) lacksBase(p part, open int) bool {
	args, closes, ok := arguments(p.bare, open)
	if !ok || strings.HasPrefix(strings.TrimSpace(p.bare[closes+1:]), "{") { // a method of that name
		return false
	}
	switch c.language {
	case java:
		return len(args) == 0 && chainLacks(p.bare, closes+1, "baseURL")
	case js:
		return len(args) > 0 && strings.HasPrefix(args[0].in(p.bare), "{") && c.noneIn(p, objectOf(p.bare, args[0]))
	case golang:
		return len(args) > 0 && c.optionsOnly(p, args[1:])
	}
	return len(args) > 0 && c.noneIn(p, args)
}

// noneIn reports whether no argument, by its name or its place, can be the base URL.
func (c client) noneIn(p part, args []span) bool {
	for i, arg := range args {
		text := arg.in(p.code)
		switch {
		case strings.HasPrefix(text, "..."), strings.HasPrefix(text, "*"), c.base().MatchString(text):
			return false
		case c.place > 0 && i+1 >= c.place && !isName().MatchString(text):
			return false
		}
	}
	return true
}

// optionsOnly reports whether each of some arguments is an option of another kind, and none a
// variable, which may be of any.
func (c client) optionsOnly(p part, args []span) bool {
	for _, arg := range args {
		if text := arg.in(p.code); !strings.HasPrefix(text, "coze.With") || c.base().MatchString(text) {
			return false
		}
	}
	return true
}

// objectOf returns the members of an object literal.
func objectOf(bare string, object span) []span {
	members, _, _ := arguments(bare, object.from+strings.IndexByte(bare[object.from:object.to], '{'))
	return members
}

// chainLacks reports whether the calls that follow a builder go up to build, and none of them has
// a name. A builder that is kept in a variable gets it later.
func chainLacks(bare string, at int, name string) bool {
	for {
		rest := strings.TrimLeft(bare[at:], " \t\n")
		at = len(bare) - len(rest)
		open := strings.IndexByte(rest, '(')
		if !strings.HasPrefix(rest, ".") || open < 0 {
			return false
		}
		called := strings.TrimSpace(rest[1:open])
		if called == name || called == "build" {
			return called == "build"
		}
		_, closes, ok := arguments(bare, at+open)
		if !ok {
			return false
		}
		at = closes + 1
	}
}
