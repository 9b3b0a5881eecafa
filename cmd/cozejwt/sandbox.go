package main

import (
	"context"
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

// runSandbox serves until it is interrupted, which is how it is meant to end.
func (a *app) runSandbox(ctx context.Context, addr string, open bool) error {
	i, err := sandbox.Serve(stateDir(), addr)
	if err != nil {
		return err
	}
	if a.json {
		printJSON(a.out, map[string]string{"api_base": i.Base, "console": i.Console()})
	} else {
		a.say("sandbox.serving", "base", i.Base, "console", i.Console())
	}
	if open && tui.OpenPage(i.Console(), a.noBrowser) != nil {
		a.say("wizard.not_open")
		fmt.Fprintln(a.err, i.Console())
	}
	<-ctx.Done()
	if err := i.Close(); err != nil {
		return err
	}
	return exitError{exitInterrupted}
}
