package diagnosis

import "cozejwt/internal/credentials"

// readPersonalToken says of a personal access token in the text what it is.
func (e *Explanation) readPersonalToken(text string) {
	if credentials.PersonalTokenLine(text) != 0 {
		e.find("explain.personal_token")
	}
}
