package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A workflow is what a file in .github/workflows says of rights and programs.
type workflow struct {
	Permissions any
	Jobs        map[string]struct {
		Permissions any
		Environment string
		Steps       []struct {
			Uses, Run string
		}
	}
}

func readWorkflows(t *testing.T) map[string]workflow {
	t.Helper()
	paths, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	all := map[string]workflow{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(path)] = w
	}
	return all
}

// A tag can be moved to other code, a commit cannot.
func TestActionsArePinnedByCommit(t *testing.T) {
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`)
	for name, w := range readWorkflows(t) {
		for job, j := range w.Jobs {
			for _, step := range j.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s, job %s: %s is not pinned by commit", name, job, step.Uses)
				}
			}
		}
	}
}

// What signs and publishes runs no code of the repository or of what it is built from.
func TestWhatMayPublishBuildsNothing(t *testing.T) {
	w := readWorkflows(t)["release.yml"]
	if rights, ok := w.Permissions.(map[string]any); !ok || len(rights) != 0 {
		t.Errorf("each job has the rights %v", w.Permissions)
	}
	builds := regexp.MustCompile(`\b(go|make|npm (ci|install|i)|npx|pip|python3?|goreleaser|\./)\s`)
	protected := 0
	for job, j := range w.Jobs {
		rights, _ := j.Permissions.(map[string]any)
		if len(rights) == 1 && rights["contents"] == "read" && j.Environment == "" {
			continue // it may do nothing
		}
		if protected++; j.Environment != "release" {
			t.Errorf("job %s has rights outside of the protected environment", job)
		}
		for _, step := range j.Steps {
			action, _, _ := strings.Cut(step.Uses, "@")
			if slices.Contains([]string{"actions/checkout", "actions/setup-go", "goreleaser/goreleaser-action", "anchore/sbom-action/download-syft"}, action) || builds.MatchString(step.Run) {
				t.Errorf("job %s builds: %s%s", job, step.Uses, step.Run)
			}
		}
	}
	if protected != 2 {
		t.Errorf("%d jobs can publish", protected)
	}
}
