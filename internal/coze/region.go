// Package coze speaks the JWT OAuth flow of the Coze API: which hosts there
// are, how the assertion is built (RFC 7519, RFC 7523) and how it is exchanged
// for an access token. It knows no files and no terminal, and sends
// credentials to the chosen host alone.
package coze

import (
	"net"
	"net/netip"
	"strings"

	"cozejwt/internal/fault"
)

// A Region is one of the places Coze runs in. Accounts, apps and keys of one
// are unknown to the others.
type Region string

// The regions. Custom is any other API base.
const (
	CN      Region = "cn"
	COM     Region = "com"
	Sandbox Region = "sandbox"
	Custom  Region = "custom"
)

// Where the two real regions are (coze-js constant.ts, coze-go auth.go).
const (
	cnBase  = "https://api.coze.cn"
	comBase = "https://api.coze.com"
)

// ErrRegion is the fault of a region that does not exist.
var ErrRegion = fault.Usage("region.unknown")

// ParseRegion returns the region that s names on the command line. The error is ErrRegion.
func ParseRegion(s string) (Region, error) {
	switch r := Region(s); r {
	case CN, COM, Sandbox:
		return r, nil
	}
	return "", ErrRegion.With("region", s)
}

// Base returns the region's API base URL, "" where it has no fixed one.
func (r Region) Base() string {
	switch r {
	case CN:
		return cnBase
	case COM:
		return comBase
	}
	return ""
}

// Console returns the URL of the page that lists the region's OAuth apps, ""
// where there is none that is known.
func (r Region) Console() string {
	if web := r.Web(); web != "" {
		return web + "/open/oauth/apps"
	}
	return ""
}

// Web returns the base of the region's web pages, "" where none is known.
func (r Region) Web() string {
	switch r {
	case CN, COM:
		return strings.Replace(r.Base(), "api.", "www.", 1)
	}
	return ""
}

// OtherBase returns the API base of the other real region, "" for a base that is of neither.
func OtherBase(base string) string {
	switch RegionOf(base) {
	case CN:
		return comBase
	case COM:
		return cnBase
	}
	return ""
}

// Guide returns the URL of the official guide to JWT OAuth.
func (r Region) Guide() string {
	if r == COM {
		return "https://www.coze.com/docs/developer_guides/oauth_jwt"
	}
	return "https://www.coze.cn/docs/developer_guides/oauth_jwt"
}

// RegionOf returns the real region that a base URL belongs to, else Custom.
func RegionOf(base string) Region {
	switch base {
	case cnBase:
		return CN
	case comBase:
		return COM
	}
	return Custom
}

// IsLoopback reports whether a host name or address means this machine.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// Audience returns what the aud claim must be for a base URL: the host, with
// the port where the URL has one, without the scheme (all official SDKs).
func Audience(base string) string {
	_, host, found := strings.Cut(base, "://")
	if !found {
		return base
	}
	// A default port never stands in a URL that a client builds.
	if name, port, err := net.SplitHostPort(host); err == nil && (port == "443" && strings.HasPrefix(base, "https:") || port == "80" && strings.HasPrefix(base, "http:")) {
		return name
	}
	return host
}
