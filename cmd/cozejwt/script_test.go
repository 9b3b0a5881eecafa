package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(tidied{m}, map[string]func(){"cozejwt": main})
}

// shared are the folders that once has filled, by name.
var shared sync.Map

// once fills a folder the first time its name comes up, for all tests.
func once(name string, fill func(dir string) error) (dir string, err error) {
	filled, _ := shared.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "cozejwt-test-*")
		if err != nil {
			return "", err
		}
		return dir, fill(dir)
	}))
	return filled.(func() (string, error))()
}

// tool runs a program; what it says is in the error.
func tool(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// TestScripts runs the stories of testdata/script with the real binary.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Values["clock"] = &scriptClock{}
			env.Setenv("LANG", "C")
			env.Setenv(atOnce[0], atOnce[1])
			env.Setenv(mark, strconv.Itoa(os.Getpid()))
			return os.MkdirAll(filepath.Join(env.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"asked":      asked,
			"posted":     posted,
			"proxy":      proxy,
			"late":       late,
			"host":       host,
			"endpoint":   endpoint,
			"api-server": apiServer,
			"knows":      knows,
			"serves":     serves,
			"uploads":    uploads,
			"posts-form": postsForm,
			"sets":       sets,
			"remembers":  remembers,
			"calls":      callsAPI,
			"json":       jsonMember,
			"mode":       fileMode,
			"takes":      takePort,
			"demo-file":  demoFile,
		},
	})
}

// atOnce makes a program that was built with the race detector end when it ends;
// it would sleep for a second otherwise.
var atOnce = [2]string{"GORACE", "atexit_sleep_ms=0"}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// json PATH WANT compares a member of the JSON document on stdout, such as
// error.causes.0; WANT may be ~TEXT for "has it in it". It also checks that
// stdout holds nothing else.
func jsonMember(ts *testscript.TestScript, neg bool, args []string) {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var doc any
	ts.Check(dec.Decode(&doc))
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("stdout holds more than one JSON document")
	}
	got, ok := member(doc, strings.Split(args[0], "."))
	want, part := strings.CutPrefix(args[1], "~")
	matches := ok && (got == want || part && strings.Contains(got, want))
	if matches == neg {
		ts.Fatalf("%s is %q (there: %v), want %q", args[0], got, ok, args[1])
	}
}

func member(doc any, path []string) (string, bool) {
	for _, name := range path {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return "", false
			}
			doc = v[i]
		default:
			return "", false
		}
	}
	if s, ok := doc.(string); ok {
		return s, true
	}
	text, err := json.Marshal(doc)
	return string(text), err == nil && doc != nil
}

// mode FILE MODE compares a file's permission bits.
func fileMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(info.Mode().Perm()), 8); got != args[1] && runtime.GOOS != "windows" {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// takes VARIABLE FILE listens at the address that a variable of a .env names.
func takePort(ts *testscript.TestScript, _ bool, args []string) {
	for _, line := range strings.Split(ts.ReadFile(args[1]), "\n") {
		if base, ok := strings.CutPrefix(line, args[0]+"="); ok {
			l, err := net.Listen("tcp", strings.TrimPrefix(base, "http://"))
			ts.Check(err)
			ts.Defer(func() { _ = l.Close() })
		}
	}
}
