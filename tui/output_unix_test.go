//go:build unix

package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// Bubble Tea writes the sequences that enter and leave the alternate screen as strings, which a file
// would take past the lock and the end.
func TestNothingIsWrittenAfterTheEndOfTheOutput(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := &sharedOutput{File: write}
	for _, text := range []string{"a", enterSequence, "b" + leaveSequence + "c" + enterSequence} {
		if n, err := io.WriteString(out, text); n != len(text) || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	if !out.isOpen() {
		t.Error("the alternate screen is not seen to be open")
	}
	out.finish(leaveSequence)
	if out.isOpen() {
		t.Error("the alternate screen is seen to be open at the end")
	}
	for _, text := range []string{"d", enterSequence} {
		if n, err := io.WriteString(out, text); n != len(text) || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	_ = write.Close()
	if text, err := io.ReadAll(read); !strings.HasSuffix(string(text), "c"+enterSequence+leaveSequence) || err != nil {
		t.Errorf("written is %q, %v", text, err)
	}
}

// A frame of a megabyte is being written to a terminal that is slow.
func TestTheEndOfTheOutputWaitsForAPieceAlone(t *testing.T) {
	setMute(t, time.Hour)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := &sharedOutput{File: write}
	written, finished := make(chan bool), make(chan bool)
	go func() {
		_, _ = out.Write(make([]byte, 1<<20))
		close(written)
	}()
	if _, err := io.ReadFull(read, make([]byte, 1)); err != nil { // it has begun
		t.Fatal(err)
	}
	go func() {
		out.finish("last")
		_ = write.Close()
		close(finished)
	}()
	for !out.over.Load() {
		time.Sleep(time.Millisecond)
	}
	text, err := io.ReadAll(read)
	<-written
	<-finished
	if err != nil || !strings.HasSuffix(string(text), "\x00last") || len(text) >= 1<<20 {
		t.Errorf("%d bytes are written, %v", len(text), err)
	}
}

func TestATerminalThatTakesNothingHoldsNobodyUp(t *testing.T) {
	setMute(t, time.Millisecond)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	defer read.Close()
	out := &sharedOutput{File: write}
	go func() { _, _ = out.Write(make([]byte, 1<<20)) }()
	if _, err := io.ReadFull(read, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	out.finish("last") // returns
}

func setMute(t *testing.T, d time.Duration) {
	was := mute
	mute = d
	t.Cleanup(func() { mute = was })
}

// The menu may have been left, and the next screen not be open yet, when a signal ends the process.
func TestNoScreenOpensAtTheEndOfTheProcess(t *testing.T) {
	LeaveScreen(0)
	defer func() { taken.left = false }()
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := runProgram(context.Background(), fragile{}, &sharedOutput{File: f}); !errors.Is(err, tea.ErrProgramKilled) {
		t.Errorf("error is %v", err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("%d bytes are drawn, %v", info.Size(), err)
	}
}
