package verification_test

import (
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/verification"
)

func TestEveryCheckIsWrittenInBothLanguages(t *testing.T) {
	for _, id := range verification.CheckIDs(verification.Live) {
		for _, l := range i18n.Languages {
			for _, part := range []string{"", ".why", ".seen"} {
				if !l.Has("verify." + id + part) {
					t.Errorf("%s: verify.%s%s is missing", l, id, part)
				}
			}
		}
	}
}
