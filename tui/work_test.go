package tui

import (
	"context"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// underway begins a job, without its spinner; ended is closed when it has ended.
func (d *driver) underway(do flow.Job) (ended chan struct{}) {
	begun, ended := make(chan struct{}), make(chan struct{})
	cmd := d.wizard.begin(func(ctx context.Context) (flow.Effect, error) {
		close(begun)
		return do(ctx)
	}, false, func(error) tea.Cmd { return nil })
	batch := cmd().(tea.BatchMsg)
	go func() {
		defer close(ended)
		batch[len(batch)-1]()
	}()
	<-begun
	return ended
}

// Who ends the program from outside while a job is under way still gets what the job has done.
func TestAJobIsWaitedForWhereTheProgramIsEnded(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	undone := false
	ended := d.underway(func(ctx context.Context) (flow.Effect, error) {
		<-ctx.Done()
		return func() { undone = true }, ctx.Err()
	})
	d.wizard.settle()
	<-ended
	if !undone {
		t.Error("the wizard was left before the job ended")
	}
}

func TestASecondCtrlCDoesNotWaitForTheJob(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	end := make(chan struct{})
	ended := d.underway(func(context.Context) (flow.Effect, error) {
		<-end // though it is called off
		return nil, nil
	})
	d.wizard.leave()
	d.wizard.leave()
	d.wizard.settle() // returns
	close(end)
	<-ended
}

func TestAJobThatHasNotBegunIsNotWaitedFor(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	d.wizard.begin(func(context.Context) (flow.Effect, error) {
		t.Error("the job began")
		return nil, nil
	}, false, func(error) tea.Cmd { return nil })
	d.wizard.settle()
}
