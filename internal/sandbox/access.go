package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"

	"cozejwt/internal/permissions"
)

// A Workspace is one that the owner of the apps can choose when they authorize an app.
type Workspace struct {
	ID, Name, Type string
}

const workspaceID = "7400000000000000002"

// Workspaces are those of the owner. The first has the bot, and is the one that a program's app
// is authorized for.
var Workspaces = []Workspace{
	{workspaceID, "Sandbox", "personal"},
	{"7400000000000000006", "Team", "team"},
}

// usualPermissions are those of an app that a program makes: what chatting, with polling or
// without, takes, the files and conversations around it, and looking for the bot.
var usualPermissions = []string{
	"chat", "getChat", "listMessage", "cancelChat", "getMetadata", "listBot", "listWorkspace",
	"createConversation", "listConversation", "editConversation", "uploadFile",
}

// authorize lets the app's permissions count from now on, in the workspaces that were chosen.
// Workspaces that do not exist are left out.
func (a *App) authorize(workspaces []string) {
	a.Authorized, a.Granted = true, slices.Clone(a.Permissions)
	a.Workspaces = []string{}
	for _, w := range Workspaces {
		if slices.Contains(workspaces, w.ID) {
			a.Workspaces = append(a.Workspaces, w.ID)
		}
	}
}

// Changed reports whether permissions were changed since the app was authorized, so that it has
// to be authorized again.
func (a App) Changed() bool {
	if !a.Authorized {
		return false
	}
	granted, wanted := slices.Sorted(slices.Values(a.Granted)), slices.Sorted(slices.Values(a.Permissions))
	return !slices.Equal(granted, wanted)
}

// update completes an app that an earlier version kept, which had no list of what was granted:
// its permissions counted as they were, and getMetadata stood for the lists too.
func (a *App) update() {
	if a.Granted != nil || a.Workspaces != nil {
		return
	}
	if slices.Contains(a.Permissions, "getMetadata") {
		for _, p := range []string{"listBot", "listWorkspace"} {
			if !slices.Contains(a.Permissions, p) {
				a.Permissions = append(a.Permissions, p)
			}
		}
	}
	if a.Authorized {
		a.authorize([]string{workspaceID})
	}
}

// offered are the points that the console offers for the app. Those of an enterprise are for
// its privilege apps and those of a connector for channel apps: how the real page leaves them
// out for others is not known.
func (a App) offered() []permissions.Point {
	var points []permissions.Point
	for _, e := range permissions.All() {
		if e.Level() == permissions.LevelEnterprise && a.Type != "privilege" {
			continue
		}
		for _, p := range e.Needs() {
			if (permissions.KindOf(p.Name) == permissions.Ordinary || a.Type == "channel") && !slices.Contains(points, p) {
				points = append(points, p)
			}
		}
	}
	for _, t := range permissions.Tasks() {
		for _, p := range t.Extra {
			if (t.Kind == permissions.Ordinary || a.Type == "channel") && !slices.Contains(points, p) {
				points = append(points, p)
			}
		}
	}
	return points
}

// scoped are the points that a scope asks for; ok is false where one is not granted. The
// connector's chat is taken by an app that may chat: a scope with it has been seen to be
// accepted, and to leave the token without the other points.
func scoped(granted, asked []string) (ok bool) {
	for _, p := range asked {
		if p == "Connector.botChat" && slices.Contains(granted, "chat") {
			continue
		}
		if !slices.Contains(granted, p) {
			return false
		}
	}
	return true
}

// outside returns a workspace of the owner that a request names and that the token has no access
// to, "" for none.
func (g grant) outside(r *http.Request) string {
	for _, id := range namedWorkspaces(r) {
		known := slices.ContainsFunc(Workspaces, func(w Workspace) bool { return w.ID == id })
		if known && !slices.Contains(g.workspaces, id) {
			return id
		}
	}
	return ""
}

// namedWorkspaces are the workspaces that a request names: in its path, its query or its body,
// under the names that the API's pages use. A bot is one of its workspace.
func namedWorkspaces(r *http.Request) []string {
	body := peek(r)
	var named []string
	for _, field := range []string{"workspace_id", "space_id"} {
		text, _ := body[field].(string)
		named = append(named, r.PathValue(field), r.URL.Query().Get(field), text)
	}
	bot, _ := body["bot_id"].(string)
	if bot == BotID || r.PathValue("bot_id") == BotID {
		named = append(named, workspaceID)
	}
	return named
}

// peek is the body of a request as JSON, nil where it is not JSON. The body can be read again.
func peek(r *http.Request) (object map[string]any) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxBody)) // in memory already: see ServeHTTP
	r.Body = io.NopCloser(bytes.NewReader(text))
	if err != nil || json.Unmarshal(text, &object) != nil {
		return nil
	}
	return object
}
