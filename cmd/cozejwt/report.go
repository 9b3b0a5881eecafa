package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strings"

	"github.com/spf13/pflag"

	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/plain"
	"cozejwt/tui"
)

// The exit codes that scripts rely on.
const (
	exitDone        = 0
	exitUnexpected  = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4
	exitInterrupted = 130
)

// A diagnosed error carries the diagnosis that was made where region and ids were known.
type diagnosed struct{ diagnosis.Diagnosis }

func (d diagnosed) Error() string { return d.Err.Error() }
func (d diagnosed) Unwrap() error { return d.Err }

// exitError ends a command whose trouble is on the screen already.
type exitError struct{ code int }

func (exitError) Error() string { return "shown" }

// report says why the command failed, on stderr or as the JSON document, and
// returns the exit code.
func (a *app) report(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	if shown, ok := errors.AsType[exitError](err); ok {
		return shown.code
	}
	d, ok := errors.AsType[diagnosed](err)
	if !ok {
		d = diagnosed{diagnosis.Diagnose(a.asFault(err), diagnosis.Facts{})}
	}
	if crash, ok := errors.AsType[*tui.Crash](err); ok {
		d = diagnosed{diagnosis.Diagnose(a.crashed(crash), diagnosis.Facts{})}
	} else if ctx.Err() != nil {
		d = diagnosed{diagnosis.Diagnose(context.Canceled, diagnosis.Facts{})}
	}
	if a.json && a.out.Err() == nil {
		run, _ := errors.AsType[runError](err)
		a.reportJSON(d.Diagnosis, run.happened)
	} else {
		a.printWrapped(a.err, "cozejwt: "+strings.TrimSuffix(plain.Diagnosis(d.Diagnosis, a.lang), "\n"))
	}
	return exitCode(d.Diagnosis)
}

// asFault turns errors of the flag parser into usage faults, which exit with code 2.
// Other errors are returned unchanged.
func (a *app) asFault(err error) error {
	usage, ok := errors.AsType[usageError](err)
	if !ok {
		return err
	}
	if len(usage.meant) > 0 {
		return fault.Usage("usage.meant", "meant", i18n.List(usage.meant)).Because(usage.inOurWords())
	}
	f := fault.Usage("usage", "help", a.lang.Command(append(strings.Fields(usage.command)[1:], "--help")...)).Because(usage.inOurWords())
	if example := usage.exampleOf(); example != "" {
		f = f.With("example", example).Advise("usage.example")
	}
	return f
}

// usageError is an error of the flag parser, and the command that was typed.
type usageError struct {
	error
	command string   // as in "cozejwt verify"
	meant   []string // the commands that may have been meant
	example string   // of how the command is called, "" for none
}

// exampleOf shows how it is called: the command, or the flag with a value of its kind.
func (e usageError) exampleOf() string {
	wrong, ok := errors.AsType[*pflag.InvalidValueError](e.error)
	if !ok {
		return e.example
	}
	flag := wrong.GetFlag()
	value := map[string]string{"int": "1", "duration": "30s", "bool": "true"}[flag.Value.Type()]
	if flag.Value.Type() == "int" && flag.DefValue != "" {
		value = flag.DefValue
	}
	if value == "" {
		return ""
	}
	if flag.Value.Type() == "bool" {
		return "--" + flag.Name + "=" + value // pflag takes no separate value for it
	}
	return "--" + flag.Name + " " + value
}

// inOurWords returns the error as a fault where the parser says what it is about.
func (e usageError) inOurWords() error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](e.error); ok {
		return fault.Usage("usage.flag", "flag", dashed(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames() != ""))
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](e.error); ok {
		return fault.Usage("usage.flag_value", "flag", dashed(missing.GetSpecifiedName(), missing.GetSpecifiedShortnames() != ""))
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](e.error); ok {
		kind := i18n.Names([]string{"usage.kind." + wrong.GetFlag().Value.Type()})
		return fault.Usage("usage.value", "flag", dashed(wrong.GetFlag().Name, false), "value", wrong.GetValue(), "kind", kind)
	}
	return e.error
}

// dashed is a flag as it is typed.
func dashed(name string, short bool) string {
	if short {
		return "-" + name
	}
	return "--" + name
}

func exitCode(d diagnosis.Diagnosis) int {
	if d.ID == "interrupted" {
		return exitInterrupted
	}
	switch d.Class() {
	case fault.ClassUsage:
		return exitUsage
	case fault.ClassCheck:
		return exitRefused
	case fault.ClassUnreachable:
		return exitUnreachable
	}
	return exitUnexpected
}

// reportJSON prints the error as the JSON document, with what the run has done before it.
func (a *app) reportJSON(d diagnosis.Diagnosis, happened map[string]any) {
	type body struct {
		ID      string   `json:"id"`
		Message string   `json:"message"`
		Causes  []string `json:"causes"`
		Fix     []string `json:"fix"`
		LogID   string   `json:"log_id"`
	}
	causes, fixes := d.Explain(a.lang)
	doc := map[string]any{"error": body{d.ID, d.Message(a.lang), orEmpty(causes), orEmpty(fixes), d.LogID()}}
	maps.Copy(doc, happened)
	printJSON(a.out, doc)
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func printJSON(w io.Writer, v any) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(v) // the writer remembers what could not be written
}
