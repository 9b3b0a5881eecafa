package permissions

import (
	"slices"
	"strings"
	"sync"

	"cozejwt/internal/i18n"
)

// A Group is a group of points in the console. The zero Group is one that no source names.
type Group struct {
	ID    string // for texts and pages
	Label string // as the console shows it; its English label is not known
}

// Known reports whether a source names the group.
func (g Group) Known() bool { return g.ID != "" }

// groups are those that the console of an app showed, in its order, and 对话, which a guide has.
// The points are those whose group a guide or that console gives; other points may be there too.
var groups = []struct {
	Group
	points []string
}{
	{Group{"bot", "Bot管理"}, []string{"chat", "createBot", "edit", "getMetadata", "getPublishedBot", "publish"}},
	{Group{"conversation", "会话管理"}, []string{"createConversation", "listConversation", "editConversation"}},
	{Group{"chat", "对话"}, []string{"cancelChat"}},
	{Group{"feedback", "反馈"}, nil},
	{Group{"callback", "回调应用"}, nil},
	{Group{"workspace", "团队空间管理"}, nil},
	{Group{"workflow", "工作流"}, []string{"getMetaData"}}, // the guide writes getMetadata, the endpoint's page this
	{Group{"file", "文件"}, []string{"uploadFile"}},
	{Group{"voice", "智能音视频"}, nil},
	{Group{"message", "消息"}, nil},
	{Group{"channel", "渠道管理"}, nil},
	{Group{"variable", "用户变量"}, nil},
	{Group{"knowledge", "知识库管理"}, nil},
	{cozeloop, nil},
}

var cozeloop = Group{"cozeloop", "罗盘"}

// Groups returns the console's groups in the console's order.
func Groups() []Group {
	all := make([]Group, len(groups))
	for i, g := range groups {
		all[i] = g.Group
	}
	return all
}

// A Point is a permission point with where the console has it.
type Point struct {
	Name  string
	Group Group
	// Resource is what the point is about, by the path that needs it: "workflow". It stands in
	// for a group that is not known.
	Resource string
}

// Needs returns the points of an endpoint.
func (e Endpoint) Needs() []Point {
	var points []Point
	for _, name := range e.Points {
		points = append(points, Point{name, groupOf(name), e.Resource()})
	}
	return points
}

// Group returns the group of an endpoint's points, the zero Group where it is not known of each
// of them or they are in several.
func (e Endpoint) Group() Group {
	points := e.Needs()
	for _, p := range points {
		if p.Group != points[0].Group {
			return Group{}
		}
	}
	if len(points) == 0 {
		return Group{}
	}
	return points[0].Group
}

func groupOf(point string) Group {
	for _, g := range groups {
		if slices.Contains(g.points, point) {
			return g.Group
		}
	}
	return Group{}
}

// Resource returns what the endpoint is about, by its path: the segment after the version. The
// API has both /v1/bot and /v1/bots; they are one resource.
func (e Endpoint) Resource() string {
	name := resourceIn(e.Path)
	if one := strings.TrimSuffix(name, "s"); singular()[one] {
		return one
	}
	return name
}

func resourceIn(path string) string {
	parts := segments(path)
	return parts[min(1, len(parts)-1)]
}

var singular = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, e := range parsed() {
		names[resourceIn(e.Path)] = true
	}
	return names
})

// A Section is what the console shows under one heading.
type Section struct {
	Group    Group  // the zero Group where it is not known
	Resource string // the heading where the group is not known, "" otherwise
	Points   []string
}

// Heading is what stands above the section: the console's group, or the resource where that is not
// known.
func (s Section) Heading() i18n.Message {
	if !s.Group.Known() {
		return i18n.Msg("permission.group.unknown", "resource", s.Resource)
	}
	return i18n.Msg("permission.group." + s.Group.ID)
}

// Sections returns points as the console groups them, in its order; those whose group is not
// known follow by their resource, in the order in which they come. Each point stands once in a
// section.
func Sections(points []Point) []Section {
	var known, unknown []Section
	for _, g := range Groups() {
		if names := namesIn(points, func(p Point) bool { return p.Group == g }); names != nil {
			known = append(known, Section{Group: g, Points: names})
		}
	}
	for _, p := range points {
		if !p.Group.Known() && !slices.ContainsFunc(unknown, func(s Section) bool { return s.Resource == p.Resource }) {
			names := namesIn(points, func(q Point) bool { return !q.Group.Known() && q.Resource == p.Resource })
			unknown = append(unknown, Section{Resource: p.Resource, Points: names})
		}
	}
	return append(known, unknown...)
}

// namesIn returns the names of the points that are wanted, each once.
func namesIn(points []Point, wanted func(Point) bool) []string {
	var names []string
	for _, p := range points {
		if wanted(p) && !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// unique returns the points without those that are there already.
func unique(points []Point) []Point {
	var once []Point
	for _, p := range points {
		if !slices.Contains(once, p) {
			once = append(once, p)
		}
	}
	return once
}
