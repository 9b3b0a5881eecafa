package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mccutchen/go-httpbin/v2/httpbin"
	"github.com/rogpeppe/go-internal/testscript"
)

// apiServer NAME starts go-httpbin, which someone else wrote, with a token for any
// JWT and the answers that only Coze gives, and sets $NAME to its base URL.
func apiServer(ts *testscript.TestScript, _ bool, args []string) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/permission/oauth2/token", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"access_token":"from_api_server","expires_in":4000000000}`)
	})
	mux.Handle("/", httpbin.New())
	mux.HandleFunc("/pages", func(w http.ResponseWriter, r *http.Request) {
		page := map[string]string{"": `{"items":["one","two"],"has_more":true}`, "2": `{"items":["three"],"has_more":false}`}[r.URL.Query().Get("page_num")]
		fmt.Fprintf(w, `{"code":0,"data":%s}`, page)
	})
	mux.HandleFunc("/same", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[1],"has_more":true,"last_id":"1"}`)
	})
	mux.HandleFunc("/refused-stream", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusForbidden)
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":7481617032355075967}`) })
	mux.HandleFunc("/refused", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"code":4015,"msg":"The bot_id 1 has not been published to the channel Agent As API"}`)
	})
	endlessAnswers(mux)
	mux.HandleFunc("POST /v1/bot/create", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"code":4101,"msg":"no permission"}`)
	})
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Defer(server.CloseClientConnections)
	ts.Setenv(args[0], server.URL)
}

// endlessAnswers adds answers that would take all time or all memory.
func endlessAnswers(mux *http.ServeMux) {
	mux.HandleFunc("/more", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"data":[1],"has_more":true,"detail":{"logid":"%s"}}`, r.URL.RawQuery)
	})
	mux.HandleFunc("/stalled", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		fmt.Fprint(w, "data: begun\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		part := []byte(strings.Repeat("[1,1],", 10_000))
		fmt.Fprint(w, "[")
		for {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/values", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "["+strings.Repeat("1,", 3<<20)+"1]")
	})
	mux.HandleFunc("/deep", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat("[", 9000)+strings.Repeat("]", 9000))
	})
}
