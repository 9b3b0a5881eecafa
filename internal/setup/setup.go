// Package setup is the engine: it holds the plan from nothing to a live token
// and everything a plan needs to know, and it knows no terminal. A plan is a
// list of steps; the wizard, the plain prompts and the flags walk the same one.
package setup

import (
	"context"
	"crypto/rsa"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/profiles"
	"cozejwt/internal/review"
	"cozejwt/internal/snippet"
	"cozejwt/keygen"
)

// Deps is what the engine is given from outside.
type Deps struct {
	exchange.Exchanger
	Downloads []string // the folders a browser saves to
	// GenerateKey makes a key of that many bits; nil for keygen.Generate.
	GenerateKey func(bits int) (*rsa.PrivateKey, error)
	// Sandbox starts or joins the sandbox. Calling it again is cheap.
	Sandbox func(context.Context) (Sandbox, error)
}

// A Sandbox is a Coze whose console can be worked from here.
type Sandbox interface {
	APIBase() string
	Console() string
	CreateApp(ctx context.Context, name string) (appID string, err error)
	HasApp(ctx context.Context, appID string) (bool, error)
	AddKey(ctx context.Context, appID string, publicPEM []byte) (keyID string, err error)
	// AppsByHand lists the apps that a person created in the console.
	AppsByHand(ctx context.Context) ([]string, error)
	// KeyID returns the id of a public key of an app, "" where it has none such.
	KeyID(ctx context.Context, appID string, publicPEM []byte) (string, error)
}

// A KeySource says where the key pair comes from.
type KeySource string

// The sources.
const (
	MakeKey   KeySource = "make"   // made here, uploaded by hand
	ImportKey KeySource = "import" // made by the console, downloaded
	ReuseKey  KeySource = "reuse"  // the project's own
)

// Answers are what the person chose or typed. There is no secret in them.
type Answers struct {
	credentials.Set // its KeyPath is worked out from KeyFile

	Region  coze.Region `json:"region,omitempty"`
	Source  KeySource   `json:"key_source,omitempty"`
	KeyFile string      `json:"key_file,omitempty"`
	Import  string      `json:"import,omitempty"`
	Bits    int         `json:"bits,omitempty"`
	// Previous is the set that the .env named when a rotation began; nil in the
	// other plans.
	Previous *credentials.Set `json:"former,omitempty"`
	// PreviousKey is the fingerprint of the key that the .env named when the run
	// began, "" for none.
	PreviousKey string                 `json:"previous_key_sha256,omitempty"`
	KeepRefused bool                   `json:"-"`                 // values that were refused stay in the .env when the run is left
	NewApp      bool                   `json:"new_app,omitempty"` // beside the one whose credentials are there
	Names       credentials.Convention `json:"-"`
	Together    bool                   `json:"-"`                 // the other .env files that name the key are switched with it
	Profile     string                 `json:"-"`                 // the one that is to be put into the .env
	Replace     bool                   `json:"-"`                 // an existing private key may be replaced
	Discard     bool                   `json:"-"`                 // the console's download is to be removed
	Write       bool                   `json:"-"`                 // the review was accepted
	HasApp      bool                   `json:"has_app,omitempty"` // made before this run, with its permissions
	SkipTest    bool                   `json:"-"`
	DryRun      bool                   `json:"-"`
	NoExample   bool                   `json:"-"` // .env.example is left alone
}

// Observed is the evidence of this run: nothing here is a claim of the person's.
type Observed struct {
	Key       *rsa.PrivateKey // the pair in the key file, or in memory in a dry run
	KeyIsNew  bool            // it was made or imported in this run
	Source    KeySource       // where it came from
	Saved     *keygen.Saved   // what was put on the disk for it
	Removed   string          // the download that was removed
	Uploaded  bool            // the sandbox has the public key
	AppExists bool            // the sandbox has the app before the step makes one
	Review    *review.Review
	Written   bool
	Restored  bool            // the previous credentials are back in the .env
	Refused   error           // why the last token was refused; nil where it was issued or not requested
	Kept      string          // the profile that holds the previous credentials, "" for none
	Backups   []string        // copies of key files that this run has replaced
	Checklist Checklist       // earned by this run
	Project   snippet.Project // that the credentials are for
	Tools     []string        // of the project that may hold the previous key
	Undone    bool            // what was written was taken back, because its test failed
	Record    string          // the file that a rollback reads
	Worked    bool            // the set in use was seen to work before it is changed
	Old       []OldKey
	Token     *coze.Token   // the last that was asked for; nil: none was granted
	Elapsed   time.Duration // of its exchange
}

// A Session is one run of a plan. It belongs to one goroutine; work runs in
// Jobs, which touch no session.
type Session struct {
	Deps     Deps
	Plan     Plan
	Dir      string // project folder, absolute
	EnvPath  string // of the .env, absolute
	Answers  Answers
	Observed Observed
	Resumes  bool                 // an unfinished run is resumed without a question
	Reason   *diagnosis.Diagnosis // why the run begins where it does; nil for no reason to tell
	Unlock   func()               // called at the last step: others may change the project again; nil for nothing

	origins      map[string]Origin // by the ids of the fields
	ended        bool              // the last step was reached
	keys         keyFiles          // as they were when last looked at
	drafts       *draftWriter
	profiles     []Option            // as they were when last looked at
	apps         []string            // made by hand in the sandbox, as they were when first looked at; nil before that
	existing     credentials.EnvFile // what the .env holds
	pregenerated *future[*rsa.PrivateKey]
	console      string          // of the sandbox, once it is open
	asked        credentials.Set // which a token was last asked for
	keyIDOwner   string          // fingerprint of the key that the Key ID belongs to

	inUse          *rsa.PrivateKey            // the key that a rotation replaces; nil where it cannot be read
	sameKeyFiles   []credentials.EnvFile      // other .env files that name it
	otherBaseFiles []string                   // those that name it, but ask another API base
	previous       *previousSet               // what the .env held when the run began; nil where that was not complete
	written        []review.Edit              // by this run, from what was there before to what is there now
	draftStep      string                     // where the run would be resumed
	begin          *Draft                     // what the run begins with in place of a draft; nil for nothing
	verbatim       map[string]credentials.Set // what a .env is to name, where it is not what the answers make
	backupPath     string                     // the .env that takes the set which is replaced, "" where none has to
}

// A Job is a step's work. It keeps to what it was given when it was made, so
// it may run on any goroutine; the Effect it returns is put into the session
// by whoever owns it.
type Job func(ctx context.Context) (Effect, error)

// An Effect records in the session what a Job did.
type Effect func(*Session)

// Do does the job and records in the session what it did.
func (j Job) Do(ctx context.Context, s *Session) error {
	effect, err := j(ctx)
	if effect != nil {
		effect(s)
	}
	return err
}

// apart returns the job that does something to a copy of the session and then
// takes the copy over. Nothing else may change the session in between.
func (s *Session) apart(do func(*Session) error) Job {
	snapshot := *s
	snapshot.origins = maps.Clone(s.origins)
	return func(context.Context) (Effect, error) {
		if err := do(&snapshot); err != nil {
			return nil, err
		}
		return func(s *Session) { *s = snapshot }, nil
	}
}

// A Step is one stop on the way.
type Step struct {
	ID string
	// Intro is what the person is told first; nil for nothing. See Says.
	Intro func(*Session) []i18n.Message
	// Shows is what the step shows beside its words; nil for nothing.
	Shows func(*Session) []Exhibit
	// Look sees what lies outside the session and Fields depend on: on arrival,
	// and again while the step waits for an answer. Nil where nothing does.
	Look func(*Session) Job
	// Prepare works out, on arrival, what the step shows; nil where nothing is.
	Prepare func(*Session) Job
	// Fields are what is asked. The list may grow with the answers.
	Fields func(*Session) []Field
	// Work is what is done when all is answered; nil where nothing is.
	Work func(*Session) Job
	// Provided reports whether the sandbox answers the questions by itself.
	Provided func(*Session) bool
	// Skip reports whether there is nothing to do here in this run.
	Skip func(*Session) bool
	// Outcome says whether the work asks for a token and the answer is shown.
	Outcome Outcome
}

// Outcome says whether a step's work requests a token.
type Outcome int

// The outcomes: no token; a token, required to continue;
// a token, where the person may continue after a refusal.
const (
	TokenNone Outcome = iota
	TokenRequired
	TokenOptional
)

// DefaultKeyPath is where the private key is kept, relative to the project.
const DefaultKeyPath = "config/private_key.pem"

// Open begins a session for the project folder dir, whose credentials are or
// will be in the file envPath. What is there already becomes the first answer
// to each question.
func Open(env Deps, dir, envPath string) (*Session, error) {
	s := &Session{
		Deps: env, Plan: Create, Dir: dir, EnvPath: envPath,
		Answers: Answers{Bits: keygen.DefaultBits, Names: credentials.Default, KeyFile: filepath.Join(dir, filepath.FromSlash(DefaultKeyPath))},
		origins: map[string]Origin{}, drafts: &draftWriter{},
	}
	var err error
	if s.existing, err = credentials.Load(envPath); err != nil {
		return nil, err
	}
	if s.Found() {
		s.preselect()
		s.findPrevious()
		s.noteAnswers(FromEnv)
	} else {
		s.readExample()
		s.noteAnswers(FromExample)
	}
	return s, nil
}

// keyOfItsOwn proposes a key file for a new profile whose default another .env uses: each app
// has a key of its own. A Key ID that is given is of a key that is there.
func (s *Session) keyOfItsOwn() {
	name := credentials.EnvFile{Path: s.EnvPath}.Profile()
	if name == "" || s.Found() || s.Given("key_id") || s.Given("key_path") || s.Given("key_source") {
		return
	}
	if used, err := profiles.KeysInUse(s.Dir, s.EnvPath); err != nil || !used.Names(s.Answers.KeyFile) {
		return
	}
	ending := filepath.Ext(s.Answers.KeyFile)
	s.Answers.KeyFile = strings.TrimSuffix(s.Answers.KeyFile, ending) + "_" + name + ending
}

// readExample proposes what a team's .env.example holds, in a fresh clone: the
// names, the region and the App ID.
func (s *Session) readExample() {
	f, err := envfile.Load(filepath.Join(s.Dir, ".env.example"))
	if err != nil {
		return // it is only a help
	}
	set, names, ok := credentials.Read(f)
	if !ok {
		return
	}
	s.Answers.Names = names
	if base, err := coze.ParseBase(set.APIBase); err == nil && strings.HasPrefix(base, "https://") { // http is another machine's sandbox
		s.SetBase(base)
	}
	for _, field := range credentials.Checked() {
		if field == credentials.KeyID {
			continue // each of the team has a key of their own
		}
		if value, notice, err := credentials.Check(field, set.Get(field)); err == nil && notice == nil {
			*s.Answers.At(field) = value
		}
	}
}

// Found reports whether the .env holds a set, or a part of one.
func (s *Session) Found() bool { return s.existing.Found() }

func (s *Session) preselect() {
	s.Answers.Names = s.existing.Conventions[0]
	s.Answers.Set = s.existing.Set
	s.Answers.KeyID, s.Answers.APIBase = "", ""
	if base, err := coze.ParseBase(s.existing.Set.APIBase); err == nil {
		s.SetBase(base)
	}
	file := s.existing.KeyFile()
	if _, err := os.Stat(file); file != "" && err == nil {
		s.Answers.KeyFile = file
	}
	if key, err := keygen.Load(s.Answers.KeyFile); err == nil { // without its key, a Key ID is of no use
		s.Answers.KeyID, s.keyIDOwner = s.existing.Set.KeyID, fingerprint(key.Private)
	}
}

// NewApp makes the run about another app than the one whose credentials are
// there: its ids are not proposed, and its key is not touched.
func (s *Session) NewApp() {
	s.Answers.NewApp = true
	s.Answers.ForgetIDs()
	if s.previous != nil {
		s.Answers.KeyFile = ""
	}
}

// SetBase answers the question for the region with an API base.
func (s *Session) SetBase(base string) {
	s.Answers.APIBase, s.Answers.Region = base, s.Deps.RegionOf(base)
}

// ChooseBase is SetBase for a region that was chosen: the ids of the
// sandbox are left behind with it, for they exist nowhere else.
func (s *Session) ChooseBase(region coze.Region, base string) {
	if s.Answers.Region == coze.Sandbox && region != coze.Sandbox {
		s.Answers.ForgetIDs()
	}
	s.Answers.Region, s.Answers.APIBase = region, base
}

// Warm starts to make a key pair in the background, so that the step that
// needs it does not wait.
func (s *Session) Warm() {
	if s.pregenerated == nil && s.Plan.Index(StepKey) >= 0 {
		generate, bits := s.Deps.GenerateKey, s.Answers.Bits
		if generate == nil {
			generate = keygen.Generate
		}
		s.pregenerated = start(func() (*rsa.PrivateKey, error) { return generate(bits) })
	}
}

// provide takes an id that the sandbox has given.
func (s *Session) provide(field credentials.Field, id string) {
	*s.Answers.At(field) = id
	if !s.Given(string(field)) {
		s.note(FromSandbox, string(field))
	}
}

// Set returns the credentials as the answers have them.
func (s *Session) Set() credentials.Set {
	set := s.Answers.Set
	set.KeyPath = credentials.RelativeKeyPath(s.Dir, s.EnvPath, s.Answers.KeyFile)
	return set
}

// Console returns the URL of the console's page of apps, "" where none is known.
func (s *Session) Console() string {
	if s.Answers.Region == coze.Sandbox {
		return s.console
	}
	return s.Answers.Region.Console()
}

// PublicPEM returns the public key to upload.
func (s *Session) PublicPEM() string {
	if s.Observed.Key == nil {
		return ""
	}
	return string(keygen.EncodePublic(&s.Observed.Key.PublicKey))
}

// UseConsoleKey changes the answer to where the key comes from: the console has
// made it. It returns the step that asks for the file, and which of its fields.
func (s *Session) UseConsoleKey() (step string, field int) {
	s.Answers.Source = ImportKey
	return StepKey, 1 // past the choice that was just made
}

// Display shortens a path for the reader: relative to the project folder
// where it is inside, with ~ for the home folder elsewhere.
func (s *Session) Display(path string) string {
	if shown := credentials.Within(s.Dir, path); shown != path {
		return shown
	}
	if home, err := os.UserHomeDir(); err == nil {
		if shown := credentials.Within(home, path); shown != path {
			return "~/" + shown
		}
	}
	return path
}

// Diagnose explains why the work of a step failed.
func (s *Session) Diagnose(err error) diagnosis.Diagnosis {
	set := s.asked
	set.APIBase = s.Answers.APIBase
	f := diagnosis.OfExchange(s.Answers.Region, set, s.Deps.Now())
	if s.asked == (credentials.Set{}) {
		f.Set = nil // nothing was exchanged yet
	}
	f.KeyFromHere = s.Answers.Source != ImportKey
	f.KeyIsNew = s.Observed.KeyIsNew
	f.Uploaded = s.Observed.Uploaded
	f.KeyWorked = s.Observed.Undone && !s.Answers.SkipTest
	f.AppWorks = s.Observed.Worked && s.asked != *s.Answers.Previous
	return diagnosis.Diagnose(err, f)
}

// keyOnDisk says what is at the key file: a key, nothing, or an error that
// says why it cannot be used.
func (s *Session) keyOnDisk() (*keygen.Key, error) {
	if s.Answers.KeyFile == "" {
		return nil, nil
	}
	key, err := keygen.Load(s.Answers.KeyFile)
	if errors.Is(err, keygen.ErrAbsent) {
		return nil, nil
	}
	return key, err
}

// describe returns what tells a key from others, as pairs for a text: path, bits, age, SHA-256.
func (s *Session) describe(path string, key *rsa.PrivateKey) []string {
	age := ""
	if info, err := os.Stat(path); err == nil {
		age = s.Deps.Now().Sub(info.ModTime()).Round(time.Second).String()
	}
	return []string{
		"path", s.Display(path), "bits", strconv.Itoa(key.N.BitLen()), "age", age,
		"sha256", keygen.Fingerprint(&key.PublicKey)[:16],
	}
}
