//go:build campaign && unix

package campaign

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"cozejwt/internal/disk"
)

// The lines that an editor adds to the .env.
const (
	foreignEdit = "EDITED='while it runs'\n"
	otherApp    = "9999999999999"
	ownEdit     = "COZE_CLIENT_ID=" + otherApp + "\n"
)

// TestWindows adds a line to the .env before each call by which a command changes a file. What is not ours is merged, what is ours is not lost.
func TestWindows(t *testing.T) {
	c, r := begin(t, "editor beside"), random("windows")
	type window struct {
		s    *scenario
		n    int
		text string
	}
	var all []window
	for i := range scenarios {
		s := &scenarios[i]
		if s.lasts || s.target != "" || strings.HasPrefix(s.name, "keygen") {
			continue // it leaves the .env as it is
		}
		s.learn(newWorld(t))
		for n := range s.calls {
			for _, text := range []string{foreignEdit, ownEdit} {
				if *long || r.IntN(4) == 0 {
					all = append(all, window{s, n, text})
				}
			}
		}
	}
	ready := newWorlds(t)
	c.together(len(all), func(worker, n int) {
		x := all[n]
		w := ready.of(worker, x.s)
		call := x.s.calls[x.n]
		c.did(fmt.Sprintf("%s: %q before call %d, %s of %s", x.s.name, x.text, x.n+1, call[0], call[1]), w.edited(x.s, x.n, x.text))
	})
}

// edited runs the command while a line is added to the .env, and returns what is wrong afterwards.
func (w *prepared) edited(s *scenario, n int, text string) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if err := w.restore(w.before); err != nil {
		return []string{err.Error()}
	}
	r := w.run([]string{
		disk.Broken + "=" + strconv.Itoa(n+1) + " " + disk.Append, disk.Appended + "=" + w.path(".env") + "\t" + text,
	}, s.args...)
	now := w.files()
	file := now["project/.env"].text
	// Between the last comparison and the rename, no program can see an edit.
	unseen := s.calls[n][0] == "rename" && target(s.calls[n][1]) == "project/.env"
	switch {
	case r.code != 0 && r.code != 3:
		say("exit code %d\n%s", r.code, r.all())
	case r.code == 3 && text == foreignEdit:
		say("a line that is not ours stops it\n%s", r.all())
	case !strings.Contains(file, strings.TrimSpace(text)) && !unseen:
		say("exit code %d, and the line is lost: %q\n%s", r.code, file, r.all())
	}
	if text == foreignEdit {
		wrong = append(wrong, w.damage(s, now)...)
		if set := w.held(s); set != w.new {
			say("the file holds %+v", set)
		}
	}
	for _, name := range now.temporary() {
		say("there is %s", name)
	}
	return wrong
}
