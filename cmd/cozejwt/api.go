package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
)

// apiOptions are the flags of api, which are those of gh api where both have
// them.
type apiOptions struct {
	tokenOptions
	method            string
	fields, typed     []string
	input, jq         string
	include, paginate bool
	raw               bool
}

// commonPaths are offered by the shell's completion.
var commonPaths = []string{
	"/v1/users/me", "/v1/workspaces", "/v1/bots", "/v3/chat", "/v1/conversation/create", "/v1/files/upload", "/v1/workflow/run",
}

// maxAPIInput bounds the body of a request, in bytes.
const maxAPIInput = 64 << 20

func (a *app) apiCommand() *cobra.Command {
	var o apiOptions
	cmd := &cobra.Command{
		Use:               "api PATH",
		Short:             a.lang.Text("cmd.api.short"),
		Long:              a.lang.Text("cmd.api.long"),
		Example:           a.lang.Text("cmd.api.example"),
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(commonPaths, cobra.ShellCompDirectiveNoFileComp),
		RunE:              func(cmd *cobra.Command, args []string) error { return a.runAPI(cmd.Context(), args[0], o) },
	}
	f := cmd.Flags()
	f.StringVarP(&o.method, "method", "X", "", a.lang.Text("flag.method"))
	f.StringArrayVarP(&o.fields, "raw-field", "f", nil, a.lang.Text("flag.raw_field"))
	f.StringArrayVarP(&o.typed, "field", "F", nil, a.lang.Text("flag.field"))
	f.StringVar(&o.input, "input", "", a.lang.Text("flag.input"))
	f.BoolVarP(&o.include, "include", "i", false, a.lang.Text("flag.include"))
	f.StringVarP(&o.jq, "jq", "q", "", a.lang.Text("flag.jq"))
	f.BoolVar(&o.paginate, "paginate", false, a.lang.Text("flag.paginate"))
	f.BoolVar(&o.raw, "raw", false, a.lang.Text("flag.raw"))
	f.BoolVar(&o.cache, "cache", false, a.lang.Text("flag.cache"))
	f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.trust"))
	return cmd
}

func (a *app) runAPI(ctx context.Context, path string, o apiOptions) error {
	query, err := compileJQ(o.jq)
	if err != nil {
		return err
	}
	call, err := a.callOf(path, o)
	if err != nil {
		return err
	}
	o.TTL = int(coze.DefaultTTL / time.Second)
	held, err := a.existing(ctx)
	if err != nil {
		return err
	}
	if _, err := (coze.Service{Base: strings.TrimRight(held.Set.APIBase, "/")}).URL(path); err != nil {
		return err // before a token is requested
	}
	token, base, err := a.token(ctx, o.tokenOptions)
	if err != nil {
		return err
	}
	call.Token = token.AccessToken
	return a.callPages(ctx, coze.Service{Base: base, Client: a.env().Client, Timeout: a.timeout}, call, o, query)
}

// callPages makes the call, and those for the pages that follow. A cached token that is no longer good
// is replaced once.
func (a *app) callPages(ctx context.Context, service coze.Service, call coze.Call, o apiOptions, query *gojq.Code) error {
	var pages pager
	for {
		body, err := a.callOnce(ctx, service, call, o, query)
		if d, ok := errors.AsType[diagnosed](err); ok && d.Refusal.Status == http.StatusUnauthorized && o.cache && o.refused == "" {
			o.refused = call.Token.Reveal() // perhaps only the cached token is no longer good
			token, _, err := a.token(ctx, o.tokenOptions)
			if err != nil {
				return err
			}
			call.Token = token.AccessToken
			continue
		}
		if err != nil {
			return a.printRefusal(body, err)
		}
		if !o.paginate || call.Method != http.MethodGet {
			return nil
		}
		next, err := pages.next(call.Path, body)
		if next == "" || err != nil {
			return err
		}
		call.Path = next
	}
}

// callOf is the request that the flags ask for. Fields make it a POST with a
// JSON body, or go into the query of a GET.
func (a *app) callOf(path string, o apiOptions) (coze.Call, error) {
	fields, err := fieldsOf(o)
	if err != nil {
		return coze.Call{}, err
	}
	call := coze.Call{Method: strings.ToUpper(o.method), Path: path}
	if call.Method == "" {
		call.Method = http.MethodGet
		if len(fields) > 0 || o.input != "" {
			call.Method = http.MethodPost
		}
	}
	switch {
	case o.input != "":
		data, err := a.readInput(o.input)
		if err != nil {
			return coze.Call{}, err
		}
		call.Body, call.JSON = data, true
		call.Path = withQuery(path, fields)
	case call.Method == http.MethodGet:
		call.Path = withQuery(path, fields)
	case len(fields) > 0:
		body, err := json.Marshal(fields)
		if err != nil {
			return coze.Call{}, err
		}
		call.Body, call.JSON = body, true
	}
	return call, nil
}

func (a *app) readInput(name string) ([]byte, error) {
	in, shown := a.in, "stdin"
	if name != "-" {
		f, err := os.Open(name) // a pipe too, as a shell makes of <(…)
		if err != nil {
			return nil, fault.Unreadable(name, err)
		}
		defer f.Close()
		in, shown = f, name
	}
	data, err := boundedfile.All(in, maxAPIInput)
	if err != nil {
		return nil, fault.Unreadable(shown, err)
	}
	return data, nil
}

// fieldsOf are the values of -f, as text, and of -F, as JSON where they are JSON.
// Numbers keep every digit: ids are longer than what a float holds.
func fieldsOf(o apiOptions) (map[string]json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	for i, pair := range slices.Concat(o.fields, o.typed) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fault.Usage("api.field", "field", pair)
		}
		if raw := []byte(value); i >= len(o.fields) && json.Valid(raw) {
			fields[name] = raw
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		fields[name] = text
	}
	return fields, nil
}

// withQuery adds fields to the query of a path.
func withQuery(path string, fields map[string]json.RawMessage) string {
	if len(fields) == 0 {
		return path
	}
	values := url.Values{}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		values.Set(name, text)
	}
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + values.Encode()
}

// printRefusal prints the answer of a refusal, which is explained on stderr.
func (a *app) printRefusal(body []byte, err error) error {
	if body != nil && !a.json {
		fmt.Fprintln(a.out.Answer(), strings.TrimRight(string(body), "\n"))
	}
	return err
}
