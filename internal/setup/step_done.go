package setup

import (
	"context"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
	"cozejwt/keygen"
)

// doneStep sums up what this run has shown.
var doneStep = Step{
	ID:      StepDone,
	Prepare: seeChecklist,
	Shows: func(s *Session) []Exhibit {
		return append(showChecklist(s), Usage{s.Observed.Project})
	},
	Intro: func(s *Session) []i18n.Message {
		if s.Observed.Token != nil && s.Answers.Region == coze.Sandbox {
			return []i18n.Message{i18n.Msg("done.live", "path", s.Display(s.EnvPath)), i18n.Msg("done.sandbox")}
		}
		if s.Observed.Token != nil {
			return []i18n.Message{i18n.Msg("done.live", "path", s.Display(s.EnvPath))}
		}
		if s.Answers.DryRun {
			return []i18n.Message{i18n.Msg("done.dry")}
		}
		return []i18n.Message{i18n.Msg("done.untested", "path", s.Display(s.EnvPath))}
	},
}

// seeChecklist reads again what lies on the disk: that is what counts.
func seeChecklist(s *Session) Job {
	snapshot := *s
	return func(context.Context) (Effect, error) {
		items := snapshot.checklist()
		project := snippet.Project{Dir: snapshot.Dir, Convention: snapshot.Answers.Names, EnvPath: snapshot.EnvPath}.Look()
		holders := toolsIn(snapshot.Dir)
		return func(s *Session) {
			s.Observed.Checklist, s.Observed.Project, s.Observed.Tools = items, project, holders
		}, nil
	}
}

func showChecklist(s *Session) []Exhibit { return []Exhibit{s.Observed.Checklist} }

// An Item is one point of the final checklist. Earned says that this run has
// seen it to be so.
type Item struct {
	Text     i18n.Message
	Earned   bool
	Evidence i18n.Message
}

// checklist is the five points that make a working set-up. A token proves
// that the service knows the app as a JWT app, the App ID, the Key ID and the
// public key: it refuses where one of them is not right. A run that was not
// about a key has no checklist.
func (s *Session) checklist() []Item {
	if s.Observed.Key == nil {
		return nil
	}
	item := func(id string, earned bool, evidence string, pairs ...string) Item {
		if !earned {
			evidence = "check.unseen"
		}
		return Item{i18n.Msg("check." + id), earned, i18n.Msg(evidence, pairs...)}
	}
	token := s.Observed.Token != nil
	evidence, logID := "check.by_token", ""
	if token && s.Observed.Token.LogID != "" {
		evidence, logID = "check.by_log_id", s.Observed.Token.LogID
	}
	return []Item{
		item("jwt_app", token, "check.by_token"),
		item("ids", token, "check.by_token"),
		item("uploaded", token, "check.by_signature"),
		item("pair", s.pairOnDisk(), "check.by_compare", "path", s.Display(keygen.PublicPath(s.Answers.KeyFile))),
		item("token", token, evidence, "log_id", logID),
	}
}

// pairOnDisk reads both key files again: what counts is what lies there.
func (s *Session) pairOnDisk() bool {
	private, err := keygen.Load(s.Answers.KeyFile)
	if err != nil {
		return false
	}
	public, err := keygen.LoadPublic(keygen.PublicPath(s.Answers.KeyFile))
	return err == nil && keygen.IsPair(private.Private, public)
}
