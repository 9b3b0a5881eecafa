package main

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/url"
	"path/filepath"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/profiles"
	"cozejwt/internal/state"
)

// A project is somebody else's, and its files say where a JWT is sent and what is written.
// What follows asks before that takes something of the person's out of the project; the
// answer is kept for the same project, host and file. Flags that name the host or the file
// are an answer.

// A consent is what a person has agreed to.
type consent struct {
	Project string `json:"project"`
	What    string `json:"what"` // a host, or a file that is written
	Key     string `json:"key,omitempty"`
}

func (a *app) consentFile(c consent) state.File[consent] {
	return state.File[consent]{Path: filepath.Join(consents(), state.Name(c.Project, c.What, c.Key)+".json")}
}

func consents() string { return filepath.Join(stateDir(), "trust") }

// keptConsents lists the answers that are kept.
func keptConsents() []state.Kept {
	return state.Files(consents(), "trust", func(path string) string {
		c, _ := state.File[consent]{Path: path}.Read()
		return c.Project
	})
}

// agree asks for a consent, unless it was given before. The fault is that of a run in which
// there is nobody to ask, and of a no.
func (a *app) agree(ctx context.Context, c consent, refused *fault.Fault) error {
	file := a.consentFile(c)
	if given, ok := file.Read(); ok && given == c {
		return nil
	}
	if !a.asks() {
		return refused
	}
	a.printWrapped(a.err, refused.Message(a.lang))
	if !a.agreed(ctx, a.lang.Text("trust.ask")) {
		return refused
	}
	return file.Write(c)
}

// project is the folder that other people's files are in: the work tree, if there is one.
func (a *app) project() string {
	if root, ok := git.Root(a.dir); ok {
		return root
	}
	return a.dir
}

// errHost is the fault of a host that a file of the project names for a key from outside.
var errHost = fault.Usage("trust.host")

// errAudience is the fault of a JWT for one host that a file of the project sends to another.
var errAudience = fault.Usage("trust.audience")

// maySign asks before a key signs what a file of the project alone decides: with a key from
// outside the project for a host that is neither Coze nor this machine, or a JWT for another host
// than the one it is sent to. Yes is --yes, aud is --aud.
func (a *app) maySign(ctx context.Context, yes bool, aud string, files iter.Seq[credentials.EnvFile]) error {
	if yes || a.apiBase != "" || a.region != "" {
		return nil
	}
	for held := range files {
		if c, refused := a.consentFor(held, cmp.Or(aud, held.Set.Aud)); refused != nil {
			if err := a.agree(ctx, c, refused); err != nil {
				return err
			}
		}
	}
	return nil
}

// loaded yields the .env files at some paths that can be read. The command itself says what is wrong
// with the others.
func loaded(paths ...string) iter.Seq[credentials.EnvFile] {
	return func(yield func(credentials.EnvFile) bool) {
		for _, path := range paths {
			if held, err := credentials.Load(path); err == nil && !yield(held) {
				return
			}
		}
	}
}

// consentFor is what a person has to agree to before the key of a .env signs for aud, "" for the
// host of the API base; refused is nil for nothing.
func (a *app) consentFor(held credentials.EnvFile, aud string) (c consent, refused *fault.Fault) {
	base, err := coze.ParseBase(held.Set.APIBase)
	if err != nil || held.KeyFile() == "" {
		return c, nil
	}
	return a.consentForKey(held, base, held.KeyFile(), aud)
}

// consentForKey is consentFor with any key file, for a base that the .env names.
func (a *app) consentForKey(held credentials.EnvFile, base, keyFile, aud string) (c consent, refused *fault.Fault) {
	host := coze.Audience(base)
	_, foreign := foreignHost(base)
	key, outside := atomicfile.Outside(a.project(), keyFile)
	switch {
	case aud != "" && aud != host && (outside || foreign):
		return consent{a.project(), aud + " at " + host, key}, errAudience.With("path", a.show(held.Path), "host", host, "aud", aud, "key", key)
	case foreign && outside:
		return consent{a.project(), host, key}, errHost.With("path", a.show(held.Path), "host", host, "key", key)
	}
	return c, nil
}

// foreignHost returns the host of a base that is neither Coze's nor this machine.
func foreignHost(base string) (host string, foreign bool) {
	base, err := coze.ParseBase(base)
	if err != nil || coze.RegionOf(base) != coze.Custom {
		return "", false
	}
	u, err := url.Parse(base)
	if err != nil || coze.IsLoopback(u.Hostname()) {
		return "", false
	}
	return u.Host, true
}

// errLink is the fault of a .env that is a link out of the project.
var errLink = fault.Invalid("trust.link")

// mayWrite asks before a .env is written through a link that leaves the project.
func (a *app) mayWrite(ctx context.Context) error {
	if a.envFile != "" {
		return nil
	}
	real, outside := atomicfile.Outside(a.project(), a.envPath())
	if !outside {
		return nil
	}
	return a.agree(ctx, consent{Project: a.project(), What: real}, errLink.With("path", a.show(a.envPath()), "real", real))
}

// mayGoOn asks what a run that changes a .env has to ask, by its flags.
func (a *app) mayGoOn(ctx context.Context, given map[string]string, paths ...string) error {
	if err := a.mayWrite(ctx); err != nil {
		return err
	}
	if given["skip-test"] == "true" || given["dry-run"] == "true" {
		return nil
	}
	return a.maySign(ctx, given["yes"] == "true", given["aud"], loaded(paths...))
}

// errImported is the fault of hosts that an imported file names.
var errImported = fault.Usage("trust.imported")

// mayTest asks before the credentials of an imported file are sent to the hosts that it
// names.
func (a *app) mayTest(ctx context.Context, yes bool, path string, imported []profiles.Profile) error {
	if yes || a.apiBase != "" || a.region != "" {
		return nil
	}
	for _, p := range imported {
		if host, foreign := foreignHost(p.Set.APIBase); foreign {
			if err := a.agree(ctx, consent{Project: a.project(), What: host, Key: "import"}, errImported.With("path", a.show(path), "host", host)); err != nil {
				return err
			}
		}
	}
	return nil
}

// unignored does what writes a key, and does it again where git cannot be made to ignore
// that key and a person agrees to it. There is no flag for it, and the answer is not kept.
func (a *app) unignored(ctx context.Context, write func(agreed bool) error) error {
	err := write(false)
	if refused, ok := errors.AsType[keyfile.Unignored](err); ok && a.asks() {
		f, _ := errors.AsType[*fault.Fault](refused)
		a.printWrapped(a.err, f.Message(a.lang))
		if a.agreed(ctx, a.lang.Text("trust.unignored")) {
			return write(true)
		}
	}
	return err
}
