package main

import (
	"context"

	"github.com/spf13/cobra"

	"cozejwt/internal/fault"
	"cozejwt/internal/setup"
)

func (a *app) rotateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "rotate",
		Short:   a.lang.Text("cmd.rotate.short"),
		Long:    a.lang.Text("cmd.rotate.long"),
		Example: a.lang.Text("cmd.rotate.example"),

		SuggestFor: []string{"prune", "rollback"},
	}
	given := a.planFlags(cmd.Flags(), setup.Rotate)
	cmd.Flags().Bool("rollback", false, a.lang.Text("flag.rollback"))
	cmd.Flags().Bool("prune", false, a.lang.Text("flag.prune"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.runRotate(cmd.Context(), given()) }
	return cmd
}

func (a *app) runRotate(ctx context.Context, given map[string]string) error {
	if err := contradiction(given); err != nil {
		return err
	}
	if err := a.mayGoOn(ctx, given, a.envPath()); err != nil {
		return err
	}
	release, err := a.env().Lock(a.dir)
	if err != nil {
		return err
	}
	defer release()
	s, err := a.openRotate(given)
	if err != nil {
		return err
	}
	s.Unlock = release
	return a.walk(ctx, s)
}

func contradiction(given map[string]string) error {
	rollback, prune := given["rollback"] == "true", given["prune"] == "true"
	switch {
	case rollback && prune:
		return fault.Usage("rotate.one_of", "flags", "--rollback, --prune")
	case (rollback || prune) && (given["key-id"] != "" || given["key-path"] != "" || given["import-key"] != ""):
		return fault.Usage("rotate.no_new_one")
	case given["key-path"] != "" && given["import-key"] != "":
		return fault.Usage("rotate.one_of", "flags", "--key-path, --import-key")
	}
	return nil
}

func (a *app) openRotate(given map[string]string) (*setup.Session, error) {
	open := setup.OpenRotation
	switch {
	case given["rollback"] == "true":
		open = setup.OpenRollback
	case given["prune"] == "true":
		open = setup.OpenPrune
	}
	s, err := open(a.env(), a.dir, a.envPath())
	if err != nil {
		return nil, err
	}
	if s.Plan.Lasting { // rollback and prune use the API base of the .env
		err = a.take(s, given)
	} else {
		err = s.Take(given)
	}
	if err == nil && a.noInput && s.Plan.Lasting {
		err = s.ReadyUnasked()
	}
	return s, err
}
