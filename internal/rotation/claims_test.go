package rotation_test

import (
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/testplan"
)

// What the steps say of the current key is true: where Coze refuses it, no service keeps signing with it.
func TestAKeyThatIsRefusedIsNotSaidToBeInUse(t *testing.T) {
	ids := func(messages []i18n.Message) (ids []string) {
		for _, m := range messages {
			ids = append(ids, m.ID)
		}
		return ids
	}
	for _, refused := range []bool{false, true} {
		w := testplan.Created(t)
		s := rotating(w)
		if refused {
			w.Forget(s.Previous.AppID, s.Previous.KeyID)
		}
		if err := testplan.Do(s, "current", nil); (err != nil) != refused {
			t.Fatalf("the current credentials: %v", err)
		}
		suffix := map[bool]string{true: ".refused"}[refused]
		if got := ids(testplan.Step(s, "key").Says()); got[0] != "new_key.brief"+suffix {
			t.Errorf("refused %t: the key step says %v", refused, got)
		}
		testplan.Must(t, testplan.Do(s, "key", nil))
		s.Region = coze.CN // the sandbox uploads the key itself
		if got := ids(testplan.Step(s, "upload").Says()); got[0] != "new_upload.brief"+suffix || got[1] != "new_upload.full"+suffix {
			t.Errorf("refused %t: the upload says %v", refused, got)
		}
	}
}
