package steps_test

import (
	"errors"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/steps"
)

// A refusal that says nothing of the credentials is not said to do so.
func TestWhatARefusalMeansForTheCredentials(t *testing.T) {
	for want, errs := range map[string][]error{
		"current.refused":     {&coze.Refusal{Status: 401, Code: "invalid_client", Message: "invalid jwt: kid not been registred"}},
		"current.app_refused": {&coze.Refusal{Status: 403, Code: "access_deny", Message: "login session invalid"}, &coze.Refusal{Status: 403, Code: "access_deny", Message: "app: x is currently deactivated by the owner"}},
		"current.untested":    {&coze.Refusal{Status: 429, Code: "429", Message: "too many requests"}, &coze.Refusal{Status: 500, Code: "internal_error", Message: "Service internal error."}, errors.New("no route to host")},
	} {
		for _, err := range errs {
			if got := steps.AboutRefused(diagnosis.Diagnose(err, diagnosis.Facts{})).ID; got != want {
				t.Errorf("%v is said to mean %s, want %s", err, got, want)
			}
		}
	}
}
