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
	untouched, absent := i18n.Msg("left.same", "path", path), i18n.Msg("left.absent", "path", path)
	if resumes && s.Lasting {
		untouched, absent = i18n.Msg("left.env_untouched", "path", path), i18n.Msg("left.env_absent", "path", path)
	}
	return append(append(lines, s.LeftLine(untouched, absent)), s.KeptLines()...)
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
