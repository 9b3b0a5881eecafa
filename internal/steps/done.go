package steps

import (
	"context"

	"cozejwt/internal/coze"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// DoneStep says how the run ended, with the checklist that it has earned.
func (b *Base) DoneStep(intro func() []i18n.Message) flow.Step {
	return flow.Step{ID: Done, Intro: intro, Prepare: b.SeeChecklist, Shows: b.ShowChecklist}
}

// SeeChecklist reads again what lies on the disk: that is what counts.
func (b *Base) SeeChecklist() flow.Job {
	token, sandbox, keyFile, public := b.Token, b.Console().Acts(), b.KeyFile, b.Display(keygen.PublicPath(b.KeyFile))
	if b.Key == nil { // a run that was not about a key
		return flow.Nothing
	}
	return flow.Do(func(context.Context) (flow.Checklist, error) { return checklist(token, sandbox, keyFile, public), nil },
		func(seen flow.Checklist) { b.Checklist = seen })
}

// ShowChecklist shows what the run has earned.
func (b *Base) ShowChecklist() []flow.Exhibit { return []flow.Exhibit{b.Checklist} }

// checklist is the five points that make a working set-up. A token proves
// that the service knows the app as a JWT app, the App ID, the Key ID and the
// public key: it refuses where one of them is not right. Public is the public key file as it is
// shown; sandbox says that the token is the sandbox's.
func checklist(token *coze.Token, sandbox bool, keyFile, public string) flow.Checklist {
	item := func(id string, earned bool, evidence string, pairs ...string) flow.Item {
		if !earned {
			evidence = "check.unseen"
		}
		return flow.Item{Text: i18n.Msg("check." + id), Earned: earned, Evidence: i18n.Msg(evidence, pairs...)}
	}
	issued, signed, got := "check.by_token", "check.by_signature", "token"
	if sandbox {
		issued, signed, got = "check.by_sandbox", "check.by_sandbox_signature", "sandbox_token"
	}
	evidence, logID := issued, ""
	if token != nil && token.LogID != "" {
		evidence, logID = "check.by_log_id", token.LogID
	}
	return flow.Checklist{
		item("jwt_app", token != nil, issued),
		item("ids", token != nil, issued),
		item("uploaded", token != nil, signed),
		item("pair", pairOnDisk(keyFile), "check.by_compare", "path", public),
		item(got, token != nil, evidence, "log_id", logID),
	}
}

// pairOnDisk reports whether both key files hold one pair.
func pairOnDisk(keyFile string) bool {
	private, err := keygen.Load(keyFile)
	if err != nil {
		return false
	}
	public, err := keygen.LoadPublic(keygen.PublicPath(keyFile))
	return err == nil && keygen.IsPair(private.Private, public)
}
