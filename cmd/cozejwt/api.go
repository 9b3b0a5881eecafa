package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
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

// maxAPIAnswer bounds an answer that is read as a whole, in bytes.
const maxAPIAnswer = 64 << 20

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
	set, err := a.existingSet(ctx)
	if err != nil {
		return err
	}
	if _, err := (coze.Service{Base: strings.TrimRight(set.APIBase, "/")}).URL(path); err != nil {
		return err // before a token is requested
	}
	token, base, err := a.token(ctx, o.tokenOptions)
	if err != nil {
		return err
	}
	call.Token = token.AccessToken
	service := coze.Service{Base: base, Client: a.env().Client}
	for {
		body, err := a.callOnce(ctx, service, call, o, query)
		if d, ok := errors.AsType[diagnosed](err); ok && d.Refusal.Status == http.StatusUnauthorized && o.cache && o.refused == "" {
			o.refused = call.Token.Reveal() // perhaps only the cached token is no longer good
			if token, _, err = a.token(ctx, o.tokenOptions); err != nil {
				return err
			}
			call.Token = token.AccessToken
			continue
		}
		if err != nil {
			return a.printRefusal(body, err)
		}
		next, more := nextPage(call.Path, body)
		if !o.paginate || !more || call.Method != http.MethodGet {
			return nil
		}
		if next == call.Path {
			return fault.Unexpected("api.same_page", nil)
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
	data, err := boundedfile.All(in, maxAPIAnswer)
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

// callOnce makes one call and prints its answer.
func (a *app) callOnce(ctx context.Context, s coze.Service, call coze.Call, o apiOptions, query *gojq.Code) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(a.timeout, func() { cancel(context.DeadlineExceeded) }) // until the answer begins: a stream may take long
	resp, err := s.Do(ctx, call)
	timer.Stop()
	if err != nil {
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			err = coze.ErrTimeout.With("host", coze.Audience(s.Base), "base", s.Base)
		}
		return nil, err
	}
	defer resp.Body.Close()
	if o.include {
		fmt.Fprintf(a.out.Answer(), "%s %s\n", resp.Proto, resp.Status)
		_ = resp.Header.Write(a.out.Answer())
		fmt.Fprintln(a.out)
	}
	if resp.StatusCode < 400 && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		_, err := io.Copy(a.out.Answer(), resp.Body) // as they come
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAPIAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxAPIAnswer {
		return nil, fault.Unexpected("api.too_large", nil, "mib", strconv.Itoa(maxAPIAnswer>>20))
	}
	if refusal := coze.RefusalOf(resp, body); refusal != nil {
		return body, diagnosed{diagnosis.Diagnose(refusal, diagnosis.OfCall(a.env().RegionOf(s.Base), s.Base, time.Now()))}
	}
	return body, a.printAnswer(body, o, query)
}

// printAnswer prints JSON indented, or what --jq makes of it, or the bytes as they
// came.
func (a *app) printAnswer(body []byte, o apiOptions, query *gojq.Code) error {
	if query != nil {
		return a.printJQ(body, query)
	}
	var indented bytes.Buffer
	if o.raw || json.Indent(&indented, body, "", "  ") != nil {
		_, err := a.out.Answer().Write(body)
		return err
	}
	_, err := fmt.Fprintln(a.out.Answer(), strings.TrimSpace(indented.String()))
	return err
}

func compileJQ(expr string) (*gojq.Code, error) {
	if expr == "" {
		return nil, nil
	}
	query, err := gojq.Parse(expr)
	if err != nil {
		return nil, badQuery(expr, err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, badQuery(expr, err)
	}
	return code, nil
}

// badQuery is the fault of an expression. The error quotes pieces of it, which are too short
// to be known as those of a secret.
func badQuery(expr string, err error) error {
	if secret.In(expr) != secret.None {
		err = errors.New(secret.Mark)
	}
	return fault.Usage("api.jq", "expr", expr).Because(err)
}

// printJQ prints each result on a line, text without its quotes.
func (a *app) printJQ(body []byte, query *gojq.Code) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return fault.Unexpected("api.not_json", err)
	}
	results := query.Run(exactNumbers(value))
	for {
		result, ok := results.Next()
		if !ok {
			return nil
		}
		if err, failed := result.(error); failed {
			return fault.Usage("api.jq", "expr", "").Because(err)
		}
		if text, isText := result.(string); isText {
			fmt.Fprintln(a.out.Answer(), text)
			continue
		}
		line, err := gojq.Marshal(result)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out.Answer(), string(line))
	}
}

// exactNumbers gives gojq numbers that keep every digit.
func exactNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		if n, ok := new(big.Int).SetString(v.String(), 10); ok {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = exactNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = exactNumbers(v[name])
		}
	}
	return v
}

// nextPage is the path of the page after this answer's: by last_id where the
// answer has one (messages), else by page_num (workspaces, bots). The real
// service names them so in its API reference.
func nextPage(path string, body []byte) (next string, more bool) {
	type page struct {
		HasMore bool   `json:"has_more"`
		LastID  string `json:"last_id"`
	}
	var answer struct {
		page
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", false
	}
	found := answer.page
	if !found.HasMore {
		_ = json.Unmarshal(answer.Data, &found) // a list has no such members
	}
	u, err := url.Parse(path)
	if err != nil || !found.HasMore {
		return "", false
	}
	query := u.Query()
	if found.LastID != "" {
		query.Set("after_id", found.LastID)
	} else {
		name := "page_num"
		if query.Has("page_index") {
			name = "page_index"
		}
		n, _ := strconv.Atoi(query.Get(name))
		query.Set(name, strconv.Itoa(max(n, 1)+1))
	}
	u.RawQuery = query.Encode()
	return u.String(), true
}
