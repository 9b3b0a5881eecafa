package main

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"cozejwt/internal/sandbox"
)

// serves keeps the script's sandbox running, with the tokens that it gives, until the script ends.
func serves(ts *testscript.TestScript, _ bool, _ []string) {
	served, err := sandbox.Serve(filepath.Join(ts.Getenv("XDG_STATE_HOME"), "cozejwt"), "")
	ts.Check(err)
	ts.Defer(func() { _ = served.Close() })
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
