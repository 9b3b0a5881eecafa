package rotation_test

import (
	"errors"
	"os"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/paths"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

func TestFlagsAnswerARotation(t *testing.T) {
	w := testplan.Created(t)
	path := newKey(w, "config/new.pem")
	s := rotating(w)
	s.SaveDraft("upload")()
	testplan.Must(t, s.Take(map[string]string{"key-id": testkey.KeyID, "key-path": "config/new.pem", "yes": "true"}))
	if s.KeyID != testkey.KeyID || s.KeyFile != path || s.Source != steps.ReuseKey || !s.Accepted || !s.Given("together") || !s.Given("write") {
		t.Errorf("the answers are %+v, accepted %v", s.Answers(), s.Accepted)
	}
	if rotating(w).FindDraft() == nil {
		t.Error("the draft is gone, unasked")
	}
	testplan.Must(t, rotating(w).Take(map[string]string{"fresh": "true"}))
	if rotating(w).FindDraft() != nil {
		t.Error("--fresh leaves the draft")
	}
	s = rotating(w)
	testplan.Must(t, s.Take(map[string]string{"import-key": path}))
	if s.Source != steps.ImportKey || s.Import != path || s.Accepted {
		t.Errorf("the answers are %+v", s.Answers())
	}
}

func TestFlagsThatCannotBeAreRefused(t *testing.T) {
	w := testplan.Created(t)
	path := newKey(w, "config/new.pem")
	for name, row := range map[string]struct {
		values map[string]string
		fault  error
	}{
		"two keys":             {map[string]string{"key-path": path, "import-key": path}, fault.Usage("rotate.one_of")},
		"no new key there":     {map[string]string{"key-path": "none.pem"}, keygen.ErrAbsent},
		"no console key there": {map[string]string{"import-key": w.Path("none.pem")}, keygen.ErrAbsent},
		"the key in use":       {map[string]string{"key-path": "config/private_key.pem"}, steps.ErrInUse},
		"an empty console key": {map[string]string{"import-key": ""}, paths.ErrEmpty},
		"an empty new key":     {map[string]string{"key-path": "", "import-key": path}, paths.ErrEmpty},
	} {
		if err := rotating(w).Take(row.values); !errors.Is(err, row.fault) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	testplan.Must(t, os.Remove(w.Path("config/private_key.pem")))
	testplan.Must(t, rotating(w).UseNewKey(path)) // without the key in use, none is that
}

func TestAPruneDeletesOnAYesAlone(t *testing.T) {
	w, _ := rotated(t)
	old := rotation.Records(w.State, w.Env())[0].Previous
	w.Forget(w.Holding(".env").Set.AppID, old.KeyID)
	for _, yes := range []string{"", "true"} {
		s := pruning(w)
		testplan.Must(t, s.Take(map[string]string{"yes": yes}))
		if s.Accepted != (yes == "true") || s.Given("delete") != (yes == "true") {
			t.Errorf("--yes=%s: accepted %v", yes, s.Accepted)
		}
		testplan.Must(t, testplan.Do(s, "probe", nil))
		f := s.Ask(testplan.Step(s, "old_keys"))[0]
		if f.ID != "delete" || (f.Value == "yes") != (yes == "true") {
			t.Errorf("--yes=%s: the question is %s, proposed is %q", yes, f.ID, f.Value)
		}
	}
}
