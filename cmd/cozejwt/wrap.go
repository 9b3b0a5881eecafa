package main

import (
	"fmt"
	"io"

	"cozejwt/internal/wrap"
)

// printWrapped prints a text that breaks between words on a terminal, as wide as that is.
func (a *app) printWrapped(w io.Writer, text string) {
	width := a.width()
	if w == a.err {
		width = widthOf(a.streams.err)
	}
	if width > 0 {
		text = wrap.Text(text, width)
	}
	fmt.Fprintln(w, text)
}

// width is how many cells a line of the output has room for.
func (a *app) width() int { return widthOf(a.streams.out) }

// widthOf is how many cells a line has room for, 0 where the stream is not a terminal. The
// last cell stays free: a line that fills it is followed by an empty one on some terminals.
func widthOf(stream io.Writer) int {
	width, _, err := sizeOf(stream)
	if err != nil {
		return 0
	}
	return max(width-1, 0)
}
