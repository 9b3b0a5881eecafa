package setup

import (
	"os"
	"slices"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

// Leftovers says what exists so far, for who leaves before the end; resumes
// says that the same command would go on from here.
func (s *Session) Leftovers(resumes bool) []i18n.Message {
	var lines []i18n.Message
	if s.Observed.Saved != nil {
		lines = append(lines, i18n.Msg("left.key", "path", s.Display(s.Observed.Saved.PrivatePath), "public", s.Display(s.Observed.Saved.PublicPath)))
	}
	lines = append(lines, s.backupLines()...)
	path := s.Display(s.EnvPath)
	switch {
	case s.Observed.Restored:
		return append(lines, i18n.Msg("left.restored", "path", path))
	case s.Observed.Written:
		lines = append(lines, i18n.Msg("left.env", "path", path))
	case !s.envExists() && resumes && s.Plan.Lasting:
		lines = append(lines, i18n.Msg("left.env_absent", "path", path))
	case !s.envExists():
		lines = append(lines, i18n.Msg("left.absent", "path", path))
	case s.Plan.Name == rotation && s.Observed.Key != nil:
		lines = append(lines, i18n.Msg("left.rotation", "path", path))
	case s.Plan.Name == rotation, !s.Plan.Lasting, !resumes:
		lines = append(lines, i18n.Msg("left.same", "path", path))
	default:
		lines = append(lines, i18n.Msg("left.env_untouched", "path", path))
	}
	return append(lines, s.keptLines()...)
}

func (s *Session) envExists() bool {
	_, err := os.Lstat(s.EnvPath)
	return err == nil
}

// backupLines name the copies of key files that this run has replaced.
func (s *Session) backupLines() []i18n.Message {
	var lines []i18n.Message
	for _, path := range s.Observed.Backups {
		lines = append(lines, i18n.Msg("left.kept", "path", s.Display(path)))
	}
	return lines
}

// keptLines say where the previous credentials are.
func (s *Session) keptLines() []i18n.Message {
	if s.Observed.Kept == "" {
		return nil
	}
	name := credentials.EnvFile{Path: s.Observed.Kept}.Profile()
	return []i18n.Message{i18n.Msg("used.kept", "path", s.Display(s.Observed.Kept), "profile", name)}
}

// Summary says how the run ended, in a few lines for the scrollback.
func (s *Session) Summary() []i18n.Message {
	if s.Answers.DryRun {
		return []i18n.Message{i18n.Msg("done.dry")}
	}
	return s.Plan.Summary(s)
}

func createSummary(s *Session) []i18n.Message {
	lines := slices.Concat(setSummary(s), s.backupLines(), s.keptLines())
	if s.Observed.Token == nil {
		return append(lines, i18n.Msg("summary.untested"))
	}
	return append(lines, s.TokenLine(), i18n.Msg("summary.next"))
}

func setSummary(s *Session) []i18n.Message {
	values := []string{"path", s.Display(s.EnvPath), "app_id", s.Answers.AppID, "key", s.Display(s.Answers.KeyFile)}
	if s.unchanged() {
		return []i18n.Message{i18n.Msg("summary.unchanged", values...)}
	}
	return []i18n.Message{i18n.Msg("summary.env", values...)}
}

// unchanged reports whether the review found nothing to write.
func (s *Session) unchanged() bool {
	return s.Observed.Review != nil && s.Observed.Review.Unchanged()
}

// switchSummary is for the plans that change the key in use.
func switchSummary(s *Session) []i18n.Message {
	lines := setSummary(s)
	if s.Answers.Together {
		for _, t := range s.sameKeyFiles {
			lines = append(lines, i18n.Msg("summary.also", "path", s.Display(t.Path)))
		}
	}
	lines = append(lines, s.TokenLine())
	if s.Observed.Record != "" {
		lines = append(lines, i18n.Msg("summary.record", "path", s.Display(s.Observed.Record)))
	}
	return lines
}

func rotateSummary(s *Session) []i18n.Message {
	return append(switchSummary(s), rotatedStep.Intro(s)[1:]...)
}

func useSummary(s *Session) []i18n.Message {
	lines := usedSummary(s)
	if s.Observed.Token == nil {
		return append(lines, i18n.Msg("summary.untested"))
	}
	return append(lines, s.TokenLine())
}

// TokenLine says what token was obtained, without showing it.
func (s *Session) TokenLine() i18n.Message {
	t := s.Observed.Token
	return i18n.Msg("summary.token", "token", t.Redacted(), "expires", t.Expires(time.DateTime+" MST"), "log_id", t.LogID,
		"elapsed", s.Observed.Elapsed.String(), "host", coze.Audience(s.Answers.APIBase))
}
