package setup

import (
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// Leftovers says what exists so far, for who leaves before the end.
func (s *Session) Leftovers() []i18n.Message {
	var lines []i18n.Message
	if s.Seen.Saved != nil {
		lines = append(lines, i18n.Msg("left.key", "path", s.Display(s.Seen.Saved.PrivatePath), "public", s.Display(s.Seen.Saved.PublicPath)))
		for _, kept := range s.Seen.Saved.Kept {
			lines = append(lines, i18n.Msg("left.kept", "path", s.Display(kept)))
		}
	}
	switch {
	case s.Seen.Written:
		return append(lines, i18n.Msg("left.env", "path", s.Display(s.EnvPath)))
	case s.Plan.Name == rotation:
		return append(lines, i18n.Msg("left.rotation", "path", s.Display(s.EnvPath)))
	case !s.Plan.Lasting:
		return append(lines, i18n.Msg("left.same", "path", s.Display(s.EnvPath)))
	}
	return append(lines, i18n.Msg("left.env_untouched", "path", s.Display(s.EnvPath)))
}

// Summary says how the run ended, in a few lines for the scrollback.
func (s *Session) Summary() []i18n.Message {
	if s.Answers.DryRun {
		return []i18n.Message{i18n.Msg("done.dry")}
	}
	return s.Plan.Summary(s)
}

func createSummary(s *Session) []i18n.Message {
	lines := setSummary(s)
	if s.Seen.Token == nil {
		return append(lines, i18n.Msg("summary.untested"))
	}
	return append(lines, s.TokenLine(), i18n.Msg("summary.next"))
}

func setSummary(s *Session) []i18n.Message {
	return []i18n.Message{
		i18n.Msg("summary.env", "path", s.Display(s.EnvPath), "app_id", s.Answers.AppID, "key_id", s.Answers.KeyID),
		i18n.Msg("summary.key", "path", s.Display(s.Answers.KeyFile), "public", s.Display(keygen.PublicPath(s.Answers.KeyFile))),
	}
}

// switchSummary is for the plans that change the key in use.
func switchSummary(s *Session) []i18n.Message {
	lines := setSummary(s)
	if s.Answers.Together {
		for _, t := range s.twins {
			lines = append(lines, i18n.Msg("summary.also", "path", s.Display(t.Path)))
		}
	}
	lines = append(lines, s.TokenLine())
	if s.Seen.Record != "" {
		lines = append(lines, i18n.Msg("summary.record", "path", s.Display(s.Seen.Record)))
	}
	return lines
}

func rotateSummary(s *Session) []i18n.Message {
	return append(switchSummary(s), rotatedStep.Brief(s)[1:]...)
}

func useSummary(s *Session) []i18n.Message {
	lines := usedSummary(s)
	if s.Seen.Token == nil {
		return append(lines, i18n.Msg("summary.untested"))
	}
	return append(lines, s.TokenLine())
}

// TokenLine says what token was obtained, without showing it.
func (s *Session) TokenLine() i18n.Message {
	t := s.Seen.Token
	return i18n.Msg("summary.token", "token", t.Masked(), "expires", t.Expires(time.DateTime+" MST"), "log_id", t.LogID,
		"elapsed", s.Seen.Elapsed.String(), "host", coze.Audience(s.Answers.APIBase))
}
