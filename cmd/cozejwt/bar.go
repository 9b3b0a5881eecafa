package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"cozejwt/internal/tty"
	"cozejwt/tui"
)

// barWidth is in cells.
const barWidth = 30

// A bar shows how many of something are done, on the last line of a terminal. The zero bar
// shows nothing.
type bar struct {
	mu          sync.Mutex
	w           *tty.Writer
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
	b := &bar{w: a.err, restore: restore, total: total, getenv: a.getenv}
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

func (b *bar) draw() { b.w.Trusted(tui.Portable(barLine(b.done, b.total), b.getenv)) }

// barLine is the bar and its numbers: as much of it is full as is done.
func barLine(done, total int) string {
	full := barWidth * done / total
	return fmt.Sprintf("%s%s %d/%d",
		lipgloss.NewStyle().Foreground(lipgloss.Color("6")).Render(strings.Repeat("█", full)),
		lipgloss.NewStyle().Foreground(lipgloss.Color("#606060")).Render(strings.Repeat("░", barWidth-full)), done, total)
}

// clear empties the line (ECMA-48 EL).
func (b *bar) clear() { b.w.Trusted("\r\x1b[K") }
