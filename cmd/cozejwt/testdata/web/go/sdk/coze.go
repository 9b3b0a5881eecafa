// Package coze stands in for the official SDK where it cannot be had: what the snippet uses
// of it, with the signatures of coze-go f47b4f2 (auth.go).
package coze

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

type OAuthToken struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"`
}

type NewJWTOAuthClientParam struct {
	ClientID      string
	PublicKey     string
	PrivateKeyPEM string
	TTL           *int
}

type OAuthClientOption func(*JWTOAuthClient)

type JWTOAuthClient struct {
	param NewJWTOAuthClientParam
	base  string
	key   *rsa.PrivateKey
}

type GetJWTAccessTokenReq struct {
	TTL          int
	SessionName  *string
	AccountID    *int64
	EnterpriseID *string
}

func WithAuthBaseURL(base string) OAuthClientOption { return func(c *JWTOAuthClient) { c.base = base } }

func NewJWTOAuthClient(param NewJWTOAuthClientParam, opts ...OAuthClientOption) (*JWTOAuthClient, error) {
	block, _ := pem.Decode([]byte(param.PrivateKeyPEM))
	if block == nil {
		return nil, errors.New("no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	c := &JWTOAuthClient{param: param, key: key.(*rsa.PrivateKey)}
	for _, opt := range opts {
		opt(c)
	}
	return c, nil
}

func (c *JWTOAuthClient) GetAccessToken(ctx context.Context, req *GetJWTAccessTokenReq) (*OAuthToken, error) {
	base, err := url.Parse(c.base)
	if err != nil {
		return nil, err
	}
	part := func(v any) string {
		text, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	now := time.Now().Unix()
	jwt := part(map[string]any{"alg": "RS256", "typ": "JWT", "kid": c.param.PublicKey}) + "." + part(map[string]any{
		"iss": c.param.ClientID, "aud": base.Host, "iat": now, "exp": now + int64(req.TTL),
		"jti": hex.EncodeToString(id), "session_name": *req.SessionName,
	})
	digest := sha256.Sum256([]byte(jwt))
	signature, err := rsa.SignPKCS1v15(rand.Reader, c.key, crypto.SHA256, digest[:])
	if err != nil {
		return nil, err
	}
	body, _ := json.Marshal(map[string]any{"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": req.TTL})
	path := "/api/permission/oauth2/token"
	switch {
	case req.AccountID != nil:
		path = fmt.Sprintf("/api/permission/oauth2/account/%d/token", *req.AccountID)
	case req.EnterpriseID != nil:
		path = "/api/permission/oauth2/enterprise_id/" + *req.EnterpriseID + "/token"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+jwt+"."+base64.RawURLEncoding.EncodeToString(signature))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	token := &OAuthToken{}
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	return token, json.NewDecoder(resp.Body).Decode(token)
}
