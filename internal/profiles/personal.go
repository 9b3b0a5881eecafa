package profiles

import (
	"strconv"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
)

var (
	// ErrPersonalToken is the fault of a file that holds a personal access token in place
	// of the credentials of an app.
	ErrPersonalToken = fault.Invalid("import.personal_token")
	// NoticePersonalToken is the note on one beside them.
	NoticePersonalToken = fault.Invalid("import.also_token")
)

// notePersonalToken adds the note on a personal access token in the file at path to the first
// set that was found in it. Where there is none, it returns ErrPersonalToken.
func notePersonalToken(path string, data []byte, found []formats.Found) error {
	line := credentials.PersonalTokenLine(string(data))
	if line == 0 {
		return nil
	}
	at := []string{"path", path, "line", strconv.Itoa(line)}
	if len(found) == 0 {
		return ErrPersonalToken.With(at...)
	}
	found[0].Doubts = append(found[0].Doubts, NoticePersonalToken.With(at...))
	return nil
}
