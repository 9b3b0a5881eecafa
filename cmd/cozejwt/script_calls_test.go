package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cozejwt/internal/coze"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testfile"
)

// serves [NAME] keeps the script's sandbox running, with the tokens that it gives, until the script
// ends, and sets $NAME to its base URL. Its clock is the script's.
func serves(ts *testscript.TestScript, _ bool, args []string) {
	served, err := sandbox.ServeAt(filepath.Join(ts.Getenv("XDG_STATE_HOME"), "cozejwt"), "", clockOf(ts).now)
	ts.Check(err)
	ts.Defer(func() { _ = served.Close() })
	if len(args) > 0 {
		ts.Setenv(args[0], served.Base)
	}
}

// A scriptClock is the machine's until it is stopped; then it goes on by hand.
type scriptClock struct{ stopped atomic.Pointer[time.Time] }

func clockOf(ts *testscript.TestScript) *scriptClock { return ts.Value("clock").(*scriptClock) }

func (c *scriptClock) now() time.Time {
	if at := c.stopped.Load(); at != nil {
		return *at
	}
	return time.Now()
}

func (c *scriptClock) pass(d time.Duration) {
	at := c.now().Add(d)
	c.stopped.Store(&at)
}

// uploads NAME PUBLICKEYFILE uploads a key to the app of the sandbox $SANDBOX that was made last,
// and sets $NAME to its Key ID.
func uploads(ts *testscript.TestScript, _ bool, args []string) {
	console := sandbox.Client{Base: ts.Getenv("SANDBOX")}
	apps, err := console.Apps(context.Background())
	ts.Check(err)
	keyID, err := console.AddKey(context.Background(), apps[len(apps)-1].ID, []byte(ts.ReadFile(args[1])))
	ts.Check(err)
	ts.Setenv(args[0], keyID)
}

// posts-form FILE posts a JWT as a form field (RFC 7523 §2.1), as a client of another service does,
// and writes the request with the answer of $SANDBOX to a file.
func postsForm(ts *testscript.TestScript, _ bool, args []string) {
	form := url.Values{"grant_type": {coze.GrantType}, "assertion": {"eyJhbGciOiJSUzI1NiJ9"}}
	resp, err := http.PostForm(ts.Getenv("SANDBOX")+"/api/permission/oauth2/token", form)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	said := fmt.Sprintf("POST %s\nContent-Type: application/x-www-form-urlencoded\n\n%s\n\n%s\n%s", resp.Request.URL.Path, form.Encode(), resp.Status, body)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(said), 0o600))
}

// sets FILE NAME=VALUE... gives the variables of a .env other values.
func sets(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for _, assignment := range args[1:] {
		name, _, _ := strings.Cut(assignment, "=")
		line := regexp.MustCompile(`(?m)^` + name + `=.*$`)
		if !line.MatchString(text) {
			ts.Fatalf("%s has no %s", args[0], name)
		}
		text = line.ReplaceAllLiteralString(text, assignment)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// remembers NAME keeps what was printed in a variable of the script.
func remembers(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// callsAPI is calls STATUS FILE METHOD PATH makes a call of the API base of the script's .env, as the
// project's own code does, with the token that the file holds.
func callsAPI(ts *testscript.TestScript, _ bool, args []string) {
	base := ""
	for line := range strings.Lines(ts.ReadFile(".env")) {
		if value, ok := strings.CutPrefix(line, "COZE_API_BASE="); ok {
			base = strings.TrimSpace(value)
		}
	}
	req, err := http.NewRequest(args[2], base+args[3], strings.NewReader("{}"))
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[1])))
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	_ = resp.Body.Close()
	if got := strconv.Itoa(resp.StatusCode); got != args[0] {
		ts.Fatalf("HTTP %s, want %s", got, args[0])
	}
}

// demo-file ZIP APP KEYID KEYFILE makes the demo file that the console of $SANDBOX offers, with a key.
func demoFile(ts *testscript.TestScript, _ bool, args []string) {
	config, err := json.Marshal(map[string]string{
		"client_type": "jwt", "client_id": args[1], "public_key_id": args[2], "private_key": ts.ReadFile(args[3]),
		"coze_www_base": ts.Getenv("SANDBOX"), "coze_api_base": ts.Getenv("SANDBOX"),
	})
	ts.Check(err)
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, []byte(testfile.Zip("coze-jwt-demo/coze_oauth_config.json", string(config))), 0o600))
}
