package tui

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
)

// A Desktop is what lies beside the terminal: a clipboard and a browser.
type Desktop interface {
	// Copy puts text on every clipboard that can be reached. None says for
	// sure whether it took it.
	Copy(text string)
	// Open shows a page in the browser.
	Open(url string) error
}

type systemDesktop struct {
	out       io.Writer
	noBrowser bool
}

// Copy uses the system's clipboard, and OSC 52 for the one at the other end
// of an SSH connection. tmux takes OSC 52 only as it is set up to, but its own
// command always.
func (d systemDesktop) Copy(text string) {
	_ = clipboard.WriteAll(text)
	_, _ = osc52.New(text).WriteTo(d.out)
	if os.Getenv("TMUX") != "" {
		load := exec.Command("tmux", "load-buffer", "-w", "-")
		load.Stdin = strings.NewReader(text)
		_ = load.Run()
	}
}

var errNoBrowser = errors.New("no browser here")

// Open shows a page in the browser that the person has chosen. Where there is no
// desktop, the starter might take a browser for the terminal, on top of ours.
func (d systemDesktop) Open(url string) error {
	if d.noBrowser || headless(runtime.GOOS, os.Getenv) {
		return errNoBrowser
	}
	return browse(url)
}

// OpenPage shows a page in the browser. The error is that of the program that opens pages, or the
// fault of none.
func OpenPage(url string, noBrowser bool) error { return systemDesktop{noBrowser: noBrowser}.Open(url) }

// headless reports whether a machine has no desktop to open a page on. Windows
// and macOS have one, and so has WSL, by the Windows around it.
func headless(goos string, getenv func(string) string) bool {
	if goos == "windows" || goos == "darwin" || getenv("BROWSER") != "" {
		return false
	}
	return getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" && getenv("WSL_DISTRO_NAME") == ""
}
