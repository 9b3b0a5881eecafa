package diagnosis

import (
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

// permissionCauses are why a call is refused although the token is good, in the order in which a
// person looks: the point in the app, the authorization after it, the workspaces chosen there,
// and the scope of the token. The official guide says that a scope takes effect for channels only;
// a public report has a call that was refused with one and went through without it.
var permissionCauses = []candidate{
	{id: "token.scope", fixAt: AtService, evidence: scopeWasAsked, needsEvidence: true},
	{id: "token.permission", fixAt: AtConsole, evidence: pointOfCall},
	{id: "app.reauthorize", fixAt: AtConsole, evidence: says(is(`(刚|新|后来)[^\n。]{0,12}(加|勾选?|添加|开通?)了?[^\n。]{0,12}权限|加权限之前|before[^\n]{0,20}permission was added`))},
	{id: "bot.access", fixAt: AtConsole, evidence: says(is(`团队空间|(只选|没选|未选|没勾)[^\n。]{0,10}空间|\bteam (space|workspace)`))},
	{id: "token.scope", fixAt: AtService},
}

// Calling returns the facts with the endpoint of the call that was refused. It takes what
// [permissions.Of] and [permissions.Mentioned] return; an endpoint that is not known changes
// nothing.
func (f Facts) Calling(e permissions.Endpoint, known bool) Facts {
	if known {
		f.Endpoint = &e
	}
	return f
}

// pointOfCall says which points the call needs, and in which group of the console they are.
func pointOfCall(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	if f.Endpoint == nil || len(f.Endpoint.Points) == 0 {
		return nil, false
	}
	e := *f.Endpoint
	id, points := "evidence.points", e.PointsFor(e.Kind()) // a channel's twin is nothing to tick in an ordinary app
	switch {
	case e.Kind() == permissions.Channel:
		id = "evidence.channel_points"
	case e.Note == permissions.OneOfThePairs:
		id, points = "evidence.point_pairs", nil
		for _, pair := range e.Alternatives() {
			points = append(points, strings.Join(pair, " + "))
		}
	case e.Group().Known():
		id = "evidence.grouped_points"
	default:
		points = nil
		for _, p := range e.Needs() {
			switch {
			case permissions.KindOf(p.Name) == permissions.Channel:
			case p.Group.Known():
				points = append(points, p.Name+" ("+p.Group.Label+")")
			default:
				points = append(points, p.Name)
			}
		}
	}
	return evidenceIf(true, true, id, "call", e.String(), "points", i18n.List(points), "group", e.Group().Label)
}
