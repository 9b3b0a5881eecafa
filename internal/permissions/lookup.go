package permissions

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// Of returns the endpoint of a call. The target is a path, with values or with :name and {name}
// in the places that vary, or a URL; its query does not count. The first slash may be missing.
func Of(method, target string) (e Endpoint, ok bool) {
	for _, e := range On(target) {
		if strings.EqualFold(e.Method, method) {
			return e, true
		}
	}
	return Endpoint{}, false
}

// On returns the endpoints of a target, one for each method; nil for a path that the table does
// not have. The target is as [Of] takes it.
func On(target string) []Endpoint {
	path := segments(target)
	var found []Endpoint
	best := -1
	for _, e := range parsed() {
		switch fixed := matches(segments(e.Path), path); {
		case fixed < 0 || fixed < best:
		case fixed > best: // more fixed segments: /v1/plugins/mget is not a plugin's id
			best, found = fixed, []Endpoint{e}
		default:
			found = append(found, e)
		}
	}
	return found
}

// segments cuts the path of a target at its slashes.
func segments(target string) []string {
	target = strings.TrimSpace(target)
	if scheme, rest, isURL := strings.Cut(target, "://"); isURL && !strings.ContainsAny(scheme, "/?#") {
		_, path, _ := strings.Cut(rest, "/")
		target = path
	}
	if at := strings.IndexAny(target, "?#"); at >= 0 {
		target = target[:at]
	}
	return strings.Split(strings.Trim(target, "/"), "/")
}

// matches returns how many segments of the pattern the path has literally, -1 where it is
// another path.
func matches(pattern, path []string) int {
	if len(pattern) != len(path) {
		return -1
	}
	fixed := 0
	for i, p := range pattern {
		got, err := url.PathUnescape(path[i])
		switch {
		case err != nil || got == "":
			return -1
		case p == got:
			fixed++
		case !strings.HasPrefix(p, ":"):
			return -1
		}
	}
	return fixed
}

// call finds the calls of an API in a text: a path, with the method where it stands before it,
// as in "POST /v1/x", "POST#https://host/v1/x", "-X POST 'https://host/v1/x" and post("/v1/x").
var call = lazyregexp.New(`(?:(?i:\b(GET|POST|PUT|DELETE|PATCH)\b["'(\s#:]+))?(?:https?://[^\s"']*?)?(/(?:v[0-9]+|open_api)/[A-Za-z0-9_\-./:{}%]+)`)

// Mentioned returns the endpoint that a text is about: of those that it names, the last one
// before the first occurrence of mark, or else the first one. An endpoint whose method the text
// does not say counts where its path has one method alone.
func Mentioned(text, mark string) (found Endpoint, ok bool) {
	at := strings.Index(text, mark)
	for _, m := range call().FindAllStringSubmatchIndex(text, -1) {
		method := ""
		if m[2] >= 0 {
			method = text[m[2]:m[3]]
		}
		path := strings.TrimRight(text[m[4]:m[5]], ".:")
		e, known := Of(method, path)
		if on := On(path); method == "" && len(on) == 1 {
			e, known = on[0], true
		}
		if known && (!ok || m[0] < at) {
			found, ok = e, true
		}
	}
	return found, ok
}

// Nearest returns up to three tasks and paths that name may stand for, the likeliest first; nil
// where none is near. The name of a point leads to the paths that need it.
func Nearest(name string) []string {
	name = strings.ToLower(strings.Trim(strings.Join(segments(name), "/"), "/"))
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	add := func(shown string, distance int) {
		if !slices.ContainsFunc(near, func(c candidate) bool { return c.name == shown }) && distance <= len(name)/3 {
			near = append(near, candidate{shown, distance})
		}
	}
	if name == "" {
		return nil
	}
	for _, t := range Tasks() {
		d := distance(t.ID, name)
		if strings.HasPrefix(t.ID, name) || strings.HasPrefix(name, t.ID) {
			d = 0
		}
		add(t.ID, d)
	}
	for _, e := range parsed() {
		path := strings.ToLower(strings.Trim(e.Path, "/"))
		d := distance(path, name)
		if len(name) > 2 && strings.Contains(path, name) || slices.ContainsFunc(e.Points, func(p string) bool { return strings.EqualFold(p, name) }) {
			d = 0
		}
		add(e.Path, d)
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range near[:min(3, len(near))] {
		names = append(names, c.name)
	}
	return names
}

// distance is how many bytes have to be put in, taken out or replaced to make a of b
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
