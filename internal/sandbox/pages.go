package sandbox

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"cozejwt/internal/i18n"
)

// html is the page as it is sent.
func (p page) html() []byte {
	var b bytes.Buffer
	b.WriteString("<!doctype html>\n")
	el(`html`, attr("lang", p.Tag(p.Lang)), p.head(), p.body()).inBody(&b)
	return b.Bytes()
}

// title says which page it is, what went wrong first.
func (p page) title() text {
	title := p.T("title."+p.Name) + " · " + p.T("name")
	if p.Name == "app" {
		title = text(p.App.Name) + " · " + title
	}
	if p.Error != "" {
		title = p.T("title.error") + " · " + title
	}
	return title
}

func (p page) head() node {
	return el(`head`,
		el(`meta charset="utf-8"`),
		el(`meta name="viewport" content="width=device-width, initial-scale=1"`),
		el(`meta name="color-scheme" content="light dark"`),
		el(`link rel="icon" href="/open/favicon.svg" type="image/svg+xml"`),
		el(`title`, p.title()),
		el(`link rel="stylesheet" href="/open/console.css"`),
		el(`script src="/open/console.js" defer`),
		when(p.Name == "app", el(`script src="/open/demo.js" defer`)))
}

func (p page) body() node {
	return el(`body`,
		el(`a class="skip" href="#main"`, p.T("skip")),
		el(`header class="top"`,
			el(`p class="brand"`, el(`span class="mark" aria-hidden="true"`), p.T("name")),
			el(`p class="practice"`, p.T("practice")),
			el(`nav class="langs"`, attr("aria-label", p.T("language")), each(p.Langs, p.language))),
		el(`div class="frame"`,
			el(`nav class="side"`, attr("aria-label", p.T("sections")),
				p.section(ConsolePath, "apps", "new", "app"),
				p.section("/open/requests", "requests"),
				p.section("/open/trouble", "trouble")),
			el(`main id="main" tabindex="-1"`, p.notices(), p.content())))
}

// language is the switch to a language, or its name where the page is in it.
func (p page) language(l i18n.Language) node {
	lang := attr("lang", p.Tag(l))
	if l.Code == p.Lang.Code {
		return group{el(`span aria-current="true"`, lang, text(l.Name)), text(" ")}
	}
	return el(`a`, attr("href", p.URL+"?lang="+l.Code), lang, attr("hreflang", p.Tag(l)), text(l.Name))
}

// section is a link to a section of the console, which has the pages of these names.
func (p page) section(to string, names ...string) node {
	current := slices.Contains(names, p.Name)
	return el(`a`, attr("href", to), when(current, attr("aria-current", "page")), p.T("title."+names[0]))
}

// content is what the page is for.
func (p page) content() node {
	if p.Stopped {
		return p.stop()
	}
	switch p.Name {
	case "apps":
		return p.apps()
	case "new":
		return p.newApp()
	case "app":
		return p.app()
	case "requests":
		return p.requests()
	}
	return p.troubles()
}

// stop says why there is no other page, and leads back.
func (p page) stop() node {
	return group{
		el(`h1`, p.T("title."+p.Name)),
		el(`p`, p.T("stop."+p.Name)),
		el(`p class="actions"`, el(`a class="button primary" href="/open/oauth/apps"`, p.T("stop.back"))),
	}
}

// notices stand above the content.
func (p page) notices() node {
	return group{
		when(p.Trouble.Kind != "", el(`div class="notice warning" role="status"`,
			el(`p`, el(`strong`, p.T("trouble.on")), text(" "), p.T("trouble."+string(p.Trouble.Kind))),
			el(`form method="post" action="/open/trouble"`,
				el(`input type="hidden" name="kind" value=""`), el(`button`, p.locked(), p.T("trouble.off"))))),
		when(!p.Changes && !p.Stopped, el(`p class="notice" role="note"`, p.T("no_session"))),
		when(p.Done != "", el(`p class="notice good" id="done" role="status" tabindex="-1" autofocus`, p.T("done."+p.Done))),
		when(p.Error != "" && p.Wrong == "", el(`p class="notice error" role="alert"`, text(p.Error))),
	}
}

// locked disables a button of a browser that may not change things.
func (p page) locked() node { return flag("disabled", !p.Changes) }

// hidden is text for screen readers: what a button is for, among others with its name.
func hidden(what text) node { return el(`span class="hidden"`, " "+what) }

// copyButton copies a value, which has a name, and says beside it whether that worked. The script
// shows it.
func (p page) copyButton(value string, name text) node {
	return group{
		el(`button type="button" class="small" hidden`, attr("data-copy", value), p.T("copy"), hidden(name)),
		el(`span class="faint" role="status"`, attr("data-done", p.T("copied")), attr("data-failed", p.T("copied.not"))),
	}
}

// noScript is a notice for who has switched scripts off.
func noScript(says text) node { return el(`noscript`, el(`p class="notice"`, says)) }

// wrong is the error beside the field that it is about.
func (p page) wrong(field string) node {
	return when(p.Wrong == field, el(`span class="notice error" id="wrong" role="alert"`, text(p.Error)), text("\n"))
}

func (p page) requests() node {
	return group{
		el(`h1`, p.T("title.requests")),
		el(`p class="faint"`, p.T("requests.about")),
		noScript(p.T("noscript.requests")),
		el(`p class="empty" id="no-requests"`, flag("hidden", len(p.Requests) > 0), p.T("requests.none")),
		el(`ol class="requests" id="requests" aria-live="polite"`, each(p.Requests, p.request)),
	}
}

// request is a row of the requests. It is sent as an event too.
func (p page) request(r Request) node {
	outcome, badge := el(`p`, p.T("check.passed")), el(`span class="badge good"`, number(r.Status))
	if r.Check != "" {
		outcome = group{el(`p`, el(`strong`, p.T("check."+string(r.Check)))), el(`p`, el(`code`, text(r.Message)))}
		badge = el(`span class="badge bad"`, number(r.Status))
	}
	return el(`li class="card request"`,
		el(`p class="line"`, badge, text(" "), el(`code`, text(r.Method+" "+r.Path)), text(" "),
			el(`span class="faint"`, p.When(r.Time), when(r.App != "", text(" · "+r.App)))),
		outcome,
		el(`details`, el(`summary`, p.T("details"), hidden(number(r.ID))),
			when(len(r.Header) > 0,
				el(`p class="label"`, p.T("jwt.header")), el(`pre tabindex="0"`, indented(r.Header)),
				el(`p class="label"`, p.T("jwt.claims")), el(`pre tabindex="0"`, indented(r.Claims))),
			el(`p`, el(`span class="label"`, text("logid")), text(" "), el(`code`, text(r.LogID)))))
}

func (p page) troubles() node {
	minutes := p.Trouble.Minutes
	if minutes == 0 {
		minutes = 30
	}
	return group{
		el(`h1`, p.T("title.trouble")),
		el(`p class="faint"`, p.T("trouble.about")),
		el(`form method="post" action="/open/trouble" class="card"`,
			el(`fieldset`, el(`legend`, p.T("trouble.legend")),
				el(`label class="choice"`,
					el(`input type="radio" name="kind" value=""`, flag("checked", p.Trouble.Kind == "")),
					el(`span`, el(`strong`, p.T("trouble.none")))),
				each(Troubles, p.trouble)),
			el(`p class="field"`, el(`label for="minutes"`, p.T("trouble.minutes")),
				el(`input id="minutes" name="minutes" type="number" min="-1440" max="1440"`, attr("value", number(minutes)), p.help("minutes", "")),
				p.wrong("minutes")),
			el(`p class="actions"`, el(`button class="primary"`, p.locked(), p.T("trouble.apply")))),
	}
}

func (p page) trouble(kind TroubleKind) node {
	return el(`label class="choice"`,
		el(`input type="radio" name="kind"`, attr("value", kind), flag("checked", kind == p.Trouble.Kind)),
		el(`span`, el(`strong`, p.T("trouble."+string(kind))), text(" "),
			el(`span class="faint"`, p.T("trouble."+string(kind)+".about"))))
}

// help says which texts describe a field: its error where it is the one that is wrong, and the
// element with the id help, "" for none.
func (p page) help(field, help string) node {
	if p.Wrong != field {
		return when(help != "", attr("aria-describedby", help))
	}
	by := "wrong"
	if help != "" {
		by += " " + help
	}
	return group{attr("aria-invalid", "true"), attr("aria-describedby", by), flag("autofocus", true)}
}

func number(n int) text { return text(strconv.Itoa(n)) }

// indented is a part of a JWT as a person reads it.
func indented(part map[string]any) text {
	written, err := json.MarshalIndent(part, "", "  ")
	if err != nil {
		return text(err.Error())
	}
	return text(written)
}
