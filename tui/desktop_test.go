package tui

import "testing"

func TestHeadlessTellsADesktop(t *testing.T) {
	for name, test := range map[string]struct {
		goos string
		env  map[string]string
		want bool
	}{
		"a server":         {"linux", nil, true},
		"over SSH":         {"linux", map[string]string{"SSH_CONNECTION": "x"}, true},
		"X11":              {"linux", map[string]string{"DISPLAY": ":0"}, false},
		"Wayland":          {"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, false},
		"WSL":              {"linux", map[string]string{"WSL_DISTRO_NAME": "Debian"}, false},
		"its own browser":  {"linux", map[string]string{"BROWSER": "my-open"}, false},
		"macOS":            {"darwin", nil, false},
		"Windows":          {"windows", nil, false},
		"a BSD, no screen": {"freebsd", nil, true},
	} {
		if got := headless(test.goos, func(n string) string { return test.env[n] }); got != test.want {
			t.Errorf("%s: headless %v", name, got)
		}
	}
}
