package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

// rotateOptions are the flags of rotate.
type rotateOptions struct {
	keyID, keyPath, importKey string
	rollback, prune           bool
	yes, fresh                bool
}

func (a *app) rotateCommand() *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{
		Use:     "rotate",
		Short:   a.lang.Text("cmd.rotate.short"),
		Long:    a.lang.Text("cmd.rotate.long"),
		Example: a.lang.Text("cmd.rotate.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runRotate(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.keyID, "key-id", "", a.lang.Text("flag.new_key_id"))
	f.StringVar(&o.keyPath, "key-path", "", a.lang.Text("flag.new_key_path"))
	f.StringVar(&o.importKey, "import-key", "", a.lang.Text("flag.import_key"))
	f.BoolVar(&o.rollback, "rollback", false, a.lang.Text("flag.rollback"))
	f.BoolVar(&o.prune, "prune", false, a.lang.Text("flag.prune"))
	f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.rotate_yes"))
	f.BoolVar(&o.fresh, "fresh", false, a.lang.Text("flag.fresh"))
	return cmd
}

func (a *app) runRotate(ctx context.Context, o rotateOptions) error {
	if err := o.contradiction(); err != nil {
		return err
	}
	release, err := a.env().Lock(a.dir)
	if err != nil {
		return err
	}
	defer release()
	s, err := a.openRotate(o)
	if err != nil {
		return err
	}
	s.Unlock = release
	if o.yes {
		s.Answers.Write, s.Given["write"], s.Given["delete"], s.Given["together"] = true, true, true, true
	}
	return a.walk(ctx, s)
}

func (o rotateOptions) contradiction() error {
	brings := o.keyID != "" || o.keyPath != "" || o.importKey != ""
	switch {
	case o.rollback && o.prune:
		return fault.Usage("rotate.one_of", "flags", "--rollback, --prune")
	case (o.rollback || o.prune) && brings:
		return fault.Usage("rotate.no_new_one")
	case o.keyPath != "" && o.importKey != "":
		return fault.Usage("rotate.one_of", "flags", "--key-path, --import-key")
	}
	return nil
}

func (a *app) openRotate(o rotateOptions) (*setup.Session, error) {
	switch {
	case o.rollback:
		return setup.OpenRollback(a.env(), a.dir, a.envPath())
	case o.prune:
		return setup.OpenPrune(a.env(), a.dir, a.envPath())
	}
	s, err := setup.OpenRotation(a.env(), a.dir, a.envPath())
	if err != nil {
		return nil, err
	}
	if o.fresh {
		s.DropDraft()
	}
	return s, a.answerRotate(s, o)
}

// answerRotate puts the flags into the session, as answers to its questions.
func (a *app) answerRotate(s *setup.Session, o rotateOptions) error {
	region, base, err := a.base()
	if err != nil {
		return err
	}
	if base != "" {
		s.SetBase(base)
		s.Answers.Region, s.Given["region"] = region, true
	}
	if o.keyID != "" {
		if s.Answers.KeyID, _, err = credentials.Check(credentials.KeyID, o.keyID); err != nil {
			return err
		}
		s.Given["key_id"] = true
	}
	switch {
	case o.keyPath != "":
		if err := s.UseNewKey(a.inDir(o.keyPath)); err != nil {
			return err
		}
	case o.importKey != "":
		if s.Answers.Import, err = filepath.Abs(o.importKey); err != nil {
			return err
		}
		if _, err := keygen.Load(s.Answers.Import); err != nil {
			return err
		}
		s.Answers.Source, s.Given["import_key"], s.Given["key_source"] = setup.ImportKey, true, true
	}
	if a.noInput {
		return s.ReadyUnasked()
	}
	return nil
}
