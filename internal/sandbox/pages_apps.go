package sandbox

import "slices"

func (p page) apps() node {
	create := when(p.Changes, el(`a class="button primary" href="/open/oauth/apps/new"`, p.T("create")))
	list := el(`ul class="cards"`, each(p.Apps, p.card))
	return group{
		el(`p class="crumbs faint"`, p.T("crumbs")),
		el(`div class="heading"`, el(`h1`, p.T("title.apps")), create),
		either(len(p.Apps) > 0, list, el(`div class="empty"`, el(`p`, p.T("empty")), create)),
	}
}

// card is an app in the list.
func (p page) card(a App) node {
	row := func(name text, value ...node) node { return el(`div`, el(`dt`, name), el(`dd`, value...)) }
	return el(`li class="card app"`,
		el(`h2`, el(`a`, attr("href", a.path()), text(a.Name))),
		described(a),
		el(`dl`,
			row(p.T("app_id"), el(`code`, text(a.ID))),
			row(p.T("type"), p.kind(a)),
			row(p.T("keys"), number(len(a.Keys))+" / "+number(maxKeys)),
			row(p.T("state"), p.state(a)),
			row(p.T("actions"), el(`a`, attr("href", a.path()),
				el(`span aria-hidden="true"`, text("✎")), text(" "), p.T("edit"), hidden(text(a.Name))))))
}

func described(a App) node {
	return when(a.Description != "", el(`p class="faint"`, text(a.Description)))
}

// kind is an app's type and that of its client.
func (p page) kind(a App) text { return p.T("type."+a.Type) + " · " + p.T("client."+a.ClientType) }

// state says whether an app's keys get tokens.
func (p page) state(a App) node {
	switch {
	case a.Deactivated:
		return el(`span class="badge bad"`, p.T("state.disabled"))
	case a.Authorized:
		return el(`span class="badge good"`, p.T("state.authorized"))
	}
	return el(`span class="badge warn"`, p.T("state.unauthorized"))
}

func (p page) newApp() node {
	return group{
		el(`h1`, p.T("title.new")),
		el(`form method="post" action="/open/oauth/apps" class="card"`,
			p.choices("type", "type", "normal", "channel", "privilege"),
			p.choices("client", "client_type", "service", "web", "mobile"),
			el(`p class="field"`, el(`label for="name"`, p.T("app_name")),
				el(`input id="name" name="name" required maxlength="60" autocomplete="off"`, attr("value", p.Typed.Get("name")), p.help("name", "name-help")),
				p.wrong("name"),
				el(`span id="name-help" class="faint"`, p.T("app_name.help"))),
			el(`p class="field"`, el(`label for="description"`, p.T("description")),
				el(`input id="description" name="description" maxlength="200" autocomplete="off"`, attr("value", p.Typed.Get("description")))),
			el(`p class="actions"`,
				el(`button class="primary"`, p.locked(), p.T("create_continue")),
				el(`a class="button" href="/open/oauth/apps"`, p.T("cancel")))),
	}
}

// choices are radio buttons with what each is for. The first is chosen unless another was.
func (p page) choices(group, field string, values ...string) node {
	chosen := values[0]
	if p.Typed.Has(field) {
		chosen = p.Typed.Get(field)
	}
	return el(`fieldset`, el(`legend`, p.T(group)), each(values, func(value string) node {
		return el(`label class="choice"`,
			el(`input type="radio"`, attr("name", field), attr("value", value), flag("checked", value == chosen)),
			el(`span`, el(`strong`, p.T(group+"."+value)), text(" "),
				el(`span class="faint"`, p.T(group+"."+value+".about"))))
	}))
}

// ticks are checkboxes of a form for one field, with one for all of them that the script shows.
func (p page) ticks(legend text, boxes ...node) node {
	return el(`fieldset class="points"`, el(`legend`, legend),
		el(`label class="all" hidden`, el(`input type="checkbox" data-all`), p.T("select_all")),
		group(boxes))
}

// workspaces are those that can be chosen when an app is authorized.
func (p page) workspaces() node {
	return p.ticks(p.T("workspaces"), each(Workspaces, func(w Workspace) node {
		return el(`label`, el(`input type="checkbox" name="workspace"`, attr("value", w.ID), flag("checked", p.reaches(w.ID))), text(w.Name))
	}))
}

// reaches reports whether a workspace is chosen when the dialog opens: those of the last
// authorization are, or the first where there was none.
func (p page) reaches(id string) bool {
	if !p.App.Authorized {
		return id == workspaceID
	}
	return slices.Contains(p.App.Workspaces, id)
}
