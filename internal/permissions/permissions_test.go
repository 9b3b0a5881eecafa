package permissions

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// concrete puts a value in the place of each segment that varies.
var concrete = regexp.MustCompile(`:\w+`)

func TestEveryRowIsReadAndFound(t *testing.T) {
	rows := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "#") {
			rows++
		}
	}
	if all := All(); len(all) != 119 || rows != len(all) {
		t.Fatalf("read %d of %d rows, want 119", len(all), rows)
	}
	seen := map[string]bool{}
	for _, e := range All() {
		if seen[e.String()] || !regexp.MustCompile(`^(GET|POST|PUT|DELETE)$`).MatchString(e.Method) || !strings.HasPrefix(e.Path, "/") || e.Page == "" {
			t.Errorf("the row of %s is %+v", e, e)
		}
		seen[e.String()] = true
		if !slices.Contains([]Note{NoNote, Enterprise, OneOfThePairs}, e.Note) {
			t.Errorf("%s has the note %q", e, e.Note)
		}
		path := concrete.ReplaceAllString(e.Path, "7481617032355069967")
		for _, target := range []string{e.Path, path, path[1:], path + "/", "https://api.coze.cn" + path + "?page_num=1", path + "#x", "  " + path + "\n"} {
			if got, ok := Of(strings.ToLower(e.Method), target); !ok || got.String() != e.String() {
				t.Errorf("%s %s is found as %q", e.Method, target, got)
			}
		}
	}
}

func TestEveryRowSaysYesOrWhatIsMissing(t *testing.T) {
	for _, e := range All() {
		if lacks := e.Missing(e.Points); lacks != nil {
			t.Errorf("%s lacks %q with all its points", e, lacks)
		}
		lacks := e.Missing(nil)
		if (lacks == nil) != (len(e.Points) == 0) {
			t.Errorf("%s lacks %q without a point", e, lacks)
		}
		for _, set := range e.Alternatives() {
			if lacks := e.Missing(set); lacks != nil {
				t.Errorf("%s lacks %q with %q", e, lacks, set)
			}
			if len(e.Alternatives()) > 1 {
				continue
			}
			for i, p := range set {
				if got := e.Missing(slices.Delete(slices.Clone(set), i, i+1)); !slices.Equal(got, []string{p}) {
					t.Errorf("%s without %s lacks %q", e, p, got)
				}
			}
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		method, path  string
		granted, want []string
	}{
		{"GET", "/v3/chat/message/list", []string{"chat"}, []string{"listMessage"}},
		{"GET", "/v3/chat/message/list", nil, []string{"chat", "listMessage"}},
		{"POST", "/v1/entities/copy_tasks", []string{"Project.copy", "Workspace.createProject"}, nil},
		{"POST", "/v1/entities/copy_tasks", []string{"Workflow.copy"}, []string{"Workspace.createWorkflow"}},
		{"POST", "/v1/bots/7/unpublish", []string{"disconnectBot"}, nil},
		{"POST", "/v1/bots/7/unpublish", []string{"Connector.disconnectBot"}, nil},
		{"POST", "/v1/bots/7/unpublish", []string{"chat"}, []string{"disconnectBot"}},
		{"GET", "/v1/stores/plugins", nil, nil},
	} {
		e, ok := Of(test.method, test.path)
		if got := e.Missing(test.granted); !ok || !slices.Equal(got, test.want) {
			t.Errorf("%s with %q lacks %q, want %q", e, test.granted, got, test.want)
		}
	}
}

func TestLevelsAndKinds(t *testing.T) {
	for path, want := range map[string]struct {
		level Level
		kind  Kind
	}{
		"DELETE /v1/enterprises/:enterprise_id/members/:user_id": {LevelEnterprise, Ordinary},
		"POST /v1/enterprises/:enterprise_id/members":            {LevelEnterprise, Ordinary},
		"POST /v1/organizations/:organization_id/members":        {LevelEnterprise, Ordinary},
		"POST /v3/chat":                            {LevelUnknown, Ordinary},
		"GET /v1/stores/plugins":                   {LevelUnknown, Ordinary},
		"POST /v1/bots/:bot_id/unpublish":          {LevelUnknown, Ordinary},
		"PUT /v1/connectors/:connector_id/bots/:x": {LevelUnknown, Channel},
	} {
		method, target, _ := strings.Cut(path, " ")
		e, ok := Of(method, target)
		if !ok || e.Level() != want.level || e.Kind() != want.kind {
			t.Errorf("%s is of level %q and channel %v", path, e.Level(), e.Kind())
		}
	}
	e, _ := Of("POST", "/v1/bot/create")
	if got := e.Guide(); got != "https://docs.coze.cn/developer_guides/create_bot" {
		t.Errorf("the guide is %s", got)
	}
}

func TestPointsOfAKindOfApp(t *testing.T) {
	ordinary, channel := Points(Ordinary), Points(Channel)
	if len(ordinary) < 80 || len(channel) != 2 {
		t.Errorf("there are %d ordinary points and %v", len(ordinary), channel)
	}
	for _, p := range ordinary {
		if strings.Contains(p.Name, "Connector.") {
			t.Errorf("%s is among the points of an ordinary app", p.Name)
		}
	}
}
