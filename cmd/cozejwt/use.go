package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/plain"
	"cozejwt/internal/switching"
	"cozejwt/tui"
)

func (a *app) useCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "use [NAME]",
		Short:   a.lang.Text("cmd.use.short"),
		Long:    a.lang.Text("cmd.use.long"),
		Example: a.lang.Text("cmd.use.example"),
		Args:    cobra.MaximumNArgs(1),

		ValidArgsFunction: a.completeProfile,
	}
	given := planFlags(a, cmd.Flags(), switching.Flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.runUse(cmd.Context(), strings.Join(args, ""), given())
	}
	return cmd
}

// runUse puts a profile into the .env; with no name it asks for one.
func (a *app) runUse(ctx context.Context, name string, given map[string]string) error {
	if err := a.mayGoOn(ctx, given, credentials.Files(a.dir)...); err != nil {
		return err
	}
	s, err := switching.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return err
	}
	if err := s.Take(given); err != nil {
		return err
	}
	if name == "" {
		err := a.walk(ctx, s)
		if wanted, ok := errors.AsType[tui.Correction](err); ok {
			return a.of(s.Profile).runFix(ctx, wanted.Refused)
		}
		return err
	}
	if err := s.TakeProfile(name); err != nil {
		return a.aboutProfile(name, err)
	}
	unasked := &plain.Prompter{In: a.in, Out: a.err, Lang: a.lang, NoInput: true, Summarized: !a.json}
	return a.aboutProfile(name, a.conclude(ctx, s, unasked.Run(ctx, s.Walk())))
}

// aboutProfile lets the commands that an error advises be about a profile that there is.
func (a *app) aboutProfile(name string, err error) error {
	if d, ok := errors.AsType[diagnosed](err); ok && d.Class() == fault.ClassUnreachable {
		return err // its advice is to use the profile all the same
	}
	if _, missing := os.Stat(credentials.ProfilePath(a.dir, name)); err != nil && missing == nil {
		a.lang = a.of(name).lang
	}
	return err
}
