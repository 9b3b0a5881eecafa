package verification

import (
	"context"
	"errors"
	"slices"
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/secret"
)

func envComplete(_ context.Context, c *run) Result {
	if c.Environment != nil { // which is complete: see credentials.Environment.Validate
		return passed("count", itoa(len(c.Environment.Names)))
	}
	held := credentials.FromFile(c.EnvPath, c.known.file)
	held.Set = c.known.set
	name, is := credentials.RefusedIn(c.known.file, c.known.names)
	if ofID := name == c.known.names.VarName(credentials.AppID) || name == c.known.names.VarName(credentials.KeyID); is != nil && !ofID { // the check of its shape says what it is
		return failed(is.With("path", c.show(c.EnvPath)))
	}
	missing := slices.DeleteFunc(held.Missing(), func(variable string) bool { return variable == name })
	if len(missing) > 0 {
		return c.incomplete(missing)
	}
	if err := c.checkOptional(); err != nil {
		return failed(err)
	}
	r := passed("count", itoa(len(c.known.set.Pairs(c.known.names))))
	if base := c.known.names.VarName(credentials.APIBase); c.APIBase != "" && c.written(base) == "" {
		r.Repair = setValue(c, base, c.APIBase) // the flag's value serves this time
	}
	return r
}

// incomplete is the result for a .env that lacks variables. It says where a value is that is meant
// for one; where the API base alone is missing, the region says what it is.
func (c *run) incomplete(missing []string) Result {
	r := failed(fault.Invalid("env.incomplete", "path", c.show(c.EnvPath), "name", i18n.List(missing)))
	for _, name := range missing {
		if near := c.near(name); near != "" {
			r.Fault = r.Fault.With("near", near, "right", name).Advise("env.near")
			return r
		}
		if before := c.first(func(value string) bool { return strings.Contains(value, name+"=") }); before != "" {
			r.Fault = r.Fault.With("near", before, "right", name).Advise("env.same_line")
			return r
		}
	}
	base, keyPath := c.known.names.VarName(credentials.APIBase), c.known.names.VarName(credentials.KeyPath)
	switch {
	case len(missing) == 1 && missing[0] == base:
		r.Fault = r.Fault.Advise("env.no_base")
	case slices.Contains(missing, keyPath) && c.holdsKey():
		r.Fault = r.Fault.Advise("env.key_in_file")
	}
	return r
}

// near is a name in the file that must be meant for another: one with a slip in it, or another name
// for the field; "" for none.
func (c *run) near(name string) string {
	want := credentials.PlainName(name)
	field := c.known.names.FieldOf(name)
	for _, there := range c.known.file.Names() {
		if len(there) > 2*len(name) || slices.Contains(c.known.names.VarNames(), there) {
			continue
		}
		value, _ := c.known.file.Get(there)
		_, _, mistake := credentials.Check(field, value)
		is := credentials.PlainName(strings.TrimPrefix(there, "set ")) // of another shell
		if value != "" && mistake == nil && secret.In(value) == secret.None && (is == want || coze.OneOff(is, want) || credentials.IsNameOf(field, there) && !otherKind(there)) {
			return there
		}
	}
	return ""
}

// otherKind reports whether a name is of something that a name of ours may be a part of: a
// certificate, an app of another type.
func otherKind(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"cert", "web", "pkce", "device", "proxy", "secret"}, func(word string) bool { return strings.Contains(name, word) })
}

// holdsKey reports whether a variable of the file that may be one of Coze's holds a private key.
func (c *run) holdsKey() bool {
	return slices.ContainsFunc(c.known.file.Names(), func(name string) bool {
		value, _ := c.known.file.Get(name)
		name = strings.ToLower(name)
		return (strings.Contains(name, "coze") || strings.HasPrefix(name, "private")) && secret.In(value) == secret.Key
	})
}

// first is the first variable of the file with such a value, "" for none.
func (c *run) first(is func(value string) bool) string {
	for _, name := range c.known.file.Names() {
		if value, _ := c.known.file.Get(name); is(value) {
			return name
		}
	}
	return ""
}

// checkOptional cleans the optional values. What is wrong with them is one of their faults.
func (c *run) checkOptional() *fault.Fault {
	set, err := c.known.set.CheckOptional()
	if ft, ok := errors.AsType[*fault.Fault](err); ok {
		return asCheck(ft)
	}
	c.known.set = set
	return nil
}

// asCheck turns a fault of a flag's value into one of a file's.
func asCheck(f *fault.Fault) *fault.Fault {
	c := *f
	c.Class = fault.ClassCheck
	return &c
}

func apiBase(_ context.Context, c *run) Result {
	raw := c.known.set.APIBase
	if raw == "" {
		return skipped(fault.Invalid("env.incomplete", "path", c.show(c.EnvPath), "name", c.known.names.VarName(credentials.APIBase)))
	}
	base, err := coze.ParseBase(raw)
	if ft, ok := errors.AsType[*fault.Fault](err); ok {
		r := failed(asCheck(ft))
		r.Repair = setBase(c, ft)
		return r
	}
	c.known.base = base
	if strings.TrimRight(raw, "/") == base && raw != base {
		r := warned(fault.Invalid("base.slash", "base", raw, "right", base))
		r.Repair = setBase(c, r.Fault)
		return r
	}
	return passed("base", base, "region", string(c.RegionOf(base)))
}
