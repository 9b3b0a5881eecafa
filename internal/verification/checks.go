package verification

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cozejwt/envfile"
	"cozejwt/internal/access"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/keygen"
)

// knowledge is what the checks of a run have found out so far.
type knowledge struct {
	file    *envfile.File
	set     credentials.Set
	names   credentials.Convention
	base    string // as credentials has it or as the target wants it, checked
	keyFile string
	key     *keygen.Key
	weak    bool
	date    time.Time // of the service, zero where it did not tell
	asked   time.Time // when it told
	refused *diagnosis.Diagnosis
	token   coze.Token
}

// checks are all there is to check, in the order they are shown. To add one:
// write it here, its texts verify.ID and verify.ID.why into both catalogues,
// and a broken set-up into the table of TestVerifyNamesWhatIsBroken in cmd/cozejwt.
var checks = slices.Concat([]check{
	{id: "env.exists", of: envFile, run: envExists},
	{id: "env.readable", of: envFile, after: []string{"env.exists"}, run: envReadable},
	{id: "env.encoding", of: envFile, after: []string{"env.readable"}, run: envEncoding},
	{id: "env.twice", of: envFile, after: []string{"env.readable"}, run: envTwice},
	{id: "env.complete", after: []string{"env.readable"}, run: envComplete},
	{id: "env.mode", of: envFile, after: []string{"env.exists"}, run: envMode},
	{id: "env.ignored", of: envFile, after: []string{"env.exists"}, run: envIgnored},
	{id: "env.conflict", of: envFile, after: []string{"env.readable"}, run: envConflict},
	{id: "env.shadowed", of: envFile, after: []string{"env.readable"}, run: envShadowed},
	{id: "env.leftover", of: envFile, after: []string{"env.readable"}, run: envLeftover},
	{id: "env.personal_token", of: envFile, after: []string{"env.readable"}, run: envPersonalToken},
}, shapeChecks(), []check{
	{id: "api.base", after: []string{"env.readable"}, run: apiBase},
	{id: "key.exists", of: keyFile, after: []string{"env.readable"}, run: keyExists},
	{id: "key.format", after: []string{"key.exists"}, run: keyFormat},
	{id: "key.strength", after: []string{"key.exists"}, run: keyStrength},
	{id: "key.age", of: keyFile, after: []string{"key.exists"}, run: keyAge},
	{id: "key.mode", of: keyFile, after: []string{"key.exists"}, run: keyMode},
	{id: "key.pair", of: keyFile, after: []string{"key.exists"}, run: keyPair},
	{id: "key.ignored", of: keyFile, after: []string{"key.exists"}, run: keyIgnored},
	{id: "audience", after: []string{"env.complete", "api.base"}, run: audience},
	{id: "api.reachable", live: true, after: []string{"api.base"}, run: apiReachable},
	{id: "clock.skew", live: true, after: []string{"api.reachable"}, run: clockSkew},
	{id: "token.exchange", live: true, after: []string{"app_id.shape", "key_id.shape", "api.reachable"}, done: []string{"clock.skew"}, run: tokenExchange},
	{id: "token.permission", live: true, after: []string{"token.exchange"}, run: tokenPermission},
	{id: "api.call", live: true, after: []string{"token.exchange"}, run: apiCall},
	{id: "region.match", live: true, after: []string{"api.reachable"}, done: []string{"token.exchange"}, run: regionMatch},
})

func envExists(_ context.Context, c *run) Result {
	info, err := os.Stat(c.EnvPath)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		absent := fault.Invalid("env.absent", "path", c.show(c.EnvPath))
		if near := misnamed(c.EnvPath); near != "" {
			absent = absent.With("near", c.show(near)).Advise("env.misnamed")
		}
		return failed(absent)
	case err == nil && info.IsDir():
		return failed(fault.Invalid("env.folder", "path", c.show(c.EnvPath)))
	case err != nil:
		return failed(fault.Unreadable(c.show(c.EnvPath), err))
	case !info.Mode().IsRegular():
		return failed(fault.Irregular(info.Mode()).With("path", c.show(c.EnvPath)))
	}
	return passed("path", c.show(c.EnvPath))
}

// misnamed is the file that must be meant by a .env that is not there, "" for none: Notepad adds
// .txt, and a browser drops the first dot.
func misnamed(path string) string {
	dir, name := filepath.Split(path)
	plain := func(name string) string {
		return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "."), ".txt")
	}
	entries, _ := os.ReadDir(filepath.Clean(dir))
	for _, e := range entries {
		if e.Type().IsRegular() && e.Name() != name && plain(e.Name()) == plain(name) {
			return filepath.Join(dir, e.Name())
		}
	}
	return ""
}

func envReadable(_ context.Context, c *run) Result {
	f := c.Project.file(c.EnvPath)
	if f.unread != nil {
		return failed(fault.Unreadable(c.show(c.EnvPath), f.unread))
	}
	if ft, ok := errors.AsType[*fault.Fault](f.broken); ok {
		return failed(ft.With("path", c.show(c.EnvPath)))
	}
	c.known.file = f.File
	set, names, _ := credentials.Read(f.File)
	c.know(set, names)
	return passed()
}

func envEncoding(_ context.Context, c *run) Result {
	f, path := c.known.file, c.show(c.EnvPath)
	switch encoding := envfile.Encoding(f.Bytes()); {
	case encoding == "?":
		return warned(fault.Invalid("file.not_utf8", "path", path))
	case encoding != "":
		return warned(envfile.ErrEncoding.With("path", path, "encoding", encoding))
	case f.HasBOM():
		return warned(fault.Invalid("env.bom", "path", path))
	case f.HasWindowsLines():
		return warned(fault.Invalid("env.windows_lines", "path", path))
	case f.HasMacLines():
		return warned(fault.Invalid("env.mac_lines", "path", path))
	}
	return c.notation()
}

// notation looks for values that are right and written so that some readers read others.
func (c *run) notation() Result {
	f := c.known.file
	var unlike, lost []string // the names that some read differently, and those that some do not see
	values := map[string]string{}
	for _, row := range credentials.Variables {
		name, value := c.known.names.VarName(row.Field), c.known.set.Get(row.Field)
		if value == "" || f.Served(name) || c.mistaken(row.Field, value) {
			continue
		}
		unlike = append(unlike, name)
		// What a reference or a comment means is its writer's to say; so is a space, which stays where
		// nothing else changes.
		if strings.Trim(f.Separator(name), " \t") != "=" && !strings.ContainsAny(f.Written(name), "$`\\#") {
			values[name], lost = value, append(lost, name)
		}
	}
	if unlike == nil {
		return passed()
	}
	r := warned(fault.Invalid(unserved(f.Separator(unlike[0])), "path", c.show(c.EnvPath), "name", unlike[0]))
	if lost != nil {
		r.Repair = setValues(c, i18n.Msg("repair.notation", "path", c.typed(c.EnvPath), "name", i18n.List(lost)), values)
	}
	return r
}

// mistaken reports whether a value is wrong itself, which its own check says.
func (c *run) mistaken(field credentials.Field, value string) bool {
	clean, _, err := credentials.Check(field, value)
	switch field {
	case credentials.APIBase:
		_, err = coze.ParseBase(value)
		return err != nil
	case credentials.KeyPath:
		return c.held().InHome()
	}
	return err != nil || clean != value
}

// unserved is the fault of a variable that some readers read differently, by what stands before
// its value.
func unserved(separator string) string {
	switch {
	case separator == "=":
		return "env.written"
	case strings.Contains(separator, ":"):
		return "env.colon"
	}
	return "env.spaced"
}

func envTwice(_ context.Context, c *run) Result {
	seen := map[string]bool{}
	for _, name := range c.known.file.Names() {
		if seen[name] && slices.Contains(c.known.names.VarNames(), name) {
			return warned(fault.Invalid("env.twice", "path", c.show(c.EnvPath), "name", name))
		}
		seen[name] = true
	}
	held := credentials.FromFile(c.EnvPath, c.known.file)
	if second := held.Second; second != nil && second.Set.AppID != "" && second.Set.AppID != held.Set.AppID {
		other := second.Conventions[0].VarName(credentials.AppID)
		return warned(fault.Invalid("env.two_apps", "path", c.show(c.EnvPath), "name", c.known.names.VarName(credentials.AppID), "other", other))
	}
	return passed()
}

func envMode(_ context.Context, c *run) Result { return c.ownerOnly("env", c.EnvPath, warned) }

// ownerOnly checks that nobody but its owner can read a file.
func (c *run) ownerOnly(what, path string, open func(*fault.Fault) Result) Result {
	who, err := access.Of(path)
	if err != nil {
		return failed(fault.Unreadable(c.show(path), err))
	}
	if !who.Open {
		return passed("mode", cmp.Or(who.Mode, who.Accounts))
	}
	r := open(fault.Invalid(what+".mode", "path", c.show(path), "file", c.typed(path), "mode", who.Mode))
	if who.Mode == "" {
		r = open(fault.Invalid(what+".readers", "path", c.show(path), "who", who.Accounts))
	}
	r.Repair = c.restrict(path)
	return r
}

func envIgnored(_ context.Context, c *run) Result { return c.outOfGit(c.EnvPath, warned) }

// outOfGit checks that git ignores a file. Tracked or once committed is
// always a failure: .gitignore does not help then.
func (c *run) outOfGit(path string, unignored func(*fault.Fault) Result) Result {
	dir := filepath.Dir(path)
	if _, inTree := git.Root(dir); !inTree {
		return skipped(fault.Invalid("verify.no_repository"))
	}
	if !git.Installed() {
		return skipped(fault.Invalid("verify.no_git"))
	}
	switch is := c.Project.git.get(path, askGit); {
	case is.tracked:
		return failed(fault.Invalid("git.tracked", "path", c.show(path), "file", c.typed(path)))
	case is.committed:
		return failed(fault.Invalid("git.committed", "path", c.show(path)))
	case is.ignored:
		return passed()
	}
	r := unignored(fault.Invalid("git.unignored", "path", c.show(path)))
	r.Repair = c.ignore(path)
	return r
}

// difference is the first variable in which two sets differ.
func difference(a, b credentials.Set, c credentials.Convention) string {
	for _, v := range credentials.Variables {
		if a.Get(v.Field) != b.Get(v.Field) {
			return c.VarName(v.Field)
		}
	}
	return ""
}

// envShadowed looks for variables of the shell: nearly every reader lets them
// win over the file.
func envShadowed(_ context.Context, c *run) Result {
	for _, name := range c.known.names.VarNames() {
		inFile, _ := c.known.file.Get(name)
		if inShell := c.Getenv(name); inShell != "" && inShell != inFile {
			return warned(fault.Invalid("env.shadowed", "path", c.show(c.EnvPath), "name", name))
		}
	}
	return passed()
}

// shapeChecks are the checks of the values that have a known shape.
func shapeChecks() []check {
	var all []check
	for _, field := range credentials.Checked() {
		all = append(all, check{
			id: string(field) + ".shape", after: []string{"env.readable"},
			run: func(_ context.Context, c *run) Result { return c.shape(field) },
		})
	}
	return all
}

func (c *run) shape(field credentials.Field) Result {
	name := c.known.names.VarName(field)
	raw := c.written(name)
	if raw == "" && credentials.IsOptional(field) {
		return passed("value", "-")
	}
	if raw == "" {
		return skipped(fault.Invalid("env.incomplete", "path", c.show(c.EnvPath), "name", name))
	}
	clean, notice, err := credentials.Check(field, raw)
	if ft, ok := errors.AsType[*fault.Fault](err); ok {
		r := failed(asCheck(ft))
		r.Repair = swapIDs(c)
		return r
	}
	if clean != raw {
		r := failed(fault.Invalid("value.unclean", "name", name, "clean", clean))
		r.Repair = setValue(c, name, clean)
		return r
	}
	if notice != nil {
		return warned(asCheck(notice))
	}
	return passed("value", raw)
}

// show gives a path as people name it: relative to the project inside it.
func (c *run) show(path string) string { return paths.Within(c.Dir, path) }

// typed gives a path as it is typed where the person stands.
func (c *run) typed(path string) string {
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return path
}
