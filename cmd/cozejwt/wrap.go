package main

import (
	"fmt"
	"io"

	"cozejwt/internal/wrap"
)

// printWrapped prints a text that breaks between words on a terminal, as wide as that is.
func (a *app) printWrapped(w io.Writer, text string) {
	if width := a.width(); width > 0 {
		text = wrap.Text(text, width)
	}
	fmt.Fprintln(w, text)
}

// width is how many cells a line on the terminal has room for, 0 where the output is none. The
// last cell stays free: a line that fills it is followed by an empty one on some terminals.
func (a *app) width() int {
	width, _, err := sizeOf(a.streams.out)
	if err != nil {
		return 0
	}
	return max(width-1, 0)
}
