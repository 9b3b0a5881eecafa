package main

import (
	"cozejwt/envfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

// personalTokens says which variables of the project's .env files hold a personal access token,
// one a file.
func (a *app) personalTokens(s *setup.Setup) (found []i18n.Message) {
	for _, path := range credentials.Files(a.dir) {
		f, err := envfile.Load(path)
		if err != nil {
			continue // the credentials of the file say why
		}
		for _, name := range f.Names() {
			if value, _ := f.Get(name); credentials.PersonalTokenLine(value) != 0 {
				found = append(found, i18n.Msg("start.personal_token", "path", s.Display(path), "name", name))
				break
			}
		}
	}
	return found
}
