package verification

import (
	"cmp"
	"slices"
	"strings"

	"cozejwt/internal/i18n"
)

// A Group is checks that belong together. Its title is the text
// "verify.group.<ID>".
type Group struct {
	ID      string
	Results []Result
}

// groupOf says, for the first part of a check's id, which group it is in; the
// others are values of the .env, and so are api.base and audience.
var groupOf = map[string]string{"key": "key", "api": "network", "clock": "network", "token": "coze", "region": "coze"}

// brief are the checks whose findings make up the line of a group that passed.
var brief = []string{
	"env.exists", "env.complete", "env.mode", "key.exists", "key.format", "key.strength", "key.mode",
	"api.reachable", "token.exchange", "api.call",
}

// Groups puts results into their groups, in the order of the checks.
func Groups(results []Result) []Group {
	groups := []Group{{ID: "env"}, {ID: "key"}, {ID: "network"}, {ID: "coze"}}
	for _, r := range results {
		first, _, _ := strings.Cut(r.ID, ".")
		id := cmp.Or(groupOf[first], "env")
		switch r.ID {
		case "api.base":
			id = "env"
		case "api.call":
			id = "coze"
		}
		at := slices.IndexFunc(groups, func(g Group) bool { return g.ID == id })
		groups[at].Results = append(groups[at].Results, r)
	}
	return slices.DeleteFunc(groups, func(g Group) bool { return len(g.Results) == 0 })
}

// Title is what the group is about.
func (g Group) Title(l i18n.Speaker) string { return l.Text("verify.group." + g.ID) }

// Status is that of the worst result; Skip where no check was made.
func (g Group) Status() Status {
	for _, status := range []Status{Fail, Warn, Running, Pass} {
		if slices.ContainsFunc(g.Results, func(r Result) bool { return r.Status == status }) {
			return status
		}
	}
	return Skip
}

// Line is what was seen in a group that passed, in one line.
func (g Group) Line(l i18n.Speaker) string {
	var parts []string
	for _, r := range g.Results {
		if detail := strings.TrimSpace(r.Detail(l)); r.Status == Pass && slices.Contains(brief, r.ID) && detail != "" {
			parts = append(parts, detail)
		}
	}
	return strings.Join(parts, " · ")
}

// Trouble is the failures of the group, then its warnings.
func (g Group) Trouble() []Result {
	var trouble []Result
	for _, status := range []Status{Fail, Warn} {
		for _, r := range g.Results {
			if r.Status == status {
				trouble = append(trouble, r)
			}
		}
	}
	return trouble
}
