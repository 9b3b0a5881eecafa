package i18n

import (
	"testing"
	"time"
)

func TestADurationIsSaidAsAPersonDoes(t *testing.T) {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	for _, test := range []struct {
		d      time.Duration
		en, zh string
	}{
		{26608*time.Hour + 30*time.Minute + 8*time.Second, "3 years", "3 年"},
		{year, "1 year", "1 年"},
		{year + day, "12 months", "12 个月"},
		{2 * year, "2 years", "2 年"},
		{30 * day, "1 month", "1 个月"},
		{59 * day, "59 days", "59 天"},
		{60 * day, "2 months", "2 个月"},
		{day, "1 day", "1 天"},
		{36 * time.Hour, "36 hours", "36 小时"},
		{time.Hour, "1 hour", "1 小时"},
		{time.Hour + time.Minute, "61 minutes", "61 分钟"},
		{165 * time.Minute, "3 hours", "3 小时"},
		{100 * time.Second, "100 seconds", "100 秒"},
		{-30 * time.Minute, "30 minutes", "30 分钟"},
		{time.Minute, "1 minute", "1 分钟"},
		{time.Second, "1 second", "1 秒"},
		{499 * time.Millisecond, "0 seconds", "0 秒"},
		{1500 * time.Millisecond, "2 seconds", "2 秒"},
	} {
		for l, want := range map[Language]string{English: test.en, Chinese: test.zh} {
			if got := l.Text("jwt.expired", "ago", Duration(test.d)); got != l.Text("jwt.expired", "ago", want) {
				t.Errorf("%s: %s is %q, want %q", l, test.d, got, want)
			}
		}
	}
}

// A value that only looks like a duration is shown as what it is.
func TestOnlyADurationIsReadAsOne(t *testing.T) {
	for value, want := range map[string]string{
		durationMark + "cause.unknown 3":         "cause.unknown 3",
		durationMark + "duration.years many":     "duration.years many",
		durationMark + "duration.years":          "duration.years",
		"duration.years 3":                       "duration.years 3",
		"a " + durationMark + "duration.years 3": "a duration.years 3",
	} {
		if got := English.Text("curl.www", "host", value); got != English.Text("curl.www", "host", want) {
			t.Errorf("%q is shown as %q", value, got)
		}
	}
}
