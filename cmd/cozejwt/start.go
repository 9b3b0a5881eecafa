package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/paths"
	"cozejwt/internal/profiles"
	"cozejwt/internal/rotation"
	"cozejwt/internal/setup"
	"cozejwt/internal/snippet"
	"cozejwt/internal/steps"
	"cozejwt/tui"
)

// undecided reports whether plain cozejwt shows the start menu: no flag asks for a
// setup, as the name of a profile that is not there does, and the project has credentials
// that something else could be done with.
func (a *app) undecided(cmd *cobra.Command) bool {
	if a.noInput || a.json || a.region != "" || a.apiBase != "" {
		return false
	}
	if _, err := os.Stat(a.envPath()); a.profile != "" && err != nil {
		return false
	}
	decided := false
	cmd.LocalNonPersistentFlags().Visit(func(*pflag.Flag) { decided = true })
	return !decided && len(a.holdings()) > 0
}

// holdings are the .env files of the project that hold a set.
func (a *app) holdings() []credentials.EnvFile {
	paths := []string{a.envPath()}
	for _, path := range credentials.Files(a.dir) {
		if path != paths[0] {
			paths = append(paths, path)
		}
	}
	var held []credentials.EnvFile
	for _, path := range paths {
		if h, err := credentials.Load(path); err == nil && h.Found() {
			held = append(held, h)
		}
	}
	return held
}

// What can be done with the credentials that are there.
const (
	doResume  = "resume"
	doVerify  = "verify"
	doRotate  = "rotate"
	doSwitch  = "switch"
	doChange  = "change"
	doNew     = "new"
	doToken   = "token"
	doSnippet = "snippet"
	doMatch   = "match"
	doImport  = "import"
	doSandbox = "sandbox"

	doResumeProfile = "resume "
)

// runStart asks what is to be done, and does it, until that ends elsewhere than
// in the menu.
func (a *app) runStart(ctx context.Context) error {
	fromMenu := *a
	fromMenu.menu = true
	answer := ""
	for {
		var err error
		answer, err = a.askStart(ctx, answer)
		if err != nil {
			return err
		}
		if err := fromMenu.start(ctx, answer); !errors.Is(err, tui.ErrBack) {
			return err
		}
	}
}

// start does what was chosen.
func (a *app) start(ctx context.Context, choice string) error {
	if profile, ok := strings.CutPrefix(choice, doResumeProfile); ok {
		return a.of(profile).start(ctx, doResume)
	}
	switch choice {
	case doResume:
		return a.runInit(ctx, nil, func(s *setup.Setup) { s.Resumes = true })
	case doVerify:
		return a.runVerify(ctx, verifyOptions{format: "text", menu: true})
	case doRotate:
		return a.runRotate(ctx, nil)
	case doSwitch:
		return a.runUse(ctx, "", nil)
	case doChange:
		return a.runInit(ctx, nil, nil)
	case doToken:
		return a.runToken(ctx, tokenOptions{TTL: int(coze.DefaultTTL.Seconds())})
	case doSnippet:
		return a.chooseSnippet(ctx)
	case doMatch:
		return a.runMatch(ctx, matchOptions{maxPairs: defaultPairs})
	case doSandbox:
		return a.runSandbox(ctx, "", true)
	case doImport:
		kinds := i18n.Msg("start.import.about")
		demo, age := steps.NewestDemo(a.env().Downloads, clock())
		if demo != "" {
			kinds = i18n.Msg("start.import.found", "path", a.show(demo), "age", i18n.Duration(age))
		}
		path, err := a.choose(ctx, nil, flow.Field{ID: "import_file", Value: demo, Late: true, Check: a.checkImport, Hint: &kinds})
		if err != nil {
			return err
		}
		return a.runImport(ctx, path, importFlags{})
	}
	return a.runInit(ctx, nil, func(s *setup.Setup) {
		s.DropDraft()()
		s.UseNewApp()
	})
}

// checkImport looks whether the file can be imported before the menu is left for it.
func (a *app) checkImport(raw string) (string, *fault.Fault, error) {
	path, err := paths.Parse(raw)
	if err != nil {
		return "", nil, err
	}
	return path, nil, profiles.CheckImport(a.dir, path, a.profile)
}

// chooseSnippet asks for the language of the sample code; the one that the project's files
// suggest is proposed.
func (a *app) chooseSnippet(ctx context.Context) error {
	suggested, _ := snippet.Project{Dir: a.dir, EnvPath: a.envPath()}.Look().In(a.lang, "")
	field := flow.Field{ID: "snippet_language", Value: suggested.Name}
	for _, name := range snippet.Names() {
		field.Options = append(field.Options, flow.Option{Value: name, Label: i18n.Msg("start.snippet.language", "name", name)})
	}
	name, err := a.choose(ctx, nil, field)
	if err != nil {
		return err
	}
	return a.runSnippet(name)
}

// choose asks a question that belongs to no plan.
func (a *app) choose(ctx context.Context, brief []i18n.Message, field flow.Field) (answer string, err error) {
	s, err := setup.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return "", err
	}
	if a.fullScreen() {
		answer, err = tui.Choose(ctx, s.Run, brief, field, a.screen())
	} else {
		for _, m := range brief {
			a.say(m.ID, m.Pairs...)
		}
		answer, err = a.front().Choose(ctx, s.Run, field)
	}
	if errors.Is(err, tui.ErrLeft) {
		err = exitError{exitInterrupted}
	}
	return answer, err
}

// askStart shows the menu, with what was chosen before selected.
func (a *app) askStart(ctx context.Context, before string) (string, error) {
	s, err := setup.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return "", err
	}
	brief, field := a.startQuestion(s)
	if slices.ContainsFunc(field.Options, func(o flow.Option) bool { return o.Value == before }) {
		field.Value = before
	}
	return a.choose(ctx, brief, field)
}

// foundCredentials says which credentials were found, and returns the names of the profiles.
func (a *app) foundCredentials(s *setup.Setup) (names []string, brief []i18n.Message) {
	var found []string
	for _, h := range a.holdings() { // the current ones first
		found = append(found, a.lang.Text("start.found", "path", s.Display(h.Path), "app_id", h.Set.AppID, "base", h.Set.APIBase))
		if name := h.Profile(); name != "" {
			names = append(names, name)
		}
	}
	const shown = 3
	if rest := len(found) - shown; rest > 1 {
		found = append(found[:shown], a.lang.Text("start.more", "count", strconv.Itoa(rest)))
	}
	return names, append([]i18n.Message{i18n.Msg("start.current", "found", strings.Join(found, "\n"))}, a.personalTokens(s)...)
}

// startQuestion offers what can be done with what was found.
func (a *app) startQuestion(s *setup.Setup) (brief []i18n.Message, field flow.Field) {
	names, brief := a.foundCredentials(s)
	field = flow.Field{ID: "start"}
	add := func(value string, pairs ...string) {
		field.Options = append(field.Options, flow.Option{
			Value: value, Label: i18n.Msg("start." + value), About: i18n.Msg("start."+value+".about", pairs...),
		})
	}
	if draft := s.FindDraft(); draft != nil {
		add(doResume)
		field.Options[0].About = s.Stopped(draft)
	}
	if s.Found() {
		add(doVerify, "path", s.Display(s.EnvPath))
		add(doRotate, "path", s.Display(s.EnvPath))
		a.offerDraft(&field)
	}
	for _, draft := range s.UnfinishedProfiles() {
		field.Options = append(field.Options, flow.Option{
			Value: doResumeProfile + setup.ProfileOf(draft), Label: i18n.Msg("start.resume_profile", "profile", setup.ProfileOf(draft)), About: s.Stopped(draft),
		})
	}
	if names != nil {
		add(doSwitch, "count", strconv.Itoa(len(names)), "names", i18n.List(names))
	}
	if s.Found() {
		add(doChange, "path", s.Display(s.EnvPath))
	}
	add(doNew, "path", s.Display(s.EnvPath))
	if s.Found() {
		add(doToken)
		add(doSnippet)
	}
	add(doMatch)
	add(doImport)
	add(doSandbox)
	if field.Value == "" {
		field.Value = field.Options[0].Value
	}
	return brief, field
}

// offerDraft preselects an unfinished rotation and offers to resume it.
func (a *app) offerDraft(field *flow.Field) {
	r, err := rotation.Open(a.env(), a.dir, a.envPath())
	if err != nil {
		return
	}
	if draft := r.FindDraft(); draft != nil {
		if field.Options[0].Value != doResume {
			field.Value = doRotate
		}
		last := &field.Options[len(field.Options)-1]
		last.Label, last.About = i18n.Msg("start.rotate.resume"), r.Stopped(draft)
	}
}
