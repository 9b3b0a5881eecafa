package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/tty"
)

func (a *app) execCommand() *cobra.Command {
	var o tokenOptions
	cmd := &cobra.Command{
		Use:     "exec -- COMMAND [ARG...]",
		Short:   a.lang.Text("cmd.exec.short"),
		Long:    a.lang.Text("cmd.exec.long"),
		Example: a.lang.Text("cmd.exec.example"),
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runExec(cmd.Context(), o, args) },
	}
	cmd.Flags().SetInterspersed(false) // the command's flags are its own
	a.tokenFlags(cmd.Flags(), &o)
	return cmd
}

// runExec runs a command with a token in its environment, where other users of
// the machine do not see it, unlike in its arguments.
func (a *app) runExec(ctx context.Context, o tokenOptions, args []string) error {
	if err := os.Setenv("PATH", a.path); err != nil { // that of the person, who names the command
		return err
	}
	program, err := exec.LookPath(args[0])
	if err != nil {
		return fault.Usage("exec.not_found", "command", args[0])
	}
	token, base, err := a.token(ctx, o)
	if err != nil {
		return err
	}
	cmd := exec.Command(program, args[1:]...) // it ends by itself, or by a signal that is passed on
	cmd.Args[0] = args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.in, a.streams.out, a.streams.err
	cmd.Env = append(withoutKey(os.Environ()), "COZE_API_TOKEN="+token.AccessToken.Reveal(), "COZE_API_BASE="+base)
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, passedOn...)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return fault.Unexpected("exec.start", err, "command", args[0])
	}
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				if !fromTerminal(s, tty.Is(a.in)) { // which sends it to the command too
					_ = cmd.Process.Signal(s)
				}
			case <-ended:
				return
			}
		}
	}()
	err = cmd.Wait()
	close(ended)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exitError{exitStatus(exit)}
	}
	return err
}

// withoutKey is an environment without the variables that hold the private key or name its file: a
// command that gets a token needs no key, and what it starts could read it.
func withoutKey(environment []string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return credentials.IsPrivateKeyName(name)
	})
}
