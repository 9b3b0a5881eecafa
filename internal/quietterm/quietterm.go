// Package quietterm keeps Bubble Tea from questioning the terminal when the
// program starts.
//
// Bubble Tea v1 asks the terminal for its background colour in a package init
// and waits up to five seconds for an answer, in every command that is linked
// with it. Telling Lip Gloss the colour beforehand makes it not ask. That has
// to happen in an init too, an earlier one: Go initialises packages that are
// ready in the order of their import paths (Go spec, "Package
// initialization"), and "cozejwt/…" sorts before "github.com/…". The colours
// this program uses read well on dark and on light, so the answer is of no
// consequence.
package quietterm

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
