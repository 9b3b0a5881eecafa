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
var Flags = append(steps.ValueFlags[*Setup](slices.Concat(credentials.Checked(), credentials.Optionals())...), []flow.Flag[*Setup]{
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
	flow.On("skip-test", i18n.Msg("flag.skip_test"), func(s *Setup) { s.Skipped = true }),
	flow.On("dry-run", i18n.Msg("flag.dry_run"), func(s *Setup) {
		s.Dry, s.Skipped, s.Lasting = true, true, false
		s.Accept()
	}),
	flow.On("yes", i18n.Msg("flag.yes"), func(s *Setup) { s.Accept() }),
	flow.On("fresh", i18n.Msg("flag.fresh"), func(s *Setup) { s.DropDraft()() }),
	flow.On("no-example", i18n.Msg("flag.no_example"), func(s *Setup) { s.NoExample = true }),
}...)

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
