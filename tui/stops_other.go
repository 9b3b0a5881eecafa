//go:build !unix

package tui

import tea "github.com/charmbracelet/bubbletea"

// watchStops does nothing where no signal stops a process.
func watchStops(*tea.Program, *screen) (stop func()) { return func() {} }
