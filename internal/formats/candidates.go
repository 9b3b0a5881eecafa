package formats

import (
	"slices"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/lazyregexp"
)

// A candidate is a property whose name means a field.
type candidate struct {
	property
	meaning
	place  []string // the keys above the field's
	words  []string // of the place and of the owner
	name   string   // as written
	family string   // which credentials it may belong to: the words without fillers
	exact  string   // place and prefix as written
	nth    int      // the section that it stands in
	mounts bool     // a key that Kubernetes can mount as the file that a path leads to
}

// candidatesOf finds the fields of a section.
func candidatesOf(s section, nth int) []candidate {
	var all []candidate
	ofGoogle := map[string]bool{} // places of service accounts, whose members have the same names
	for _, p := range s.document {
		if n := len(p.path) - 1; p.path[n] == "type" && p.value == "service_account" {
			ofGoogle[strings.Join(p.path[:n], "\x00")] = true
		}
	}
	for _, p := range s.document {
		m, ok := meaningOf(p.path)
		if !ok && cozeBase().MatchString(p.value) {
			m, ok = meaning{alias{credentials.APIBase, 0}, 1, split(p.path[len(p.path)-1])}, true
		}
		if !ok {
			continue
		}
		c := candidate{property: p, meaning: m, nth: nth}
		n := len(p.path) - m.keys
		c.place, c.name = p.path[:n], strings.Join(p.path[n:], ".")
		for _, key := range c.place {
			c.words = append(c.words, split(key)...)
		}
		c.exact = strings.Join(c.words, " ") + "\x00" + strings.Join(m.owner, " ")
		c.words = append(c.words, m.owner...)
		if ofGoogle[strings.Join(c.place, "\x00")] {
			c.words = append(c.words, "google")
		}
		c.family = familyOf(c, s.kubernetes)
		c.mounts = s.kubernetes && c.field != slot(c.field)
		all = append(all, c)
	}
	return all
}

// cozeBase is an API base of Coze's, whatever its name is.
var cozeBase = lazyregexp.New(`^https://api\.coze\.(cn|com)/?$`)

// familyOf joins the words that tell credentials apart. Objects of Kubernetes are used
// together: their names are no part of it.
func familyOf(c candidate, kubernetes bool) string {
	from := c.words
	if kubernetes {
		from = c.owner
		if len(from) == 0 && slices.ContainsFunc(c.words, isCoze) {
			return "coze"
		}
	}
	var family []string
	for _, word := range strings.Fields(strings.ReplaceAll(strings.Join(from, " "), "coze loop", "cozeloop")) {
		if !fillers[word] && !(word == "coze" && slices.Contains(family, word)) {
			family = append(family, word)
		}
	}
	return strings.Join(family, " ")
}

// strength orders the names of a field. oauth and jwt beside app_id say which app it is.
func (c candidate) strength() int {
	s := 2 * c.rank
	if c.saysOAuth() {
		s++
	}
	return s
}

func (c candidate) saysOAuth() bool {
	return slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "oauth") || w == "jwt" })
}

// weak reports whether an App ID may be that of a workflow's app.
func (c candidate) weak() bool { return c.rank <= weakAppRank && !c.saysOAuth() }

// weakApp reports whether the App IDs of candidates are all weak.
func weakApp(all []candidate) bool {
	return !slices.ContainsFunc(all, func(c candidate) bool { return c.field == credentials.AppID && !c.weak() })
}

// A side is on whose side a name is.
type side int

const (
	anyone side = iota // nothing says whose it is
	ours
	theirs // another product's, by its word
)

// sideOf tells by the words of a name: the product that stands nearest to the field has it.
func sideOf(words []string) side {
	for _, word := range slices.Backward(words) {
		switch {
		case isCoze(word):
			return ours
		case others[word]:
			return theirs
		}
	}
	return anyone
}

// slot is the field of a set that a candidate fills: a key is a path or text.
func slot(f credentials.Field) credentials.Field {
	if f == keyText || f == keyBase64 {
		return credentials.KeyPath
	}
	return f
}

// fieldsOf are the fields of a set that candidates fill.
func fieldsOf(all []candidate) map[credentials.Field]bool {
	has := map[credentials.Field]bool{}
	for _, c := range all {
		has[slot(c.field)] = true
	}
	return has
}

// complete reports whether candidates have an App ID with a part of a key. One that may be a
// workflow's needs both parts, unless nothing else is there.
func complete(all []candidate) bool {
	has := fieldsOf(all)
	if weakApp(all) {
		return has[credentials.AppID] && has[credentials.KeyID] && has[credentials.KeyPath]
	}
	return has[credentials.KeyID] || has[credentials.KeyPath]
}

func completeAtAll(all []candidate) bool {
	has := fieldsOf(all)
	return has[credentials.AppID] && (has[credentials.KeyID] || has[credentials.KeyPath])
}

// group divides the candidates of a family into sets. Those under one prefix that are complete
// are a set of their own; a single set gets what it lacks from the others.
func group(family []candidate) (sets [][]candidate, left []candidate) {
	var rest []candidate
	var order []string
	parts := map[string][]candidate{}
	for _, c := range family {
		if parts[c.exact] == nil {
			order = append(order, c.exact)
		}
		parts[c.exact] = append(parts[c.exact], c)
	}
	for _, exact := range order {
		if part := parts[exact]; complete(part) {
			sets = append(sets, part)
		} else {
			rest = append(rest, part...)
		}
	}
	if len(sets) == 0 && completeAtAll(rest) && !contradicts(rest) {
		return [][]candidate{rest}, nil
	}
	if len(sets) != 1 {
		return sets, rest
	}
	if contradicts(rest) {
		return sets, rest
	}
	has, weak := fieldsOf(sets[0]), weakApp(sets[0])
	for _, c := range rest {
		if has[slot(c.field)] && !(c.field == credentials.AppID && weak && !c.weak()) && !c.mounts {
			left = append(left, c)
		} else {
			sets[0] = append(sets[0], c)
		}
	}
	return sets, left
}

// contradicts reports whether places apart give one field different values: those are of two
// sets, and nothing says which belongs to which.
func contradicts(all []candidate) bool {
	first := map[credentials.Field]candidate{}
	values, places := map[credentials.Field]bool{}, map[credentials.Field]bool{} // that differ
	for _, c := range all {
		one, seen := first[c.field]
		if !seen {
			first[c.field] = c
			continue
		}
		values[c.field] = values[c.field] || one.value != c.value
		places[c.field] = places[c.field] || !slices.Equal(one.place, c.place)
	}
	for field := range first {
		if values[field] && places[field] && !shared(field) {
			return true
		}
	}
	return false
}
