//go:build campaign && unix

package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// launches is the environment variable that makes the tests' binary launch a command.
const launches = "COZEJWT_CAMPAIGN_LAUNCHES"

// A usage is what a command has used.
type usage struct {
	Code int
	KiB  int64         // at its peak
	Busy time.Duration // of processors
}

// launch runs the command in the arguments and writes its usage to the descriptor 3. A command
// starts with the peak of the process that starts it (exec_mmap of the kernel keeps it), so that
// one started by the tests themselves cannot be measured.
func launch() int {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, launches) })
	if user, err := strconv.Atoi(os.Getenv(launches + "_AS")); err == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}}
	}
	if err := cmd.Run(); cmd.ProcessState == nil {
		os.Stderr.WriteString(err.Error())
		return 1
	}
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	u := usage{cmd.ProcessState.ExitCode(), used.Maxrss, time.Duration(used.Utime.Nano() + used.Stime.Nano())}
	if runtime.GOOS == "darwin" {
		u.KiB /= 1024 // there, it is in bytes
	}
	if err := json.NewEncoder(os.NewFile(3, "usage")).Encode(u); err != nil {
		return 1
	}
	return 0
}

// measure runs a command, and returns what it has used besides.
func (w *world) measure(env []string, args ...string) (result, usage) {
	ctx, cancel := patient()
	defer cancel()
	failed := func(err error) (result, usage) { return result{code: -2, stderr: err.Error()}, usage{} }
	command := w.command(ctx, env, args...)
	self, err := os.Executable()
	if err != nil {
		return failed(err)
	}
	report, reports, err := os.Pipe()
	if err != nil {
		return failed(err)
	}
	defer report.Close()
	command.Path, command.Args = self, append([]string{self}, command.Args...)
	command.Env = append(command.Env, launches+"=1")
	command.ExtraFiles = []*os.File{reports}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	var out, stderr bytes.Buffer
	command.Stdout, command.Stderr = &out, &stderr
	err = command.Run()
	reports.Close()
	var u usage
	if err = errors.Join(err, json.NewDecoder(report).Decode(&u)); err != nil {
		return failed(err)
	}
	return result{u.Code, out.String(), stderr.String()}, u
}

// maxMemory is what an answer may make a command use, in KiB.
const maxMemory = 64 << 10

// excess is what is wrong with what a command has used and said, whatever it was asked for. Most is in
// KiB.
func excess(r result, u usage, most int64) (wrong []string) {
	if r.code == -2 {
		return []string{"it does not end: " + r.stderr}
	}
	if u.Busy > 10*time.Second {
		wrong = append(wrong, "it works for "+u.Busy.String())
	}
	if u.KiB > most {
		wrong = append(wrong, "it uses "+megabytes(u.KiB))
	}
	return append(wrong, misspoken(r)...)
}

func megabytes(kib int64) string { return fmt.Sprintf("%d MiB", kib>>10) }

// misspoken is what no command may print, or leave out, whatever happens.
func misspoken(r result) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if strings.Contains(r.stderr, "goroutine ") || strings.Contains(r.stderr, "panic") {
		say("it panics: %.300s", r.stderr)
	}
	if r.code > 0 && r.all() == "" {
		say("exit code %d without a word", r.code)
	}
	if len(r.stderr) > 32<<10 {
		say("it says %d bytes", len(r.stderr))
	}
	if at := strings.IndexFunc(r.stderr, commands); at >= 0 {
		say("stderr has %q", r.stderr[at:min(at+20, len(r.stderr))])
	}
	return wrong
}

// commands reports whether a character does something to a terminal.
func commands(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}
