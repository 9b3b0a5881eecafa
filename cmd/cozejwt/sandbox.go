package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cozejwt/internal/sandbox"
	"cozejwt/tui"
)

func (a *app) sandboxCommand() *cobra.Command {
	var addr string
	var open bool
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   a.lang.Text("cmd.sandbox.short"),
		Long:    a.lang.Text("cmd.sandbox.long"),
		Example: a.lang.Text("cmd.sandbox.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runSandbox(cmd.Context(), addr, open) },
	}
	cmd.Flags().StringVar(&addr, "addr", "", a.lang.Text("flag.addr"))
	cmd.Flags().BoolVar(&open, "open", false, a.lang.Text("flag.open"))
	return cmd
}

// runSandbox serves until it is interrupted, which is how it is meant to end. Where another process
// serves already and the console is to be opened, that one's is.
func (a *app) runSandbox(ctx context.Context, addr string, open bool) error {
	i, err := sandbox.Serve(stateDir(), addr)
	if errors.Is(err, sandbox.ErrServed) && open && addr == "" {
		i, err = sandbox.Open(ctx, stateDir())
	}
	if err != nil {
		return err
	}
	a.showSandbox(i, open)
	if !i.Owned {
		return nil // it ends with the process that serves it
	}
	<-ctx.Done()
	if err := i.Close(); err != nil {
		return err
	}
	return exitError{exitInterrupted}
}

// showSandbox says where the sandbox is, and opens its console if asked to.
func (a *app) showSandbox(i *sandbox.Instance, open bool) {
	if a.json {
		printJSON(a.out, map[string]string{"api_base": i.Base, "console": i.Console()})
	} else if i.Owned {
		a.say("sandbox.serving", "base", i.Base, "console", i.Console())
	} else {
		a.say("sandbox.joined", "base", i.Base, "console", i.Console())
	}
	if open && tui.OpenPage(i.Console(), a.noBrowser) != nil {
		a.say("wizard.not_open")
		fmt.Fprintln(a.err, i.Console())
	}
}
