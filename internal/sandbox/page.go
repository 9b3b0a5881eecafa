package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

// A page is what a template draws.
type page struct {
	Lang    i18n.Language
	Langs   []i18n.Language
	Name    string // of the template
	URL     string // of this page
	Origin  string // of the console, as the browser has it
	Changes bool   // this browser may change things
	Trouble Trouble
	Stopped bool   // Name says why there is no other page
	Done    string // what was done before this page, of confirmations; "" for nothing
	Error   string
	Wrong   string     // the field that Error is about; "" for none
	Typed   url.Values // what was typed into the form that was refused
	Now     time.Time

	Apps     []App
	App      App
	Dialog   bool // the authorization is asked for
	Requests []Request
	Request  Request
}

// Tag is the language tag of a language as a page names it: Chinese is that of the mainland.
func (page) Tag(l i18n.Language) string {
	if l.Code == i18n.Chinese.Code {
		return "zh-CN"
	}
	return l.Code
}

// Title says which page it is, what went wrong first.
func (p page) Title() string {
	title := p.T("title."+p.Name) + " · " + p.T("name")
	if p.Name == "app" {
		title = p.App.Name + " · " + title
	}
	if p.Error != "" {
		title = p.T("title.error") + " · " + title
	}
	return title
}

// A copied is a value that a button copies, and the text that names it.
type copied struct {
	Page        page
	Value, What string
}

// Copy is a button that copies a value.
func (p page) Copy(value, what string) copied { return copied{p, value, what} }

// T is a text of the console in the reader's language.
func (p page) T(id string, pairs ...string) string { return p.Lang.Text("console."+id, pairs...) }

// Count is T with a number.
func (p page) Count(id string, n int) string { return p.T(id, "n", strconv.Itoa(n)) }

// When is a time as the console shows it, "" for none.
func (p page) When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(time.DateTime)
}

// Max is how many keys an app may hold.
func (page) Max() int { return maxKeys }

// Sections are the permissions that the app can have, under the console's headings.
func (p page) Sections() []permissions.Section { return permissions.Sections(p.App.offered()) }

// Shared is the link with which others authorize the app. Here it opens the dialog of the app's page;
// what the real link looks like is not known.
func (p page) Shared() string { return p.Origin + ConsolePath + "/" + p.App.ID + "?authorize" }

// Ticked are the app's permissions under the console's headings.
func (p page) Ticked() []permissions.Section {
	var ticked []permissions.Section
	for _, section := range p.Sections() {
		section.Points = slices.DeleteFunc(slices.Clone(section.Points), func(point string) bool { return !p.App.Allows(point) })
		if len(section.Points) > 0 {
			ticked = append(ticked, section)
		}
	}
	return ticked
}

// Heading is what stands above a section.
func (p page) Heading(s permissions.Section) string { return p.Lang.Say(s.Heading()) }

// Workspaces are those that can be chosen.
func (page) Workspaces() []Workspace { return Workspaces }

// Reaches reports whether a workspace is chosen when the dialog opens: those of the last
// authorization are, or the first where there was none.
func (p page) Reaches(id string) bool {
	if !p.App.Authorized {
		return id == workspaceID
	}
	return slices.Contains(p.App.Workspaces, id)
}

// Troubles are the things that can go wrong.
func (page) Troubles() []TroubleKind { return Troubles }

// One is the page for a single request.
func (p page) One(r Request) page {
	p.Request = r
	return p
}

// Allows reports whether an app has a permission.
func (a App) Allows(point string) bool { return slices.Contains(a.Permissions, point) }

// Full reports whether an app holds as many keys as it may.
func (a App) Full() bool { return len(a.Keys) >= maxKeys }

// A choice is a radio button with what it is for.
type choice struct {
	Page                page
	Group, Field, Value string
	Checked             bool
}

// Choice is a choice of a form.
func (p page) Choice(group, value string, checked bool) choice {
	field := group
	if group == "client" {
		field = "client_type"
	}
	if p.Typed.Has(field) {
		checked = p.Typed.Get(field) == value
	}
	return choice{p, group, field, value, checked}
}

// Of is the page for a single app.
func (p page) Of(a App) page {
	p.App = a
	return p
}
