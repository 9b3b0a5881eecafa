package setup

import (
	"context"
	"errors"
	"slices"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/matching"
	"cozejwt/internal/steps"
)

// elsewhere is what the other region said of the credentials of this one.
type elsewhere struct {
	base    string
	refusal *coze.Refusal // nil: it issued a token
}

// otherRegion requests a token from the other region with the same credentials, after a refusal that
// an app of that region would be met with.
func (s *Setup) otherRegion() *flow.Search {
	host := func() string { return coze.Audience(coze.OtherBase(s.APIBase)) }
	return &flow.Search{
		Key: "g", Name: i18n.Msg("key.other_region"),
		Offer: func() i18n.Message { return i18n.Msg("plain.other_region", "host", host()) },
		Offers: func(d diagnosis.Diagnosis) bool {
			blamed := slices.ContainsFunc(d.Causes, func(c diagnosis.Cause) bool { return c.ID == "kid.region" })
			return blamed && s.Key != nil && coze.OtherBase(s.APIBase) != ""
		},
		Work:  func(func(done, all int)) flow.Job { return s.askOtherRegion() },
		About: func() i18n.Message { return i18n.Msg("other_region.about", "host", host()) },
		Tries: s.askedElsewhere,
		Says:  s.aboutElsewhere,
		Step: func() int {
			if s.elsewhere == nil || s.elsewhere.refusal != nil {
				return -1
			}
			return s.Index(steps.Review)
		},
		Take: func() { s.ChooseBase(coze.RegionOf(s.elsewhere.base), s.elsewhere.base) },
	}
}

// askOtherRegion requests the token. Nothing was changed there, so a refusal is not waited for. The
// errors are those of [exchange.Exchanger.Test] that are no refusal.
func (s *Setup) askOtherRegion() flow.Job {
	x, key, other := s.Exchanger, s.Key, coze.OtherBase(s.APIBase)
	x.Waiting = exchange.Waiting{}
	set := s.AtBase(s.Values(), other)
	s.elsewhere = nil
	return flow.Do(func(ctx context.Context) (*elsewhere, error) {
		_, err := x.Test(ctx, set, key)
		refusal, refused := errors.AsType[*coze.Refusal](err)
		if err != nil && !refused {
			return nil, err
		}
		return &elsewhere{other, refusal}, nil
	}, func(e *elsewhere) { s.elsewhere = e })
}

// askedElsewhere says how the request came out.
func (s *Setup) askedElsewhere() flow.Checklist {
	e := s.elsewhere
	if e == nil {
		return nil
	}
	item := flow.Item{Text: i18n.Msg("other_region.try", "host", coze.Audience(e.base)), Earned: e.refusal == nil, Evidence: i18n.Msg("match.works")}
	if e.refusal != nil {
		facts := diagnosis.OfExchange(coze.RegionOf(e.base), s.AtBase(s.Values(), e.base), s.Now())
		item.Evidence = matching.About(diagnosis.Diagnose(e.refusal, facts))
	}
	return flow.Checklist{item}
}

// aboutElsewhere says what follows from it.
func (s *Setup) aboutElsewhere() []i18n.Message {
	switch e := s.elsewhere; {
	case e == nil:
		return nil
	case e.refusal == nil:
		return []i18n.Message{i18n.Msg("other_region.found", "host", coze.Audience(e.base))}
	default:
		return []i18n.Message{i18n.Msg("other_region.neither", "host", coze.Audience(e.base))}
	}
}
