package setup

import (
	"slices"
	"strconv"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/steps"
	"cozejwt/keygen"
)

// Flags answer the questions of the plan, in the order in which they are taken.
var Flags = slices.Concat(valueFlags(), steps.OptionalFlags(func(s *Setup) *steps.Base { return &s.Base }), []flow.Flag[*Setup]{
	{Name: "env-names", Usage: i18n.Msg("flag.env_names"), Kind: flow.Text, Take: func(s *Setup, v string) (err error) {
		s.Names, err = credentials.ParseConvention(v)
		return err
	}},
	{Name: "key-path", Usage: i18n.Msg("flag.key_path"), Kind: flow.Text, Take: takeKeyPath},
	{Name: "bits", Usage: i18n.Msg("flag.bits"), Kind: flow.Number, Default: strconv.Itoa(keygen.DefaultBits), Take: func(s *Setup, v string) (err error) {
		s.Bits, err = keygen.ParseBits(v)
		return err
	}},
	{Name: "import-key", Usage: i18n.Msg("flag.import_key"), Kind: flow.Text, Take: func(s *Setup, v string) error { return s.TakeImport(v) }},
	{Name: "reuse-key", Usage: i18n.Msg("flag.reuse_key"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		if _, err := keygen.Load(s.KeyFile); err != nil {
			return err
		}
		s.Keys.Take(steps.ReuseKey)
		return nil
	}},
	{Name: "skip-test", Usage: i18n.Msg("flag.skip_test"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		s.Skipped = true
		return nil
	}},
	{Name: "dry-run", Usage: i18n.Msg("flag.dry_run"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		s.DryRun, s.Dry, s.Skipped, s.Accepted, s.Lasting = true, true, true, true, false
		s.Note(flow.FromFlag, "write")
		return nil
	}},
	{Name: "yes", Usage: i18n.Msg("flag.yes"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		s.Accept()
		return nil
	}},
	{Name: "fresh", Usage: i18n.Msg("flag.fresh"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		s.DropDraft()()
		return nil
	}},
	{Name: "no-example", Usage: i18n.Msg("flag.no_example"), Kind: flow.Switch, Take: func(s *Setup, _ string) error {
		s.NoExample = true
		return nil
	}},
})

// Take answers the plan's questions with the values of its flags, by their names. What a flag has
// answered is not asked. The errors are faults of usage, and those of the fields.
func (s *Setup) Take(values map[string]string) error {
	if values["import-key"] != "" && values["reuse-key"] == "true" {
		return fault.Usage("key.two_sources")
	}
	if err := flow.Take(s, Flags, values); err != nil {
		return err
	}
	s.keyOfItsOwn()
	return nil
}

// TakeBase answers the question for the region: with an API base where one is
// given, else with the region's own.
func (s *Setup) TakeBase(region coze.Region, base string) {
	s.ChooseBase(region, base)
	s.Note(flow.FromFlag, "region", "api_base")
}

func valueFlags() []flow.Flag[*Setup] {
	var flags []flow.Flag[*Setup]
	for _, field := range credentials.Checked() {
		flags = append(flags, steps.ValueFlag(field, i18n.Msg("flag."+string(field)), func(s *Setup) *steps.Base { return &s.Base }))
	}
	return flags
}

// takeKeyPath refuses a path that no .env could name before a key is made there.
func takeKeyPath(s *Setup, v string) error {
	if v == "" {
		return paths.ErrEmpty
	}
	s.KeyFile = paths.In(s.Dir, v)
	s.Note(flow.FromFlag, "key_path")
	_, err := envfile.Quote(s.Names.VarName(credentials.KeyPath), s.Values().KeyPath)
	return err
}
