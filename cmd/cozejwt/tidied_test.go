package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mark is the variable by which the programs that these tests start are found again.
// Its value is the process of the tests.
const mark = "COZEJWT_TESTS"

// tidied are the tests, which leave no program and no file behind: one that does
// fails the run.
type tidied struct{ *testing.M }

func (m tidied) Run() int {
	flag.Parse()
	tmp, err := os.MkdirTemp("", "cozejwt-tests-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(tmp)
	_ = os.Setenv("TMPDIR", tmp)
	_ = os.Setenv(mark, strconv.Itoa(os.Getpid()))
	if limit := deadlineOf(flag.Lookup("test.timeout")); limit > 0 {
		time.AfterFunc(limit-2*time.Second, func() { running().kill() }) // go test ends the tests without their clean-up
	}
	code := m.M.Run()
	shared.Range(func(_, v any) bool {
		dir, _ := v.(func() (string, error))()
		return os.RemoveAll(dir) == nil
	})
	files := names(tmp)
	if flag.Lookup("test.run").Value.String() != "" {
		files = nil // testscript removes its folder after all of its scripts
	}
	for what, left := range map[string][]string{"programs still run": running().kill(), "files are left": files} {
		if len(left) > 0 {
			fmt.Fprintf(os.Stderr, "after the tests, %s:\n%s\n", what, strings.Join(left, "\n"))
			code = max(code, 1)
		}
	}
	return code
}

func deadlineOf(timeout *flag.Flag) time.Duration {
	limit, _ := time.ParseDuration(timeout.Value.String())
	return limit
}

func names(dir string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// processes are their command lines by number.
type processes map[int]string

// running returns the processes that these tests have started; none where there is no
// /proc.
func running() processes {
	found := processes{}
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range files {
		environ, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(environ, fmt.Appendf(nil, "%s=%d\x00", mark, os.Getpid())) {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && pid != os.Getpid() {
			found[pid] = string(bytes.ReplaceAll(command, []byte{0}, []byte(" ")))
		}
	}
	return found
}

// kill ends the processes and returns what they were.
func (p processes) kill() (commands []string) {
	for pid, command := range p {
		commands = append(commands, command)
		if process, err := os.FindProcess(pid); err == nil {
			_ = process.Signal(syscall.SIGKILL)
		}
	}
	return commands
}
