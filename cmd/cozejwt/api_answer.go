package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"

	"github.com/itchyny/gojq"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/permissions"
	"cozejwt/internal/secret"
)

// The bounds of an answer, in bytes: of one that is parsed, which takes several times as much
// memory, and of one that is printed as it comes.
const (
	maxParsed  = 8 << 20
	maxPrinted = 64 << 20
)

// maxValues bounds the values in JSON that --jq gets: each takes about 50 bytes, and an object as
// much as objectValues others.
const (
	maxValues    = 500_000
	objectValues = 6
)

var errTooLarge = fault.Unexpected("api.too_large", nil, "mib", strconv.Itoa(maxParsed>>20))

// passOn prints an answer that is too large to be indented.
func (a *app) passOn(body io.Reader) error {
	n, err := io.Copy(a.out.Answer(), io.LimitReader(body, maxPrinted+1))
	if err == nil && n > maxPrinted {
		return fault.Unexpected("api.cut", nil, "mib", strconv.Itoa(maxPrinted>>20))
	}
	return err
}

// callOnce makes one call and prints its answer.
func (a *app) callOnce(ctx context.Context, s coze.Service, call coze.Call, o apiOptions, query *gojq.Code) ([]byte, error) {
	resp, err := s.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if o.include {
		fmt.Fprintf(a.out.Answer(), "%s %s\n", resp.Proto, resp.Status)
		_ = resp.Header.Write(a.out.Answer())
		fmt.Fprintln(a.out)
	}
	if resp.StatusCode < 400 && coze.IsStream(resp) {
		_, err := io.Copy(a.out.Answer(), resp.Body) // as they come
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxParsed+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) <= maxParsed:
	case query == nil && !o.paginate && resp.StatusCode < 400:
		return nil, a.passOn(io.MultiReader(bytes.NewReader(body), resp.Body))
	default:
		return nil, errTooLarge
	}
	if refusal := coze.RefusalOf(resp, body); refusal != nil {
		return body, diagnosed{diagnosis.Diagnose(refusal, diagnosis.OfCall(a.env().RegionOf(s.Base), s.Base, clock()).Calling(permissions.Of(call.Method, call.Path)))}
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
	if o.raw || sizeOfJSON(body).indented > maxParsed || json.Indent(&indented, body, "", "  ") != nil {
		_, err := a.out.Answer().Write(body)
		return err
	}
	_, err := a.out.Answer().Write(append(bytes.TrimSpace(indented.Bytes()), '\n'))
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
	if sizeOfJSON(body).values > maxValues {
		return fault.Unexpected("api.many_values", nil, "count", strconv.Itoa(maxValues))
	}
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

// A jsonSize is what a JSON text grows to.
type jsonSize struct {
	values   int
	indented int // bytes of the text with an indentation of two spaces
}

// sizeOfJSON measures a text without parsing it: brackets alone, nested deeply, make a hundred
// megabytes of spaces out of a few kilobytes.
func sizeOfJSON(text []byte) jsonSize {
	size := jsonSize{indented: len(text)}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			depth++
			size.values++
			if c == '{' {
				size.values += objectValues
			}
			size.indented += 2*depth + 1
		case c == '}' || c == ']':
			depth = max(depth-1, 0)
			size.indented += 2*depth + 1
		case c == ',':
			size.values++
			size.indented += 2*depth + 1
		case c == ':':
			size.indented++
		}
	}
	return size
}
