package i18n

import (
	"testing"
	"time"
)

// A time is shown where the reader is, whatever zone the value was made in.
func TestATimeIsShownInTheZoneOfTheReader(t *testing.T) {
	before := time.Local
	t.Cleanup(func() { time.Local = before })
	time.Local = time.FixedZone("CST", 8*60*60)
	at := time.Date(2026, time.November, 27, 23, 5, 9, 0, time.UTC)
	for _, test := range []struct{ got, want string }{
		{Moment(at), "2026-11-28 07:05:09 CST"},
		{Clock(at), "07:05 CST"},
		{Day(at), "2026-11-28"},
		{Moment(time.Time{}), "?"},
		{Clock(time.Time{}), "?"},
		{Day(time.Time{}), "?"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}
