package i18n

import "time"

// The layouts of the times that people read. The zone is named with the time of day, because a
// screen is copied to colleagues and into reports.
const (
	dayLayout    = "2006-01-02"
	clockLayout  = "15:04 MST"
	momentLayout = "2006-01-02 15:04:05 MST"
)

// Moment returns t as a value of a text: date, time of day and zone where the reader is,
// "2026-11-28 11:57:02 CST". It is "?" for the zero time, which is not known.
func Moment(t time.Time) string { return local(t, momentLayout) }

// Clock returns the time of day of t as a value of a text, with the reader's zone: "11:57 CST". It
// is "?" for the zero time.
func Clock(t time.Time) string { return local(t, clockLayout) }

// Day returns the day of t where the reader is, as a value of a text: "2026-11-28". It is "?" for
// the zero time.
func Day(t time.Time) string { return local(t, dayLayout) }

func local(t time.Time, layout string) string {
	if t.IsZero() {
		return "?"
	}
	return t.Local().Format(layout)
}
