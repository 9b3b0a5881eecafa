package main

import (
	"context"

	"github.com/spf13/cobra"

	"cozejwt/internal/plain"
	"cozejwt/internal/setup"
)

type useOptions struct{ skipTest, yes bool }

func (a *app) useCommand() *cobra.Command {
	var o useOptions
	cmd := &cobra.Command{
		Use:     "use [NAME]",
		Short:   a.lang.Text("cmd.use.short"),
		Long:    a.lang.Text("cmd.use.long"),
		Example: a.lang.Text("cmd.use.example"),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			return a.runUse(cmd.Context(), name, o)
		},
	}
	cmd.Flags().BoolVar(&o.skipTest, "skip-test", false, a.lang.Text("flag.skip_test"))
	cmd.Flags().BoolVar(&o.yes, "yes", false, a.lang.Text("flag.yes"))
	return cmd
}

// runUse puts a profile into the .env. A name that is typed is consent: what is
// replaced is kept.
func (a *app) runUse(ctx context.Context, name string, o useOptions) error {
	release, err := a.env().Lock(a.dir)
	if err != nil {
		return err
	}
	defer release()
	s, err := setup.OpenUse(a.env(), a.dir, a.envPath())
	if err != nil {
		return err
	}
	s.Unlock = release
	s.Answers.SkipTest = o.skipTest
	if o.yes {
		s.Answers.Write, s.Given["write"] = true, true
	}
	if name != "" {
		if err := s.UseProfile(name); err != nil {
			return err
		}
		s.Given["profile"] = true
		s.Answers.Write, s.Given["write"] = true, true
		unasked := &plain.Front{In: a.in, Out: a.err, Lang: a.lang, NoInput: true}
		return a.conclude(ctx, s, unasked.Run(ctx, s))
	}
	return a.walk(ctx, s)
}
