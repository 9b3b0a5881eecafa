package setup_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testplan"
	"cozejwt/keygen"
)

// mismatched is a run that was refused: the Key ID that it gives belongs to the key in other.pem.
func mismatched(t *testing.T) (w *testplan.World, s *setup.Setup, appID, keyID string) {
	t.Helper()
	w = testplan.New(t)
	other := testkey.New()
	w.Write("other.pem", string(keygen.EncodePrivate(other)))
	appID, err := w.Coze.CreateApp(t.Context(), "app")
	testplan.Must(t, err)
	keyID, err = w.Coze.AddKey(t.Context(), appID, keygen.EncodePublic(&other.PublicKey))
	testplan.Must(t, err)
	s = w.Setup()
	w.Custom(s, appID, keyID)
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	refused := testplan.Do(s, "test", nil)
	if d := s.Diagnose(refused); d.ID != "signature" || len(s.SearchesFor(d)) == 0 {
		t.Fatalf("refused by %s: %v", d.ID, refused)
	}
	return w, s, appID, keyID
}

// search runs the search, and returns what it says of each pair and of all.
func search(t *testing.T, s *setup.Setup) (tries []string, says string, err error) {
	t.Helper()
	done := -1
	err = s.Searches[0].Work(func(now, all int) {
		if now != done+1 || now > all {
			t.Errorf("%d of %d requests are done after %d", now, all, done)
		}
		done = now
	}).Do(t.Context())
	for _, item := range s.Searches[0].Found.Tries {
		tries = append(tries, fmt.Sprint(i18n.English.Say(item.Text), " ", item.Earned, " ", i18n.English.Say(item.Evidence)))
	}
	for _, m := range s.Searches[0].Found.Says {
		says += i18n.English.Say(m) + "\n"
	}
	return tries, says, err
}

func TestTheKeyOfAKeyIDIsFoundAndTakenThroughTheReview(t *testing.T) {
	w, s, appID, keyID := mismatched(t)
	tries, says, err := search(t, s)
	want := "config/private_key.pem with " + keyID + " false wrong key\nother.pem with " + keyID + " true works"
	if err != nil || strings.Join(tries, "\n") != want {
		t.Fatalf("tried\n%s\nwant\n%s\n(%v)", strings.Join(tries, "\n"), want, err)
	}
	if says != "other.pem belongs to Key ID "+keyID+" (App ID "+appID+")\n" {
		t.Errorf("it says %q", says)
	}
	before := w.Read(".env")
	if at := s.Searches[0].Found.Take(); at != s.Index("review") {
		t.Fatalf("it goes on at %d", at)
	}
	if w.Read(".env") != before {
		t.Error("the .env changed before the review")
	}
	testplan.Must(t, testplan.Do(s, "review", testplan.Yes))
	testplan.Must(t, testplan.Do(s, "test", nil))
	if text := w.Read(".env"); !strings.Contains(text, "COZE_PRIVATE_KEY_PATH=other.pem") || !strings.Contains(text, keyID) {
		t.Errorf("the .env is\n%s", text)
	}
}

func TestASearchSaysWhatItCannotUse(t *testing.T) {
	embedded := func(key *rsa.PrivateKey) string {
		return "{\"coze\": {\"private_key\": \"" + strings.ReplaceAll(string(keygen.EncodePrivate(key)), "\n", `\n`) + "\"}}"
	}
	for name, test := range map[string]struct {
		arrange func(w *testplan.World, s *setup.Setup)
		says    string
		taken   bool
	}{
		"none": {func(w *testplan.World, s *setup.Setup) { w.Forget(s.AppID, s.KeyID) }, "accepted none of these pairs", false},
		"in another file": {func(w *testplan.World, _ *setup.Setup) {
			key, err := keygen.Load(w.Path("other.pem"))
			testplan.Must(t, err)
			testplan.Must(t, os.Remove(w.Path("other.pem")))
			w.Write("coze.json", embedded(key.Private))
		}, "coze.json holds more than the key", false},
		"as PKCS#1": {func(w *testplan.World, _ *setup.Setup) {
			key, err := keygen.Load(w.Path("other.pem"))
			testplan.Must(t, err)
			w.Write("other.pem", string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key.Private)})))
		}, "other.pem is PKCS#1", true},
	} {
		t.Run(name, func(t *testing.T) {
			w, s, _, _ := mismatched(t)
			test.arrange(w, s)
			_, says, err := search(t, s)
			if err != nil || !strings.Contains(says, test.says) {
				t.Errorf("it says %q (%v), want %q", says, err, test.says)
			}
			if taken := s.Searches[0].Found.Take != nil; taken != test.taken {
				t.Errorf("it is taken: %v", taken)
			}
		})
	}
}

func TestASearchIsBounded(t *testing.T) {
	w, s, _, _ := mismatched(t)
	one := func(i int) {
		w.Write(fmt.Sprintf(".env.p%d", i), fmt.Sprintf("COZE_CLIENT_ID=%s\nCOZE_PUBLIC_KEY=_Id%02d%s\n", s.AppID, i, testkey.KeyID[5:]))
	}
	for i := range 31 {
		one(i)
	}
	if tries, _, err := search(t, s); err != nil || len(tries) < 32 { // 64 with two keys, unless one works
		t.Errorf("%v after %d pairs", err, len(tries))
	}
	one(31)
	if tries, _, err := search(t, s); fault.ID(err) != "match.many" || tries != nil {
		t.Errorf("%v after %v", err, tries)
	}
}

func TestASearchThatCannotBeMadeSaysWhy(t *testing.T) {
	w, s, _, _ := mismatched(t)
	s.APIBase = "moon"
	if _, _, err := search(t, s); !errors.Is(err, coze.ErrBase) {
		t.Errorf("without a host: %v", err)
	}
	s.APIBase = w.Coze.Base
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Searches[0].Work(func(int, int) {}).Do(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// Where several pairs work and the .env names none of them, a person says which.
func TestASearchChoosesNoneOfSeveral(t *testing.T) {
	w, s, appID, _ := mismatched(t)
	third := testkey.New()
	w.Write("third.pem", string(keygen.EncodePrivate(third)))
	keyID, err := w.Coze.AddKey(t.Context(), appID, keygen.EncodePublic(&third.PublicKey))
	testplan.Must(t, err)
	w.Write(".env.third", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+keyID+"\n")
	s.KeyID = testkey.KeyID
	w.Write(".env.second", "COZE_CLIENT_ID="+appID+"\nCOZE_PUBLIC_KEY="+s.Existing.Set.KeyID+"\n")
	_, says, err := search(t, s)
	if err != nil || !strings.HasPrefix(says, "Several pairs work") || s.Searches[0].Found.Take != nil {
		t.Errorf("it says %q: %v", says, err)
	}
}

// A host that is not Coze's gets no signature of a key from elsewhere that another file names.
func TestASearchKeepsToTheKeysOfTheProject(t *testing.T) {
	w, s, _, _ := mismatched(t)
	outside := filepath.Join(t.TempDir(), "far.pem")
	text := w.Read("other.pem")
	testplan.Must(t, os.Remove(w.Path("other.pem")))
	testfile.Write(t, outside, text)
	w.Write(".env.far", "COZE_CLIENT_ID="+s.AppID+"\nCOZE_PUBLIC_KEY="+testkey.KeyID+"\nCOZE_PRIVATE_KEY_PATH="+filepath.ToSlash(outside)+"\n")
	if tries, _, err := search(t, s); err != nil || strings.Contains(strings.Join(tries, "\n"), "far.pem") {
		t.Errorf("tried %q: %v", tries, err)
	}
}

func TestOtherRefusalsAreNotSearchedFor(t *testing.T) {
	_, s, _, _ := mismatched(t)
	for message, want := range map[string]bool{
		"invalid jwt: kid not been registred": true, "invalid jwt: signature is invalid": true,
		"invalid jwt: aud is invalid": false, "invalid jwt: token is expired": false, "login session invalid": false,
	} {
		d := s.Diagnose(&coze.Refusal{Status: 401, Code: "invalid_client", Message: message})
		if len(s.SearchesFor(d)) > 0 != want {
			t.Errorf("%s: %v", message, !want)
		}
	}
	if len(s.SearchesFor(diagnosis.Diagnose(context.DeadlineExceeded, s.Facts()))) > 0 {
		t.Error("an error of the network is searched for")
	}
}

// Right after an upload, the grid is tried once more where none of it works.
func TestASearchAfterAnUploadTriesAllOnceMore(t *testing.T) {
	w, s, appID, keyID := mismatched(t)
	other, err := keygen.Load(w.Path("other.pem"))
	testplan.Must(t, err)
	w.Forget(appID, keyID)
	pauses, late := 0, ""
	s.Waiting = exchange.Waiting{
		AfterChange: 30 * time.Second, Passes: diagnosis.Passes,
		Sleep: func(context.Context, time.Duration, <-chan struct{}) error {
			pauses++
			late, err = w.Coze.AddKey(t.Context(), appID, keygen.EncodePublic(&other.Private.PublicKey))
			return err
		},
	}
	s.KeyID = testkey.KeyID // unknown, now and then
	tries := func() (n int) {
		testplan.Must(t, s.Searches[0].Work(func(done, _ int) { n = max(n, done) }).Do(t.Context()))
		return n
	}
	if n := tries(); pauses != 1 || n == 0 || len(s.Searches[0].Found.Tries) == 0 {
		t.Errorf("%d pauses, %d requests", pauses, n)
	}
	s.KeyID = late
	if tries(); pauses != 1 || s.Searches[0].Found.Take == nil {
		t.Errorf("%d pauses; it found %v", pauses, s.Searches[0].Found.Tries)
	}
}
