package sandbox

import (
	"crypto/rand"
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
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// Known from the official guide and from what people report; see each use.
func invalidClient(message string) *refusal {
	return &refusal{http.StatusUnauthorized, "invalid_client", "invalid jwt: " + message}
}

// The guide names the codes below but not their HTTP status; 400 and 403 are
// what OAuth (RFC 6749 §5.2) and HTTP suggest.
func invalidRequest(parameter string) *refusal {
	return &refusal{http.StatusBadRequest, "invalid_request", "invalid request: " + parameter}
}

func accessDeny(message string) *refusal {
	return &refusal{http.StatusForbidden, "access_deny", message}
}

// kidUnknown is the real service's spelling (coze-py #148). It says so also
// where the App ID is another app's, which has no such key.
var kidUnknown = invalidClient("kid not been registred")

type tokenRequest struct {
	GrantType string      `json:"grant_type"`
	Duration  *int        `json:"duration_seconds"`
	Scope     *coze.Scope `json:"scope"`
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, err := s.grant(r)
	var no *refusal
	switch {
	case errors.As(err, &no):
		reply(w, no.status, map[string]string{"error_code": no.code, "error_message": no.message, "error": no.code})
	case err != nil:
		reply(w, http.StatusInternalServerError, map[string]string{"error_code": "internal_error", "error_message": "Service internal error.", "error": "internal_error"})
	default:
		secret := make([]byte, 48)
		_, _ = rand.Read(secret)
		token := base64.RawURLEncoding.EncodeToString(secret)
		s.granted[token] = granted
		reply(w, http.StatusOK, map[string]any{
			"access_token": token,
			"expires_in":   granted.until.Unix(), // an absolute time, as the real service's (coze-py auth)
			"token_type":   "Bearer",
		})
	}
}

// A grant is what a token is good for.
type grant struct {
	until       time.Time
	permissions []string
}

// grant checks a request from the outside in: the assertion, the app, then
// what is asked for.
func (s *Server) grant(r *http.Request) (grant, error) {
	assertion := bearer(r)
	if assertion == "" {
		return grant{}, invalidClient("empty jwt token") // the real words
	}
	app, err := s.verify(assertion, r.Host)
	if err != nil {
		return grant{}, err
	}
	if err := admit(app, r.PathValue("enterprise") != ""); err != nil {
		return grant{}, err
	}
	var body tokenRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return grant{}, invalidRequest("body")
	}
	return s.allow(app, body)
}

// errTrouble becomes the guide's internal_error.
var errTrouble = errors.New("trouble was asked for")

// bearer is the credential of a request (RFC 6750 §2.1), "" for none.
func bearer(r *http.Request) string {
	return strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
}

// admit applies the rules about the app itself.
func admit(app *App, enterprise bool) error {
	switch {
	case app.Type == "channel":
		// Seen for channel apps without a connector (coze-java #39).
		return accessDeny(fmt.Sprintf("connector app[%s] should bind connector id", app.ID))
	case app.ClientType != "service", enterprise != (app.Type == "privilege"):
		return accessDeny("invalid app type") // the guide's words
	case app.Deactivated:
		return accessDeny(fmt.Sprintf("app: %s is currently deactivated by the owner", app.Name)) // the guide's words
	case app.LoggedOut:
		return accessDeny("login session invalid") // the guide's words
	case app.Trouble:
		return errTrouble
	case !app.Authorized:
		// The guide says that such an app has no access, not in what words.
		return accessDeny(fmt.Sprintf("app: %s is not authorized by the owner", app.Name))
	}
	return nil
}

// allow applies the rules about what is asked for.
func (s *Server) allow(app *App, body tokenRequest) (grant, error) {
	if body.GrantType != coze.GrantType {
		return grant{}, &refusal{http.StatusBadRequest, "unsupported_grant_type", "not supported grant type: " + body.GrantType}
	}
	ttl := coze.DefaultTTL
	if body.Duration != nil {
		ttl = time.Duration(*body.Duration) * time.Second
	}
	if ttl < time.Second || ttl > coze.MaxTTL {
		return grant{}, invalidRequest("duration_seconds")
	}
	permissions := app.Permissions
	if body.Scope != nil && body.Scope.AccountPermission != nil {
		permissions = body.Scope.AccountPermission.PermissionList
		for _, p := range permissions {
			if !slices.Contains(app.Permissions, p) {
				return grant{}, invalidRequest("scope") // the real words are not known
			}
		}
	}
	return grant{s.now().Add(ttl), permissions}, nil
}

// workspaces stands for the rest of the API: it takes a token and wants a
// permission. Tokens are kept in memory alone.
func (s *Server) workspaces(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, known := s.granted[bearer(r)]
	refuse := func(status, code int, msg string) {
		reply(w, status, map[string]any{"code": code, "msg": msg, "detail": map[string]string{"logid": w.Header().Get("X-Tt-Logid")}})
	}
	switch {
	case !known, s.now().After(granted.until):
		refuse(http.StatusUnauthorized, 4100, "authentication is invalid") // coze-py #78
	case !slices.Contains(granted.permissions, "getMetadata"):
		refuse(http.StatusForbidden, 4101, "the token has no permission for this") // the code: coze-py #142
	default:
		reply(w, http.StatusOK, map[string]any{"code": 0, "msg": "", "data": map[string]any{"workspaces": []any{}, "total_count": 0}})
	}
}

// verify checks an assertion as RFC 7523 §3 asks and returns the app it stands
// for. Apart from kid, the real service's words for each fault are not known;
// these follow its pattern.
func (s *Server) verify(assertion, host string) (*App, error) {
	var app *App
	claims := jwt.MapClaims{}
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation()).
		ParseWithClaims(assertion, claims, func(t *jwt.Token) (any, error) {
			iss, _ := claims.GetIssuer()
			kid, _ := t.Header["kid"].(string)
			found, err := s.app(iss)
			if err != nil || found.key(kid) == nil {
				return nil, kidUnknown
			}
			app = found
			return keygen.ParsePublic([]byte(app.key(kid).PublicKey))
		})
	switch {
	case errors.Is(err, kidUnknown):
		return nil, kidUnknown
	case errors.Is(err, jwt.ErrTokenMalformed):
		return nil, invalidClient("token is malformed")
	case err != nil:
		return nil, invalidClient("signature is invalid")
	}
	return app, s.verifyClaims(claims, host)
}

// leeway is how far a clock may be off; the real tolerance is not known.
const leeway = time.Minute

func (s *Server) verifyClaims(claims jwt.MapClaims, host string) error {
	now := s.now()
	aud, err := claims.GetAudience()
	if err != nil || !slices.Contains(aud, host) {
		return invalidClient("aud is invalid")
	}
	exp, err := claims.GetExpirationTime()
	if err != nil || exp == nil {
		return invalidClient("exp is required")
	}
	iat, err := claims.GetIssuedAt()
	if err != nil || iat == nil {
		return invalidClient("iat is required")
	}
	switch {
	case now.After(exp.Add(leeway)):
		return invalidClient("token is expired")
	case iat.After(now.Add(leeway)):
		return invalidClient("token used before issued")
	case !exp.After(iat.Time):
		return invalidClient("exp is not later than iat")
	}
	jti, _ := claims["jti"].(string)
	if jti == "" {
		return invalidClient("jti is required")
	}
	return s.useOnce(jti, exp.Time)
}

// useOnce holds to the guide's rule that a JWT is good for one exchange.
func (s *Server) useOnce(jti string, exp time.Time) error {
	s.tidy()
	if until, seen := s.used[jti]; seen && s.now().After(until.Add(leeway)) {
		delete(s.used, jti)
	}
	if _, seen := s.used[jti]; seen {
		return invalidClient("jti has been used")
	}
	s.used[jti] = exp
	return nil
}
