package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/rogpeppe/go-internal/testscript"
)

// apiServer NAME starts an API that shares no code with this project, and sets
// $NAME to its base URL. It issues a token for any JWT.
func apiServer(ts *testscript.TestScript, _ bool, args []string) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/permission/oauth2/token", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"access_token":"from_api_server","expires_in":4000000000}`)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer from_api_server" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]any{"method": r.Method, "query": r.URL.RawQuery, "body": string(body)})
	})
	mux.HandleFunc("/pages", func(w http.ResponseWriter, r *http.Request) {
		page := map[string]string{"": `{"items":["one","two"],"has_more":true}`, "2": `{"items":["three"],"has_more":false}`}[r.URL.Query().Get("page_num")]
		fmt.Fprintf(w, `{"code":0,"data":%s}`, page)
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":7481617032355075967}`) })
	mux.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "event:conversation.message.delta\ndata:{}\n\n")
	})
	mux.Handle("/elsewhere", http.RedirectHandler("https://elsewhere.example/", http.StatusFound))
	mux.HandleFunc("/refused", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"code":4015,"msg":"The bot_id 1 has not been published to the channel Agent As API"}`)
	})
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}
