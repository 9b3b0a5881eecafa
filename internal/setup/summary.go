package setup

import (
	"slices"

	"cozejwt/internal/i18n"
)

func (s *Setup) leftovers(resumes bool) []i18n.Message {
	lines, path := s.LeftLines(), s.Display(s.EnvPath)
	switch {
	case s.Restored && resumes:
		return append(lines, i18n.Msg("left.restored", "path", path))
	case s.Restored:
		return append(lines, i18n.Msg("left.restored_only", "path", path))
	}
	left := s.LeftLine("left.same", "left.absent")
	if resumes && s.Lasting {
		left = s.LeftLine("left.env_untouched", "left.env_absent")
	}
	if s.Written && s.Token == nil && !s.Skipped && resumes && s.Lasting {
		left = i18n.Msg("left.env_refused", "path", path)
	}
	return append(append(lines, left), s.KeptLines()...)
}

func (s *Setup) summary() []i18n.Message {
	if s.Dry {
		return []i18n.Message{i18n.Msg("done.dry")}
	}
	lines := slices.Concat(s.SetLines(), s.DemoLines(), s.BackupLines(), s.KeptLines())
	if s.Token == nil {
		return append(lines, i18n.Msg("summary.untested"))
	}
	return append(lines, s.TokenLine(), i18n.Msg("summary.next"))
}
