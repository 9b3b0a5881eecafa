package coze

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
	"cozejwt/internal/tty"
)

// A Refusal is Coze's answer to a refused request. Its texts are safe to print (see Printable).
type Refusal struct {
	Status  int       // HTTP status
	Code    string    // error_code, such as invalid_client, or a number such as 4100
	Message string    // error_message, such as "invalid jwt: kid not been registred"
	LogID   string    // what Coze support asks for
	Date    time.Time // the service's clock, zero where it did not tell
	Request string    // what was refused, such as "POST /api/permission/oauth2/token"
}

// Error is the refusal in one line.
func (r *Refusal) Error() string {
	s := fmt.Sprintf("%s: %s", r.Code, r.Message)
	if r.Message == "" || r.Code == "" {
		s = r.Code + r.Message
	}
	return s + " (HTTP " + strconv.Itoa(r.Status) + ")"
}

// The faults on the way to the service, told apart.
var (
	ErrDNS         = fault.Unreachable("net.dns")
	ErrRefused     = fault.Unreachable("net.refused")
	ErrTimeout     = fault.Unreachable("net.timeout")
	ErrTLS         = fault.Unreachable("net.tls")
	ErrProxy       = fault.Unreachable("net.proxy")
	ErrUnreachable = fault.Unreachable("net.unreachable")
	ErrRedirect    = fault.Unreachable("net.redirect")
	ErrNotCoze     = fault.Unreachable("net.not_coze")
	ErrUpstream    = fault.Unreachable("net.upstream")
)

// unreachable says which part of the way failed.
func unreachable(err error, base string) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	host := Audience(base)
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return fault.Unexpected("file.descriptors", err, "path", host)
	}
	cause := err
	if u, ok := errors.AsType[*url.Error](err); ok {
		cause = u.Err // without the URL, which the message gives anyway
	}
	failed := failedPart(err, cause)
	f := failed.With("host", host, "base", base, "error", Printable(cause.Error()))
	f.Err = err
	official := base == CN.Base() || base == COM.Base() // its name is right, and it is up
	if official && slices.Contains([]*fault.Fault{ErrDNS, ErrRefused, ErrUnreachable}, failed) {
		f = f.Advise("net.official")
	}
	return f
}

// failedPart goes from the narrowest error type to the widest.
func failedPart(err, cause error) *fault.Fault {
	op, _ := errors.AsType[*net.OpError](err)
	_, dns := errors.AsType[*net.DNSError](err)
	errno, _ := errors.AsType[syscall.Errno](err)
	switch {
	case op != nil && op.Op == "proxyconnect":
		return ErrProxy
	case dns:
		return ErrDNS
	case errors.Is(err, context.DeadlineExceeded), os.IsTimeout(cause):
		return ErrTimeout
	case isTLS(err):
		return ErrTLS
	case errno == syscall.ECONNREFUSED, errno == wsaECONNREFUSED:
		return ErrRefused
	}
	return ErrUnreachable
}

// wsaECONNREFUSED is what Windows says (winsock2.h); its syscall.ECONNREFUSED is a
// number of Go's own. No other system has an errno that high.
const wsaECONNREFUSED syscall.Errno = 10061

func isTLS(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return true
	}
	return strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// requestOf is the method and the path of the request that was answered, "" where that is not known.
func requestOf(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil {
		return ""
	}
	return resp.Request.Method + " " + Printable(resp.Request.URL.Path)
}

// notCoze says what answered in place of a token endpoint.
func notCoze(a answer) error {
	pairs := []string{"host", Audience(a.base), "base", a.base, "status", strconv.Itoa(a.resp.StatusCode)}
	switch {
	case a.resp.StatusCode >= 300 && a.resp.StatusCode < 400:
		return ErrRedirect.With(append(pairs, "to", Printable(a.resp.Header.Get("Location")))...)
	case a.resp.StatusCode == http.StatusTooManyRequests: // a gateway's, in its own words
		return &Refusal{Status: a.resp.StatusCode, Message: http.StatusText(a.resp.StatusCode), LogID: Printable(a.resp.Header.Get("X-Tt-Logid")), Date: date(a.resp), Request: requestOf(a.resp)}
	case a.resp.StatusCode >= 500:
		return ErrUpstream.With(pairs...)
	}
	return ErrNotCoze.With(append(pairs, "type", Printable(firstOf(a.resp.Header.Get("Content-Type"), http.DetectContentType(a.body))))...)
}

// Printable makes text from elsewhere fit for a line of a message: one line of at most
// 500 characters, without keys and tokens that a server repeats.
func Printable(s string) string {
	const most = 500
	s = secret.Hidden(tty.Line(strings.ToValidUTF8(s, "\ufffd")), secret.Mark)
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
