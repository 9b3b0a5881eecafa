package credentials

import (
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

var (
	// ErrAud is the fault of an aud that is not a host alone, with its port: the official SDKs
	// sign that.
	ErrAud = fault.Usage("value.aud")
	// ErrNotOwner is the fault of an id of an account or an enterprise that has a slash.
	ErrNotOwner = fault.Usage("value.not_owner")
	// ErrTwoOwners is the fault of an account and an enterprise together: a token is for one.
	ErrTwoOwners = fault.Usage("token.two_owners")
)

// host is a name or an IPv4 address with an optional port, or an IPv6 address in brackets.
var host = lazyregexp.New(`^([\p{L}\p{N}]([\p{L}\p{N}._-]*[\p{L}\p{N}])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// checkAud is Check for an aud. Clean would take its port for a value that stands behind a name.
func checkAud(raw string) (value string, notice *fault.Fault, err error) {
	value = strings.TrimSpace(strings.Map(visible, raw))
	if value != "" && !host().MatchString(value) {
		return value, nil, ErrAud.With("value", value, "field", string(Aud), "flag", Aud.Flag())
	}
	return strings.ToLower(value), nil, nil
}

// notOwner is the fault of what can be no id of an account or an enterprise. Their shapes are not
// documented: digits were seen, and volcano_ before them.
func notOwner(v string) *fault.Fault {
	if strings.ContainsAny(v, "/\\?#") {
		return ErrNotOwner.With("value", v)
	}
	return nil
}

// Optionals lists the fields that a .env may leave out.
func Optionals() []Field {
	var fields []Field
	for _, v := range Variables {
		if v.Optional {
			fields = append(fields, v.Field)
		}
	}
	return fields
}

// Override puts the optional values of o in place of those of s, where o has them. An account
// takes the place of an enterprise, and an enterprise that of an account.
func (s *Set) Override(o Set) {
	if o.AccountID != "" || o.EnterpriseID != "" {
		s.AccountID, s.EnterpriseID = "", ""
	}
	for _, row := range Variables {
		if value := *row.at(&o); value != "" && row.Optional {
			*row.at(s) = value
		}
	}
}

// Owner is the field that names the owner of the token: AccountID, EnterpriseID, or "" where it is
// the app's own.
func (s Set) Owner() Field {
	switch {
	case s.AccountID != "":
		return AccountID
	case s.EnterpriseID != "":
		return EnterpriseID
	}
	return ""
}

// CheckOptional returns the set with its optional values cleaned. The errors are those of Check,
// and ErrTwoOwners.
func (s Set) CheckOptional() (Set, error) {
	for _, row := range Variables {
		if !row.Optional {
			continue
		}
		value, _, err := Check(row.Field, *row.at(&s))
		if err != nil {
			return s, err
		}
		*row.at(&s) = value
	}
	if s.AccountID != "" && s.EnterpriseID != "" {
		return s, ErrTwoOwners
	}
	return s, nil
}
