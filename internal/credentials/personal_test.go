package credentials_test

import (
	"strings"
	"testing"

	"cozejwt/internal/credentials"
)

func TestPersonalTokenLine(t *testing.T) {
	token := "pat_" + strings.Repeat("aB3d", 16)
	for text, want := range map[string]int{
		token:                     1,
		"COZE_API_TOKEN=" + token: 1,
		"a: 1\ncoze:\n  token: '" + token + "'\n":    3,
		"\n\n-H \"Authorization: Bearer " + token:    3,
		"const t=`" + token + "`":                    1,
		token + "\n" + token:                         1,
		"pat_****\nauth: " + token:                   2,
		"pat_your_token_goes_here_1\n" + token:       2,
		"pat_0123456789abcdef":                       1,
		"":                                           0,
		"pat_":                                       0,
		"pat_0123456789abcde":                        0, // 15 characters
		"pat_…":                                      0,
		"pat_********************":                   0,
		"pat_your_personal_token":                    0,
		"pat_xxxxxxxxxxxxxxxxxxxx":                   0,
		"PAT_TOKEN_GOES_HERE=pat_EXAMPLE_0123456789": 0,
		"github_pat_" + strings.Repeat("aB3d", 16):   0,
		"my-" + token:                                0,
		"czs_" + strings.Repeat("aB3d", 16):          0,
		"PAT_" + strings.Repeat("aB3d", 16):          0,
		"spat_" + strings.Repeat("aB3d", 16):         0,
	} {
		if got := credentials.PersonalTokenLine(text); got != want {
			t.Errorf("%q: line %d, want %d", text, got, want)
		}
	}
}

func TestIsPublicVariable(t *testing.T) {
	for name, want := range map[string]bool{
		"NEXT_PUBLIC_COZE_TOKEN": true, "VITE_COZE_TOKEN": true, "VUE_APP_COZE_TOKEN": true, "NUXT_PUBLIC_COZE_TOKEN": true,
		"REACT_APP_COZE_TOKEN": true, "GATSBY_COZE_TOKEN": true, "EXPO_PUBLIC_COZE_TOKEN": true, "PUBLIC_COZE_TOKEN": true,
		"COZE_API_TOKEN": false, "COZE_PUBLIC_KEY": false, "MY_VITE_TOKEN": false, "": false,
	} {
		if got := credentials.IsPublicVariable(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
