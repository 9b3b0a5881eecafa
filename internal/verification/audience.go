package verification

import (
	"cmp"
	"context"
	"net/url"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
)

// audience looks at the host that the JWT is for: that of the base, unless the base is a proxy.
// Whether it is one is said by the host where it is asked, or by a token that it issued before.
func audience(_ context.Context, c *run) Result {
	host, name := coze.Audience(c.known.base), c.known.names.VarName(credentials.Aud)
	aud := cmp.Or(c.known.set.Aud, host)
	custom := func() bool { return c.RegionOf(c.known.base) == coze.Custom } // which reads a file
	switch {
	case aud != host && !custom():
		return failed(fault.Invalid("aud.other_host", "name", name, "aud", aud, "host", host))
	case c.kind == Offline && aud == host && !onLoopback(c.known.base) && custom() && !c.hasWorked():
		return warned(fault.Invalid("aud.proxy", "name", name, "host", host))
	}
	return passed("aud", aud)
}

func onLoopback(base string) bool {
	u, err := url.Parse(base)
	return err == nil && coze.IsLoopback(u.Hostname())
}

// hasWorked reports whether a token was once issued for what is checked.
func (c *run) hasWorked() bool {
	return c.known.key != nil && !c.LastWorked(c.known.set, &c.known.key.Private.PublicKey).IsZero()
}
