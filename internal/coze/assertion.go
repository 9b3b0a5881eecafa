package coze

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// GrantType is the value of grant_type (RFC 7523 §2.1).
const GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// AssertionLifetime is how long an assertion is good for. It is exchanged at
// once and only once, so this only has to bridge a clock that is slow or fast.
const AssertionLifetime = 15 * time.Minute

// An Assertion is the JWT that stands for the app (RFC 7523 §3).
type Assertion struct {
	AppID          string // iss
	KeyID          string // kid
	Audience       string // aud: host of the API, see [Audience]
	SessionName    string // session_name: keeps the conversations of users apart; optional
	SessionContext *SessionContext
}

// SessionContext is the optional session_context claim (coze-go auth.go; the
// connector from the official guide of the Web SDK).
type SessionContext struct {
	DeviceInfo    *DeviceInfo    `json:"device_info,omitempty"`
	ConnectorInfo *ConnectorInfo `json:"connector_info,omitempty"`
}

// NewSessionContext returns the session context for a device, a custom consumer
// and a connector, nil where all are "".
func NewSessionContext(deviceID, customConsumer, connectorID string) *SessionContext {
	var c SessionContext
	if deviceID != "" || customConsumer != "" {
		c.DeviceInfo = &DeviceInfo{deviceID, customConsumer}
	}
	if connectorID != "" {
		c.ConnectorInfo = &ConnectorInfo{connectorID}
	}
	if c == (SessionContext{}) {
		return nil
	}
	return &c
}

// ConnectorInfo says which connector a token is good for: "2001" is the Web SDK.
type ConnectorInfo struct {
	ConnectorID string `json:"connector_id"`
}

// DeviceInfo says which device a session belongs to.
type DeviceInfo struct {
	DeviceID       string `json:"device_id,omitempty"`
	CustomConsumer string `json:"custom_consumer,omitempty"`
}

type claims struct {
	jwt.RegisteredClaims
	// Audience is one string on this wire, which RFC 7519 §4.1.3 allows and
	// the library would write as an array.
	Audience       string          `json:"aud"`
	SessionName    string          `json:"session_name,omitempty"`
	SessionContext *SessionContext `json:"session_context,omitempty"`
}

// Sign returns the assertion as a compact JWS with RS256 (RFC 7515 §3.1), made at now. Each call
// makes another jti: the service takes a JWT once. The error is a fault; no key that keygen has
// read gives one.
func (a Assertion) Sign(key *rsa.PrivateKey, now time.Time) (secret.String, error) {
	id := make([]byte, 32)
	_, _ = rand.Read(id) // never fails, crypto/rand
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    a.AppID,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(AssertionLifetime)),
			ID:        hex.EncodeToString(id),
		},
		Audience:       a.Audience,
		SessionName:    a.SessionName,
		SessionContext: a.SessionContext,
	})
	token.Header["kid"] = a.KeyID
	signed, err := token.SignedString(key)
	if err != nil {
		return secret.String{}, fault.Unexpected("jwt.sign", err)
	}
	return secret.New(signed), nil
}
