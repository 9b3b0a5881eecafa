package formats

import (
	"slices"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// maxNames is how many names a message has.
const maxNames = 6

// named lists names, each once and as one line, and says where it leaves some out.
func named(all []string) []string {
	var names []string
	for _, name := range all {
		if r := []rune(name); len(r) > 60 {
			name = string(r[:60]) + "…"
		}
		if name = strings.Join(strings.Fields(name), " "); !slices.Contains(names, name) {
			names = append(names, name)
		}
		if len(names) > maxNames {
			return append(names[:maxNames], "…")
		}
	}
	return names
}

// nearest is why a file has no set: the names that come closest, or none.
func (r *reader) nearest(sections []section) *fault.Fault {
	byScore := make([][]string, 5)
	near := 0
	for _, s := range sections {
		for _, p := range s.document {
			if p.value == "" && p.tag == "" {
				continue
			}
			if name, score := nearness(p.path); score > 0 {
				byScore[score] = append(byScore[score], name)
				near++
			}
		}
	}
	slices.Reverse(byScore)
	var keys []string
	ids := false
	for _, k := range r.Keys {
		keys = append(keys, k.Name)
	}
	for _, id := range r.KeyIDs {
		ids = ids || id.Coze
	}
	switch names := named(slices.Concat(byScore...)); {
	case keys != nil && !ids && near <= len(keys):
		return fault.Invalid("import.only_key", "names", strings.Join(named(keys), ", "))
	case names == nil:
		return fault.Invalid("import.nothing_near")
	default:
		return fault.Invalid("import.near", "names", strings.Join(names, ", "))
	}
}

// nearness says how close a name comes to one of Coze's credentials, 0 for not at all.
func nearness(path []string) (name string, score int) {
	name = path[len(path)-1]
	if isNumber(name) && len(path) > 1 { // of a list
		name = path[len(path)-2]
	}
	m, is := meaningOf(path)
	if is {
		name = strings.Join(path[len(path)-m.keys:], ".")
	}
	coze := slices.ContainsFunc(split(name), isCoze)
	switch {
	case is && coze:
		return name, 4
	case is && !shared(m.field):
		return name, 3
	case coze:
		return name, 2
	case secretName().MatchString(name):
		return name, 1
	}
	return name, 0
}

var secretName = lazyregexp.New(`(?i)client|private|public.?key|api.?key|secret|app.?id|token|credential|env.?file|env.?from`)

// leftNames are the names of credentials that no set took: Coze's, and those that neither a
// prefix nor a section gives to someone else.
func (r *reader) leftNames() []string {
	used, unused := map[string]bool{}, map[string]bool{} // by a set; unused as one that gave way
	for _, f := range r.Sets {
		for _, p := range f.Places {
			used[p.Name] = true
		}
		for _, n := range f.Unused {
			unused[n.Value("name")] = true
		}
	}
	var names []string
	for _, c := range r.left {
		_, section := telling(c.place)
		is := sideOf(c.words)
		if c.value == "" && c.tag == "" || used[c.name] || shared(c.field) || is == theirs || is == anyone && section {
			continue
		}
		names = append(names, c.name)
	}
	for _, k := range r.Keys {
		if k.Coze && !used[k.Name] && !unused[k.Name] {
			names = append(names, k.Name)
		}
	}
	return named(names)
}

// loose finds each private key and each Key ID of a file, whatever set they belong to.
func loose(sections []section) (keys []Key, ids []KeyID) {
	for _, s := range sections {
		for _, p := range s.document {
			if len(p.value) > maxValue {
				continue
			}
			m, is := meaningOf(p.path)
			n := len(p.path) - max(m.keys, 1)
			place, where := Place{strings.Join(p.path[n:], "."), p.line}, strings.Join(p.path[:n], ".")
			var words []string
			for _, key := range p.path {
				words = append(words, split(key)...)
			}
			coze := sideOf(words) == ours
			switch {
			case is && m.field == credentials.KeyID && credentials.IsKeyID(p.value):
				ids = append(ids, KeyID{place, where, p.value, coze})
			case secret.In(p.value) == secret.Key:
				keys = append(keys, Key{place, where, secret.New(p.value), coze})
			}
		}
	}
	return keys, ids
}

var (
	hostInText = lazyregexp.New(`(?i)\bcoze\.(cn|com)\b`)
	regionName = lazyregexp.New(`(?i)(env|region|site|area|location|zone|国家|区域)$`)
)

// comments are lines of which nothing is meant.
var comments = lazyregexp.New(`(?m)^\s*(?:#|//|--|;).*$|\s(?:#|//)\s.*$`)

// regionOfHosts is the region whose API host stands somewhere in a text, in a call of a program such as
// fetch("https://api.coze.cn/…"); none where both do.
func regionOfHosts(text string) (region, name string) {
	text = comments().ReplaceAllString(text, "")
	cn := strings.Contains(text, "api.coze.cn") || strings.Contains(text, "COZE_CN_BASE_URL")
	com := strings.Contains(text, "api.coze.com") || strings.Contains(text, "COZE_COM_BASE_URL")
	switch {
	case cn && !com:
		return "cn", "api.coze.cn"
	case com && !cn:
		return "com", "api.coze.com"
	}
	return "", ""
}

// regionIn is the region that a file speaks of outside of an API base, where it speaks of one
// alone: its hosts, such as coze_www_base or aud, or COZE_ENV of the official JavaScript
// examples (en or cn).
func regionIn(sections []section) (region, name string) {
	found := map[string]string{}
	for _, s := range sections {
		for _, p := range s.document {
			last := p.path[len(p.path)-1]
			if m := hostInText().FindStringSubmatch(p.value); m != nil {
				found[strings.ToLower(m[1])] = last
				continue
			}
			if !regionName().MatchString(last) || !slices.ContainsFunc(p.path, func(key string) bool { return slices.ContainsFunc(split(key), isCoze) }) {
				continue
			}
			switch strings.ToLower(strings.TrimSpace(p.value)) {
			case "cn", "china", "zh", "domestic":
				found["cn"] = last
			case "com", "en", "global", "intl", "overseas", "international":
				found["com"] = last
			}
		}
	}
	if len(found) != 1 {
		return "", ""
	}
	for region, name = range found {
	}
	return region, name
}
