package main

import (
	"fmt"
	"sync"

	"github.com/charmbracelet/bubbles/progress"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"cozejwt/internal/tty"
	"cozejwt/tui"
)

// A bar shows how many of something are done, on the last line of a terminal. The zero bar
// shows nothing.
type bar struct {
	mu          sync.Mutex
	w           *tty.Writer
	drawn       progress.Model
	done, total int
	getenv      func(string) string
	restore     func() error // the console's mode; nothing to do but on Windows
}

// barOf is a bar on stderr where that is a terminal and there is a number to wait for.
func (a *app) barOf(total int) *bar {
	if !tty.Is(a.err) || total < 2 || a.accessible {
		return &bar{}
	}
	restore, err := termenv.EnableVirtualTerminalProcessing(termenv.NewOutput(a.streams.err))
	if err != nil { // a console of before Windows 10
		return &bar{}
	}
	b := &bar{w: a.err, restore: restore, total: total, getenv: a.getenv, drawn: progress.New(progress.WithSolidFill("6"), progress.WithWidth(30), progress.WithColorProfile(lipgloss.ColorProfile()), progress.WithoutPercentage())}
	b.draw()
	return b
}

// step counts one more. What it says stands above the bar; "" for nothing.
func (b *bar) step(say string) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
	if say != "" {
		fmt.Fprintln(b.w, say)
	}
	if b.done++; b.done < b.total {
		b.draw()
		return
	}
	_ = b.restore() // the bar is gone; a mode that stays does no harm
}

// end takes away a bar that did not get to its end.
func (b *bar) end() {
	if b.w != nil && b.done < b.total {
		b.clear()
		_ = b.restore()
	}
}

func (b *bar) draw() {
	line := fmt.Sprintf("%s %d/%d", b.drawn.ViewAs(float64(b.done)/float64(b.total)), b.done, b.total)
	b.w.Trusted(tui.Portable(line, b.getenv))
}

// clear empties the line (ECMA-48 EL).
func (b *bar) clear() { b.w.Trusted("\r\x1b[K") }
