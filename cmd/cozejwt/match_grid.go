package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/matching"
	"cozejwt/internal/paths"
	"cozejwt/internal/review"
	"cozejwt/keygen"
)

// printGrid draws the files as rows and the Key IDs as columns; where those have no room, a row
// for each pair. What each refusal means stands below it.
func (a *app) printGrid(m *match) {
	rows := a.gridRows(m)
	if width, _, err := sizeOf(a.streams.out); err == nil && leastWidth(rows) > width {
		rows = a.pairRows(m)
	}
	a.printTable(a.out, rows, fit{column: 0, least: 10})
	seen := map[string]bool{}
	for _, t := range m.trials {
		if t.OK() {
			continue
		}
		if d := a.diagnosedTrial(m, t); !seen[d.ID] {
			seen[d.ID] = true
			a.printWrapped(a.out, "\n"+a.cellOf(m, t)+": "+d.Message(a.lang))
		}
	}
}

// leastWidth is how wide a grid is whose first column is as short as it may be.
func leastWidth(rows [][]string) int {
	const gap, least = 2, 10
	total := least + gap
	for column := 1; column < len(rows[0]); column++ {
		widest := 0
		for _, row := range rows {
			widest = max(widest, ansi.StringWidth(row[column]))
		}
		total += widest + gap
	}
	return total
}

func (a *app) gridRows(m *match) [][]string {
	rows := [][]string{append([]string{a.lang.Text("match.head.file")}, a.columnsOf(m.IDs)...)}
	for _, k := range m.Keys {
		row := []string{a.fileOf(k)}
		for _, id := range m.IDs {
			row = append(row, a.cellAt(m, k, id))
		}
		rows = append(rows, row)
	}
	return rows
}

func (a *app) pairRows(m *match) [][]string {
	columns := a.columnsOf(m.IDs)
	rows := [][]string{{a.lang.Text("match.head.file"), "KEY ID", ""}}
	for _, k := range m.Keys {
		for i, id := range m.IDs {
			rows = append(rows, []string{a.fileOf(k), columns[i], a.cellAt(m, k, id)})
		}
	}
	return rows
}

// columnsOf are the Key IDs, shortened where that tells them apart, with their App ID where there
// are several.
func (a *app) columnsOf(ids []matching.ID) []string {
	several := slices.ContainsFunc(ids, func(id matching.ID) bool { return id.AppID != ids[0].AppID })
	var titles []string
	for _, id := range ids {
		title := a.shortened(id.KeyID)
		for _, other := range ids {
			if other.KeyID != id.KeyID && a.shortened(other.KeyID) == title {
				title = id.KeyID
			}
		}
		if several {
			title += " @" + id.AppID
		}
		titles = append(titles, title)
	}
	return titles
}

// fileOf is the file of a key, with the place in it.
func (a *app) fileOf(k matching.Key) string {
	if k.Where == "" {
		return a.show(k.Path)
	}
	return a.show(k.Path) + " (" + k.Where + ")"
}

// cellAt is what became of a key with a Key ID.
func (a *app) cellAt(m *match, k matching.Key, id matching.ID) string {
	for _, t := range m.trials {
		if t.Key == k && t.ID == id {
			return a.cellOf(m, t)
		}
	}
	return "-"
}

// cellOf is a trial in a word.
func (a *app) cellOf(m *match, t matching.Trial) string {
	switch {
	case t.Proven:
		return "✓ " + a.lang.Text("match.proven")
	case t.OK():
		return "✓"
	}
	return "✗ " + a.lang.Say(matching.About(a.diagnosedTrial(m, t)))
}

// concludeMatch says which keys were found, and puts the pair into the .env where the person or
// yes agrees.
func (a *app) concludeMatch(ctx context.Context, m *match, pair matching.Trial, chosen, yes bool) error {
	fmt.Fprintln(a.err)
	works := false
	for _, t := range m.trials {
		if t.OK() {
			works = true
			a.printWrapped(a.err, a.lang.Text("match.belongs", "key_id", t.ID.KeyID, "app_id", t.ID.AppID, "key", a.fileOf(t.Key)))
		}
	}
	switch {
	case !works:
		a.printWrapped(a.err, a.lang.Text("match.none", "host", coze.Audience(m.base)))
		return nil
	case !chosen:
		a.printWrapped(a.err, a.lang.Text("match.several", "path", a.show(a.envPath())))
		return nil
	}
	return a.putPair(ctx, m, pair, yes)
}

// putPair shows what the pair changes in the .env, and writes it.
func (a *app) putPair(ctx context.Context, m *match, pair matching.Trial, yes bool) error {
	set := a.setWith(m, pair)
	path := a.show(a.envPath())
	if m.env.Found() && m.env.Equal(credentials.EnvFile{Path: m.env.Path, Set: set}) {
		a.say("match.already", "path", path)
		return nil
	}
	if host, other := a.elsewhere(m, pair); other {
		a.printWrapped(a.err, a.lang.Text("match.elsewhere", "path", path, "host", host))
		return nil
	}
	if pair.Key.Embedded {
		return keygen.ErrEmbedded.With("path", a.show(pair.Key.Path))
	}
	if !yes && !a.asks() {
		a.say("match.offer", "path", path)
		return nil
	}
	if err := a.mayWrite(ctx); err != nil {
		return err
	}
	conventions := m.env.Conventions
	if conventions == nil {
		conventions = []credentials.Convention{credentials.Default}
	}
	planned, err := review.New(review.Plan{
		Dir: a.dir, KeyFile: pair.Key.Path, Key: review.Kept, Values: set, Display: a.show,
		Targets: []review.Target{{Path: a.envPath(), Set: set, Conventions: conventions, Was: &m.env}},
	})
	if err != nil {
		return err
	}
	a.showChanges(planned)
	for _, doubt := range matching.Doubts(pair, a.show(pair.Key.Path)) {
		a.printWrapped(a.err, "! "+a.lang.Say(doubt))
	}
	if !yes && !a.agreed(ctx, a.lang.Text("match.ask", "path", path)) {
		return nil
	}
	if err := a.env().Locked(ctx, a.dir, planned.Apply); err != nil {
		return err
	}
	a.say("match.written", "path", path, "key_id", pair.ID.KeyID, "key", a.show(pair.Key.Path))
	return nil
}

// elsewhere reports whether the .env has credentials for another host than the one that was
// asked, which says nothing about them.
func (a *app) elsewhere(m *match, pair matching.Trial) (host string, other bool) {
	base, err := coze.ParseBase(m.env.Set.APIBase)
	x := a.env()
	sandbox := x.RegionOf(base) == coze.Sandbox && x.RegionOf(m.base) == coze.Sandbox // its port changes
	if err != nil || m.wanted == "" || base == m.wanted || sandbox || pair.ID.KeyID == m.env.Set.KeyID {
		return "", false
	}
	return coze.Audience(base), true
}

// setWith is what the .env holds once it has the pair.
func (a *app) setWith(m *match, pair matching.Trial) credentials.Set {
	set := m.env.Set
	set.AppID, set.KeyID = pair.ID.AppID, pair.ID.KeyID
	if set.KeyPath == "" || !paths.Same(m.env.KeyFile(), pair.Key.Path) {
		set.KeyPath = credentials.RelativeKeyPath(a.dir, a.envPath(), pair.Key.Path)
	}
	if m.wanted != "" {
		set = a.env().AtBase(set, m.wanted)
	}
	return set
}

// showChanges prints what a review changes.
func (a *app) showChanges(r *review.Review) {
	if a.json {
		return
	}
	for _, c := range r.Changes {
		if c.Action != review.Kept {
			fmt.Fprintf(a.err, "\n%s %s\n%s\n", a.lang.Text("action."+string(c.Action)), c.Path, strings.TrimRight(c.Diff, "\n"))
		}
	}
	for _, w := range r.Warnings {
		a.printWrapped(a.err, "! "+w.Message(a.lang))
	}
}
