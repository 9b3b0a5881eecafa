package setup

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A Flag answers questions of a plan from the command line.
type Flag struct {
	Name    string // without its dashes
	Usage   i18n.Message
	Kind    Kind
	Default string // as the help shows it
	take    func(s *Session, value string) error
}

// A Kind is what a flag takes, by the name that the help has for it.
type Kind string

// The kinds.
const (
	Text   Kind = "string"
	Number Kind = "int"
	Switch Kind = "bool"
)

// Take answers the plan's questions with the values of its flags, by their
// names. What a flag has answered is not asked.
func (s *Session) Take(values map[string]string) error {
	if values["import-key"] != "" && values["reuse-key"] == "true" {
		return fault.Usage("key.two_sources")
	}
	for _, f := range s.Plan.Flags {
		value, given := values[f.Name]
		if !given || f.Kind == Switch && value != "true" {
			continue
		}
		if err := f.take(s, value); err != nil {
			return err
		}
	}
	s.keyOfItsOwn()
	return nil
}

// TakeBase answers the question for the region: with an API base where one is
// given, else with the region's own.
func (s *Session) TakeBase(region coze.Region, base string) {
	if s.Answers.Previous == nil {
		s.ChooseBase(region, base)
	} else {
		s.SetBase(base) // its ids are those of the app whose key is replaced
		s.Answers.Region = region
	}
	s.note(FromFlag, "region", "api_base")
}

// TakeProfile answers the question which profile is wanted. A name that was
// typed is consent: what is replaced is kept.
func (s *Session) TakeProfile(name string) error {
	s.Answers.Write = true
	s.note(FromFlag, "profile", "write")
	return s.UseProfile(name)
}

// InDir makes a path that belongs to the project absolute: a relative one starts
// at the project's folder.
func (s *Session) InDir(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(s.Dir, path)
}

var createFlags = slices.Concat(valueFlags(), []Flag{
	{Name: "env-names", Usage: i18n.Msg("flag.env_names"), Kind: Text, take: func(s *Session, v string) (err error) {
		s.Answers.Names, err = credentials.ParseConvention(v)
		return err
	}},
	{Name: "key-path", Usage: i18n.Msg("flag.key_path"), Kind: Text, take: takeKeyPath},
	{Name: "bits", Usage: i18n.Msg("flag.bits"), Kind: Number, Default: strconv.Itoa(keygen.DefaultBits), take: func(s *Session, v string) (err error) {
		s.Answers.Bits, err = keygen.ParseBits(v)
		return err
	}},
	importKeyFlag,
	{Name: "reuse-key", Usage: i18n.Msg("flag.reuse_key"), Kind: Switch, take: func(s *Session, _ string) error {
		if _, err := keygen.Load(s.Answers.KeyFile); err != nil {
			return err
		}
		s.takeSource(ReuseKey)
		return nil
	}},
	skipTestFlag,
	{Name: "dry-run", Usage: i18n.Msg("flag.dry_run"), Kind: Switch, take: func(s *Session, _ string) error {
		s.Answers.DryRun, s.Answers.Write = true, true
		s.note(FromFlag, "write")
		return nil
	}},
	yesFlag(i18n.Msg("flag.yes")),
	freshFlag,
	{Name: "no-example", Usage: i18n.Msg("flag.no_example"), Kind: Switch, take: func(s *Session, _ string) error {
		s.Answers.NoExample = true
		return nil
	}},
})

var rotateFlags = []Flag{
	freshFlag,
	valueFlag(credentials.KeyID, i18n.Msg("flag.new_key_id")),
	{Name: "key-path", Usage: i18n.Msg("flag.new_key_path"), Kind: Text, take: func(s *Session, v string) error { return s.UseNewKey(s.InDir(v)) }},
	importKeyFlag,
	yesFlag(i18n.Msg("flag.rotate_yes")),
}

var (
	useFlags = []Flag{skipTestFlag, yesFlag(i18n.Msg("flag.yes"))}

	skipTestFlag = Flag{Name: "skip-test", Usage: i18n.Msg("flag.skip_test"), Kind: Switch, take: func(s *Session, _ string) error {
		s.Answers.SkipTest = true
		return nil
	}}
	freshFlag = Flag{Name: "fresh", Usage: i18n.Msg("flag.fresh"), Kind: Switch, take: func(s *Session, _ string) error {
		s.DropDraft()()
		return nil
	}}
	importKeyFlag = Flag{Name: "import-key", Usage: i18n.Msg("flag.import_key"), Kind: Text, take: func(s *Session, v string) (err error) {
		if s.Answers.Import, err = filepath.Abs(v); err != nil {
			return err
		}
		if _, err := keygen.Load(s.Answers.Import); err != nil {
			return err
		}
		s.note(FromFlag, "import_key")
		s.takeSource(ImportKey)
		return nil
	}}
)

// yesFlag agrees to all that is asked before something is changed.
func yesFlag(usage i18n.Message) Flag {
	return Flag{Name: "yes", Usage: usage, Kind: Switch, take: func(s *Session, _ string) error {
		s.Answers.Write = true
		s.note(FromFlag, "write", "delete", "together")
		return nil
	}}
}

func valueFlags() []Flag {
	var flags []Flag
	for _, field := range credentials.Checked() {
		flags = append(flags, valueFlag(field, i18n.Msg("flag."+string(field))))
	}
	return flags
}

func valueFlag(field credentials.Field, usage i18n.Message) Flag {
	name := strings.TrimPrefix(field.Flag(), "--")
	return Flag{Name: name, Usage: usage, Kind: Text, take: func(s *Session, v string) error {
		if v == "" {
			return nil // $KEY_ID that is not set: asked as if it were not given
		}
		value, _, err := credentials.Check(field, v)
		if err != nil {
			return err
		}
		*s.Answers.At(field) = value
		s.note(FromFlag, string(field))
		return nil
	}}
}

// takeKeyPath refuses a path that no .env could name before a key is made there.
func takeKeyPath(s *Session, v string) error {
	s.Answers.KeyFile = s.InDir(v)
	s.note(FromFlag, "key_path")
	_, err := envfile.Quote(s.Answers.Names.VarName(credentials.KeyPath), s.Set().KeyPath)
	return err
}

func (s *Session) takeSource(source KeySource) {
	s.Answers.Source = source
	s.note(FromFlag, "key_source")
}
