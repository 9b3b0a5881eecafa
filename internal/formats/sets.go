package formats

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// A layer has what documents give, by where it is looked for. The later value of a path counts.
type layer struct {
	families map[string][]candidate
	at       map[string]int      // in its family, by the path
	bases    map[string][]int    // those of a family that may be its API base
	values   map[string]property // by the name that a variable has
}

func newLayer() *layer {
	return &layer{map[string][]candidate{}, map[string]int{}, map[string][]int{}, map[string]property{}}
}

func (l *layer) add(s section, all []candidate) {
	for _, p := range s.document {
		l.values[relaxed(strings.Join(p.path, "."))] = p
	}
	for _, c := range all {
		i, there := l.at[c.key()]
		if there {
			l.families[c.family][i] = c
			continue
		}
		i = len(l.families[c.family])
		l.at[c.key()] = i
		if c.field == credentials.APIBase {
			l.bases[c.family] = append(l.bases[c.family], i)
		}
		l.families[c.family] = append(l.families[c.family], c)
	}
}

// key is one for the candidates of a family that stand at the same path.
func (c candidate) key() string { return c.family + "\x00\x00" + strings.Join(c.path, "\x00") }

// layers are read from the top: a Spring profile is put on what is for all.
type layers []*layer

func (ls layers) family(name string) []candidate {
	common := ls[len(ls)-1]
	if len(ls) == 1 {
		return common.families[name]
	}
	all := slices.Clone(common.families[name])
	for _, c := range ls[0].families[name] {
		if i, there := common.at[c.key()]; there {
			all[i] = c
		} else {
			all = append(all, c)
		}
	}
	return all
}

// bases are the candidates of a family for the API base that give a value, in the order of family.
func (ls layers) bases(name string) (all []candidate) {
	top, common := ls[0], ls[len(ls)-1]
	add := func(c candidate) {
		if c.value != "" || c.tag != "" {
			all = append(all, c)
		}
	}
	for _, i := range common.bases[name] {
		c := common.families[name][i]
		if over, there := top.at[c.key()]; there {
			c = top.families[name][over]
		}
		add(c)
	}
	for _, i := range top.bases[name] {
		c := top.families[name][i]
		if _, there := common.at[c.key()]; !there {
			add(c)
		}
	}
	return all
}

func (ls layers) variable(name string) (property, bool) {
	for _, l := range ls {
		if p, there := l.values[relaxed(name)]; there {
			return p, true
		}
	}
	return property{}, false
}

// base finds the API base for a family: its own, or one that several sets have in common and
// that stands above them.
func (ls layers) base(family string) []candidate {
	words := strings.Fields(family)
	loop := slices.Contains(words, "cozeloop")
	for n := len(words); n >= 0; n-- {
		for _, above := range []string{strings.Join(words[:n], " "), strings.Join(append(slices.Clip(words[:n]), "coze"), " ")} {
			if loop && !strings.Contains(above, "cozeloop") {
				return nil
			}
			if bases := ls.bases(above); len(bases) > 0 {
				return bases
			}
		}
	}
	return nil
}

// divided are the candidates for the API base, which several sets may have in common, that give
// a value; and all others.
func divided(all []candidate) (bases, rest []candidate) {
	for _, c := range all {
		switch {
		case c.field != credentials.APIBase:
			rest = append(rest, c)
		case c.value != "" || c.tag != "":
			bases = append(bases, c)
		}
	}
	return bases, rest
}

// A reader makes sets of the sections of a file.
type reader struct {
	path               string
	env                Lookup
	file               []string // words of the file's name
	region, regionFrom string   // what the file says of the region, and which name says it
	empty              []Found  // without a value
	left               []candidate
	work               int
	Reading
}

func (r *reader) sections(all []section) error {
	common := newLayer()
	for nth, s := range all {
		candidates := candidatesOf(s, nth)
		profile, known := springProfile(s), layers{common}
		if profile == "" {
			common.add(s, candidates)
		} else {
			own := newLayer()
			own.add(s, candidates)
			known = layers{own, common}
		}
		seen := map[string]bool{}
		for _, c := range candidates {
			if !seen[c.family] {
				seen[c.family] = true
				r.family(known, c, profile, s)
			}
			if r.work > maxWork {
				return errTooLarge
			}
		}
	}
	return nil
}

// maxWork bounds how often candidates are looked at: each document puts its own on all before.
const maxWork = 10 * maxNodes

func (r *reader) family(known layers, of candidate, profile string, s section) {
	candidates := borrowing(known, of.family)
	sets, rest := group(candidates)
	base := known.base(of.family)
	r.work += len(candidates) + len(sets)*len(base)
	for _, set := range sets {
		if !slices.ContainsFunc(set, func(c candidate) bool { return c.nth == of.nth }) {
			continue // it was found in a document before
		}
		from := source{env: r.env, file: known.variable, dialect: s.dialect}
		r.set(set, base, from, profile)
	}
	r.left = append(r.left, rest...)
}

// borrowing are the candidates of a family of Coze's, with the Key ID and the path of a key that
// stand beside them without a prefix: COZE_CLIENT_ID, KID, PRIVATE_KEY_PATH. A key itself is not
// borrowed, and nothing is where there is an App ID without a prefix too: those are another set.
func borrowing(known layers, family string) []candidate {
	all := known.family(family)
	words := strings.Fields(family)
	if len(words) == 0 || words[len(words)-1] != "coze" {
		return all
	}
	plain := known.family(strings.Join(words[:len(words)-1], " "))
	if fieldsOf(plain)[credentials.AppID] {
		return all
	}
	has, places := fieldsOf(all), map[string]bool{}
	for _, c := range all {
		places[strings.Join(c.place, "\x00")] = true
	}
	for _, c := range plain {
		if !shared(c.field) && slot(c.field) == c.field && !has[c.field] && places[strings.Join(c.place, "\x00")] {
			all = append(slices.Clip(all), c)
		}
	}
	return all
}

// springProfile is the profile that a document is for, "" for all.
func springProfile(s section) string {
	for _, p := range s.document {
		switch at := relaxed(strings.Join(p.path, ".")); {
		case strings.HasSuffix(at, "springconfigactivateonprofile"), strings.HasSuffix(at, "springprofiles"):
			return p.value
		}
	}
	return ""
}

// set makes one set of its candidates, where they are Coze's. Common are those for its API base
// that stand above it.
func (r *reader) set(all, common []candidate, from source, profile string) {
	head := all[slices.IndexFunc(all, func(c candidate) bool { return c.field == credentials.AppID })]
	f := Found{Where: strings.Join(head.place, "."), Places: map[credentials.Field]Place{}}
	f.Name = nameOf(head, r.path, profile)
	bases, all := divided(all)
	if len(bases) == 0 {
		bases = common
	}
	from.where = cmp.Or(f.Where, filepath.Base(r.path))
	for _, v := range credentials.Variables {
		f.field(v.Field, slices.Concat(all, bases), from)
	}
	is := r.sideOf(f, all, bases)
	f.Unsure = is == anyone
	switch {
	case f.APIBase != "":
	case slices.Contains(head.words, "cn"):
		f.Region, f.RegionFrom = "cn", head.name
	case slices.Contains(head.words, "com"):
		f.Region, f.RegionFrom = "com", head.name
	default:
		f.Region, f.RegionFrom = r.region, r.regionFrom
	}
	switch {
	case is == theirs:
		r.left = append(r.left, all...)
	case f.AppID == "" && f.KeyID == "" && f.KeyPath == "" && f.KeyText.IsZero():
		r.empty = append(r.empty, f)
	default:
		r.Sets = append(r.Sets, f)
	}
}

// sideOf tells whose a set is: by the names and their places, by the name of the file, by its
// base.
func (r *reader) sideOf(f Found, all, bases []candidate) side {
	is := anyone
	for _, c := range all {
		switch sideOf(c.words) {
		case theirs:
			return theirs
		case ours:
			is = ours
		}
	}
	idsFit := isNumber(f.AppID) && credentials.IsKeyID(f.KeyID)
	for _, b := range bases {
		if slices.ContainsFunc(split(b.value), isCoze) && (b.exact == all[0].exact || idsFit) || slices.ContainsFunc(b.words, isCoze) && idsFit {
			return ours
		}
	}
	switch {
	case is == ours:
	case slices.ContainsFunc(r.file, isCoze):
		is = ours
	case f.AppID != "" && !isNumber(f.AppID):
		is = theirs
	}
	return is
}

// A given is what a candidate gives: a value, or the doubt about it.
type given struct {
	candidate
	value string
	doubt *fault.Fault
}

// field gives a set the value of its strongest name, and names the others: the weaker may mean
// something else. Of a key, text counts more than a path.
func (f *Found) field(field credentials.Field, all []candidate, from source) {
	var own []given
	for _, c := range all {
		if slot(c.field) == field && (c.value != "" || c.tag != "") {
			value, doubt := from.value(c)
			own = append(own, given{c, value, doubt})
		}
	}
	slices.SortStableFunc(own, func(a, b given) int { return b.strength() - a.strength() })
	used := 0
	if field == credentials.KeyPath {
		used = max(slices.IndexFunc(own, given.isText), 0)
		if used == 0 {
			used = max(slices.IndexFunc(own, func(g given) bool { return g.value != "" }), 0)
		}
	}
	for i, g := range own {
		switch {
		case g.doubt != nil && (i == used || field == credentials.KeyPath):
			f.Doubts = append(f.Doubts, g.doubt.With("where", from.where))
		case i != used && g.value != "" && g.value != own[used].value:
			f.Unused = append(f.Unused, ErrWeaker.With("where", from.where, "name", g.name, "used", own[used].name))
		case i == used && g.value != "":
			f.put(field, g)
		}
	}
}

// isText reports whether a value is a key, and not the path of one.
func (g given) isText() bool {
	return g.value != "" && (g.field == keyBase64 || envfile.HoldsKey(g.value))
}

func (f *Found) put(field credentials.Field, g given) {
	f.Places[field] = Place{g.name, g.line}
	if field == credentials.KeyPath && g.isText() {
		f.KeyText = secret.New(g.value)
		return
	}
	*f.At(field) = g.value
}

// value is what a candidate gives, or the doubt about it.
func (s source) value(c candidate) (string, *fault.Fault) {
	if c.tag != "" {
		return "", referenceTo(c.tag).With("name", c.name)
	}
	text := strings.TrimSpace(c.value)
	if len(text) > maxValue {
		return "", ErrTooLong.With("name", c.name)
	}
	if doubt := referenceIn(text); doubt != nil {
		return "", doubt.With("name", c.name)
	}
	if !c.literal {
		s.of = c.path
		filled, unset := s.fill(text)
		if unset != "" {
			return "", ErrUnset.With("name", unset, "field", c.name)
		}
		text = strings.TrimSpace(filled)
	}
	if text == "" {
		return "", nil
	}
	for _, doubt := range []*fault.Fault{referenceIn(text), placeholderIn(c.field, text)} {
		if doubt != nil {
			return "", doubt.With("name", c.name)
		}
	}
	return text, nil
}
