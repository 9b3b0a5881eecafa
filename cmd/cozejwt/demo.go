package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/tty"
)

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "demo",
		Short:   a.lang.Text("cmd.demo.short"),
		Long:    a.lang.Text("cmd.demo.long"),
		Example: a.lang.Text("cmd.demo.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runDemo(cmd.Context()) },
	}
}

// A scene is a part of the demo: a line of guidance, and what happens then.
type scene struct {
	guidance i18n.Message
	run      func(context.Context) error
}

// runDemo plays the whole story in a folder that is removed after it, with a
// sandbox of its own in memory.
func (a *app) runDemo(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "cozejwt-demo-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a.dir, a.state, a.region, a.sandbox.inMemory = filepath.Join(dir, "project"), filepath.Join(dir, "state"), string(coze.Sandbox), true
	a.envFile, a.profile, a.apiBase = "", "", ""
	if err := os.MkdirAll(a.dir, 0o755); err != nil {
		return err
	}
	for _, s := range []scene{
		{i18n.Msg("demo.setup"), func(ctx context.Context) error { return a.runInit(ctx, a.demoFlags(nil), nil) }},
		{i18n.Msg("demo.refused"), a.breakDemo},
		{i18n.Msg("demo.fix"), func(ctx context.Context) error {
			return a.runInit(ctx, a.demoFlags(map[string]string{"reuse-key": "true"}), nil)
		}},
		{i18n.Msg("demo.rotate"), func(ctx context.Context) error { a.region = ""; return a.runRotate(ctx, a.demoFlags(nil)) }},
	} {
		if err := a.play(ctx, s); err != nil {
			return err
		}
	}
	a.say("demo.end")
	return nil
}

// demoFlags agree to everything where nobody can be asked.
func (a *app) demoFlags(given map[string]string) map[string]string {
	if given == nil {
		given = map[string]string{}
	}
	if a.noInput {
		given["yes"] = "true"
	}
	return given
}

// play says what comes next, waits until the person has read it, and does it.
func (a *app) play(ctx context.Context, s scene) error {
	fmt.Fprintln(a.err, "\n"+a.lang.Say(s.guidance))
	if !a.noInput && tty.Is(a.in) {
		fmt.Fprint(a.err, a.lang.Text("demo.continue"))
		if _, err := a.front().Line(ctx); err != nil {
			return context.Canceled
		}
	}
	return s.run(ctx)
}

// breakDemo deletes the key in the sandbox's console, as someone might, and
// checks the credentials. That they are refused is the point.
func (a *app) breakDemo(ctx context.Context) error {
	held, err := credentials.Load(a.envPath())
	if err != nil {
		return err
	}
	if err := (sandbox.Client{Base: held.Set.APIBase}).DeleteKey(ctx, held.Set.AppID, held.Set.KeyID); err != nil {
		return err
	}
	a.region = ""
	defer func() { a.region = string(coze.Sandbox) }()
	err = a.runVerify(ctx, verifyOptions{format: "text"})
	if shown, ok := errors.AsType[exitError](err); ok && shown.code == exitRefused {
		return nil
	}
	return err
}
