// Package steps has the steps that several plans share, each with its state: the key pair and
// its upload, the ids, the token test, the review, and what is seen at the end. A plan is
// made of them and of its own.
package steps

import (
	"context"
	"crypto/rsa"
	"os"
	"strconv"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/profiles"
	"cozejwt/internal/review"
	"cozejwt/keygen"
)

// The ids of the steps. A step means the same in every plan that has it.
const (
	Current = "current"
	Profile = "profile"
	Region  = "region"
	App     = "app"
	Key     = "key"
	Upload  = "upload"
	AppID   = "app_id"
	KeyID   = "key_id"
	Files   = "files"
	Review  = "review"
	Test    = "test"
	Probe   = "probe"
	OldKeys = "old_keys"
	Done    = "done"
)

// Deps is what a plan is given from outside.
type Deps struct {
	exchange.Exchanger
	Downloads []string // the folders a browser saves to
	// GenerateKey makes a key of that many bits; nil for keygen.Generate.
	GenerateKey func(bits int) (*rsa.PrivateKey, error)
	Sandbox     console.Start
}

// A Project is where a run works. It does not change during the run.
type Project struct {
	Deps
	Dir      string              // project folder, absolute
	EnvPath  string              // of the .env, absolute
	Existing credentials.EnvFile // what the .env held when the run began
}

// OpenProject reads what the .env at envPath holds, in the project folder dir. The errors are those
// of [credentials.Load].
func OpenProject(deps Deps, dir, envPath string) (Project, error) {
	existing, err := credentials.Load(envPath)
	return Project{deps, dir, envPath, existing}, err
}

// OpenComplete is OpenProject for a .env that has to hold complete credentials. The errors are
// env.absent and those of [credentials.EnvFile.Validate].
func OpenComplete(deps Deps, dir, envPath string) (Project, error) {
	if _, err := os.Stat(envPath); err != nil {
		return Project{}, fault.Invalid("env.absent", "path", envPath)
	}
	p, err := OpenProject(deps, dir, envPath)
	if err == nil {
		err = p.Existing.Validate()
	}
	return p, err
}

// Display shortens a path for the reader.
func (p Project) Display(path string) string { return paths.Display(p.Dir, path) }

// DisplayAll shortens each path for the reader.
func (p Project) DisplayAll(all []string) []string {
	var shown []string
	for _, path := range all {
		shown = append(shown, p.Display(path))
	}
	return shown
}

// NewRun is a run of a plan for the .env.
func (p Project) NewRun(plan flow.Plan) *flow.Run {
	return &flow.Run{
		Plan: plan, About: p.Display(p.EnvPath),
		Store: flow.Store{Folder: p.StateDir, Path: p.EnvPath, Now: p.Now},
	}
}

// placeToKeep is the profile that is to hold the credentials of the .env, "" where
// one does already.
func (p Project) placeToKeep() string {
	for _, path := range credentials.Profiles(p.Dir) {
		if held, err := credentials.Load(path); err == nil && p.Existing.Equal(held) && !paths.Same(path, p.EnvPath) {
			return ""
		}
	}
	region := "previous"
	if base, err := coze.ParseBase(p.Existing.Set.APIBase); err == nil {
		region = string(p.RegionOf(base))
	}
	if credentials.IsAppID(p.Existing.Set.AppID) {
		region += "-" + p.Existing.Set.AppID
	}
	return profiles.Free(p.Dir, region)
}

// Credentials are what a run puts into the .env.
type Credentials struct {
	credentials.Set // its KeyPath is worked out from KeyFile
	Region          coze.Region
	KeyFile         string // absolute
	Names           credentials.Convention
	Key             *rsa.PrivateKey // the pair in the key file, or in memory in a dry run; nil before it is there
}

// Base is what every plan has.
type Base struct {
	*flow.Run
	Project
	Credentials
	TokenTest
	Change
	Checklist flow.Checklist // earned by this run

	page     string // of the sandbox's console, once it is open
	expected string // the Key ID that the key should have by what its host has shown, "" where that is not known
}

// NewBase is the Base of a plan in a project.
func NewBase(p Project) Base {
	return Base{Project: p, Credentials: Credentials{Names: credentials.Default}}
}

// A Result is what a run has made, for a script.
type Result struct {
	credentials.Set
	EnvPath, KeyFile string
	Token            *coze.Token     // nil: none was requested, or none was issued
	Changes          []review.Change // that the review showed
	Written          bool            // the .env holds them
	Kept             string          // the profile that holds the previous credentials, "" for none
}

// Result returns what the run has made.
func (b *Base) Result() Result {
	r := Result{Set: b.Set, EnvPath: b.EnvPath, KeyFile: b.KeyFile, Token: b.Token, Written: b.Written}
	if b.Review != nil {
		r.Changes = b.Review.Changes
	}
	if b.Kept != "" {
		r.Kept = credentials.EnvFile{Path: b.Kept}.Profile()
	}
	return r
}

// Console is that of the region.
func (b *Base) Console() console.Console { return console.Of(b.Region, b.Sandbox, b.page) }

// Page is the URL of the console's page of apps, "" where none is known.
func (b *Base) Page() string { return b.Console().Page() }

// EnglishConsole reports whether the console is that of coze.com, which has no Chinese labels.
func (b *Base) EnglishConsole() bool { return b.Region == coze.COM }

// Link shows that page.
func (b *Base) Link() []flow.Exhibit {
	if url := b.Page(); url != "" {
		return []flow.Exhibit{flow.Link{URL: url}}
	}
	return nil
}

// SetBase answers the question for the region with an API base.
func (b *Base) SetBase(base string) { b.APIBase, b.Region = base, b.RegionOf(base) }

// Preselect answers with what the .env holds.
func (b *Base) Preselect() {
	b.Names, b.Set, b.APIBase = b.Existing.Conventions[0], b.Existing.Set, ""
	if base, err := coze.ParseBase(b.Existing.Set.APIBase); err == nil {
		b.SetBase(base)
	}
	file := b.Existing.KeyFile()
	if _, err := os.Stat(file); file != "" && err == nil {
		b.KeyFile = file
	}
}

// ChooseBase is SetBase for a region that was chosen: the ids of the
// sandbox are left behind with it, for they exist nowhere else.
func (b *Base) ChooseBase(region coze.Region, base string) {
	if b.Region == coze.Sandbox && region != coze.Sandbox {
		b.ForgetIDs()
	}
	if !b.Given(string(credentials.Aud)) {
		b.Set = b.AtBase(b.Set, base)
	}
	b.Region, b.APIBase = region, base
}

// Opened notes that the sandbox's console is open at a URL.
func (b *Base) Opened(page string) {
	if b.Region == coze.Sandbox {
		b.page = page
	}
}

// Watch looks in the console, and records what is seen there. What cannot be seen now is said by
// the step's work.
func (b *Base) Watch(look func(context.Context) (console.Found, error), then func(console.Found)) flow.Job {
	return func(ctx context.Context) (flow.Effect, error) {
		found, err := look(ctx)
		if err != nil || !found.Seen {
			return nil, nil
		}
		return func() {
			b.Opened(found.Page)
			then(found)
		}, nil
	}
}

// Provide takes an id that the console has given.
func (b *Base) Provide(field credentials.Field, id string) {
	*b.At(field) = id
	if !b.Given(string(field)) {
		b.Note(flow.FromSandbox, string(field))
	}
}

// Values returns the credentials as they stand in the .env.
func (b *Base) Values() credentials.Set {
	set := b.Set
	set.KeyPath = credentials.RelativeKeyPath(b.Dir, b.EnvPath, b.KeyFile)
	if set.Aud == coze.Audience(set.APIBase) {
		set.Aud = "" // every client signs that by itself
	}
	return set
}

// Facts are what the run knows of the exchange that failed last.
func (b *Base) Facts() diagnosis.Facts {
	set := b.asked
	set.APIBase = b.APIBase
	f := diagnosis.OfExchange(b.Region, set, b.Now())
	if b.asked == (credentials.Set{}) {
		f.Set = nil // nothing was exchanged yet
	}
	f.Worked, f.SaysUpload = b.worked, b.upload
	if path := formats.NamingOtherRegion(b.Dir, b.EnvPath, set.AppID, b.APIBase); path != "" {
		f.OtherHint = b.Display(path)
	}
	return f
}

// ValueField asks for a value of the set.
func (b *Base) ValueField(field credentials.Field) flow.Field {
	f := flow.Field{
		ID: string(field), Flag: field.Flag(), Value: b.Get(field), Optional: credentials.IsOptional(field),
		Put:   func(v string) { *b.At(field) = v },
		Check: func(raw string) (string, *fault.Fault, error) { return credentials.Check(field, raw) },
		Fine: func(value string) i18n.Message {
			return i18n.Msg("verdict."+string(field), "n", strconv.Itoa(len(value)))
		},
	}
	if field == credentials.KeyID && b.Key != nil {
		return b.compared(f)
	}
	return f
}

// ValueStep is the step that asks for a value of the set; its id is the field's.
func (b *Base) ValueStep(field credentials.Field, fixes diagnosis.FixAt) flow.Step {
	id := string(field)
	var prepare func() flow.Job
	if field == credentials.KeyID {
		prepare = b.expectKeyID
	}
	return flow.Step{
		ID: id, Prepare: prepare,
		Intro: func() []i18n.Message {
			if b.Origin(id) == flow.FromSandbox {
				return []i18n.Message{i18n.Msg(id + ".sandbox")}
			}
			return []i18n.Message{i18n.Msg(id + ".brief")}
		},
		Fields:   func() []flow.Field { return []flow.Field{b.ValueField(field)} },
		Provided: func() bool { return b.Console().Acts() },
		Answer:   func() string { return b.Get(field) },
		Fixes:    []diagnosis.FixAt{fixes},
	}
}

// Fingerprint tells keys apart; it is "" for none.
func Fingerprint(key *rsa.PrivateKey) string {
	if key == nil {
		return ""
	}
	return keygen.Fingerprint(&key.PublicKey)
}
