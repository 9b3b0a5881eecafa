package credentials

import (
	"strings"

	"cozejwt/internal/lazyregexp"
)

// personalToken finds a personal access token, which is "pat_" and then 64
// letters and digits in every example seen. The official guide (docs.coze.cn, authentication)
// says that it is for tests, and valid for 30 days at most.
var personalToken = lazyregexp.New(`^pat_([A-Za-z0-9_-]{16,})`)

// tokenSample is what stands in the place of a token in documents and templates.
var tokenSample = lazyregexp.New(`(?i)your|token|here|example|x{4}`)

// PersonalTokenLine returns the line, counted from 1, of the first personal access token of
// a text, 0 for none.
func PersonalTokenLine(text string) int {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], "pat_") // a pattern alone takes a hundred times as long in a log
		if i < 0 {
			return 0
		}
		at += i
		if at > 0 && isTokenByte(text[at-1]) {
			continue
		}
		if m := personalToken().FindStringSubmatch(text[at:]); m != nil && !tokenSample().MatchString(m[1]) {
			return 1 + strings.Count(text[:at], "\n")
		}
	}
}

func isTokenByte(b byte) bool {
	return b == '_' || b == '-' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// publicPrefixes begin the names of the variables that a build puts into its pages: Next.js,
// Vite and Vue, Nuxt, Create React App, Gatsby, Expo, SvelteKit and Astro.
var publicPrefixes = []string{"NEXT_PUBLIC_", "VITE_", "VUE_APP_", "NUXT_PUBLIC_", "REACT_APP_", "GATSBY_", "EXPO_PUBLIC_", "PUBLIC_"}

// IsPublicVariable reports whether web frameworks put a variable of this name into pages,
// where everyone can read it.
func IsPublicVariable(name string) bool {
	for _, prefix := range publicPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
