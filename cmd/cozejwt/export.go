package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cozejwt/internal/access"
	"cozejwt/internal/atomicfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
	"cozejwt/internal/keyfile"
	"cozejwt/internal/tty"
	"cozejwt/keygen"
)

type exportOptions struct {
	format, out string
	reveal      bool
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:     "export --format FORMAT",
		Short:   a.lang.Text("cmd.export.short"),
		Long:    a.lang.Text("cmd.export.long", "formats", i18n.List(formats.WithKey())),
		Example: a.lang.Text("cmd.export.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runExport(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "", a.lang.Text("flag.format", "known", i18n.List(formats.Names())))
	f.StringVar(&o.out, "out", "", a.lang.Text("flag.out"))
	f.BoolVar(&o.reveal, "reveal", false, a.lang.Text("flag.reveal"))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats.Names(), cobra.ShellCompDirectiveNoFileComp)) // fails for no such flag alone
	return cmd
}

func (a *app) runExport(ctx context.Context, o exportOptions) error {
	if o.format == "" {
		return fault.Usage("export.no_format", "known", i18n.List(formats.Names()))
	}
	format, err := formats.ByName(o.format)
	if err != nil {
		return err
	}
	if format.HoldsKey && o.out == "" && !o.reveal {
		if err := a.maySeeKey(); err != nil {
			return err
		}
	}
	source, err := a.source(ctx, format, o)
	if err != nil {
		return err
	}
	text, err := format.Write(source)
	if err != nil {
		return err
	}
	a.sayIfSandbox(source.APIBase)
	note := "export." + format.Name
	if a.lang.Has(note) {
		a.say(note, "path", source.KeyFile, "toml", formats.FlyFiles, "mount", formats.KubernetesMount, "volumes", formats.KubernetesVolumes)
	}
	if names := format.LeftOut(source); len(names) > 0 {
		a.say("export.left_out", "names", i18n.List(names), "format", format.Name)
	}
	if o.out != "" {
		return a.writeExport(ctx, o.out, text, format.HoldsKey)
	}
	if a.json {
		printJSON(a.out.Answer(), map[string]string{"format": format.Name, "text": text})
		return nil
	}
	_, err = fmt.Fprint(a.out.Answer(), text)
	return err
}

// errNoKeyFile is the fault of a format that names the file of a key that is in no file.
var errNoKeyFile = fault.Usage("export.no_key_file")

// source is the credentials with their key.
func (a *app) source(ctx context.Context, format formats.Format, o exportOptions) (formats.Source, error) {
	held, err := a.existing(ctx)
	if err != nil {
		return formats.Source{}, err
	}
	file := held.KeyFile()
	if file == "" && !format.HoldsKey {
		return formats.Source{}, errNoKeyFile.With("format", format.Name, "name", held.environment.KeyName, "known", i18n.List(formats.WithKey()))
	}
	set := held.Set
	if set.APIBase, err = coze.ParseBase(set.APIBase); err != nil {
		return formats.Source{}, err
	}
	key, err := held.key()
	if err != nil {
		return formats.Source{}, err
	}
	if o.out != "" && file != "" { // what is written there names the key from there
		out, err := filepath.Abs(o.out)
		if err != nil {
			return formats.Source{}, err
		}
		set.KeyPath = credentials.RelativeKeyPath(a.dir, out, file)
	}
	return formats.Source{Set: set, KeyFile: file, KeyPEM: string(keygen.EncodePrivate(key.Private)), WebBase: coze.RegionOf(set.APIBase).Web()}, nil
}

// ErrOnScreen is the fault of a private key that would be seen, or lie in a file
// that others can read.
var ErrOnScreen = fault.Usage("export.on_screen")

// maySeeKey refuses a terminal and an open file; a pipe has a reader of its own.
func (a *app) maySeeKey() error {
	f, ok := a.streams.out.(*os.File)
	if !ok {
		return nil
	}
	if tty.Is(f) {
		return ErrOnScreen
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if who, err := access.OfFile(f); err == nil && who.Open {
		return ErrOnScreen
	}
	return nil
}

// writeExport writes a new file that its owner alone can read, and that git ignores where
// a key is in it.
func (a *app) writeExport(ctx context.Context, path, text string, holdsKey bool) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	write := func() error { return atomicfile.WriteNew(path, []byte(text), fs.FileMode(0o600)) }
	err = a.unignored(ctx, func(agreed bool) error {
		if !holdsKey {
			return write()
		}
		return a.env().Locked(ctx, a.dir, func() error { return keyfile.Write(a.dir, agreed, write, absolute) })
	})
	if errors.Is(err, fs.ErrExist) {
		return fault.Usage("export.exists", "path", path)
	}
	if err != nil {
		return fault.Unwritable(path, err)
	}
	if a.json {
		printJSON(a.out, map[string]string{"path": path})
		return nil
	}
	a.say("export.written", "path", path)
	return nil
}
