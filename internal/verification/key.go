package verification

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

func keyExists(_ context.Context, c *run) Result {
	if c.known.keyFile == "" {
		return skipped(fault.Invalid("env.incomplete", "path", c.show(c.EnvPath), "name", c.known.names.VarName(credentials.KeyPath)))
	}
	_, err := os.Stat(c.known.keyFile)
	if err == nil {
		return passed("path", c.show(c.known.keyFile))
	}
	if misplaced := c.held().Misplaced(); misplaced != nil {
		return failed(misplaced)
	}
	absent, _ := errors.AsType[*fault.Fault](keygen.InUse(keygen.Absent(c.known.keyFile, c.show(c.known.keyFile), filepath.Dir(c.EnvPath))))
	return failed(absent)
}

func keyFormat(_ context.Context, c *run) Result {
	if c.Environment != nil && c.Environment.KeyName != "" {
		return c.keyText()
	}
	key, err := keygen.LoadInUse(c.known.keyFile)
	if errors.Is(err, keygen.ErrWeak) {
		c.known.weak = true
		return passed("form", "PEM")
	}
	if ft, ok := errors.AsType[*fault.Fault](err); ok {
		return failed(ft.With("path", c.show(c.known.keyFile)))
	}
	c.known.key = key
	var r Result
	path := c.show(c.known.keyFile)
	switch {
	case key.Embedded(): // and the file is not ours to rewrite
		return failed(keygen.ErrEmbedded.With("path", path))
	case key.Form == keygen.PKCS1:
		r = failed(fault.Invalid("key.pkcs1", "path", path))
	case key.Form != keygen.PKCS8:
		r = failed(fault.Invalid("key.form", "path", path, "form", string(key.Form)))
	case slices.ContainsFunc(key.Flaws, noSDKReads):
		r = failed(fault.Invalid("key.unread", "path", path, "flaw", flawNames(key.Flaws)))
	case len(key.Flaws) > 0:
		r = warned(fault.Invalid("key.flawed", "path", path, "flaw", flawNames(key.Flaws)))
	default:
		return passed("form", string(key.Form))
	}
	r.Repair = c.rewriteKey(c.known.keyFile, key.Private, c.Now())
	return r
}

// noSDKReads reports whether a file with the flaw is no PEM at all.
func noSDKReads(flaw keygen.Flaw) bool {
	switch flaw {
	case keygen.FlawBinary, keygen.FlawBase64, keygen.FlawHex, keygen.FlawDecimal, keygen.FlawUTF16, keygen.FlawEncoded:
		return true
	}
	return false
}

func flawNames(flaws []keygen.Flaw) string {
	names := make([]string, len(flaws))
	for i, f := range flaws {
		names[i] = "flaw." + string(f)
	}
	return i18n.Names(names)
}

func keyStrength(_ context.Context, c *run) Result {
	if c.known.weak {
		_, err := c.loadKey()
		if ft, ok := errors.AsType[*fault.Fault](err); ok {
			return failed(ft.With("path", c.show(c.known.keyFile)))
		}
	}
	if c.known.key == nil {
		return skipped(errSkipped.With("after", "key.format"))
	}
	return passed("bits", itoa(c.known.key.Private.N.BitLen()))
}

// oldKey is the age from which a key is a warning, whatever MaxKeyAge allows.
const oldKey = 180 * 24 * time.Hour

// keyAge says how old the key is: by the rotation that made it, else by the date
// of its file, which a copy may have changed.
func keyAge(_ context.Context, c *run) Result {
	made, seen := time.Time{}, "verify.key.age.recorded"
	if c.KeyMade != nil {
		made = c.KeyMade(c.known.keyFile)
	}
	if made.IsZero() {
		info, err := os.Stat(c.known.keyFile)
		if err != nil {
			return failed(fault.Unreadable(c.show(c.known.keyFile), err))
		}
		made, seen = info.ModTime(), ""
	}
	age := c.Now().Sub(made)
	pairs := []string{"days", itoa(int(age / (24 * time.Hour))), "date", i18n.Day(made)}
	switch {
	case c.MaxKeyAge > 0 && age > c.MaxKeyAge:
		return failed(fault.Invalid("key.too_old", append(pairs, "max", itoa(int(c.MaxKeyAge/(24*time.Hour))))...))
	case age > oldKey:
		return warned(fault.Invalid("key.old", pairs...))
	}
	return Result{Status: Pass, Seen: pairs, seenID: seen}
}

func keyPair(_ context.Context, c *run) Result {
	if c.known.key == nil {
		return skipped(errSkipped.With("after", "key.format"))
	}
	path := keygen.PublicPath(c.known.keyFile)
	public, err := keygen.LoadPublic(path)
	switch {
	case errors.Is(err, keygen.ErrAbsent):
		return passed() // nothing there that could mislead
	case err != nil:
		ft, _ := errors.AsType[*fault.Fault](err)
		return warned(ft.With("path", c.show(path)))
	case !keygen.IsPair(c.known.key.Private, public):
		return failed(fault.Invalid("key.no_pair", "path", c.show(c.known.keyFile), "public", c.show(path)))
	}
	return passed()
}

// keyMode looks at what was read as a private key alone: its mode is changed by the repair,
// and a path may lead to anything.
func keyMode(_ context.Context, c *run) Result {
	if c.known.key == nil && !c.known.weak {
		return skipped(errSkipped.With("after", "key.format"))
	}
	return c.ownerOnly("key", c.known.keyFile, failed)
}

func keyIgnored(_ context.Context, c *run) Result { return c.outOfGit(c.known.keyFile, failed) }
