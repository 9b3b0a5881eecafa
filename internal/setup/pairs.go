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
	return &flow.Search{
		Key: "f", Name: i18n.Msg("key.search"),
		Offer:  func() i18n.Message { return i18n.Msg("plain.search") },
		Offers: func(d diagnosis.Diagnosis) bool { return d.ID == "kid_unknown" || d.ID == "signature" },
		Work:   s.tryPairs,
		About:  func() i18n.Message { return i18n.Msg("pairs.about", "host", coze.Audience(s.APIBase)) },
		Tries:  s.triedPairs,
		Says:   s.aboutPairs,
		Step:   s.afterPair,
		Take:   s.takePair,
	}
}

// tryPairs tries the private keys of the project with its Key IDs at the host of this run. The errors
// are those of [matching.Find] and [matching.Found.Try], and match.many.
func (s *Setup) tryPairs(report func(done, all int)) flow.Job {
	request := matching.Request{Dir: s.Dir, EnvPath: s.EnvPath, KeyIDs: []string{s.KeyID}, AppID: s.AppID}
	x, set, own := s.Patient(), s.Values(), s.KeyFile
	foreign := s.Region == coze.Custom
	s.trials = nil
	return flow.Do(func(ctx context.Context) ([]matching.Trial, error) {
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
	}, func(trials []matching.Trial) { s.trials = trials })
}

// triedPairs says how each pair came out.
func (s *Setup) triedPairs() flow.Checklist {
	var list flow.Checklist
	for _, t := range s.trials {
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

// aboutPairs says what came of the search.
func (s *Setup) aboutPairs() []i18n.Message {
	t, chosen := s.pair()
	switch {
	case !slices.ContainsFunc(s.trials, matching.Trial.OK):
		return []i18n.Message{i18n.Msg("match.none", "host", coze.Audience(s.APIBase))}
	case !chosen:
		return []i18n.Message{i18n.Msg("match.several", "path", s.Display(s.EnvPath))}
	}
	says := []i18n.Message{i18n.Msg("match.belongs", "key", s.Display(t.Key.Path), "key_id", t.ID.KeyID, "app_id", t.ID.AppID)}
	return append(says, matching.Doubts(t, s.Display(t.Key.Path))...)
}

// pair is the pair to use.
func (s *Setup) pair() (matching.Trial, bool) {
	return matching.Choose(s.trials, credentials.EnvFile{Path: s.EnvPath, Set: s.Values()})
}

// afterPair is the index of the review, -1 where no pair can be used as it is.
func (s *Setup) afterPair() int {
	if t, chosen := s.pair(); !chosen || t.Key.Embedded {
		return -1
	}
	return s.Index(steps.Review)
}

// takePair answers with the pair that works.
func (s *Setup) takePair() {
	t, _ := s.pair()
	s.Reuse(t.Key.Path, t.Key.Private)
	s.AppID, s.KeyID = t.ID.AppID, t.ID.KeyID
}
