package setup

import (
	"context"
	"errors"
	"slices"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/matching"
	"cozejwt/internal/steps"
)

// otherRegion requests a token from the other region with the same credentials, after a refusal that
// an app of that region would be met with. Nothing was changed there, so a refusal is not waited for.
func (s *Setup) otherRegion() *flow.Search {
	host := func() string { return coze.Audience(coze.OtherBase(s.APIBase)) }
	search := &flow.Search{
		Key: "g", Name: i18n.Msg("key.other_region"),
		Offer: func() i18n.Message { return i18n.Msg("plain.other_region", "host", host()) },
		Offers: func(d diagnosis.Diagnosis) bool {
			blamed := slices.ContainsFunc(d.Causes, func(c diagnosis.Cause) bool { return c.ID == "kid.region" })
			return blamed && s.Key != nil && coze.OtherBase(s.APIBase) != ""
		},
		About: func() i18n.Message { return i18n.Msg("other_region.about", "host", host()) },
	}
	search.Work = func(func(done, all int)) flow.Job {
		x, key, set := s.Exchanger, s.Key, s.AtBase(s.Values(), coze.OtherBase(s.APIBase))
		x.Waiting, search.Found = exchange.Waiting{}, flow.Found{}
		return flow.Do(func(ctx context.Context) (*coze.Refusal, error) {
			_, err := x.Test(ctx, set, key)
			if refusal, refused := errors.AsType[*coze.Refusal](err); refused {
				return refusal, nil
			}
			return nil, err
		}, func(refusal *coze.Refusal) { search.Found = s.foundAt(set, refusal) })
	}
	return search
}

// foundAt is what the host of a set has said of it: the refusal is nil where it issued a token.
func (s *Setup) foundAt(set credentials.Set, refusal *coze.Refusal) flow.Found {
	region, host := coze.RegionOf(set.APIBase), coze.Audience(set.APIBase)
	tried := flow.Item{Text: i18n.Msg("other_region.try", "host", host), Earned: refusal == nil, Evidence: i18n.Msg("match.works")}
	if refusal != nil {
		tried.Evidence = matching.About(diagnosis.Diagnose(refusal, diagnosis.OfExchange(region, set, s.Now())))
		return flow.Found{Tries: flow.Checklist{tried}, Says: []i18n.Message{i18n.Msg("other_region.neither", "host", host)}}
	}
	return flow.Found{
		Tries: flow.Checklist{tried}, Says: []i18n.Message{i18n.Msg("other_region.found", "host", host)},
		Take: func() int {
			s.ChooseBase(region, set.APIBase)
			return s.Index(steps.Review)
		},
	}
}
