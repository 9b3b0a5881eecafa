package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// A Client adds apps and keys to the sandbox at Base, as a person does in the
// real console.
type Client struct {
	Base    string
	Session string // that the console's address carries; without it the page is read only
}

// Console returns the URL of the sandbox's console page. One with a session is short, so that a terminal of 80 columns
// shows it on one line.
func (c Client) Console() string {
	if c.Session == "" {
		return c.Base + ConsolePath
	}
	return c.Base + "/?session=" + c.Session
}

// Apps lists the apps. The errors are those of every call: the fault of a sandbox that cannot be
// reached, or what it answered.
func (c Client) Apps(ctx context.Context) ([]App, error) {
	var list struct {
		Apps []App `json:"apps"`
	}
	err := c.call(ctx, http.MethodGet, "/sandbox/apps", nil, &list)
	return list.Apps, err
}

// CreateApp makes an app of the right type, authorized and with the usual permissions, and returns
// its App ID. The errors are those of Apps.
func (c Client) CreateApp(ctx context.Context, name string) (appID string, err error) {
	var app App
	err = c.call(ctx, http.MethodPost, "/sandbox/apps", map[string]string{"name": name}, &app)
	return app.ID, err
}

// AddKey uploads a public key in PEM and returns its Key ID. The errors are those of Apps.
func (c Client) AddKey(ctx context.Context, appID string, publicPEM []byte) (keyID string, err error) {
	var key Key
	body := map[string]string{"public_key": string(publicPEM)}
	err = c.call(ctx, http.MethodPost, "/sandbox/apps/"+appID+"/keys", body, &key)
	return key.ID, err
}

func (c Client) call(ctx context.Context, method, path string, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var payload bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&payload).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, &payload)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		var no struct {
			Error string `json:"error"`
		}
		if json.NewDecoder(io.LimitReader(resp.Body, maxState)).Decode(&no) == nil && no.Error != "" {
			return errors.New(no.Error)
		}
		return fmt.Errorf("%s %s: HTTP %d", method, path, resp.StatusCode)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxState)).Decode(result)
}

// APIBase is the sandbox's API base.
func (c Client) APIBase() string { return c.Base }

// Fail makes requests fail in a way, or no longer where its kind is "".
func (c Client) Fail(ctx context.Context, t Trouble) error {
	return c.call(ctx, http.MethodPut, "/sandbox/trouble", t, nil)
}

// Delays reports whether changes take some seconds to take effect. The error is one of the request.
func (c Client) Delays(ctx context.Context) (bool, error) {
	var t Trouble
	err := c.call(ctx, http.MethodGet, "/sandbox/trouble", nil, &t)
	return t.Kind == TroubleDelay, err
}

// HasApp reports whether the sandbox has an app. The errors are those of Apps.
func (c Client) HasApp(ctx context.Context, appID string) (bool, error) {
	apps, err := c.Apps(ctx)
	return slices.ContainsFunc(apps, func(a App) bool { return a.ID == appID }), err
}

// Admits reports whether nothing about an app stands against a token for it. The errors are those of
// Apps.
func (c Client) Admits(ctx context.Context, appID string) (bool, error) {
	apps, err := c.Apps(ctx)
	if err != nil {
		return false, err
	}
	var t Trouble
	if err := c.call(ctx, http.MethodGet, "/sandbox/trouble", nil, &t); err != nil {
		return false, err
	}
	refuses := &Server{trouble: t}
	return slices.ContainsFunc(apps, func(a App) bool { return a.ID == appID && refuses.admit(&a, a.Type == "privilege") == nil }), nil
}

// AppsByHand lists the ids of the apps that were created in the console. The errors are those of
// Apps.
func (c Client) AppsByHand(ctx context.Context) (ids []string, err error) {
	apps, err := c.Apps(ctx)
	for _, a := range apps {
		if a.ByHand {
			ids = append(ids, a.ID)
		}
	}
	return ids, err
}

// KeyID returns the id of a public key in PEM of an app, "" where it has none such. The errors are
// those of Apps.
func (c Client) KeyID(ctx context.Context, appID string, publicPEM []byte) (string, error) {
	apps, err := c.Apps(ctx)
	for _, a := range apps {
		for _, k := range a.Keys {
			if a.ID == appID && k.PublicKey == string(publicPEM) {
				return k.ID, err
			}
		}
	}
	return "", err
}
