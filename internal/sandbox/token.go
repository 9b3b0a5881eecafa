package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/coze"
	"cozejwt/keygen"
)

// A refusal is an answer of the token endpoint that is not a token.
type refusal struct {
	status        int
	code, message string
	check         Check // that failed
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// Known from the official guide and from what people report; see each use.
func invalidClient(check Check, message string) *refusal {
	return &refusal{http.StatusUnauthorized, "invalid_client", "invalid jwt: " + message, check}
}

// The guide names the codes below but not their HTTP status; 400 and 403 are
// what OAuth (RFC 6749 §5.2) and HTTP suggest.
func invalidRequest(check Check, parameter string) *refusal {
	return &refusal{http.StatusBadRequest, "invalid_request", "invalid request: " + parameter, check}
}

func accessDeny(check Check, message string) *refusal {
	return &refusal{http.StatusForbidden, "access_deny", message, check}
}

// kidUnknown is the real service's spelling (coze-py #148). It says so also
// where the App ID is another app's, which has no such key.
var kidUnknown = invalidClient(CheckKeyID, "kid not been registred")

type tokenRequest struct {
	GrantType string      `json:"grant_type"`
	Duration  *int        `json:"duration_seconds"`
	Scope     *coze.Scope `json:"scope"`
}

func (s *Server) token(w http.ResponseWriter, r *http.Request, entry *Request) {
	token, granted, err := s.grant(r, entry)
	var no *refusal
	switch {
	case errors.As(err, &no):
		entry.Check, entry.Message = no.check, no.message
		reply(w, no.status, map[string]string{"error_code": no.code, "error_message": no.message, "error": no.code})
	case err != nil:
		entry.Check, entry.Message = CheckTrouble, "Service internal error."
		reply(w, http.StatusInternalServerError, map[string]string{"error_code": "internal_error", "error_message": "Service internal error.", "error": "internal_error"})
	default:
		reply(w, http.StatusOK, struct {
			AccessToken string `json:"access_token"`
			ExpiresIn   int64  `json:"expires_in"` // an absolute time, as the real service's (coze-py auth)
			TokenType   string `json:"token_type"`
		}{token, granted.until.Unix(), "Bearer"})
	}
}

// A grant is what a token is good for.
type grant struct {
	until       time.Time
	permissions []string
	workspaces  []string
	app         string // its name
}

// grant checks a request from the outside in: the assertion, the app, then
// what is asked for. The signature is verified without the lock: it is what a
// request costs.
func (s *Server) grant(r *http.Request, entry *Request) (token string, g grant, err error) {
	assertion := bearer(r)
	if assertion == "" {
		return "", grant{}, invalidClient(CheckPresent, "empty jwt token") // the real words
	}
	signed, err := s.verify(assertion, entry)
	if err != nil {
		return "", grant{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.verifyClaims(signed.claims, r.Host); err != nil {
		return "", grant{}, err
	}
	app, err := s.inEffect(signed.appID)
	if err != nil {
		return "", grant{}, kidUnknown // deleted since
	}
	s.noteUse(signed)
	if err := s.admit(app, r.PathValue("enterprise") != ""); err != nil {
		return "", grant{}, err
	}
	var body tokenRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return "", grant{}, invalidRequest(CheckBody, "body")
	}
	if g, err = s.allow(app, body); err != nil {
		return "", grant{}, err
	}
	secret := make([]byte, 48)
	_, _ = rand.Read(secret)
	token = base64.RawURLEncoding.EncodeToString(secret)
	s.granted[token] = g
	return token, g, nil
}

// noteUse notes when a key was last used, which the console shows.
func (s *Server) noteUse(by signedBy) {
	if app, err := s.app(by.appID); err == nil {
		if key := app.key(by.keyID); key != nil {
			key.LastUsed = s.now().UTC()
		}
	}
}

// errTrouble becomes the guide's internal_error.
var errTrouble = errors.New("trouble was asked for")

// bearer is the credential of a request (RFC 6750 §2.1), "" for none.
func bearer(r *http.Request) string {
	return strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
}

// admit applies the rules about the app itself.
func (s *Server) admit(app *App, enterprise bool) error {
	trouble := s.trouble.Kind
	switch {
	case app.Type == "channel":
		// Seen for channel apps without a connector (coze-java #39).
		return accessDeny(CheckAppType, fmt.Sprintf("connector app[%s] should bind connector id", app.ID))
	case app.ClientType != "service", enterprise != (app.Type == "privilege"):
		return accessDeny(CheckAppType, "invalid app type") // the guide's words
	case app.Deactivated, trouble == TroubleDisabled:
		return accessDeny(CheckEnabled, fmt.Sprintf("app: %s is currently deactivated by the owner", app.Name)) // the guide's words
	case app.LoggedOut, trouble == TroubleLogin:
		return accessDeny(CheckLogin, "login session invalid") // the guide's words
	case app.Trouble:
		return errTrouble
	case !app.Authorized:
		// The guide says that such an app has no access, not in what words.
		return accessDeny(CheckAuthorized, fmt.Sprintf("app: %s is not authorized by the owner", app.Name))
	}
	return nil
}

// allow applies the rules about what is asked for.
func (s *Server) allow(app *App, body tokenRequest) (grant, error) {
	if body.GrantType != coze.GrantType {
		return grant{}, &refusal{http.StatusBadRequest, "unsupported_grant_type", "not supported grant type: " + body.GrantType, CheckBody}
	}
	ttl := coze.DefaultTTL
	if body.Duration != nil {
		ttl = time.Duration(*body.Duration) * time.Second
	}
	if ttl < time.Second || ttl > coze.MaxTTL {
		return grant{}, invalidRequest(CheckBody, "duration_seconds")
	}
	permissions := app.Granted
	if body.Scope != nil && body.Scope.AccountPermission != nil {
		permissions = body.Scope.AccountPermission.PermissionList
		if s.trouble.Kind == TroublePermission && len(permissions) > 0 || !scoped(app.Granted, permissions) {
			return grant{}, invalidRequest(CheckScope, "scope") // the real words are not known
		}
	}
	return grant{s.clock().Add(ttl), permissions, app.Workspaces, app.Name}, nil
}

// verify checks the signature of an assertion and returns whose it is; its claims
// are checked after it, as RFC 7523 §3 asks. Apart from kid, the real service's words for each fault are not known;
// these follow its pattern.
func (s *Server) verify(assertion string, entry *Request) (signedBy, error) {
	claims, by := jwt.MapClaims{}, signedBy{}
	if len(assertion) > maxAssertion {
		return by, invalidClient(CheckShape, "token is malformed")
	}
	parsed, err := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation()).
		ParseWithClaims(assertion, claims, func(t *jwt.Token) (any, error) {
			iss, _ := claims.GetIssuer()
			kid, _ := t.Header["kid"].(string)
			public, name, err := s.publicKey(iss, kid)
			entry.App, by = name, signedBy{iss, kid, claims}
			return public, err
		})
	if parsed != nil {
		entry.Header, entry.Claims = parsed.Header, claims
	}
	switch {
	case errors.Is(err, kidUnknown):
		return by, kidUnknown
	case errors.Is(err, jwt.ErrTokenMalformed):
		return by, invalidClient(CheckShape, "token is malformed")
	case err != nil:
		return by, invalidClient(CheckSignature, "signature is invalid")
	case parsed.Header["crit"] != nil: // RFC 7515 §4.1.11: an extension that is not understood
		return by, invalidClient(CheckShape, "crit is not supported")
	}
	return by, nil
}

// maxAssertion is the length of a JWT that is looked at: one of the SDKs' has less than a
// thousand characters. The real service's limit is not known.
const maxAssertion = 16 << 10

// A signedBy is an assertion with a good signature.
type signedBy struct {
	appID, keyID string
	claims       jwt.MapClaims
}

// publicKey returns the key of an app and the app's name, as far as there is one.
func (s *Server) publicKey(appID, keyID string) (public *rsa.PublicKey, name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, err := s.inEffect(appID)
	if err != nil {
		return nil, "", kidUnknown
	}
	key := app.key(keyID)
	if key == nil || s.trouble.Kind == TroubleKey {
		return nil, app.Name, kidUnknown
	}
	if key.parsed == nil {
		if key.parsed, err = keygen.ParsePublic([]byte(key.PublicKey)); err != nil {
			return nil, app.Name, err
		}
	}
	return key.parsed, app.Name, nil
}

// leeway is how far a clock may be off; the real tolerance is not known.
const leeway = time.Minute

func (s *Server) verifyClaims(claims jwt.MapClaims, host string) error {
	now := s.clock()
	aud, err := claims.GetAudience()
	if err != nil || !slices.Contains(aud, host) {
		return invalidClient(CheckAudience, "aud is invalid")
	}
	exp, err := claims.GetExpirationTime()
	if err != nil || exp == nil {
		return invalidClient(CheckTime, "exp is required")
	}
	iat, err := claims.GetIssuedAt()
	if err != nil || iat == nil {
		return invalidClient(CheckTime, "iat is required")
	}
	switch {
	case now.After(exp.Add(leeway)):
		return invalidClient(CheckTime, "token is expired")
	case iat.After(now.Add(leeway)):
		return invalidClient(CheckTime, "token used before issued")
	case !exp.After(iat.Time):
		return invalidClient(CheckTime, "exp is not later than iat")
	}
	if nbf, err := claims.GetNotBefore(); err != nil || nbf != nil && nbf.After(now.Add(leeway)) { // RFC 7519 §4.1.5
		return invalidClient(CheckTime, "token is not valid yet")
	}
	jti, _ := claims["jti"].(string)
	if jti == "" {
		return invalidClient(CheckOnce, "jti is required")
	}
	iss, _ := claims.GetIssuer()
	return s.useOnce(onceKey(iss, jti), exp.Time)
}

// onceKey stands for a JWT of an issuer, which chooses its jti for itself (RFC 7519
// §4.1.7), in a length that nobody else chooses.
func onceKey(iss, jti string) string {
	sum := sha256.Sum256([]byte(iss + "\x00" + jti))
	return string(sum[:])
}

// useOnce holds to the guide's rule that a JWT is good for one exchange.
func (s *Server) useOnce(key string, exp time.Time) error {
	s.tidy()
	if until, seen := s.used[key]; seen && s.now().After(until.Add(leeway)) {
		delete(s.used, key)
	}
	if _, seen := s.used[key]; seen {
		return invalidClient(CheckOnce, "jti has been used")
	}
	s.used[key] = exp
	return nil
}
