package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cozejwt/internal/fault"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/paths"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

func (a *app) keygenCommand() *cobra.Command {
	var keyPath string
	var bits int
	var force bool
	cmd := &cobra.Command{
		Use:     "keygen",
		Short:   a.lang.Text("cmd.keygen.short"),
		Long:    a.lang.Text("cmd.keygen.long"),
		Example: a.lang.Text("cmd.keygen.example"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			existing := keygen.Refuse
			if force {
				existing = keygen.KeepCopy
			}
			return a.runKeygen(cmd.Context(), keyfile.Place{Project: a.dir, Path: paths.In(a.dir, keyPath), Named: cmd.Flags().Changed("key-path")}, bits, existing)
		},
	}
	cmd.Flags().StringVar(&keyPath, "key-path", setup.DefaultKeyPath, a.lang.Text("flag.key_path"))
	cmd.Flags().IntVar(&bits, "bits", keygen.DefaultBits, a.lang.Text("flag.bits"))
	cmd.Flags().BoolVar(&force, "force", false, a.lang.Text("flag.force"))
	return cmd
}

func (a *app) runKeygen(ctx context.Context, place keyfile.Place, bits int, existing keygen.Existing) error {
	key, err := keygen.Generate(bits)
	if err != nil {
		return err
	}
	var saved keygen.Saved
	err = a.unignored(ctx, func(agreed bool) (err error) {
		place.Unignored = agreed
		return a.env().Locked(ctx, a.dir, func() error {
			saved, err = keyfile.Save(place, key, existing, clock())
			return err
		})
	})
	if f, ok := errors.AsType[*fault.Fault](err); ok && errors.Is(err, keygen.ErrExists) {
		return f.Advise("key.exists.keygen")
	}
	if err != nil {
		return err
	}
	public := string(keygen.EncodePublic(&key.PublicKey))
	if a.json {
		printJSON(a.out, map[string]any{
			"private_key_path": saved.PrivatePath,
			"public_key_path":  saved.PublicPath,
			"public_key_pem":   public,
			"bits":             key.N.BitLen(),
			"sha256":           keygen.Fingerprint(&key.PublicKey),
		})
		return nil
	}
	for _, kept := range saved.Kept {
		a.say("keygen.kept", "path", kept)
	}
	a.say("keygen.saved", "private", saved.PrivatePath, "public", saved.PublicPath)
	fmt.Fprint(a.out, public)
	return nil
}
