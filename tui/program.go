package tui

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
)

// A Crash is the error of a full-screen program that panicked. The terminal is as it was before.
type Crash struct {
	Value any    // what the program panicked with
	Stack []byte // as debug.Stack returns it
}

func (c *Crash) Error() string { return fmt.Sprintf("panic: %v", c.Value) }

// runProgram shows a model full screen until it quits, ctx ends, or something in it panics. The
// errors are [tea.ErrProgramKilled] where ctx ended, a *Crash, and those of a terminal.
func runProgram(ctx context.Context, model tea.Model, out *sharedOutput, options ...tea.ProgramOption) (err error) {
	s := takeScreen(out)
	if s == nil {
		return tea.ErrProgramKilled
	}
	g := &guarded{model: model}
	// Bubble Tea's own handlers print a stack over the screen, and end the program without
	// restoring the terminal at most signals.
	options = append(options, tea.WithAltScreen(), tea.WithOutput(out), tea.WithoutSignalHandler(), tea.WithoutCatchPanics())
	program := tea.NewProgram(g, options...)
	g.quit = func() { go program.Quit() } // which waits for the program to take it
	stop := watchStops(program, s)
	// With tea.WithContext, Bubble Tea would close its input while it is being read.
	running := context.AfterFunc(ctx, g.quit)
	defer func() {
		g.rescue(recover()) // of Bubble Tea itself
		program.Kill()      // messages that come later are dropped
		stop()
		if crash := g.crashed(); crash != nil {
			err = crash
		}
		s.release(err == nil || errors.Is(err, tea.ErrProgramKilled))
	}()
	_, err = program.Run()
	if !running() && err == nil {
		return tea.ErrProgramKilled
	}
	return err
}

// A guarded model is another one whose panics end the program in order. Those of its commands
// too, which Bubble Tea runs on goroutines of their own.
type guarded struct {
	model tea.Model
	quit  func()

	mu    sync.Mutex
	crash *Crash // the first
}

func (g *guarded) crashed() *Crash {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.crash
}

// rescue records what recover returned, and ends the program: by a message, because Bubble Tea
// waits for the end of its reading only then.
func (g *guarded) rescue(value any) {
	if value == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.crash == nil {
		g.crash = &Crash{value, debug.Stack()}
	}
	g.quit()
}

func (g *guarded) Init() tea.Cmd {
	defer func() { g.rescue(recover()) }()
	return g.guard(g.model.Init())
}

func (g *guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer func() { g.rescue(recover()) }()
	model, cmd := g.model.Update(msg)
	g.model = model
	return g, g.guard(cmd)
}

func (g *guarded) View() string {
	defer func() { g.rescue(recover()) }()
	if g.crashed() != nil {
		return ""
	}
	return g.model.View()
}

// guard returns the command without its panics. The commands that it may return in turn, in a
// batch or a sequence, are guarded as well.
func (g *guarded) guard(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		defer func() { g.rescue(recover()) }()
		return g.guardAll(cmd())
	}
}

// guardAll guards the commands of a message. The type of tea.Sequence's message is not exported.
func (g *guarded) guardAll(msg tea.Msg) tea.Msg {
	list := reflect.ValueOf(msg)
	if !list.IsValid() || list.Kind() != reflect.Slice || list.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return msg
	}
	all := reflect.MakeSlice(list.Type(), list.Len(), list.Len())
	for i := range list.Len() {
		all.Index(i).Set(reflect.ValueOf(g.guard(list.Index(i).Interface().(tea.Cmd))))
	}
	return all.Interface()
}
