//go:build campaign && linux

package campaign

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
)

// A screen is a full-screen command, in a project that is new, or one that works.
type screen struct {
	name string
	args []string
	new  bool
}

var screens = []screen{
	{"wizard", []string{"init"}, true},
	{"wizard, sandbox", []string{"init", "--region", "sandbox", "--fresh"}, true},
	{"wizard, App ID", []string{"init", "--region", "cn", "--app-id", fixedApp}, false},
	{"menu", nil, false},
	{"verify", []string{"verify"}, false},
	{"rotate", []string{"rotate"}, false},
}

// TestScreens sends random events to each screen, in each language, and ends it in random ways.
func TestScreens(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) { // under nohup: what is started would ignore it, too
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP)
		t.Cleanup(func() { signal.Stop(hangups) })
	}
	for _, lang := range i18n.Languages {
		t.Run(lang.Code, func(t *testing.T) { playAll(t, lang.Code) })
	}
}

// perSession is how many events a screen gets.
const perSession = 250

func playAll(t *testing.T, lang string) {
	c, r := begin(t, "screens, "+lang), random("screens"+lang)
	worlds := map[int]*world{}
	starts := map[int]files{}
	for worker := range workers {
		worlds[worker] = newWorld(t)
		worlds[worker].working()
		starts[worker] = worlds[worker].files()
	}
	seeds := make([]uint64, sized(len(screens)*2, 110_000/perSession)) // some end before the last event
	for i := range seeds {
		seeds[i] = r.Uint64()
	}
	var events sync.Map
	c.together(len(seeds), func(worker, n int) {
		w, s := worlds[worker], screens[n%len(screens)]
		if err := w.restore(starts[worker]); err != nil {
			c.did("restore", []string{err.Error()})
			return
		}
		if s.new {
			_ = os.Remove(w.path(".env"))
		}
		count, wrong := w.plays(s, lang, perSession, rand.New(rand.NewPCG(seeds[n], 0)))
		events.Store(n, count)
		c.did(fmt.Sprintf("%s, session %d, after %d events", s.name, n, count), wrong)
	})
	c.cases = 0 // a case is an event
	events.Range(func(_, count any) bool { c.cases += count.(int); return true })
}

// plays starts a screen, sends it events and ends it. It returns how many it sent.
func (w *world) plays(s screen, lang string, most int, r *rand.Rand) (sent int, wrong []string) {
	before := w.files()
	p, err := w.open(append(s.args, "--lang", lang, "--no-browser", "--timeout", "1s"))
	if err != nil {
		return 0, []string{err.Error()}
	}
	var hung bool
	for p.drawn(); sent < most && !p.over() && !p.deaf; sent++ {
		switch r.IntN(60) {
		case 0:
			_ = pty.Setsize(p.master, &pty.Winsize{Cols: uint16(1 + r.IntN(300)), Rows: uint16(1 + r.IntN(100))})
		case 1:
			p.signal([]syscall.Signal{syscall.SIGTSTP, syscall.SIGSTOP, syscall.SIGWINCH, syscall.SIGCONT}[r.IntN(4)])
		default:
			p.types(event(r))
			if r.IntN(10) == 0 {
				p.taken(0)
			}
		}
	}
	p.taken(0)
	switch r.IntN(6) {
	case 0:
		hung = true
		_ = p.master.Close() // which waits for the end of a read of it
		p.signal(syscall.SIGHUP)
	case 1:
		p.signal(syscall.SIGHUP)
	case 2:
		p.signal(syscall.SIGQUIT)
	case 3:
		p.signal(syscall.SIGINT)
	case 4:
		p.signal(syscall.SIGTERM)
		p.signal(syscall.SIGTERM)
	default:
		p.signal(syscall.SIGTERM)
	}
	return sent, append(p.ended(hung), w.played(before)...)
}

// played is what is wrong in the project after a screen.
func (w *world) played(before files) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	now := w.files()
	was, is := before["project/.env"].text, now["project/.env"].text
	if held, err := credentials.Load(w.path(".env")); was != is && (err != nil || held.Validate() != nil || !strings.Contains(is, was[:strings.Index(was+"COZE", "COZE")])) {
		say("the .env is %q, %v", is, err)
	}
	for name, f := range now {
		switch {
		case strings.Contains(name, ".tmp-"):
			say("there is %s", name)
		case (private(name) || strings.Contains(f.text, "PRIVATE KEY")) && f.mode&0o077 != 0:
			say("%s has the mode %04o", name, f.mode.Perm())
		}
	}
	found := now.keys()
	for key := range before.keys() {
		if !found[key] {
			say("a private key is lost")
		}
	}
	return wrong
}

// A playing is a command on a terminal.
type playing struct {
	cmd         *exec.Cmd
	master, tty *os.File
	before      *term.State
	after       *term.State // at its end
	exited      chan struct{}
	cancel      context.CancelFunc
	first       chan struct{} // closed at the first output
	read        chan struct{} // closed when the output has ended
	deaf        bool          // it no longer reads, as the sandbox that the menu has started

	mu  sync.Mutex
	out bytes.Buffer
}

func (w *world) open(args []string) (*playing, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience) // a paste of a megabyte takes seconds
	p := &playing{exited: make(chan struct{}), first: make(chan struct{}), read: make(chan struct{}), cancel: cancel}
	var err error
	if p.master, p.tty, err = pty.Open(); err != nil {
		return nil, err
	}
	_ = pty.Setsize(p.master, &pty.Winsize{Cols: 80, Rows: 24})
	if err := keepOutput(p.tty); err != nil {
		return nil, err
	}
	if p.before, err = term.GetState(p.tty.Fd()); err != nil {
		return nil, err
	}
	// Nothing leaves this machine: the proxy of every host is a port that nobody serves.
	p.cmd = w.command(ctx, []string{"TERM=xterm-256color", "HTTPS_PROXY=http://127.0.0.1:1", "NO_PROXY="}, args...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = p.tty, p.tty, p.tty
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	go p.reads()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.continues()
	go func() {
		_ = p.cmd.Wait()
		p.after, _ = term.GetState(p.tty.Fd())
		_ = p.tty.Close() // which ends writing to it
		close(p.exited)
	}()
	return p, nil
}

// keepOutput keeps what was written to a terminal where Ctrl+C or Ctrl+\ is typed once its modes are
// back: Linux would drop what this process has not read yet, such as the end of the alternate screen.
func keepOutput(tty *os.File) error {
	modes, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		return err
	}
	modes.Lflag |= unix.NOFLSH
	return unix.IoctlSetTermios(int(tty.Fd()), unix.TCSETS, modes)
}

// continues lets the command continue after a key or a signal has stopped it, as a shell's fg does.
func (p *playing) continues() {
	for {
		select {
		case <-p.exited:
			return
		case <-time.After(20 * time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid)) // proc_pid_stat(5)
		if bytes.Contains(status, []byte(") T ")) {
			p.signal(syscall.SIGCONT)
		}
	}
}

func (p *playing) reads() {
	defer close(p.read)
	var once sync.Once
	for buffer := make([]byte, 64<<10); ; {
		n, err := p.master.Read(buffer)
		p.mu.Lock()
		p.out.Write(buffer[:n])
		p.mu.Unlock()
		once.Do(func() { close(p.first) })
		if err != nil {
			return
		}
	}
}

// drawn waits until something is drawn, or the command has ended.
func (p *playing) drawn() {
	select {
	case <-p.first:
	case <-p.exited:
	}
}

func (p *playing) over() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

func (p *playing) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// types sends a text in pieces that the terminal has room for: where the command ends, nothing wakes
// who waits for room.
func (p *playing) types(text string) {
	began := time.Now()
	for piece := range slices.Chunk([]byte(text), 1024) {
		p.taken(2048)
		if p.over() || time.Since(began) > patience/2 {
			return
		}
		_, _ = p.master.Write(piece)
	}
}

// taken waits a while until the command has read what was sent but for so many bytes; no event tells
// of it. A megabyte that is not in the brackets of a paste is a million keys, which takes longer.
func (p *playing) taken(most int) {
	for began := time.Now(); !p.over() && time.Since(began) < patience/2; time.Sleep(time.Millisecond) {
		if waiting, err := unix.IoctlGetInt(int(p.tty.Fd()), unix.TIOCINQ); err != nil || waiting <= most {
			return
		}
	}
	p.deaf = !p.over()
}

// ended waits for the end, and returns what is wrong with it.
func (p *playing) ended(hung bool) (wrong []string) {
	defer p.cancel()
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	select {
	case <-p.exited:
	case <-time.After(patience):
	}
	if !p.over() {
		p.signal(syscall.SIGABRT) // Go says where it hangs
		<-p.exited
		say("it does not end: %.20000s", p.out.String())
	}
	if !hung && !reflect.DeepEqual(p.before, p.after) {
		say("the terminal is not as it was")
	}
	<-p.read
	_ = p.master.Close()
	out := p.out.String()
	if strings.Contains(out, "goroutine ") || strings.Contains(out, "panic") {
		say("it panics: %.40000s", out[max(0, strings.Index(out, "panic")-200):])
	}
	if !hung && strings.LastIndex(out, "\x1b[?1049h") > strings.LastIndex(out, "\x1b[?1049l") {
		say("the alternate screen is left open, %v: %.2000q", p.cmd.ProcessState, out[max(0, len(out)-2000):])
	}
	if code := p.cmd.ProcessState.ExitCode(); code < 0 || code > 4 && code < 128 {
		say("exit code %d, %v\n%.2000q", code, p.cmd.ProcessState, out[max(0, len(out)-2000):])
	}
	return wrong
}
