package coze

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"cozejwt/internal/secret"
)

// Read makes a GET request, which changes nothing, and returns the beginning of its answer as it may
// be shown: of the JSON member data where there is one. The errors are the faults of Do, and a
// *Refusal.
func (s Service) Read(ctx context.Context, path string, token secret.String) (answer string, err error) {
	resp, err := s.Do(ctx, Call{Method: http.MethodGet, Path: path, Token: token})
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if refusal := RefusalOf(resp, body); refusal != nil {
		return "", refusal
	}
	return beginning(body), nil
}

// beginning is what an answer begins with, on one line.
func beginning(body []byte) string {
	const most = 60 // characters: enough to recognize one's own workspace
	var fields struct {
		Data json.RawMessage `json:"data"`
	}
	var compact bytes.Buffer
	if json.Unmarshal(body, &fields) == nil && len(fields.Data) > 0 && json.Compact(&compact, fields.Data) == nil {
		body = compact.Bytes()
	}
	text := []rune(Printable(string(body)))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
