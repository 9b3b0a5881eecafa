package setup

import (
	"context"
	"path/filepath"
	"strconv"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// uploadStep tells how to upload the public key, or uploads it to the sandbox. A key
// that the console made needs no upload.
var uploadStep = Step{
	ID: StepUpload,
	Intro: func(s *Session) []i18n.Message {
		if inSandbox(s) {
			return sandboxUpload(s)
		}
		return []i18n.Message{i18n.Msg("upload.brief")}
	},
	Shows: showPublicKey,
	Look:  lookAtUpload,
	Work:  uploadToSandbox,
	Skip:  func(s *Session) bool { return s.Answers.Source == ImportKey && !inSandbox(s) },
}

// showPublicKey shows what to upload and where.
func showPublicKey(s *Session) []Exhibit {
	path := s.Display(keygen.PublicPath(s.Answers.KeyFile))
	shown := append(showPage(s), PublicKey{PEM: s.PublicPEM(), Path: path, ByHand: !inSandbox(s)})
	switch {
	case inSandbox(s):
	case s.Answers.Previous != nil, s.Answers.HasApp: // the app has its permissions
		shown = append(shown, Todo{i18n.Msg("upload.todo.add")})
	default:
		shown = append(shown, append(Todo{i18n.Msg("upload.todo.add")}, authorizing...))
	}
	return shown
}

// authorizing is what is left to do in the console once the app has a key.
var authorizing = Todo{i18n.Msg("upload.todo.permissions"), i18n.Msg("upload.todo.authorize")}

func sandboxUpload(s *Session) []i18n.Message {
	if s.Observed.Uploaded {
		return []i18n.Message{i18n.Msg("upload.exists", "app_id", s.Answers.AppID, "key_id", s.Answers.KeyID)}
	}
	return []i18n.Message{i18n.Msg("upload.sandbox"), i18n.Msg("upload.by_hand")}
}

// lookAtUpload notices a public key that the person adds in the sandbox's console
// while the step waits.
func lookAtUpload(s *Session) Job {
	region, open, appID, public := s.Answers.Region, s.Deps.Sandbox, s.Answers.AppID, s.PublicPEM()
	return func(ctx context.Context) (Effect, error) {
		if region != coze.Sandbox || public == "" || appID == "" {
			return nil, nil
		}
		p, err := open(ctx)
		if err != nil {
			return nil, nil // the step's work says so
		}
		keyID, err := p.KeyID(ctx, appID, []byte(public))
		if err != nil {
			return nil, nil
		}
		return func(s *Session) {
			s.console, s.Observed.Uploaded = p.Console(), keyID != ""
			if keyID != "" {
				s.provide(credentials.KeyID, keyID)
			}
		}, nil
	}
}

func inSandbox(s *Session) bool { return s.Answers.Region == coze.Sandbox }

// ErrAppGone is the fault of a key for an app that the sandbox does not
// have.
var ErrAppGone = fault.Invalid("sandbox.app_gone")

func uploadToSandbox(s *Session) Job {
	region, open, appID, public := s.Answers.Region, s.Deps.Sandbox, s.Answers.AppID, s.PublicPEM()
	name, mayCreate := filepath.Base(s.Dir), s.Answers.Previous == nil
	return func(ctx context.Context) (Effect, error) {
		if region != coze.Sandbox {
			return nil, nil
		}
		p, err := open(ctx)
		if err != nil {
			return nil, err
		}
		has, err := p.HasApp(ctx, appID)
		switch {
		case err != nil:
			return nil, fault.Unexpected("sandbox.upload", err, "url", p.Console())
		case !has && !mayCreate:
			return nil, ErrAppGone.With("app_id", appID, "url", p.Console())
		case !has: // typed by hand, or deleted in between
			if appID, err = p.CreateApp(ctx, name); err != nil {
				return nil, fault.Unexpected("sandbox.upload", err, "url", p.Console())
			}
		}
		keyID, err := p.AddKey(ctx, appID, []byte(public))
		if err != nil {
			return nil, fault.Unexpected("sandbox.upload", err, "url", p.Console())
		}
		return func(s *Session) {
			s.provide(credentials.AppID, appID)
			s.provide(credentials.KeyID, keyID)
			s.Observed.Uploaded = true
		}, nil
	}
}

var appIDStep = Step{
	ID: StepAppID,
	Intro: func(s *Session) []i18n.Message {
		return []i18n.Message{idBrief(s, "app_id")}
	},
	Shows: func(s *Session) []Exhibit {
		if uploadStep.Skip(s) && !s.Answers.HasApp { // what that step would have asked for last
			return []Exhibit{authorizing}
		}
		return nil
	},
	Fields: func(s *Session) []Field {
		return []Field{valueField(s, credentials.AppID)}
	},
	Provided: inSandbox,
}

var keyIDStep = Step{
	ID:    StepKeyID,
	Intro: func(s *Session) []i18n.Message { return []i18n.Message{idBrief(s, "key_id")} },
	Fields: func(s *Session) []Field {
		return []Field{valueField(s, credentials.KeyID)}
	},
	Provided: inSandbox,
}

func idBrief(s *Session, id string) i18n.Message {
	if s.Origin(id) == FromSandbox {
		return i18n.Msg(id + ".sandbox")
	}
	return i18n.Msg(id + ".brief")
}

// valueField asks for a value of the set.
func valueField(s *Session, field credentials.Field) Field {
	return Field{
		ID: string(field), Flag: field.Flag(), Value: s.Answers.Get(field), Optional: credentials.IsOptional(field),
		Put:   func(s *Session, v string) { *s.Answers.At(field) = v },
		Check: func(raw string) (string, *fault.Fault, error) { return credentials.Check(field, raw) },
		Fine: func(value string) i18n.Message {
			return i18n.Msg("verdict."+string(field), "n", strconv.Itoa(len(value)))
		},
	}
}
