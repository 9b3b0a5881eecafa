package diagnosis

import (
	"cmp"
	"net/url"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/permissions"
)

// Facts are what is known on this side when Coze refuses a request. A zero value is not
// known: no cause is named or ruled out because of it.
type Facts struct {
	Region      coze.Region // that was chosen
	Base        string
	Set         *credentials.Set      // that the JWT was made from
	JWTAccepted bool                  // Coze issued a token for the JWT, and refused a call with that token
	KeyFromHere bool                  // the pair was made here, so it has to be uploaded by hand
	KeyIsNew    bool                  // the pair was made or imported in this run
	Uploaded    bool                  // this run put the public key into the sandbox
	SaysUpload  bool                  // the person says that they have uploaded the public key in this run
	KeyWorked   bool                  // a token was granted for the same credentials in this run
	AppWorks    bool                  // a token was granted for the same app and base with another key just now
	Worked      time.Time             // a token was last issued for exactly these values, before this run; zero: not known
	OtherHint   string                // a file of the project that names the other region for the same app, "" for none
	RegionOpen  bool                  // the region was only chosen: nothing says that the ids are of it
	Endpoint    *permissions.Endpoint // of the call that was refused; nil where it is not in the table
	Now         time.Time             // this machine's clock when the answer came

	said reading // the text that the refusal was read from, empty for one that came by itself
}

// OfExchange returns the facts of a JWT that was made from a set and sent to its base.
func OfExchange(region coze.Region, set credentials.Set, now time.Time) Facts {
	return Facts{Region: region, Base: set.APIBase, Set: &set, Now: now}
}

// OfCall returns the facts of an API call with a token that Coze has just issued.
func OfCall(region coze.Region, base string, now time.Time) Facts {
	return Facts{Region: region, Base: base, JWTAccepted: true, Now: now}
}

// signedWith is the set of the JWT, or one without values where it is not known.
func (f Facts) signedWith() credentials.Set {
	if f.Set == nil {
		return credentials.Set{}
	}
	return *f.Set
}

// onLoopback says whether the base is this machine: a sandbox, of which there are no regions.
func (f Facts) onLoopback() bool {
	u, err := url.Parse(f.Base)
	return f.Region == coze.Sandbox || err == nil && coze.IsLoopback(u.Hostname())
}

// signsProxy says whether the JWT names the host of a base that is not known to be Coze's.
func (f Facts) signsProxy() bool {
	host := coze.Audience(f.Base)
	return f.Region == coze.Custom && f.Set != nil && cmp.Or(f.Set.Aud, host) == host
}
