package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/matching"
	"cozejwt/internal/paths"
)

// matchOptions say what is tried.
type matchOptions struct {
	files, keyIDs []string
	appID         string
	maxPairs      int
	yes           bool
}

// defaultPairs is how many requests are sent without asking.
const defaultPairs = 64

func (a *app) matchCommand() *cobra.Command {
	var o matchOptions
	cmd := &cobra.Command{
		Use:     "match [FILE...]",
		Short:   a.lang.Text("cmd.match.short"),
		Long:    a.lang.Text("cmd.match.long"),
		Example: a.lang.Text("cmd.match.example"),
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			return a.runMatch(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.keyIDs, "key-id", nil, a.lang.Text("flag.match_key_id"))
	f.StringVar(&o.appID, "app-id", "", a.lang.Text("flag.match_app_id"))
	f.IntVar(&o.maxPairs, "max-pairs", defaultPairs, a.lang.Text("flag.max_pairs"))
	f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.yes"))
	a.waitFlag(f)
	return cmd
}

// A match is what runMatch has found out.
type match struct {
	matching.Found
	base   string // that was asked
	wanted string // that the flags ask for, "" for that of the .env
	env    credentials.EnvFile
	trials []matching.Trial
}

// runMatch tries the pairs, shows them, and offers to put the one that works into the .env.
func (a *app) runMatch(ctx context.Context, o matchOptions) error {
	if o.maxPairs < 1 {
		return fault.Usage("match.pairs", "count", strconv.Itoa(o.maxPairs))
	}
	m, err := a.findPairs(ctx, o)
	if err != nil {
		return err
	}
	if err := a.mayTry(ctx, m, o); err != nil {
		return err
	}
	if err := a.tryPairs(ctx, m); err != nil {
		return err
	}
	pair, chosen := matching.Choose(m.trials, m.env)
	if a.json {
		if chosen && o.yes {
			err = a.putPair(ctx, m, pair, true)
		}
		if err != nil {
			return err
		}
		printJSON(a.out, a.matchJSON(m, pair, chosen))
	} else {
		a.printGrid(m)
		if err := a.concludeMatch(ctx, m, pair, chosen, o.yes); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(m.trials, matching.Trial.OK) {
		return exitError{exitRefused}
	}
	return nil
}

// findPairs collects the keys and the Key IDs, and settles which host is asked.
func (a *app) findPairs(ctx context.Context, o matchOptions) (m *match, err error) {
	m = &match{}
	r := matching.Request{Dir: a.dir, EnvPath: a.envPath(), KeyIDs: o.keyIDs, AppID: o.appID}
	for _, raw := range o.files {
		path, err := paths.Parse(raw)
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, path)
	}
	if m.env, err = credentials.Load(r.EnvPath); err != nil {
		return nil, err
	}
	if m.Found, err = matching.Find(ctx, r); err != nil {
		return nil, err
	}
	if m.wanted, err = a.wantedBase(ctx); err != nil {
		return nil, err
	}
	if m.wanted == "" && m.env.Set.APIBase == "" {
		if m.wanted, err = a.askRegion(ctx); err != nil {
			return nil, err
		}
	}
	m.base, err = a.env().Resolve(ctx, cmp.Or(m.wanted, m.env.Set.APIBase))
	return m, err
}

// askRegion asks for the region whose host is tried: all pairs are tried at one.
func (a *app) askRegion(ctx context.Context) (base string, err error) {
	if !a.asks() {
		return "", fault.Usage("match.no_base", "path", a.show(a.envPath()))
	}
	fmt.Fprint(a.err, a.lang.Text("match.ask_region"))
	answer, err := a.front().Line(ctx)
	if err != nil {
		return "", err
	}
	region, err := coze.ParseRegion(cmp.Or(strings.TrimSpace(answer), string(coze.CN)))
	return region.Base(), err
}

// mayTry asks before keys sign what only the project decides, and before more requests are sent than the limit.
func (a *app) mayTry(ctx context.Context, m *match, o matchOptions) error {
	if m.wanted == "" && !o.yes {
		if err := a.mayMatch(ctx, m); err != nil {
			return err
		}
	}
	calls := m.MostCalls()
	if calls <= o.maxPairs {
		return nil
	}
	refused := fault.Usage("match.many", "count", strconv.Itoa(calls), "most", strconv.Itoa(o.maxPairs), "host", coze.Audience(m.base))
	if !a.asks() {
		return refused
	}
	a.printWrapped(a.err, refused.Message(a.lang))
	if !a.agreed(ctx, a.lang.Text("trust.ask")) {
		return refused
	}
	return nil
}

// mayMatch asks before the keys sign what the .env alone decides; for those of the project once.
func (a *app) mayMatch(ctx context.Context, m *match) error {
	agreed := false
	for _, k := range m.Keys {
		_, outside := atomicfile.Outside(a.project(), k.Path)
		c, refused := a.consentForKey(m.env, m.base, k.Path, m.env.Set.Aud)
		if refused == nil || agreed && !outside {
			continue
		}
		if err := a.agree(ctx, c, refused); err != nil {
			return err
		}
		agreed = agreed || !outside
	}
	return nil
}

// tryPairs requests a token for each pair, and shows how far that is.
func (a *app) tryPairs(ctx context.Context, m *match) (err error) {
	calls := m.MostCalls()
	a.printWrapped(a.err, a.lang.Text("match.trying", "host", coze.Audience(m.base), "keys", strconv.Itoa(len(m.Keys)), "ids", strconv.Itoa(len(m.IDs)), "count", strconv.Itoa(calls)))
	if m.Cut {
		a.printWrapped(a.err, a.lang.Text("match.cut", "dir", a.dir))
	}
	b, x := &bar{}, a.env().Exchanger
	m.trials, err = m.TryPatiently(ctx, x, m.base, x.AtBase(m.env.Set, m.base), func() func(matching.Trial) {
		b = a.barOf(calls)
		return func(matching.Trial) { b.step("") }
	})
	b.end()
	if err != nil {
		return diagnosed{a.diagnosedTrial(m, matching.Trial{Err: err})}
	}
	return nil
}

func (a *app) diagnosedTrial(m *match, t matching.Trial) diagnosis.Diagnosis {
	set := credentials.Set{AppID: t.ID.AppID, KeyID: t.ID.KeyID, APIBase: m.base}
	return diagnosis.Diagnose(t.Err, diagnosis.OfExchange(a.env().RegionOf(m.base), set, clock()))
}

// A triedEntry is a pair in the JSON of match. Refusal is the id of the diagnosis, "" where the
// key works.
type triedEntry struct {
	AppID   string `json:"app_id"`
	KeyPath string `json:"key_path"`
	SHA256  string `json:"sha256"`
	KeyID   string `json:"key_id"`
	OK      bool   `json:"ok"`
	Refusal string `json:"refusal"`
}

type pairEntry struct {
	KeyPath string `json:"key_path"`
	KeyID   string `json:"key_id"`
}

func (a *app) matchJSON(m *match, pair matching.Trial, chosen bool) map[string]any {
	tried := []triedEntry{}
	for _, t := range m.trials {
		e := triedEntry{t.ID.AppID, t.Key.Path, t.Key.Sum(), t.ID.KeyID, t.OK(), ""}
		if !t.OK() {
			e.Refusal = a.diagnosedTrial(m, t).ID
		}
		tried = append(tried, e)
	}
	doc := map[string]any{"api_base": m.base, "tried": tried, "pair": nil, "env_path": a.envPath()}
	if chosen {
		doc["pair"] = pairEntry{pair.Key.Path, pair.ID.KeyID}
	}
	return doc
}
