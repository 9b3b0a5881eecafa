package secret

import (
	"strings"
	"testing"
)

func TestALineIsRandomByHowItAlternates(t *testing.T) {
	line := func(part string, n int) string { return strings.Repeat(part+"/", n) }
	for name, test := range map[string]struct {
		text string
		want bool
	}{
		"as little as random has": {"AAAAAAaaaaaaAAAaaaa1", true},
		"no digits":               {"AAAAAAaaaaaaAAAaaaaa", false},
		"digits too seldom":       {"AAAAAAaaaaaaAAAaaaa1" + "A", false},
		"capitals too seldom":     {"aaaaaaAAAAaaaaaaaaa1", false},
		"small ones too seldom":   {"AAAAAAaaaaAAAAAAAAA1", false},
		"parts that are short":    {line("Ab1Ab1Ab1Ab1Ab1", 5), false},
		"parts that are not":      {line("Ab1Ab1Ab1Ab1Ab1A", 5), true},
		"the longest counts":      {"a/b/AAAAAAaaaaaaAAAaaaa1/c", true},
		"a digest":                {"sha512-" + strings.Repeat("Ab1+", 20), false},
		"plus signs":              {"A+a+1+A+a+1+A+a+1+A+", true},
	} {
		if got := isRandom(test.text); got != test.want {
			t.Errorf("%s: %q: %v", name, test.text, got)
		}
	}
}
