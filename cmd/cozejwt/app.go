package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/plain"
	"cozejwt/internal/programs"
	"cozejwt/internal/setup"
	"cozejwt/internal/steps"
	"cozejwt/internal/tty"
	"cozejwt/tui"
)

// streams are where a command reads and writes, and the environment it sees.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

func system() streams { return streams{os.Stdin, os.Stdout, os.Stderr, os.Getenv} }

// app is one run of the command: the streams and the flags that every
// command has.
type app struct {
	streams
	lang i18n.Reader
	// What is written goes through these; the streams remain for asking what they are.
	out, err *tty.Writer

	dir, envFile, profile string
	region, apiBase       string
	language              string
	noInput, json         bool
	accessible, noColor   bool
	debug, noBrowser      bool
	timeout, wait         time.Duration
	waits                 []*pflag.Flag // --wait, of each command that has it

	menu bool // the start menu is there to return to: Esc at the beginning does so

	path string // the search path as it was given

	sandbox *sandboxHolder
	lines   *plain.Prompter // one for all that is asked: it reads ahead

	saidSource bool // that the credentials are those of the environment
}

// stateDir is where drafts and the sandbox's apps are kept.
func stateDir() string { return filepath.Join(xdg.StateHome, "cozejwt") }

// run executes the command line and returns the exit code.
func run(args []string, s streams) int {
	a := &app{streams: s, out: tty.NewWriter(s.out), err: tty.NewWriter(s.err), sandbox: &sandboxHolder{}}
	a.lines = &plain.Prompter{In: s.in, Out: a.err}
	own, typed := a.ownArgs(args)
	path, _ := os.Executable()
	a.lang = i18n.Reader{Language: languageOf(own, s.getenv), Program: programAt(path, s.getenv)}
	a.json = slices.Contains(own, "--json") // also where the flags cannot be parsed
	ctx, stop := untilSignal()
	defer stop()
	err := withoutPanic(func() error {
		root := a.root(typed)
		root.SetArgs(args)
		return root.ExecuteContext(ctx)
	})
	a.sandbox.close()
	if failed := a.out.Err(); err == nil && failed != nil {
		err = fault.Unexpected("output.write", failed)
	}
	return a.report(ctx, err)
}

// ownArgs are the arguments that are for this program: what follows the command
// that exec runs is for that command. Typed is the command among them, "help" where
// the help of the program is asked for.
func (a *app) ownArgs(args []string) (own []string, typed string) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	a.commonFlags(flags)
	planFlags(a, flags, setup.Flags)
	a.tokenFlags(flags, &tokenOptions{})
	flags.Duration("wait", 0, "")
	typed = programName
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return args[:i], typed
		case typed == programName && (arg == "-h" || strings.HasPrefix(arg, "--help")):
			typed = "help"
		case strings.HasPrefix(arg, "-"):
			if f := flags.Lookup(strings.TrimLeft(arg, "-")); f != nil && f.NoOptDefVal == "" {
				i++ // its value
			}
		case typed == "exec":
			return args[:i], typed
		case typed == programName:
			typed = arg
		}
	}
	return args, typed
}

// languageOf finds the language before the flags are parsed: the help that
// parsing may print is in it too.
func languageOf(args []string, getenv func(string) string) i18n.Language {
	for i, arg := range args {
		value, ok := "", false
		switch {
		case arg == "--lang" && i+1 < len(args):
			value, ok = args[i+1], true
		case len(arg) > 7 && arg[:7] == "--lang=":
			value, ok = arg[7:], true
		}
		if l, known := i18n.Parse(value); ok && known {
			return l
		}
	}
	return i18n.Detect(getenv)
}

// prepare checks the flags that every command has.
func (a *app) prepare() error {
	if a.language != "" {
		if _, ok := i18n.Parse(a.language); !ok {
			return fault.Usage("lang.unknown", "lang", a.language, "known", i18n.List(i18n.Codes()))
		}
	}
	if a.timeout <= 0 {
		return fault.Usage("timeout.positive")
	}
	if err := a.checkWait(); err != nil {
		return err
	}
	if a.noColor || a.getenv("NO_COLOR") != "" {
		lipgloss.SetColorProfile(termenv.Ascii)
	}
	a.accessible = a.accessible || a.getenv("ACCESSIBLE") != "" && a.getenv("ACCESSIBLE") != "0"
	a.lang = a.lang.With(a.whichProject()...)
	if region, _, err := a.base(); err == nil && region == coze.COM {
		a.lang = a.lang.International()
	}
	dir, err := filepath.Abs(a.dir)
	if err != nil {
		return err
	}
	a.dir = dir
	a.leaveProject()
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fault.Usage("dir.not_folder", "path", a.dir)
	}
	return a.checkProfile()
}

// leaveProject keeps the programs of the project from being run in place of git, a
// browser or a clipboard. Only exec runs what the project's own search path leads to.
func (a *app) leaveProject() {
	a.path = os.Getenv("PATH")
	project := a.dir
	if root, ok := git.Root(a.dir); ok {
		project = root
	}
	_ = os.Setenv("PATH", programs.Outside(project, a.path)) // fails for a NUL alone
}

// whichProject are the flags that say which .env is meant, as they were given.
func (a *app) whichProject() []string {
	var flags []string
	if here, err := os.Getwd(); a.dir != "." && (err != nil || a.dir != here) {
		flags = append(flags, "--dir", a.dir)
	}
	if a.envFile != "" {
		flags = append(flags, "--env-file", a.envFile)
	}
	if a.profile != "" {
		flags = append(flags, "--profile", a.profile)
	}
	return flags
}

func (a *app) checkProfile() error {
	if a.profile == "" {
		return nil
	}
	if a.envFile != "" {
		return fault.Usage("profile.and_env_file")
	}
	return credentials.CheckProfile(a.profile)
}

// of is the same run of the command about a profile of the project.
func (a *app) of(profile string) *app {
	other := *a
	other.profile, other.envFile = profile, ""
	other.lang = other.lang.With(other.whichProject()...)
	return &other
}

// envPath is the .env that the command is about, absolute.
func (a *app) envPath() string {
	switch {
	case a.profile != "":
		return credentials.ProfilePath(a.dir, a.profile)
	case a.envFile != "":
		return paths.In(a.dir, a.envFile)
	}
	return filepath.Join(a.dir, ".env")
}

// base is the API base that the flags ask for, "" where they ask for none.
func (a *app) base() (coze.Region, string, error) {
	if a.apiBase != "" {
		base, err := coze.ParseBase(a.apiBase)
		return coze.RegionOf(base), base, err
	}
	if a.region != "" {
		r, err := coze.ParseRegion(a.region)
		return r, r.Base(), err
	}
	return "", "", nil
}

// wantedBase is base, with the sandbox started where it is wanted.
func (a *app) wantedBase(ctx context.Context) (string, error) {
	region, base, err := a.base()
	if err != nil || region != coze.Sandbox {
		return base, err
	}
	p, err := a.sandbox.open(ctx)
	if err != nil {
		return "", err
	}
	return p.APIBase(), nil
}

// env is what the engine is given from this machine.
func (a *app) env() steps.Deps {
	client := coze.NewClient()
	client.Transport = sandboxTransport{client.Transport, a.sandbox}
	if a.debug {
		client.Transport = logged{client.Transport, slog.New(slog.NewTextHandler(a.err, nil))}
	}
	return steps.Deps{
		Exchanger: exchange.Exchanger{
			Now: clock, Client: client, Timeout: a.timeout, StateDir: stateDir(), Waiting: a.waiting(),
			IsSandbox: a.sandbox.owns, Locate: a.sandbox.ready,
		},
		Downloads: downloads(),
		Sandbox:   a.sandbox.open,
	}
}

// downloads are the folders where a browser puts what it downloads.
func downloads() []string {
	folders := []string{xdg.UserDirs.Download, filepath.Join(xdg.Home, "Downloads"), xdg.UserDirs.Desktop}
	if profile := os.Getenv("USERPROFILE"); profile != "" { // WSL passes it on where WSLENV says so
		folders = append(folders, filepath.Join(profile, "Downloads"))
	}
	return folders
}

// fullScreen reports whether the wizard can be shown.
func (a *app) fullScreen() bool {
	return !a.noInput && !a.json && !a.accessible && a.getenv("TERM") != "dumb" && tty.Is(a.in) && tty.Is(a.streams.out)
}

func (a *app) screen() tui.Options {
	return tui.Options{Lang: a.lang, NoBrowser: a.noBrowser, Menu: a.menu}
}

// sizeOf is the size of a terminal in cells.
func sizeOf(stream any) (width, height int, err error) {
	f, ok := stream.(*os.File)
	if !ok {
		return 0, 0, os.ErrInvalid
	}
	return term.GetSize(f.Fd())
}

func (a *app) say(id string, pairs ...string) {
	a.printWrapped(a.err, a.lang.Text(id, pairs...))
}

// logged writes a line for each call, without the headers: they hold secrets.
type logged struct {
	next http.RoundTripper
	log  *slog.Logger
}

func (l logged) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := l.next.RoundTrip(r)
	args := []any{"method", r.Method, "url", r.URL.Redacted(), "elapsed", time.Since(began).Round(time.Millisecond)}
	if err != nil {
		l.log.Info("http", append(args, "error", err)...)
		return resp, err
	}
	l.log.Info("http", append(args, "status", resp.StatusCode, "logid", coze.Printable(resp.Header.Get("X-Tt-Logid")))...)
	return resp, nil
}
