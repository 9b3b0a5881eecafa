package setup

import (
	"context"
	"slices"
	"strconv"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/git"
	"cozejwt/internal/i18n"
	"cozejwt/internal/matching"
	"cozejwt/internal/steps"
)

// mostPairs is how many requests a search sends; the command match asks before it sends more.
const mostPairs = 64

// pairs looks for the private key that belongs to a Key ID, after a refusal.
func (s *Setup) pairs() *flow.Search {
	search := &flow.Search{
		Key: "f", Name: i18n.Msg("key.search"),
		Offer:  func() i18n.Message { return i18n.Msg("plain.search") },
		Offers: func(d diagnosis.Diagnosis) bool { return d.ID == "kid_unknown" || d.ID == "signature" },
		About:  func() i18n.Message { return i18n.Msg("pairs.about", "host", coze.Audience(s.APIBase)) },
	}
	search.Work = func(report func(done, all int)) flow.Job {
		search.Found = flow.Found{}
		return flow.Do(s.tryPairs(report), func(trials []matching.Trial) { search.Found = s.foundPairs(trials) })
	}
	return search
}

// tryPairs tries the private keys of the project with its Key IDs at the host of this run. The errors
// are those of [matching.Find] and [matching.Found.Try], and match.many.
func (s *Setup) tryPairs(report func(done, all int)) func(context.Context) ([]matching.Trial, error) {
	request := matching.Request{Dir: s.Dir, EnvPath: s.EnvPath, KeyIDs: []string{s.KeyID}, AppID: s.AppID}
	x, set, own, foreign := s.Patient(), s.Values(), s.KeyFile, s.Region == coze.Custom
	return func(ctx context.Context) ([]matching.Trial, error) {
		found, err := matching.Find(ctx, request)
		if err != nil {
			return nil, err
		}
		// A host that is not Coze's gets signatures of this run's key and of the project's alone.
		root, inRepository := git.Root(request.Dir)
		if !inRepository {
			root = request.Dir
		}
		found.Keys = slices.DeleteFunc(found.Keys, func(k matching.Key) bool {
			_, outside := atomicfile.Outside(root, k.Path)
			return foreign && outside && k.Path != own
		})
		base, err := x.Resolve(ctx, set.APIBase)
		if err != nil {
			return nil, err
		}
		all := found.MostCalls()
		if all > mostPairs {
			return nil, fault.Usage("match.many", "count", strconv.Itoa(all), "most", strconv.Itoa(mostPairs), "host", coze.Audience(base))
		}
		return found.TryPatiently(ctx, x, base, set, func() func(matching.Trial) {
			done := 0
			report(done, all)
			return func(matching.Trial) {
				done++
				report(done, all)
			}
		})
	}
}

// foundPairs is what the trials of all pairs have shown.
func (s *Setup) foundPairs(trials []matching.Trial) flow.Found {
	found := flow.Found{Tries: s.triedPairs(trials)}
	pair, chosen := matching.Choose(trials, credentials.EnvFile{Path: s.EnvPath, Set: s.Values()})
	switch path := s.Display(pair.Key.Path); {
	case !slices.ContainsFunc(trials, matching.Trial.OK):
		found.Says = []i18n.Message{i18n.Msg("match.none", "host", coze.Audience(s.APIBase))}
	case !chosen:
		found.Says = []i18n.Message{i18n.Msg("match.several", "path", s.Display(s.EnvPath))}
	default:
		belongs := i18n.Msg("match.belongs", "key", path, "key_id", pair.ID.KeyID, "app_id", pair.ID.AppID)
		found.Says = append([]i18n.Message{belongs}, matching.Doubts(pair, path)...)
		if !pair.Key.Embedded {
			found.Take = func() int { return s.takePair(pair) }
		}
	}
	return found
}

// triedPairs says how each pair came out.
func (s *Setup) triedPairs(trials []matching.Trial) (list flow.Checklist) {
	for _, t := range trials {
		item := flow.Item{
			Text:   i18n.Msg("pairs.pair", "key", s.Display(t.Key.Path), "key_id", t.ID.KeyID),
			Earned: t.OK(), Evidence: i18n.Msg("match.works"),
		}
		switch {
		case t.Proven:
			item.Evidence = i18n.Msg("match.proven")
		case !t.OK():
			item.Evidence = matching.About(diagnosis.Diagnose(t.Err, s.Facts()))
		}
		list = append(list, item)
	}
	return list
}

// takePair answers with a pair that works, which the review shows.
func (s *Setup) takePair(t matching.Trial) (review int) {
	s.Reuse(t.Key.Path, t.Key.Private)
	s.AppID, s.KeyID = t.ID.AppID, t.ID.KeyID
	return s.Index(steps.Review)
}
