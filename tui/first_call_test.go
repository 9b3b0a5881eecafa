package tui

import (
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// Done makes a first call where a key asks for it, and shows what it answered. A missing permission
// is explained, and no failure.
func TestDoneMakesAFirstCall(t *testing.T) {
	for _, lang := range i18n.Languages {
		for body, want := range map[string]string{
			`{"code":0,"data":{"workspaces":[{"id":"7","name":"Ours"}]}}`: `{"workspaces":[{"id":"7","name":"Ours"}]}`,
			`{"code":4101,"msg":"no access"}`:                             lang.Text("tried.permission", "call", "GET /v1/workspaces", "points", "listWorkspace"),
			`{"code":4000,"msg":"bad request"}`:                           "bad request",
		} {
			d := newDriver(t, lang, 120, 36)
			d.to(steps.Done)
			d.wants("a " + lang.Text("key.first_call"))
			d.lacks("GET /v1/workspaces")
			*d.service = service{200, body, nil}
			d.press("a")
			d.wants("● GET /v1/workspaces", want)
		}
	}
}

// The call is one of the task that was chosen, where it has a read that needs no id.
func TestTheFirstCallIsOfTheChosenTask(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newDriver(t, lang, 120, 36)
		d.setup.Tasks = []string{"chat", "voice"}
		d.to(steps.Done)
		*d.service = service{200, `{"code":4101,"msg":"no access"}`, nil}
		d.press("a")
		d.wants("● " + lang.Text("tried.permission", "call", "GET /v1/audio/voices", "points", "listVoice"))
	}
}
