package matching

import (
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// About is a refusal of a pair in a word or two.
func About(d diagnosis.Diagnosis) i18n.Message {
	switch d.ID {
	case "kid_unknown":
		return i18n.Msg("match.kid_unknown")
	case "signature":
		return i18n.Msg("match.signature")
	}
	return i18n.Msg(d.ID) // as JSON has it
}

// Doubts are what has to be known before the file of a pair is used, which is shown as path.
func Doubts(t Trial, path string) []i18n.Message {
	switch {
	case t.Key.Embedded:
		return []i18n.Message{i18n.Msg("match.embedded", "path", path)}
	case t.Key.Form != keygen.PKCS8:
		return []i18n.Message{i18n.Msg("match.form", "path", path, "form", string(t.Key.Form))}
	}
	return nil
}
