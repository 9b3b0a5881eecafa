package sandbox

import (
	"net/url"

	"cozejwt/internal/permissions"
)

// app is the page of one app, in the order of the guide's steps.
func (p page) app() node {
	a := p.App
	return group{
		el(`p class="crumbs"`, el(`a href="/open/oauth/apps"`, p.T("title.apps"))),
		el(`div class="heading"`, el(`h1`, text(a.Name)), p.state(a)),
		described(a),
		el(`dl class="card"`,
			el(`div`, el(`dt`, p.T("app_id")), el(`dd`, el(`code`, text(a.ID)), text(" "), p.copyButton(a.ID, p.T("app_id")))),
			el(`div`, el(`dt`, p.T("type")), el(`dd`, p.kind(a)))),
		p.keys(),
		p.permissions(),
		p.authorization(),
		p.dialog(),
		el(`section class="card" aria-labelledby="share-title"`,
			el(`h2 id="share-title"`, p.T("share")),
			el(`p class="faint"`, p.T("share.about")),
			el(`p`, el(`a id="share"`, attr("href", p.shared()), text(p.shared())), text(" "), p.copyButton(p.shared(), p.T("share.link")))),
		when(a.Type != "channel", p.demo()),
		p.danger(),
	}
}

// form posts to an action of the app.
func (p page) form(action string, parts ...node) node {
	return el(`form method="post"`, attr("action", p.App.path()+"/"+action), group(parts))
}

func (p page) keys() node {
	list := el(`p class="empty"`, p.T("keys.none"))
	if len(p.App.Keys) > 0 {
		list = el(`ul class="keys"`, each(p.App.Keys, p.key))
	}
	ways := el(`p class="notice"`, p.Count("keys.full", maxKeys))
	if !p.App.Full() {
		ways = el(`div class="ways"`, p.createKey(), p.addKey())
	}
	return el(`section class="card" aria-labelledby="keys"`,
		el(`h2 id="keys"`, p.T("keys")), el(`p class="faint"`, p.T("keys.about")), list, ways)
}

func (p page) key(k *Key) node {
	used := text("")
	if !k.LastUsed.IsZero() {
		used = " · " + p.T("last_used") + " " + p.When(k.LastUsed)
	}
	return el(`li`,
		el(`p`, el(`span class="label"`, p.T("fingerprint")), text(" "), el(`code`, text(k.ID)), text(" "), p.copyButton(k.ID, p.T("fingerprint"))),
		el(`p class="faint"`, p.T("added")+" "+p.When(k.Added)+used),
		el(`details`, el(`summary`, p.T("delete"), hidden(text(k.ID))),
			p.form("keys/delete", el(`input type="hidden" name="key"`, attr("value", k.ID)),
				el(`p`, p.T("delete_key.sure")), el(`button class="danger"`, p.locked(), p.T("delete_key")))))
}

// createKey makes a pair in the browser, as the real console does; the script needs to know where
// the public key goes, and what to say.
func (p page) createKey() node {
	return el(`div`,
		el(`h3`, p.T("create_key")),
		el(`p class="faint"`, p.T("create_key.about")),
		el(`p`, el(`button class="primary" id="create-key" data-script hidden`, attr("data-to", p.App.path()+"/keys"),
			attr("data-done", p.T("create_key.done")), attr("data-failed", p.T("create_key.failed")), p.locked(), p.T("create_key"))),
		noScript(p.T("noscript.create_key")),
		el(`p id="create-key-state" role="status"`))
}

// addKey is what the real console lacks: a field for a public key.
func (p page) addKey() node {
	typed := text("")
	if p.Wrong == "public_key" {
		typed = text(p.Typed.Get("public_key"))
	}
	return p.form("keys",
		el(`h3`, el(`label for="public_key"`, p.T("add_key")), text(" "), el(`span class="badge warn"`, p.T("add_key.extra"))),
		el(`p class="faint" id="add-key-about"`, p.T("add_key.about")),
		el(`textarea id="public_key" name="public_key" rows="5" required spellcheck="false"`, p.help("public_key", "add-key-about"),
			attr("placeholder", "-----BEGIN PUBLIC KEY-----"), typed),
		p.wrong("public_key"),
		el(`p class="field" data-script hidden`, el(`label for="file"`, p.T("add_key.file")), el(`input type="file" id="file" accept=".pem,.pub,.txt"`)),
		el(`noscript`, el(`p class="faint"`, p.T("noscript.file"))),
		el(`p`, el(`button`, p.locked(), p.T("add_key.save"))))
}

func (p page) permissions() node {
	return p.form("permissions", attr("class", "card"),
		el(`h2`, p.T("permissions")),
		el(`p class="faint"`, p.T("permissions.about")),
		each(permissions.Sections(p.App.offered()), func(s permissions.Section) node {
			return p.ticks(p.heading(s), each(s.Points, func(point string) node {
				return el(`label`, el(`input type="checkbox" name="permission"`, attr("value", point), flag("checked", p.App.Allows(point))), el(`code`, text(point)))
			}))
		}),
		el(`p class="actions"`, el(`button class="primary"`, p.locked(), p.T("ok"))))
}

func (p page) authorization() node {
	return el(`section class="card" aria-labelledby="authorize-title"`,
		el(`h2 id="authorize-title"`, p.T("authorize")),
		el(`p class="faint"`, p.T("authorize.about")),
		when(p.Dialog, noScript(p.T("noscript.dialog"))),
		when(p.App.Changed(), el(`p class="notice"`, p.T("authorize.again"))),
		p.form("authorize", el(`noscript`, p.workspaces()),
			el(`button class="primary" data-dialog="authorize"`, p.locked(), p.T("authorize"))))
}

// dialog asks for the authorization, with what it will allow.
func (p page) dialog() node {
	ticked := p.ticked()
	return el(`dialog id="authorize" aria-labelledby="install"`, flag("data-open", p.Dialog),
		el(`h2 id="install"`, p.T("install", "app", p.App.Name)),
		el(`p`, p.T("install.about", "name", p.App.Name)),
		each(ticked, func(s permissions.Section) node {
			return el(`p`, el(`span class="label"`, p.heading(s)), text(" "),
				each(s.Points, func(point string) node { return group{el(`code`, text(point)), text(" ")} }))
		}),
		when(len(ticked) == 0, el(`p class="empty"`, p.T("install.none"))),
		p.form("authorize", attr("id", "authorize-form"), p.workspaces()),
		el(`div class="actions"`,
			el(`button class="primary" form="authorize-form"`, p.locked(), p.T("authorize")),
			el(`form method="dialog"`, el(`button`, p.T("later")))))
}

func (p page) demo() node {
	impossible := p.App.Full() || len(p.App.Permissions) == 0 || !p.Changes
	return el(`section class="card" aria-labelledby="demo-title"`,
		el(`h2 id="demo-title"`, p.T("demo")),
		el(`p class="faint"`, p.T("demo.about")),
		el(`p`, el(`button id="demo" data-script hidden`, attr("data-to", "/sandbox/apps/"+url.PathEscape(p.App.ID)+"/keys"), attr("data-app", p.App.ID),
			attr("data-done", p.T("demo.done")), attr("data-failed", p.T("create_key.failed")), flag("disabled", impossible), p.T("demo"))),
		noScript(p.T("noscript.demo")),
		el(`p id="demo-state" role="status"`))
}

func (p page) danger() node {
	toggle := p.form("disable", el(`button`, p.locked(), p.T("disable")))
	if p.App.Deactivated {
		toggle = p.form("enable", el(`button`, p.locked(), p.T("enable")))
	}
	return el(`section class="card" aria-labelledby="danger"`,
		el(`h2 id="danger"`, p.T("danger")),
		el(`div class="actions"`, toggle,
			el(`details`, el(`summary`, p.T("delete"), hidden(text(p.App.Name))),
				p.form("delete", el(`p`, p.T("delete_app.sure")), el(`button class="danger"`, p.locked(), p.T("delete_app"))))))
}
