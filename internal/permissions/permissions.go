// Package permissions holds the permission points of the Coze API: which endpoint needs which,
// which tasks of a program need which endpoints, and in which group the console shows a point.
// It is the one place of permission points. It reads one embedded table, endpoints.tsv, and
// knows no terminal, language or network.
//
//	permissions.All()                          // every endpoint, in the order of the table
//	permissions.Of("POST", "/v1/bot/create")   // the endpoint of a call: a path, a pattern or a URL
//	permissions.On("/v3/chat")                 // the endpoints of a path, whatever the method
//	endpoint.Missing(granted)                  // the points that a token lacks; nil: it may call it
//	endpoint.Needs()                           // the points, each with its group or its resource
//	permissions.Mentioned(text, "4101")        // the endpoint that a log or an error is about
//	permissions.Tasks(), permissions.TaskOf(n) // what programs do, and the points for it
//	permissions.Sections(points)               // points as the console groups them
//	permissions.Groups()                       // the console's groups
//	permissions.Points(Ordinary)               // every point that can be ticked in an ordinary app
//	permissions.Nearest("workflows")           // names of tasks and paths that were perhaps meant
package permissions

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed endpoints.tsv
var table string

// GuideBase is where the pages of the endpoints are; Endpoint.Guide adds the page.
const GuideBase = "https://docs.coze.cn/developer_guides/"

// An Endpoint is one row of the table.
type Endpoint struct {
	Method string   // upper case
	Path   string   // with :name for the segments that vary
	Points []string // in the order of the page; nil where the page names none
	Note   Note
	Page   string // the last part of the guide's URL
}

// A Note says what is special about the points of an endpoint.
type Note string

// The notes of the table.
const (
	NoNote        Note = ""
	Enterprise    Note = "enterprise"                         // points of an enterprise privilege app
	OneOfThePairs Note = "one pair for each kind of resource" // two points each, for what is copied
)

// A Level is where the console lists a point. For most points no source gives it.
type Level string

// The levels that are known.
const (
	LevelUnknown    Level = ""
	LevelEnterprise Level = "enterprise" // for administrators of an enterprise only
)

// A Kind is the type of an OAuth app, which decides which points it can have.
type Kind bool

// The kinds of apps.
const (
	Ordinary Kind = false
	Channel  Kind = true // "Connector" in the English console: bound to a publishing channel
)

// All returns every endpoint, in the order of the table.
func All() []Endpoint { return slices.Clone(parsed()) }

// Guide is the URL of the page that names the points.
func (e Endpoint) Guide() string { return GuideBase + e.Page }

// String is the method and the path.
func (e Endpoint) String() string { return e.Method + " " + e.Path }

// Level returns the level of the points: the note or the name gives it, or nothing does.
func (e Endpoint) Level() Level {
	if e.Note == Enterprise || slices.ContainsFunc(e.Points, func(p string) bool { return strings.HasPrefix(p, "Enterprise.") }) {
		return LevelEnterprise
	}
	return LevelUnknown
}

// Kind returns Channel for an endpoint that only the app of a channel can call.
func (e Endpoint) Kind() Kind {
	return Kind(len(e.Points) > 0 && !slices.ContainsFunc(e.Points, func(p string) bool { return KindOf(p) == Ordinary }))
}

// KindOf returns Channel for a point that only the app of a channel can have.
func KindOf(point string) Kind { return Kind(strings.HasPrefix(point, "Connector.")) }

// Alternatives returns the sets of points of which one is enough. For most endpoints there is
// one set. An endpoint that names a point and its channel twin has a set for each kind of app:
// that is our reading, since an ordinary app cannot have the twin; no page says it.
func (e Endpoint) Alternatives() [][]string {
	switch {
	case len(e.Points) == 0:
		return nil
	case e.Note == OneOfThePairs:
		return slices.Collect(slices.Chunk(e.Points, 2))
	}
	var sets [][]string
	for _, kind := range []Kind{Ordinary, Channel} {
		if set := e.PointsFor(kind); len(set) > 0 {
			sets = append(sets, set)
		}
	}
	return sets
}

// PointsFor returns the points that are for a kind of app.
func (e Endpoint) PointsFor(kind Kind) []string {
	var points []string
	for _, p := range e.Points {
		if KindOf(p) == kind {
			points = append(points, p)
		}
	}
	return points
}

// Missing returns the points that a token with the granted ones lacks for the endpoint, nil
// where it may call it. Where one of several sets is enough, it is what the nearest set lacks.
func (e Endpoint) Missing(granted []string) []string {
	var nearest []string
	for i, set := range e.Alternatives() {
		var lacks []string
		for _, p := range set {
			if !slices.Contains(granted, p) {
				lacks = append(lacks, p)
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		if i == 0 || len(lacks) < len(nearest) {
			nearest = lacks
		}
	}
	return nearest
}

// Points returns every point that an app of a kind can have by the table, each once.
func Points(kind Kind) []Point {
	var points []Point
	for _, e := range All() {
		for _, p := range e.Needs() {
			if KindOf(p.Name) == kind {
				points = append(points, p)
			}
		}
	}
	return unique(points)
}

// parsed is the table. A row that is not one is a mistake of this package, which its tests find.
var parsed = sync.OnceValue(func() []Endpoint {
	var all []Endpoint
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 5 {
			continue
		}
		e := Endpoint{Method: cells[0], Path: cells[1], Note: Note(cells[3]), Page: cells[4]}
		if cells[2] != "-" {
			e.Points = strings.Split(cells[2], ",")
		}
		all = append(all, e)
	}
	return all
})
