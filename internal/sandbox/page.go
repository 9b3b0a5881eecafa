package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

// A page is what is shown of the sandbox, to one reader.
type page struct {
	Lang    i18n.Language
	Langs   []i18n.Language
	Name    string // which page: apps, new, app, requests, trouble
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
}

// Tag is the language tag of a language as a page names it: Chinese is that of the mainland.
func (page) Tag(l i18n.Language) string {
	if l.Code == i18n.Chinese.Code {
		return "zh-CN"
	}
	return l.Code
}

// T is a text of the console in the reader's language.
func (p page) T(id string, pairs ...string) text { return text(p.Lang.Text("console."+id, pairs...)) }

// Count is T with a number.
func (p page) Count(id string, n int) text { return p.T(id, "n", strconv.Itoa(n)) }

// When is a time as the console shows it, "" for none.
func (p page) When(t time.Time) text {
	if t.IsZero() {
		return ""
	}
	return text(i18n.Moment(t))
}

// shared is the link with which others authorize the app. Here it opens the dialog of the app's page;
// what the real link looks like is not known.
func (p page) shared() string { return p.Origin + p.App.path() + "?authorize" }

// ticked are the app's permissions under the console's headings.
func (p page) ticked() []permissions.Section {
	var ticked []permissions.Section
	for _, section := range permissions.Sections(p.App.offered()) {
		section.Points = slices.DeleteFunc(slices.Clone(section.Points), func(point string) bool { return !p.App.Allows(point) })
		if len(section.Points) > 0 {
			ticked = append(ticked, section)
		}
	}
	return ticked
}

// heading is what stands above a section.
func (p page) heading(s permissions.Section) text { return text(p.Lang.Say(s.Heading())) }

// Allows reports whether an app has a permission.
func (a App) Allows(point string) bool { return slices.Contains(a.Permissions, point) }

// Full reports whether an app holds as many keys as it may.
func (a App) Full() bool { return len(a.Keys) >= maxKeys }

// path is the address of an app's page.
func (a App) path() string { return ConsolePath + "/" + url.PathEscape(a.ID) }
