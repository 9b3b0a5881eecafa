package coze

import (
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"cozejwt/internal/fault"
)

func TestTooManyOpenFilesAreNoFaultOfTheNetwork(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		err := unreachable(&url.Error{Op: "Post", URL: "https://api.coze.cn/x", Err: &net.OpError{Op: "dial", Err: os.NewSyscallError("socket", errno)}}, "https://api.coze.cn")
		f, ok := err.(*fault.Fault)
		if !ok || f.ID != "file.descriptors" || f.Class != fault.ClassUnexpected || f.Value("path") != "api.coze.cn" {
			t.Errorf("%s is %v", errno, err)
		}
	}
}
