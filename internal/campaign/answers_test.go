//go:build campaign && unix

package campaign

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An answer is how a server answers a request. Good says that it is one that Coze could give, with
// a token.
type answer struct {
	name   string
	good   bool
	answer http.HandlerFunc
}

// token is the answer to a request for one.
func token() string {
	return fmt.Sprintf(`{"access_token":"czs_campaign_token","expires_in":%d,"token_type":"Bearer"}`, time.Now().Add(15*time.Minute).Unix())
}

// answered is an answer of a status, with headers as "Name: value" and a body.
func answered(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// sent is an answer byte for byte; where it stalls, the connection stays open until the client leaves.
func sent(text string, stalls bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, text)
		if stalls {
			_, _ = io.Copy(io.Discard, conn)
		}
	}
}

// endless repeats a piece after a beginning until the client leaves, with a pause.
func endless(begin, piece string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := io.WriteString(w, begin)
		for err == nil && r.Context().Err() == nil {
			_, err = io.WriteString(w, piece)
			if pause > 0 {
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(pause):
				case <-r.Context().Done():
				}
			}
		}
	}
}

// answers are all of them. Other is the address of a server that nothing may be sent to.
func answers(other string) (all []answer) {
	bad := func(name string, h http.HandlerFunc) { all = append(all, answer{name, false, h}) }
	good := func(name string, h http.HandlerFunc) { all = append(all, answer{name, true, h}) }
	good("as Coze does", func(w http.ResponseWriter, r *http.Request) { answered(200, token())(w, r) })
	for _, status := range []int{
		202, 203, 204, 205, 206, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 415, 417,
		418, 421, 422, 423, 425, 426, 428, 429, 431, 444, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 522, 524, 526, 599, 600, 999,
	} {
		bad(strconv.Itoa(status)+" with a page", answered(status, "<html><title>\u202eNo</title>", "Content-Type: text/html"))
		if status >= 400 {
			bad(strconv.Itoa(status)+" with a refusal", answered(status, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`))
		}
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{other, "/elsewhere", "https://evil.example/", "//evil.example", "file:///etc/passwd", "javascript:1", "::", "http://[", ""} {
			bad(fmt.Sprintf("%d to %q", status, to), answered(status, "", "Location: "+to))
		}
	}
	for _, after := range []string{"0", "1", "-1", "1.5", "999999999999999999999", "soon", "", "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "1, 2"} {
		bad(fmt.Sprintf("429, Retry-After %q", after), answered(429, `{"code":4013,"msg":"too many"}`, "Retry-After: "+after))
		bad(fmt.Sprintf("503, Retry-After %q", after), answered(503, "", "Retry-After: "+after))
	}
	for name, body := range bodies() {
		bad("200 with "+name, answered(200, body))
	}
	for name, body := range refusals() {
		bad("401 with "+name, answered(401, body, "X-Tt-Logid: \u202e"+strings.Repeat("l", 5000)))
	}
	for _, expires := range []string{"0", "1", "-1", "900", "1e3", "1e400", "1.5", "9223372036854775807", "18446744073709551616", "253402300800", `"900"`, "null", "true", "[]", "{}", "1700000000000"} {
		all = append(all, answer{"expires_in " + expires, false, answered(200, `{"access_token":"czs_campaign_token","expires_in":`+expires+`}`)})
	}
	for _, kind := range []string{"text/html", "text/plain", "", "application/json; charset=gbk", "application/json; charset=utf-16", "application/octet-stream", "image/png", "text/event-stream", "multipart/mixed; boundary=x", "application/json;;;", "a/b/c"} {
		all = append(all, answer{"type " + kind, false, func(w http.ResponseWriter, r *http.Request) { answered(200, token(), "Content-Type: "+kind)(w, r) }})
	}
	return append(all, connections()...)
}

// bodies are no answer of Coze.
func bodies() map[string]string {
	all := map[string]string{
		"nothing": "", "null": "null", "a list": "[]", "a number": "0", "true": "true", "a text": `"x"`, "half an object": `{"access_token":"x`, "an object": "{}",
		"a zero byte": "\x00", "a BOM alone": "\ufeff", "UTF-16": "\xff\xfe{\x00}\x00", "GBK": "{\"msg\":\"\xb2\xbb\"}", "invalid UTF-8": "{\"access_token\":\"\xff\xfe\"}",
		"deep lists": strings.Repeat("[", 500_000), "deep objects": strings.Repeat(`{"a":`, 100_000), "closed deep lists": strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"a page": "<!doctype html><title>Log in</title>", "a portal": "<meta http-equiv=refresh content='0;url=http://portal.example/'>", "single quotes": "{'access_token':'x'}",
		"a comment": "// x\n{}", "a huge number": `{"expires_in":` + strings.Repeat("9", 500_000) + `}`, "many members": "{" + strings.Repeat(`"a":1,`, 100_000) + `"b":1}`,
		"a large text": `{"access_token":"` + strings.Repeat("a", 2<<20) + `"}`, "code 0 alone": `{"code":0,"msg":"","data":{}}`, "a code": `{"code":700012006,"msg":"\u202ex"}`,
		"a code that is text": `{"code":"4101","msg":"x"}`, "a code that is huge": `{"code":1e999}`, "a code that is an object": `{"code":{},"msg":[]}`, "two documents": `{}{}`, "an event": "event: x\ndata: {}\n\n",
	}
	for name, value := range map[string]string{
		"empty": `""`, "null": "null", "number": "5", "list": `["x"]`, "object": `{"a":1}`, "line break": `"a\nb"`, "escape": `"a\u001b[2Jb"`, "zero": `"a\u0000b"`, "bidi": `"a\u202eb"`,
		"blank": `" "`, "half a pair": `"\ud800"`, "an option": `"-rf"`,
	} {
		all["a token that is "+name] = `{"access_token":` + value + `,"expires_in":900}`
	}
	all["a token, then another"] = `{"access_token":"a","access_token":5}`
	return all
}

// refusals are refusals that no client expects.
func refusals() map[string]string {
	all := map[string]string{"nothing": "", "null": "null", "a list": `[{"error_code":"x"}]`, "half": `{"error_code":"inv`}
	for name, value := range map[string]string{
		"escapes": `"\u001b]52;c;x\u0007\u001b[2J"`, "bidi": `"\u202e\u2066x"`, "zeros": `"\u0000\u0000"`, "line breaks": `"a\r\nb\u2028c"`, "a megabyte": `"` + strings.Repeat("m", 900_000) + `"`,
		"a number": "4101", "a huge number": "1e400", "an object": `{"a":{"b":1}}`, "a list": `["x",1]`, "a format": `"%s%d%!(EXTRA) {path} {{verify}}"`, "a key": `"-----BEGIN PRIVATE KEY-----"`,
		"half a pair": `"\ud800\udc"`, "wide letters": `"` + strings.Repeat("界", 5_000) + `"`, "marks": `"` + "e" + strings.Repeat("\u0301", 2_000) + `"`,
	} {
		for _, member := range []string{"error_code", "error_message", "code", "msg", "error", "detail"} {
			all[member+" "+name] = `{"` + member + `":` + value + `}`
		}
	}
	return all
}

// connections are answers that break off, stall, lie about their length or are no HTTP.
func connections() (all []answer) {
	bad := func(name string, h http.HandlerFunc) { all = append(all, answer{name, false, h}) }
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, text := range map[string]string{
		"no answer": "", "half a status line": "HTTP/1.1 2", "a status line": "HTTP/1.1 200 OK\r\n", "half the headers": head + "X-A: ", "headers alone": head + "\r\n",
		"half the body": head + "Content-Length: 1000\r\n\r\n{\"access_token\":\"cz", "half a chunk": head + "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"acc", "a long status line": "HTTP/1.1 200 " + strings.Repeat("O", 100_000),
	} {
		bad("cut: "+name, sent(text, false))
		bad("stalled: "+name, sent(text, true))
	}
	for name, text := range map[string]string{
		"garbage": "\x16\x03\x01\x02\x00\x01\x00\x01", "SSH": "SSH-2.0-OpenSSH_9\r\n", "HTTP/0.9": "<html>", "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/9.9": "HTTP/9.9 200 OK\r\n\r\n",
		"a status that is text": "HTTP/1.1 OK OK\r\n\r\n", "a negative status": "HTTP/1.1 -20 OK\r\n\r\n", "a negative length": head + "Content-Length: -5\r\n\r\n{}", "two lengths": head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"a chunk that is no number": head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", "a huge chunk": head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", "a header without a colon": "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}",
		"a large header": head + "X-A: " + strings.Repeat("a", 400_000) + "\r\n\r\n{}", "many headers": head + strings.Repeat("X-A: a\r\n", 60_000) + "\r\n{}", "a header of control characters": head + "X-A: \x1b[2J\x00\r\n\r\n{}",
		"an unknown coding": head + "Transfer-Encoding: x\r\n\r\n{}", "100 again and again": strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1_000), "103 again and again": strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 1_000),
		"101": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
	} {
		bad(name, sent(text, false))
	}
	bad("slow", endless(`{"access_token":"`, "a", 50*time.Millisecond))
	bad("endless blanks", endless("", strings.Repeat(" ", 4096), 0))
	bad("endless text", endless(`{"access_token":"`, strings.Repeat("a", 4096), 0))
	bad("endless values", endless(`{"data":[`, strings.Repeat("{},", 1000), 0))
	bad("bad gzip", answered(200, "\x1f\x8bnonsense", "Content-Encoding: gzip"))
	bad("a gzip bomb", answered(200, bomb(), "Content-Encoding: gzip"))
	bad("br", answered(200, "\x0b\x02", "Content-Encoding: br"))
	return all
}

// bomb is 200 MB of blanks, packed.
func bomb() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range 200 {
		_, _ = w.Write(blanks)
	}
	_ = w.Close()
	return b.String()
}
