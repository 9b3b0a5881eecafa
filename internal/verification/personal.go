package verification

import (
	"context"
	"slices"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
)

// envPersonalToken looks for a personal access token beside the credentials; in the place of
// one of them, the check of its shape finds it. One that a build puts into its pages comes
// first.
func envPersonalToken(_ context.Context, c *run) Result {
	found := ""
	for _, name := range c.known.file.Names() {
		value, _ := c.known.file.Get(name)
		if slices.Contains(c.known.names.VarNames(), name) || credentials.PersonalTokenLine(value) == 0 {
			continue
		}
		if credentials.IsPublicVariable(name) {
			return warned(fault.Invalid("env.public_token", "path", c.show(c.EnvPath), "name", name))
		}
		if found == "" {
			found = name
		}
	}
	if found != "" {
		return warned(fault.Invalid("env.personal_token", "path", c.show(c.EnvPath), "name", found))
	}
	return passed()
}
