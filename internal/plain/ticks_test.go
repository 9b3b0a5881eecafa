package plain_test

import (
	"context"
	"strings"
	"testing"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
)

// tasks is a list of two options, of which the first is chosen.
func (c *course) tasks() flow.Ticks {
	return flow.Ticks{
		ID: "tasks", Asks: true, Chosen: []string{"chat"},
		Options: []flow.Option{{Value: "chat", Label: i18n.Msg("Chat"), About: i18n.Msg("needs chat")}, {Value: "files", Label: i18n.Msg("Files"), About: i18n.Msg("needs more")}},
		Put:     func(chosen []string) { c.did = append(c.did, "tasks="+strings.Join(chosen, "+")) },
	}
}

// present walks the steps with a person who types the lines.
func (c *course) present(r *flow.Run, typed string) error {
	f := &plain.Prompter{In: strings.NewReader(typed), Out: c.said, Lang: i18n.English, Present: true}
	return f.Run(context.Background(), r)
}

func TestAPersonIsAskedWhatToTick(t *testing.T) {
	for typed, want := range map[string]string{
		"\n": "tasks=chat", "2\n": "tasks=files", "files, chat\n": "tasks=chat+files", "3\n1\n": "tasks=chat",
	} {
		c := newCourse(t)
		must(t, c.present(c.of(says("app", msg("words"), c.tasks())), typed))
		c.wantDid(want)
		c.heard("What will the app do?", "  1) Chat\n     needs chat\n  2) Files\n     needs more\n[1] > ")
		if strings.HasPrefix(typed, "3") {
			c.heard("“3” is not one of the choices", "Type numbers from 1 to 2")
		}
	}
}

func TestTheEndOfTheInputLeavesWhatIsTicked(t *testing.T) {
	c := newCourse(t)
	must(t, c.present(c.of(says("app", msg("words"), c.tasks())), ""))
	c.wantDid()
}

func TestBackLeadsFromTheTicksToTheStepBefore(t *testing.T) {
	c := newCourse(t)
	must(t, c.present(c.of(asks("region", c.text("region")), says("app", msg("words"), c.tasks())), "1\nback\n2\n2\n"))
	c.wantDid("region=1", "region=2", "tasks=files")
}

func TestAScriptIsNotAskedWhatToTick(t *testing.T) {
	c := newCourse(t)
	must(t, c.run(c.of(says("app", msg("words"), c.tasks()), asks("app_id", c.text("app_id"))), i18n.English, "7"))
	c.wantDid("app_id=7")
	c.heard("Your app's tasks: Chat. For other tasks: cozejwt permissions\n")
	later := c.tasks()
	later.Asks = false
	c = newCourse(t)
	must(t, c.present(c.of(says("upload", msg("words"), later)), ""))
	c.notHeard("What will the app do?", "tasks: Chat")
}

func TestWithoutInputNothingIsTicked(t *testing.T) {
	c := newCourse(t)
	f := &plain.Prompter{In: strings.NewReader("2\n"), Out: c.said, Lang: i18n.English, Present: true, NoInput: true}
	must(t, f.Run(context.Background(), c.of(says("app", msg("words"), c.tasks()))))
	c.wantDid()
}
