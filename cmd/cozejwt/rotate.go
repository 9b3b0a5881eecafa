package main

import (
	"context"

	"github.com/spf13/cobra"

	"cozejwt/internal/fault"
	"cozejwt/internal/rotation"
)

func (a *app) rotateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "rotate",
		Short:   a.lang.Text("cmd.rotate.short"),
		Long:    a.lang.Text("cmd.rotate.long"),
		Example: a.lang.Text("cmd.rotate.example"),

		SuggestFor: []string{"prune", "rollback"},
	}
	given := planFlags(a, cmd.Flags(), rotation.Flags)
	a.waitFlag(cmd.Flags())
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
	p, err := a.openRotate(given)
	if err != nil {
		return err
	}
	return a.walk(ctx, p)
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

// openRotate opens the plan that the flags ask for. Rollback and prune use the API base of the
// .env.
func (a *app) openRotate(given map[string]string) (plan, error) {
	switch {
	case given["rollback"] == "true":
		return taken(rotation.OpenRollback(a.env(), a.dir, a.envPath()))(given)
	case given["prune"] == "true":
		return taken(rotation.OpenPrune(a.env(), a.dir, a.envPath()))(given)
	}
	r, err := rotation.Open(a.env(), a.dir, a.envPath())
	if err == nil {
		err = a.take(r, given)
	}
	if err == nil && a.noInput {
		err = r.ReadyUnasked()
	}
	return r, err
}

// taken is a plan that was opened, with the answers of its flags.
func taken[P plan](p P, err error) func(given map[string]string) (plan, error) {
	return func(given map[string]string) (plan, error) {
		if err == nil {
			err = p.Take(given)
		}
		return p, err
	}
}
