package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	"cozejwt/keygen"
)

// maxKeys is how many key pairs an app may have (official guide, oauth_jwt).
const maxKeys = 3

// maxApps bounds the state file, to far less than maxState bytes.
const (
	maxApps  = 200
	maxState = 64 << 20
)

// state is what is kept between runs. There is no secret in it.
type state struct {
	Addrs []string `json:"addrs,omitempty"` // where the sandbox was served, the last first
	Apps  []*App   `json:"apps"`
}

// An App is an OAuth app, with the console's choices.
type App struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Type        string   `json:"type"`        // normal, channel, privilege
	ClientType  string   `json:"client_type"` // service, web, mobile
	Permissions []string `json:"permissions"` // that are ticked
	Authorized  bool     `json:"authorised"`
	Granted     []string `json:"granted"`    // the permissions of the last authorization: those that count
	Workspaces  []string `json:"workspaces"` // that were chosen in it
	Deactivated bool     `json:"deactivated"`
	LoggedOut   bool     `json:"owner_logged_out"`  // the owner's login has ended
	Trouble     bool     `json:"trouble"`           // the service fails for this app
	ByHand      bool     `json:"by_hand,omitempty"` // it was created in the console, not by a program
	Keys        []*Key   `json:"keys"`
}

// A Key is a public key that was uploaded to an app.
type Key struct {
	ID        string    `json:"key_id"`
	PublicKey string    `json:"public_key"` // SPKI PEM
	Added     time.Time `json:"added"`
	LastUsed  time.Time `json:"last_used,omitzero"` // in a token request; written with the next change

	parsed *rsa.PublicKey // PublicKey, once it was needed
}

var (
	errNoApp = errors.New("no such app")
	errNoKey = errors.New("no such key")
	errMany  = fmt.Errorf("the sandbox holds %d apps at most: delete one first", maxApps)
	errFull  = fmt.Errorf("an app holds %d keys at most: delete one first", maxKeys)
)

// newApp is an app as the console makes it for who follows the guide.
func newApp(name string) *App {
	return &App{Name: name, Type: "normal", ClientType: "service", Permissions: slices.Clone(usualPermissions), Authorized: true}
}

func (s *Server) load() error {
	if s.file == "" {
		return nil
	}
	data, err := boundedfile.Read(s.file, maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s.state)
	}
	if err != nil {
		return fault.Unexpected("sandbox.state", err, "path", s.file)
	}
	for _, a := range s.Apps {
		a.update()
	}
	return nil
}

// save writes the state. What could not be written has not happened: the caller takes it back
// with attempt.
func (s *Server) save() error {
	if s.file == "" {
		return nil
	}
	data, err := json.MarshalIndent(s.state, "", "  ")
	if err == nil {
		err = disk.MkdirAll(filepath.Dir(s.file), 0o700)
	}
	if err == nil {
		err = atomicfile.WriteFile(s.file, append(data, '\n'), 0o600)
	}
	return fault.Unwritable(s.file, err)
}

// attempt makes a change that saves the state, or leaves the state as it was.
func (s *Server) attempt(change func() error) error {
	before := s.state.copied()
	err := change()
	switch {
	case err != nil:
		s.state = before
	case s.trouble.Kind == TroubleDelay:
		s.delay(before)
	}
	return err
}

func (s state) copied() state {
	c := state{slices.Clone(s.Addrs), make([]*App, len(s.Apps))}
	for i, a := range s.Apps {
		app := a.copied()
		c.Apps[i] = &app
	}
	return c
}

func (s *Server) add(app *App) error {
	n, err := rand.Int(rand.Reader, big.NewInt(9e12))
	if err != nil {
		return err
	}
	if len(s.Apps) >= maxApps {
		return errMany
	}
	app.ID = n.Add(n, big.NewInt(1e12)).String() // 13 digits, as those seen
	app.Keys = nil
	return s.attempt(func() error {
		s.Apps = append(s.Apps, app)
		return s.save()
	})
}

func (s *state) app(id string) (*App, error) {
	for _, app := range s.Apps {
		if app.ID == id {
			return app, nil
		}
	}
	return nil, errNoApp
}

func (s *Server) remove(id string) error {
	if _, err := s.app(id); err != nil {
		return err
	}
	return s.attempt(func() error {
		s.Apps = slices.DeleteFunc(s.Apps, func(a *App) bool { return a.ID == id })
		return s.save()
	})
}

// registerKey adds a public key to an app. The same key again has the same id.
func (s *Server) registerKey(appID, publicPEM string) (*Key, error) {
	app, err := s.app(appID)
	if err != nil {
		return nil, err
	}
	public, err := keygen.ParsePublic([]byte(publicPEM))
	if err = fault.At("public_key", err); err != nil {
		return nil, err
	}
	text := string(keygen.EncodePublic(public))
	for _, k := range app.Keys {
		if k.PublicKey == text {
			return k, nil
		}
	}
	if len(app.Keys) == maxKeys {
		return nil, errFull
	}
	key := &Key{ID: newKeyID(), PublicKey: text, Added: s.now().UTC()}
	return key, s.attempt(func() error {
		app.Keys = append(app.Keys, key)
		return s.save()
	})
}

// newKeyID has the shape of those seen, 32 bytes in base64url. It is random:
// how Coze derives its own from the key is not documented.
func newKeyID() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (s *Server) forgetKey(appID, keyID string) error {
	app, err := s.app(appID)
	if err != nil {
		return err
	}
	if app.key(keyID) == nil {
		return errNoKey
	}
	return s.attempt(func() error {
		app.Keys = slices.DeleteFunc(app.Keys, func(k *Key) bool { return k.ID == keyID })
		return s.save()
	})
}

func (a *App) key(id string) *Key {
	for _, k := range a.Keys {
		if k.ID == id {
			return k
		}
	}
	return nil
}

// snapshot is a copy of the apps, the last first.
func (s *Server) snapshot() []App {
	s.mu.Lock()
	defer s.mu.Unlock()
	apps := make([]App, len(s.Apps))
	for i, a := range s.Apps {
		apps[len(apps)-1-i] = a.copied()
	}
	return apps
}

func (s *Server) snapshotOf(id string) (App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.app(id)
	if err != nil {
		return App{}, err
	}
	return a.copied(), nil
}

func (a *App) copied() App {
	c := *a
	c.Keys = make([]*Key, len(a.Keys))
	for i, k := range a.Keys {
		key := *k
		c.Keys[i] = &key
	}
	c.Permissions, c.Granted, c.Workspaces = slices.Clone(a.Permissions), slices.Clone(a.Granted), slices.Clone(a.Workspaces)
	return c
}
