//go:build !windows

package tui

import (
	"os/exec"
	"runtime"
)

// openers are the programs that open a page in the browser of the person's choice: that of
// freedesktop.org, Debian's alternatives, and the one that leads out of WSL.
var openers = []string{"xdg-open", "x-www-browser", "www-browser", "wslview"}

// browse starts the first opener that there is. What it prints is dropped: the screen is ours.
func browse(url string) error {
	if runtime.GOOS == "darwin" {
		return exec.Command("open", url).Run()
	}
	for _, name := range openers {
		if path, err := exec.LookPath(name); err == nil {
			return exec.Command(path, url).Run()
		}
	}
	return errNoBrowser
}
