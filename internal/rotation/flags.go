package rotation

import (
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/steps"
)

// Flags answer the questions of a rotation, in the order in which they are taken.
var Flags = append(steps.ValueFlags[*Rotation](credentials.Optionals()...), []flow.Flag[*Rotation]{
	flow.On("fresh", i18n.Msg("flag.fresh"), func(r *Rotation) { r.DropDraft()() }),
	steps.ValueFlag[*Rotation](credentials.KeyID, i18n.Msg("flag.new_key_id")),
	{Name: "key-path", Usage: i18n.Msg("flag.new_key_path"), Kind: flow.Text, Take: func(r *Rotation, v string) error {
		if v == "" {
			return paths.ErrEmpty
		}
		return r.UseNewKey(paths.In(r.Dir, v))
	}},
	{Name: "import-key", Usage: i18n.Msg("flag.import_key"), Kind: flow.Text, Take: func(r *Rotation, v string) error { return r.TakeImport(v) }},
	flow.On("yes", i18n.Msg("flag.rotate_yes"), func(r *Rotation) { r.Accept("together") }),
}...)

// Take answers the plan's questions with the values of its flags, by their names. The errors are
// faults of usage, and those of the fields.
func (r *Rotation) Take(values map[string]string) error {
	if values["import-key"] != "" && values["key-path"] != "" {
		return fault.Usage("rotate.one_of", "flags", "--key-path, --import-key")
	}
	return flow.Take(r, Flags, values)
}

// TakeBase answers which host is asked for the token: the ids stay those of the app whose key
// is replaced.
func (r *Rotation) TakeBase(region coze.Region, base string) {
	r.Set = r.AtBase(r.Set, base)
	r.SetBase(base)
	r.Region = region
	r.Note(flow.FromFlag, "region", "api_base")
}
