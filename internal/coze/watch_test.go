package coze_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cozejwt/internal/coze"
)

// stalling answers with a beginning and then says nothing until the test ends.
func stalling(t *testing.T, contentType, beginning string) *httptest.Server {
	t.Helper()
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if beginning != "" {
			w.Header().Set("Content-Type", contentType)
			fmt.Fprint(w, beginning)
			w.(http.Flusher).Flush()
		}
		<-end
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(end) })
	return server
}

func TestACallEndsWithItsTimeWhereverItStalls(t *testing.T) {
	for name, test := range map[string]struct{ contentType, beginning string }{
		"before the headers": {"", ""}, "after the headers": {"application/json", "{"}, "a stream": {"text/event-stream", "data: 1\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := stalling(t, test.contentType, test.beginning)
			s := coze.Service{Base: server.URL, Timeout: 50 * time.Millisecond}
			resp, err := s.Do(context.Background(), coze.Call{Method: http.MethodGet, Path: "/x"})
			if err == nil {
				var body []byte
				body, err = io.ReadAll(resp.Body)
				if string(body) != test.beginning {
					t.Errorf("read %q", body)
				}
				_ = resp.Body.Close()
			}
			if !errors.Is(err, coze.ErrTimeout) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// dripping answers with a byte each time that the pause is over.
type dripping struct {
	contentType string
	parts       int
	pause       time.Duration
}

func (d dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	body, w := io.Pipe()
	context.AfterFunc(r.Context(), func() { _ = w.CloseWithError(r.Context().Err()) })
	go func() {
		for range d.parts {
			time.Sleep(d.pause)
			_, _ = io.WriteString(w, "1")
		}
		_ = w.Close()
	}()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {d.contentType}}, Body: body, Request: r}, nil
}

// All parts together take longer than the time limit, each of them takes less.
func TestTheTimeOfAStreamStartsAgainWithEachByte(t *testing.T) {
	for contentType, read := range map[string]int{"text/event-stream; charset=utf-8": 6, "application/json": 3} {
		t.Run(contentType, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &http.Client{Transport: dripping{contentType, 6, 300 * time.Millisecond}}
				s := coze.Service{Base: "https://api.coze.cn", Client: client, Timeout: time.Second}
				resp, err := s.Do(t.Context(), coze.Call{Method: http.MethodGet, Path: "/x"})
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				if len(body) != read || (read < 6) != errors.Is(err, coze.ErrTimeout) {
					t.Errorf("read %q, %v", body, err)
				}
				_ = resp.Body.Close()
				time.Sleep(time.Minute) // of the bubble: the host ends as well
			})
		})
	}
}

func TestABodyThatBreaksOffIsAFaultOfTheNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "{")
	}))
	defer server.Close()
	resp, err := coze.Service{Base: server.URL}.Do(context.Background(), coze.Call{Method: http.MethodGet, Path: "/x"})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, coze.ErrUnreachable) {
		t.Errorf("error is %v", err)
	}
}

func TestALongHeaderIsNotKept(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
	}))
	defer server.Close()
	_, err := coze.Service{Base: server.URL, Client: coze.NewClient()}.Do(context.Background(), coze.Call{Method: http.MethodGet, Path: "/x"})
	if !errors.Is(err, coze.ErrUnreachable) {
		t.Errorf("error is %v", err)
	}
}
