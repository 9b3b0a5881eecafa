package coze

import (
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"cozejwt/internal/fault"
)

// The faults of an API base that cannot serve. {right} is what was meant, "" where that is not
// known.
var (
	ErrBase        = fault.Usage("base.url")
	ErrBaseUser    = fault.Usage("base.user")
	ErrBaseTypo    = fault.Usage("base.typo")
	ErrBaseConsole = fault.Usage("base.console")
	ErrBasePath    = fault.Usage("base.path")
	ErrBasePlain   = fault.Usage("base.plain_http")
)

// ParseBase checks an API base and returns it as scheme and host: https, or
// http where the host is this machine. Credentials would be read by others on
// the way with plain http to any other host. The errors are those above, with the base that would
// be right where there is one.
func ParseBase(s string) (string, error) {
	const longest = 512
	if s = strings.TrimSpace(s); len(s) > longest {
		return "", ErrBase.With("base", strings.ToValidUTF8(s[:40], "")+"…")
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", noURL(s)
	}
	if u.User != nil {
		u.User = nil
		return "", ErrBaseUser.With("base", u.String())
	}
	host := strings.ToLower(u.Host)
	right, known := meant(host)
	switch {
	case consoles[host] != "":
		return "", ErrBaseConsole.With("base", s, "right", consoles[host])
	case right == "" && known:
		return "", ErrBaseTypo.With("base", s).Advise("base.either")
	case known:
		return "", ErrBaseTypo.With("base", s, "right", right)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", ErrBasePath.With("base", s, "right", u.Scheme+"://"+host)
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		return "", ErrBasePlain.With("base", s, "right", "https://"+host)
	}
	return u.Scheme + "://" + host, nil
}

// noURL returns ErrBase. Where only the scheme is missing, it says what is meant.
func noURL(s string) *fault.Fault {
	f := ErrBase.With("base", s)
	if right := within(s); right != "" {
		return f.With("right", right).Advise("base.console")
	}
	host, _, _ := strings.Cut(strings.ToLower(s), "/")
	if !isBareHost(host) {
		return f
	}
	right, known := meant(host)
	switch {
	case consoles[host] != "":
		right = consoles[host]
	case !known:
		right = "https://" + host
		if name, _, err := net.SplitHostPort(host); err == nil && IsLoopback(name) {
			right = "http://" + host
		}
	case right == "":
		return f.Advise("base.either")
	}
	return f.With("right", right).Advise("base.console")
}

// within is the API base of a URL that a text holds, as those of chats and of Markdown do; "" for
// none.
func within(s string) string {
	at := strings.Index(s, "https://")
	if at < 0 {
		return ""
	}
	found := s[at:]
	if end := strings.IndexFunc(found, func(r rune) bool { return r > '~' || r <= ' ' || strings.ContainsRune("<>|()[]\"'`,;", r) }); end > 0 {
		found = found[:end]
	}
	if found == s || strings.Contains(strings.Replace(s, found, "", 1), "=") { // another variable in the same line
		return ""
	}
	base, err := ParseBase(found)
	if wrong, ok := errors.AsType[*fault.Fault](err); ok {
		return wrong.Value("right")
	}
	return base
}

// isBareHost reports whether s is a host name with a dot, or localhost, with or without a port.
func isBareHost(s string) bool {
	name := s
	if host, port, err := net.SplitHostPort(s); err == nil && port != "" {
		name = host
	}
	strange := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' }
	return name == "localhost" || strings.Contains(strings.Trim(name, "."), ".") && !strings.ContainsFunc(name, strange)
}

// consoles are hosts of web pages, each with the API base of its region.
var consoles = map[string]string{
	"www.coze.cn": cnBase, "coze.cn": cnBase, "code.coze.cn": cnBase,
	"www.coze.com": comBase, "coze.com": comBase,
}

// meant returns the API base whose host differs from a host in one letter, and whether there is one.
// Right is "" where it may be either, as for api.coze.cm.
func meant(host string) (right string, known bool) {
	cn, com := Audience(cnBase), Audience(comBase)
	switch {
	case host == cn || host == com:
		return "", false
	case OneOff(host, cn) && OneOff(host, com):
		return "", true
	case OneOff(host, cn):
		return cnBase, true
	case OneOff(host, com):
		return comBase, true
	}
	return "", false
}

// OneOff reports whether two words differ in one letter: another one, one more, one less, or two
// that stand the wrong way round.
func OneOff(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	switch len(b) - len(a) {
	case 0:
		if a == b {
			return false
		}
		rest, other := a[same:], b[same:]
		swapped := len(rest) > 1 && rest[0] == other[1] && rest[1] == other[0] && rest[2:] == other[2:]
		return rest[1:] == other[1:] || swapped
	case 1:
		return slices.Equal([]byte(a[same:]), []byte(b[same+1:]))
	}
	return false
}
