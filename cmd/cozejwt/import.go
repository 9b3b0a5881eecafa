package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/profiles"
)

// importFlags say how a file is imported: test requests a token for each profile, yes answers the
// questions, dry shows what would be written.
type importFlags struct{ test, yes, dry bool }

// errTestedDry is the fault of a test of profiles that are not written.
var errTestedDry = fault.Usage("import.tested_dry")

func (a *app) importCommand() *cobra.Command {
	var o importFlags
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   a.lang.Text("cmd.import.short"),
		Long:    a.lang.Text("cmd.import.long"),
		Example: a.lang.Text("cmd.import.example"),
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runImport(cmd.Context(), args[0], o) },

		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"yaml", "yml", "json", "jsonc", "toml", "properties", "env", "txt", "zip"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	cmd.Flags().BoolVar(&o.test, "test", false, a.lang.Text("flag.test"))
	cmd.Flags().BoolVar(&o.yes, "yes", false, a.lang.Text("flag.import_yes"))
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, a.lang.Text("flag.dry_run"))
	return cmd
}

func (a *app) runImport(ctx context.Context, path string, flags importFlags) error {
	if flags.test && flags.dry {
		return errTestedDry
	}
	base, err := a.wantedBase(ctx)
	if err != nil {
		return err
	}
	env := a.env()
	var notes []*fault.Fault
	var imports []profiles.Imported
	err = a.unignored(ctx, func(agreed bool) (err error) {
		o := a.importOptions(ctx, base, flags.yes, &notes)
		o.Dry = flags.dry
		o.Unignored, o.Locked = agreed, func(do func() error) error { return env.Locked(ctx, a.dir, do) }
		imports, err = profiles.Import(env.Exchanger, a.dir, path, o)
		return err
	})
	all := make([]profiles.Profile, len(imports))
	for i, m := range imports {
		all[i] = m.Profile
		a.sayImported(path, m)
	}
	for _, note := range notes {
		a.say("import.note", "note", note.Message(a.lang))
	}
	if err == nil && !flags.dry {
		err = a.discardDemo(ctx, path, imports)
	}
	if err != nil {
		return err
	}
	var failed error
	if flags.test {
		if err := a.mayTest(ctx, flags.yes, path, all); err != nil {
			return err
		}
		if failed = a.try(ctx, env, all); errors.Is(failed, context.Canceled) {
			return failed
		}
	}
	if a.json {
		a.printImportJSON(imports, all, notes, !flags.dry)
	} else if flags.dry {
		a.say("done.dry")
	} else {
		a.printProfiles(a.out, env, all)
	}
	return a.shown(failed)
}

// importOptions ask what only a person knows, where there is one.
func (a *app) importOptions(ctx context.Context, base string, yes bool, notes *[]*fault.Fault) profiles.ImportOptions {
	o := profiles.ImportOptions{Base: base, Name: a.profile, Note: func(f *fault.Fault) { *notes = append(*notes, f) }}
	if yes {
		o.Accept = func(*fault.Fault) bool { return true }
	}
	if !a.asks() {
		return o
	}
	if o.Accept == nil {
		o.Accept = func(unsure *fault.Fault) bool {
			a.printWrapped(a.err, unsure.Message(a.lang))
			return a.agreed(ctx, a.lang.Text("trust.ask"))
		}
	}
	o.AskBase = func(where string) (string, error) {
		fmt.Fprint(a.err, a.lang.Text("import.ask_region", "where", where))
		answer, err := a.front().Line(ctx)
		if err != nil {
			return "", err
		}
		region, err := coze.ParseRegion(cmp.Or(strings.TrimSpace(answer), string(coze.CN)))
		return region.Base(), err
	}
	return o
}

func (a *app) sayImported(path string, m profiles.Imported) {
	where := cmp.Or(m.Where, a.show(path))
	id := "import.made"
	if m.Known {
		id = "import.known"
	}
	a.say(id, "where", where, "path", a.show(m.Profile.Path))
	if m.Saved != nil {
		a.say("import.key", "path", a.show(m.Saved.PrivatePath))
	}
	for _, note := range m.Notes {
		a.say("import.note", "note", note.Message(a.lang))
	}
}

// discardDemo removes the demo file that was imported, where the person agrees. Where there is no
// one to ask, it says that the file still holds a key.
func (a *app) discardDemo(ctx context.Context, path string, imports []profiles.Imported) error {
	if len(imports) != 1 || !imports[0].Demo {
		return nil
	}
	if !a.asks() || !a.agreed(ctx, a.lang.Text("import.ask_discard", "path", a.show(path))) {
		a.say("import.note", "note", profiles.ErrDemoKept.With("path", a.show(path)).Message(a.lang))
		return nil
	}
	if err := imports[0].DiscardDemo(path); err != nil {
		return err
	}
	a.say("import.discarded", "path", a.show(path))
	return nil
}

func (a *app) printImportJSON(imports []profiles.Imported, all []profiles.Profile, ofFile []*fault.Fault, written bool) {
	list := make([]map[string]any, len(imports))
	for i, m := range imports {
		notes := []string{}
		for _, note := range m.Notes {
			notes = append(notes, note.Message(a.lang))
		}
		list[i] = a.entryOf(all[i])
		list[i]["where"], list[i]["known"], list[i]["notes"] = m.Where, m.Known, notes
	}
	left := make([]string, len(ofFile))
	for i, note := range ofFile {
		left[i] = note.Message(a.lang)
	}
	printJSON(a.out, map[string]any{"profiles": list, "notes": left, "written": written})
}
