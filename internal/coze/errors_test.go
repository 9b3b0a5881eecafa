package coze

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
)

// unnamed is an error whose words say nothing about the one within.
type unnamed struct{ error }

func (unnamed) Error() string   { return "it failed" }
func (u unnamed) Unwrap() error { return u.error }

func TestEachNetworkErrorIsToldAsWhatItIs(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	for name, test := range map[string]struct {
		err  error
		want error
	}{
		"proxy":                    {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: syscall.ECONNREFUSED}, ErrProxy},
		"name":                     {&net.DNSError{Err: "no such host", Name: "x"}, ErrDNS},
		"name in time":             {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", IsTimeout: true}}, ErrDNS},
		"time, the caller's":       {fmt.Errorf("read: %w", context.DeadlineExceeded), ErrTimeout},
		"time, the system's":       {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, ErrTimeout},
		"time, dialling":           {dial(syscall.ETIMEDOUT), ErrTimeout},
		"certificate":              {unnamed{&tls.CertificateVerificationError{Err: errors.New("expired")}}, ErrTLS},
		"unknown authority":        {unnamed{x509.UnknownAuthorityError{}}, ErrTLS},
		"no TLS record":            {unnamed{tls.RecordHeaderError{Msg: "x"}}, ErrTLS},
		"TLS alert":                {unnamed{tls.AlertError(40)}, ErrTLS},
		"TLS, in words":            {errors.New("remote error: tls: handshake failure"), ErrTLS},
		"HTTP in place of HTTPS":   {errors.New("http: server gave HTTP response to HTTPS client"), ErrTLS},
		"refused":                  {dial(syscall.ECONNREFUSED), ErrRefused},
		"refused, Windows' number": {dial(syscall.Errno(10061)), ErrRefused},
		"reset":                    {&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, ErrUnreachable},
		"no way to the host":       {dial(syscall.EHOSTUNREACH), ErrUnreachable},
		"no network":               {dial(syscall.ENETUNREACH), ErrUnreachable},
		"not allowed":              {dial(syscall.EACCES), ErrUnreachable},
		"broken off":               {io.ErrUnexpectedEOF, ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range []error{test.err, &url.Error{Op: "Post", URL: "https://api.coze.cn/v1", Err: test.err}} {
				if got := unreachable(err, "https://api.coze.cn"); !errors.Is(got, test.want) || !errors.Is(got, test.err) {
					t.Errorf("%v is told as %v, want %v", err, fault.ID(got), fault.ID(test.want))
				}
			}
		})
	}
}

// Where the base is known to be right, its spelling is not what to check.
func TestTheAdviceOnAKnownHostIsAboutTheNetwork(t *testing.T) {
	t.Parallel()
	for base, spelling := range map[string]bool{CN.Base(): false, COM.Base(): false, "https://api.coze.cm": true} {
		err := unreachable(&net.DNSError{Err: "no such host", Name: "x"}, base)
		f, _ := errors.AsType[*fault.Fault](err)
		fixes := strings.Join(f.Fixes(i18n.English), "\n")
		if strings.Contains(fixes, "spelling") != spelling || strings.Contains(fixes, "VPN") == spelling {
			t.Errorf("%s: %s", base, fixes)
		}
		if f.Value("host") != Audience(base) {
			t.Errorf("%s: host %q", base, f.Value("host"))
		}
	}
	if err := unreachable(context.DeadlineExceeded, CN.Base()); strings.Contains(err.(*fault.Fault).Fixes(i18n.English)[0], "VPN") {
		t.Error("a time limit has advice of its own")
	}
}

func TestANetworkErrorIsToldWithoutItsURL(t *testing.T) {
	t.Parallel()
	err := unreachable(&url.Error{Op: "Post", URL: "https://api.coze.cn/v1", Err: io.EOF}, "https://api.coze.cn")
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Value("error") != "EOF" || f.Value("host") != "api.coze.cn" || f.Value("base") != "https://api.coze.cn" {
		t.Errorf("%+v", err)
	}
}

func TestLeavingIsNoNetworkError(t *testing.T) {
	t.Parallel()
	if err := unreachable(&url.Error{Op: "Post", Err: context.Canceled}, "https://api.coze.cn"); err != context.Canceled {
		t.Errorf("error is %v", err)
	}
}

func TestARefusalIsOneLineOfWhatIsThere(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Refusal{
		"4100: no (HTTP 401)": {Status: 401, Code: "4100", Message: "no"},
		"4100 (HTTP 401)":     {Status: 401, Code: "4100"},
		"no (HTTP 401)":       {Status: 401, Message: "no"},
	} {
		if got := r.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
