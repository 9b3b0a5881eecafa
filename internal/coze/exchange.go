package coze

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

const (
	// DefaultTTL is the token lifetime asked for unless another is, the
	// service's own default.
	DefaultTTL = 15 * time.Minute
	// MaxTTL is the longest lifetime the service grants.
	MaxTTL = 86399 * time.Second
	// DefaultTimeout bounds one exchange from dial to last byte.
	DefaultTimeout = 15 * time.Second

	tokenPath = "/api/permission/oauth2/"
	// maxAnswer is far above a token (under 1 kB) and far below what hurts.
	maxAnswer = 1 << 20
)

// A Request says what token is wanted.
type Request struct {
	TTL          time.Duration // 1 s to MaxTTL; zero means DefaultTTL
	Scope        *Scope        // nil: all that the app was granted
	AccountID    string        // another account's workspace, or an organisation
	EnterpriseID string        // a privilege app's enterprise
}

// A Scope narrows a token (coze-go auth.go).
type Scope struct {
	AccountPermission   *PermissionList      `json:"account_permission,omitempty"`
	AttributeConstraint *AttributeConstraint `json:"attribute_constraint,omitempty"`
}

// A PermissionList holds permission points such as Connector.botChat.
type PermissionList struct {
	PermissionList []string `json:"permission_list"`
}

// An AttributeConstraint limits a permission to some bots.
type AttributeConstraint struct {
	ConnectorBotChat *BotIDList `json:"connector_bot_chat_attribute,omitempty"`
}

// A BotIDList holds bot ids.
type BotIDList struct {
	BotIDList []string `json:"bot_id_list"`
}

// NewScope returns the scope for permission points and bot ids, nil for none.
func NewScope(permissions, bots []string) *Scope {
	if len(permissions) == 0 && len(bots) == 0 {
		return nil
	}
	s := &Scope{}
	if len(permissions) > 0 {
		s.AccountPermission = &PermissionList{permissions}
	}
	if len(bots) > 0 {
		s.AttributeConstraint = &AttributeConstraint{&BotIDList{bots}}
	}
	return s
}

// A Token is an access token. ExpiresAt is zero where the service did not say.
type Token struct {
	AccessToken secret.String
	ExpiresAt   time.Time
	LogID       string
}

// Redacted is the token fit to be shown: its first 8 characters.
func (t Token) Redacted() string {
	text := t.AccessToken.Reveal()
	if len(text) <= 8 {
		return "…"
	}
	return Printable(text[:8]) + "…"
}

// A Service is the Coze API at one base: its token endpoint (Exchange) and its other calls (Do).
type Service struct {
	Base   string       // as ParseBase returns it
	Client *http.Client // nil: NewClient()
	// Timeout bounds a call of Do to the last byte of its answer, or, for server-sent events, to
	// the next of its bytes. 0: the context alone does.
	Timeout time.Duration
}

// MostAtOnce is how many requests whoever makes many makes side by side, and how many connections
// a client has to a host.
const MostAtOnce = 32

// SideBySide calls do with each number below n, at most so many at the same time, and returns after
// the last.
func SideBySide(n, atOnce int, do func(i int)) {
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(i)
		})
	}
	all.Wait()
}

// NewClient returns an HTTP client that uses the environment's proxies and
// follows no redirect: a redirect would carry the assertion elsewhere. It has at most MostAtOnce
// connections to a host, and keeps as many for the next requests.
func NewClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost, transport.MaxIdleConns = MostAtOnce, MostAtOnce, MostAtOnce
	transport.MaxResponseHeaderBytes = 256 << 10 // the default, 10 MB, costs several times as much memory
	transport.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode == http.StatusProxyAuthRequired {
			return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New(resp.Status)}
		}
		return nil
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errClosed is the error of a request on a connection that was kept from an earlier one, and that
// the other end closed without a byte of an answer: it may have done so before it saw the request.
type errClosed struct{ error }

func (e errClosed) Unwrap() error { return e.error }

// Closed reports whether a request failed because its connection was closed in the meantime. A new
// one, with a new assertion, is worth sending. net/http sends only those again by itself that
// change nothing (RFC 9110 §9.2.2), and a POST is not one of them.
func Closed(err error) bool {
	_, ok := errors.AsType[errClosed](err)
	return ok
}

// Exchange trades an assertion for an access token (RFC 7523 §2.1, with the
// assertion in the Authorization header as Coze wants it). The error is a
// [*Refusal] where the service said no, and a fault where it did not answer
// as Coze does. An assertion is good for one call, also when that call fails.
func (s Service) Exchange(ctx context.Context, assertion secret.String, req Request) (Token, error) {
	httpReq, err := s.newRequest(ctx, assertion, req)
	if err != nil {
		return Token{}, err
	}
	client := s.Client
	if client == nil {
		client = NewClient()
		defer client.CloseIdleConnections() // nobody else has it
	}
	sent := time.Now()
	reused := false
	httpReq = httpReq.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }}))
	resp, err := client.Do(httpReq)
	if err != nil && reused && isClosed(err) {
		return Token{}, errClosed{unreachable(err, s.Base)}
	}
	if err != nil {
		return Token{}, unreachable(err, s.Base)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return Token{}, unreachable(err, s.Base)
	}
	return readAnswer(answer{resp, body, s.Base, sent})
}

func (s Service) newRequest(ctx context.Context, assertion secret.String, req Request) (*http.Request, error) {
	ttl := req.TTL
	if ttl == 0 {
		ttl = DefaultTTL
	}
	if ttl < time.Second || ttl > MaxTTL {
		return nil, fault.Usage("token.ttl", "ttl", strconv.Itoa(int(ttl/time.Second)))
	}
	path := tokenPath + "token"
	switch {
	case req.AccountID != "" && req.EnterpriseID != "":
		return nil, fault.Usage("token.two_owners")
	case req.AccountID != "":
		path = tokenPath + "account/" + url.PathEscape(req.AccountID) + "/token"
	case req.EnterpriseID != "":
		path = tokenPath + "enterprise_id/" + url.PathEscape(req.EnterpriseID) + "/token"
	}
	body, err := json.Marshal(struct {
		GrantType       string `json:"grant_type"`
		DurationSeconds int    `json:"duration_seconds"`
		Scope           *Scope `json:"scope,omitempty"`
	}{GrantType, int(ttl / time.Second), req.Scope})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Base+path, bytes.NewReader(body))
	if err != nil {
		return nil, ErrBase.With("base", s.Base)
	}
	r.Header.Set("Authorization", "Bearer "+assertion.Reveal())
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "cozejwt")
	return r, nil
}

// answer is an HTTP response that has not been interpreted yet.
type answer struct {
	resp *http.Response
	body []byte
	base string
	sent time.Time
}

func readAnswer(a answer) (Token, error) {
	var fields struct {
		AccessToken  string `json:"access_token"`
		ExpiresIn    any    `json:"expires_in"`
		ErrorCode    any    `json:"error_code"`
		ErrorMessage string `json:"error_message"`
		Error        any    `json:"error"`
		Description  string `json:"error_description"` // RFC 6749 §5.2
		Code         any    `json:"code"`
		Msg          string `json:"msg"`
		Detail       struct {
			LogID string `json:"logid"`
		} `json:"detail"`
	}
	logID := firstOf(a.resp.Header.Get("X-Tt-Logid"))
	status := a.resp.StatusCode
	err := json.Unmarshal(a.body, &fields)
	if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !wrongType {
		return Token{}, notCoze(a)
	}
	logID = firstOf(logID, fields.Detail.LogID)
	if status == http.StatusOK && fields.AccessToken != "" {
		if strings.ContainsFunc(fields.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return Token{}, notCoze(a) // no bearer token has such characters (RFC 6750 §2.1)
		}
		return Token{secret.New(fields.AccessToken), expiry(text(fields.ExpiresIn), a.sent), Printable(logID)}, nil
	}
	refusal := &Refusal{
		Status:  status,
		Code:    Printable(firstOf(text(fields.ErrorCode), text(fields.Error), text(fields.Code))),
		Message: Printable(firstOf(fields.ErrorMessage, fields.Description, fields.Msg)),
		LogID:   Printable(logID),
		Date:    date(a.resp),
		Request: requestOf(a.resp),
	}
	if refusal.Code == "" && refusal.Message == "" {
		return Token{}, notCoze(a)
	}
	return Token{}, refusal
}

// expiry reads expires_in. On the real service it is an absolute Unix time
// (coze-py auth, coze-js examples); RFC 6749 §5.1 has it as seconds from now,
// which a proxy or another implementation may send. A lifetime is at most a
// day, so anything above ten years of seconds is a date.
func expiry(n string, sent time.Time) time.Time {
	const year9999 = 253402300799 // what RFC 3339 can write
	exact, err := strconv.ParseFloat(n, 64)
	if err != nil || exact > year9999 {
		return time.Time{}
	}
	seconds := int64(exact)
	switch {
	case seconds <= 0:
		return time.Time{}
	case seconds > 10*365*24*3600:
		return time.Unix(seconds, 0)
	}
	return sent.Add(time.Duration(seconds) * time.Second)
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func date(resp *http.Response) time.Time {
	t, _ := http.ParseTime(resp.Header.Get("Date"))
	return t
}
