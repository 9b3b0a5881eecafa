package setup_test

import (
	"strings"
	"testing"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
)

// inConsole is what a step tells the person to do in the console.
func inConsole(s *setup.Setup, step string) string {
	todo, _ := flow.Shown[flow.Todo](testplan.Step(s, step))
	var lines []string
	for _, m := range todo {
		lines = append(lines, i18n.English.Say(m))
	}
	return strings.Join(lines, "\n")
}

func TestTheConsolesTodosFollowTheTasks(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "cn"}))
	if got := inConsole(s, "upload"); !strings.Contains(got, "Bot management (Bot管理): select chat.") || strings.Contains(got, "Connector") {
		t.Errorf("without a choice it says\n%s", got)
	}
	asked, ok := flow.Shown[flow.Ticks](testplan.Step(s, "app"))
	if !ok || !asked.Asks || strings.Join(asked.Chosen, " ") != "chat" {
		t.Fatalf("it offers %+v", asked)
	}
	for _, o := range asked.Options {
		if o.Value == "chat-sdk" && strings.Count(i18n.English.Say(o.About), "getMetadata") != 1 {
			t.Errorf("it says %s", i18n.English.Say(o.About))
		}
		if o.Value == "channel" || strings.Contains(i18n.English.Say(o.About), "Connector") {
			t.Errorf("it offers %+v for an app of another type", o)
		}
	}
	asked.Put([]string{"bots", "cozeloop"})
	got := inConsole(s, "upload")
	for _, want := range []string{"Bot管理): select createBot, edit, publish, getMetadata.", "CozeLoop (罗盘): select all", "choose the workspaces"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if later, ok := flow.Shown[flow.Ticks](testplan.Step(s, "upload")); !ok || later.Asks {
		t.Errorf("the upload offers %+v", later)
	}
}

func TestTasksAreOfNoUseWhereTheAppHasItsPermissions(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "cn"}))
	s.HasApp = true
	for _, step := range []string{"app", "upload"} {
		if _, ok := flow.Shown[flow.Ticks](testplan.Step(s, step)); ok || strings.Contains(inConsole(s, step), "Permissions") {
			t.Errorf("%s offers tasks", step)
		}
	}
	s = w.Setup()
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "sandbox"}))
	if _, ok := flow.Shown[flow.Ticks](testplan.Step(s, "app")); ok {
		t.Error("the sandbox asks for tasks, and gives all permissions")
	}
	s = w.Setup()
	testplan.Must(t, s.Take(map[string]string{"app-id": testkey.AppID}))
	testplan.Must(t, testplan.Do(s, "region", map[string]string{"region": "cn"}))
	if asked, ok := flow.Shown[flow.Ticks](testplan.Step(s, "app")); !ok || asked.Asks {
		t.Errorf("with an App ID it asks line by line: %+v", asked)
	}
}

func TestADraftKeepsTheTasks(t *testing.T) {
	w := testplan.New(t)
	s := w.Setup()
	w.Custom(s, testkey.AppID, testkey.KeyID)
	s.Tasks = []string{"files", "a task of another version"}
	s.SaveDraft("key_id")()
	next := w.Setup()
	testplan.Resume(t, next, next.FindDraft())
	if got := inConsole(next, "upload"); !strings.Contains(got, "uploadFile") || strings.Contains(got, "select chat") {
		t.Errorf("it says\n%s", got)
	}
}
