package permissions

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"

	"cozejwt/internal/lazyregexp"
)

// Of returns the endpoint of a call. The target is a path, with values or with :name and {name}
// in the places that vary, or a URL; its query does not count. The first slash may be missing.
func Of(method, target string) (e Endpoint, ok bool) { return withMethod(On(target), method) }

func withMethod(all []Endpoint, method string) (e Endpoint, ok bool) {
	for _, e := range all {
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
	for i, escaped := range path {
		plain, err := url.PathUnescape(escaped)
		if err != nil || plain == "" {
			return nil
		}
		path[i] = plain
	}
	var found []Endpoint
	best := -1
	for _, r := range routes()[len(path)] {
		switch fixed := matches(r.segments, path); {
		case fixed < 0 || fixed < best:
		case fixed > best: // more fixed segments: /v1/plugins/mget is not a plugin's id
			best, found = fixed, []Endpoint{r.endpoint}
		default:
			found = append(found, r.endpoint)
		}
	}
	return found
}

// A route is an endpoint with the segments of its path.
type route struct {
	endpoint Endpoint
	segments []string
}

// routes are all endpoints by how many segments their paths have.
var routes = sync.OnceValue(func() map[int][]route {
	all := map[int][]route{}
	for _, e := range parsed() {
		path := segments(e.Path)
		all[len(path)] = append(all[len(path)], route{e, path})
	}
	return all
})

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

// matches returns how many segments of the pattern a path of the same length has literally, -1
// where it is another path.
func matches(pattern, path []string) int {
	fixed := 0
	for i, p := range pattern {
		switch {
		case p == path[i]:
			fixed++
		case !strings.HasPrefix(p, ":"):
			return -1
		}
	}
	return fixed
}

// What a call of an API is known by in a text: its path, and before it the method where it says that,
// as in "POST /v1/x", "POST#https://host/v1/x", "-X POST 'https://host/v1/x" and post("/v1/x").
var (
	callPath   = lazyregexp.New(`/(?:v[0-9]+|open_api)/[A-Za-z0-9_\-./:{}%]+`)
	callMethod = lazyregexp.New(`(?i:\b(GET|POST|PUT|DELETE|PATCH)\b["'(\s#:]+)(?:https?://[^\s"']*)?$`)
)

// Mentioned returns the endpoint that a text is about: of those that it names, the last one
// before the first occurrence of mark, or else the first one. An endpoint whose method the text
// does not say counts where its path has one method alone.
func Mentioned(text, mark string) (found Endpoint, ok bool) {
	at := strings.Index(text, mark)
	paths := callPath().FindAllStringIndex(text, -1)
	before := 0
	for ; before < len(paths) && paths[before][0] < at; before++ {
	}
	for i := range paths { // those before the mark from the last to the first, and then the others
		if i < before {
			i = before - 1 - i
		}
		end := 0 // of the path before
		if i > 0 {
			end = paths[i-1][1]
		}
		if e, ok := calledAt(text[end:paths[i][0]], text[paths[i][0]:paths[i][1]]); ok {
			return e, true
		}
	}
	return Endpoint{}, false
}

// calledAt returns the endpoint of a path in a text. before is the text before it that may have the
// method.
func calledAt(before, path string) (e Endpoint, ok bool) {
	on := On(strings.TrimRight(path, ".:"))
	if len(on) == 0 {
		return Endpoint{}, false
	}
	m := callMethod().FindStringSubmatch(before)
	if m == nil {
		return on[0], len(on) == 1
	}
	return withMethod(on, m[1])
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
		d := min(distance(t.ID, name), taskDistance(t.ID, plainWord(name)))
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
