package i18n

import (
	"strconv"
	"strings"
	"time"
)

// durationMark begins a value that is a duration, until the language is known. tty.Clean drops it
// from values that come from elsewhere.
const durationMark = "\x1e"

// units are those of a duration, the largest first. A year has 365 days and a month 30: this is how
// people speak, not a calendar.
var units = []struct {
	id string
	of time.Duration
}{
	{"duration.years", 365 * 24 * time.Hour},
	{"duration.months", 30 * 24 * time.Hour},
	{"duration.days", 24 * time.Hour},
	{"duration.hours", time.Hour},
	{"duration.minutes", time.Minute},
	{"duration.seconds", time.Second},
}

// Duration returns d as a value of a text, as a person says it: "3 years", "90 minutes". It is
// rounded to the largest unit of which there are two, or exactly one; the sign does not count.
func Duration(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	for _, unit := range units {
		if d >= 2*unit.of || d == unit.of || unit.of == time.Second {
			return durationMark + unit.id + " " + strconv.Itoa(int((d+unit.of/2)/unit.of))
		}
	}
	panic("the last unit takes every duration")
}

// duration returns a marked value in the language, and whether it was one.
func (l Language) duration(value string) (string, bool) {
	marked, ok := strings.CutPrefix(value, durationMark)
	if !ok {
		return value, false
	}
	id, n, _ := strings.Cut(marked, " ")
	if _, err := strconv.Atoi(n); err != nil || !strings.HasPrefix(id, "duration.") {
		return value, false
	}
	if n == "1" {
		id = strings.TrimSuffix(id, "s")
	}
	return l.Text(id, "n", n), true
}
