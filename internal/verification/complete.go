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

// incomplete is the result for a .env that lacks variables. Where the API base alone is missing, the
// region says what it is.
func (c *run) incomplete(missing []string) Result {
	r := failed(fault.Invalid("env.incomplete", "path", c.show(c.EnvPath), "name", i18n.List(missing)))
	if base := c.known.names.VarName(credentials.APIBase); len(missing) == 1 && missing[0] == base {
		r.Fault = r.Fault.Advise("env.no_base")
	}
	return r
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
