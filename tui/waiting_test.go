package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/i18n"
	"cozejwt/internal/steps"
)

// pauses walks to a token test that is refused, and does something in each pause; it returns what
// the screen showed then.
func pauses(t *testing.T, d *driver, during func(n int, now <-chan struct{}), wait time.Duration) (screens []string) {
	t.Helper()
	*d.service = refusing
	d.setup.Waiting = exchange.Waiting{
		AfterChange: wait, Passes: diagnosis.Passes,
		Sleep: func(ctx context.Context, _ time.Duration, now <-chan struct{}) error {
			screens = append(screens, d.screen())
			during(len(screens), now)
			return ctx.Err()
		},
	}
	d.to(steps.Test)
	return screens
}

func TestARefusalAfterAnUploadIsTriedAgain(t *testing.T) {
	for lang, again := range map[*i18n.Language]string{&i18n.English: "(2 of 6)", &i18n.Chinese: "共 6 次"} {
		for _, size := range [][2]int{{80, 24}, {60, 20}, {100, 30}, {120, 40}} {
			d := newDriver(t, *lang, size[0], size[1])
			seen := pauses(t, d, func(n int, _ <-chan struct{}) {
				if n == 2 {
					*d.service = granting
				}
			}, 30*time.Second)
			if len(seen) != 2 || !strings.Contains(seen[1], again) || !strings.Contains(seen[1], lang.Text("key.retry")) {
				t.Errorf("%s %v: %d pauses:\n%s", lang.Code, size, len(seen), strings.Join(seen, "\n"))
			}
			d.wants(lang.Text("wizard.success"))
			if strings.Contains(d.screen(), again) {
				t.Error("the pause is still shown")
			}
		}
	}
}

func TestAPauseEndsOnAKey(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	asked := 0
	pauses(t, d, func(n int, now <-chan struct{}) {
		d.press("r")
		d.press("r") // a second press asks for nothing more
		select {
		case <-now:
			asked++
		default:
		}
	}, 10*time.Second)
	if asked != 2 {
		t.Errorf("r ended %d pauses of 2", asked)
	}
	d.wants("Most likely cause")

	d = newDriver(t, i18n.English, 80, 24)
	if seen := pauses(t, d, func(int, <-chan struct{}) { d.press("esc") }, 30*time.Second); len(seen) != 1 {
		t.Errorf("%d pauses after Esc", len(seen))
	}
	d.wants("Most likely cause")
}

func TestWithoutAPauseRetryMeansNothingDuringAJob(t *testing.T) {
	d := newDriver(t, i18n.English, 80, 24)
	j := &job{now: make(chan struct{}, 1)}
	d.wizard.job = j
	d.press("r")
	if len(j.now) != 0 {
		t.Error("a pause that is not on was ended")
	}
}
