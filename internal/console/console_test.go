package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"cozejwt/internal/console"
	"cozejwt/internal/coze"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/sandbox"
	"cozejwt/internal/testkey"
	"cozejwt/internal/testsandbox"
	"cozejwt/keygen"
)

// joined is a sandbox that is started, or joined, at once.
func joined(server console.Server) console.Start {
	return func(context.Context) (console.Server, error) { return server, nil }
}

func sandboxOf(server console.Server) console.Console {
	return console.Of(coze.Sandbox, joined(server), "")
}

var public = string(keygen.EncodePublic(&testkey.RSA().PublicKey))

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// ids are those of the texts.
func ids(said []i18n.Message) (ids []string) {
	for _, m := range said {
		ids = append(ids, m.ID)
	}
	return ids
}

func TestTheRealConsoleTellsThePersonWhatToDo(t *testing.T) {
	for name, row := range map[string]struct {
		got  []i18n.Message
		want []string
	}{
		"a new app":                    {console.Of(coze.CN, nil, "").AppTodo(false), []string{"app.todo.log_in", "app.todo.oauth", "app.todo.new", "app.todo.types", "app.todo.name"}},
		"an app of before":             {console.Of(coze.CN, nil, "").AppTodo(true), []string{"app.todo.log_in", "app.todo.existing"}},
		"a console that is not known":  {console.Of(coze.Custom, nil, "").AppTodo(true), []string{"app.todo.find", "app.todo.existing"}},
		"what a new app is for":        {console.Of(coze.COM, nil, "").AboutApp(console.App{}), []string{"app.why", "app.guide", "app.guide.url", "app.enterprise"}},
		"what an app of before is for": {console.Of(coze.COM, nil, "").AboutApp(console.App{Has: true}), []string{"app.existing.keys", "app.enterprise"}},
		"an upload":                    {console.Of(coze.CN, nil, "").UploadTodo(flow.Todo{i18n.Msg("upload.todo.authorize")}), []string{"upload.todo.add", "upload.todo.authorize"}},
		"an upload to an app of old":   {console.Of(coze.CN, nil, "").UploadTodo(nil), []string{"upload.todo.add"}},
		"an uploaded key":              {console.Of(coze.CN, nil, "").AboutUpload("1", "2", true), nil},
	} {
		if got := ids(row.got); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestTheRealConsoleDoesNothingByItself(t *testing.T) {
	ctx, c := context.Background(), console.Of(coze.CN, nil, "")
	later, ok := c.Later()
	if c.Acts() || c.Page() != coze.CN.Console() || !ok || i18n.English.Say(later) != coze.CN.Console() {
		t.Errorf("its page is %s, then %s", c.Page(), i18n.English.Say(later))
	}
	opened, err := c.Open(ctx)
	found, errApp := c.FindApp(ctx, "1", nil)
	key, errKey := c.FindKey(ctx, "1", public)
	app, errAdd := c.AddKey(ctx, "1", "name", public)
	if err := errors.Join(err, errApp, errKey, errAdd); err != nil || opened.Base+opened.Page != "" || opened.Seen || found.Seen || key.Seen || app != (console.App{}) {
		t.Errorf("opened %+v, app %+v, key %+v, added %+v, error %v", opened, found, key, app, err)
	}
	if id, err := c.MakeApp(ctx, "1", "name"); id != "1" || err != nil {
		t.Errorf("the app is %q, %v", id, err)
	}
}

func TestTheSandboxAsksNothingOfThePerson(t *testing.T) {
	c := console.Of(coze.Sandbox, nil, "http://127.0.0.1:1/")
	later, ok := c.Later()
	if !c.Acts() || c.Page() != "http://127.0.0.1:1/" || !ok || i18n.English.Say(later) != "cozejwt sandbox --open" {
		t.Errorf("its page is %s, then %s", c.Page(), i18n.English.Say(later))
	}
	if c.AppTodo(false) != nil || c.UploadTodo(nil) != nil {
		t.Error("there is something to do by hand")
	}
	for name, row := range map[string]struct {
		got  []i18n.Message
		want []string
	}{
		"an app that is to be made": {c.AboutApp(console.App{ID: "1"}), []string{"app.sandbox", "app.by_hand"}},
		"an app that is there":      {c.AboutApp(console.App{ID: "1", Exists: true}), []string{"app.exists"}},
		"a key that is to be added": {c.AboutUpload("1", "", false), []string{"upload.sandbox", "upload.by_hand"}},
		"a key that is there":       {c.AboutUpload("1", "2", true), []string{"upload.exists"}},
	} {
		if got := ids(row.got); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestTheSandboxIsOpenedWhereItRuns(t *testing.T) {
	server := testsandbox.New(t)
	opened, err := sandboxOf(server).Open(context.Background())
	if opened.Base != server.Base || opened.Page != server.Console() || err != nil {
		t.Errorf("opened %+v, error %v", opened, err)
	}
}

func TestTheSandboxMakesAnAppUnlessItHasTheOne(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	c := sandboxOf(server)
	made := must[string](t)(c.MakeApp(ctx, "", "mine"))
	if again := must[string](t)(c.MakeApp(ctx, made, "mine")); again != made {
		t.Errorf("the app that is there was made again: %s", again)
	}
	if other := must[string](t)(c.MakeApp(ctx, testkey.AppID, "mine")); other == made || other == testkey.AppID {
		t.Errorf("an App ID that it never gave leads to %s", other)
	}
	apps := must[[]sandbox.App](t)(server.Apps(ctx))
	if len(apps) != 2 || apps[0].Name != "mine" {
		t.Errorf("the apps are %+v", apps)
	}
}

// practised is a sandbox in whose console a person has made apps.
type practised struct {
	sandbox.Client
	byHand []string
}

func (p practised) AppsByHand(context.Context) ([]string, error) { return p.byHand, nil }

func TestAnAppThatWasMadeByHandSinceIsFound(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	known := must[string](t)(server.CreateApp(ctx, "known"))
	mine := must[string](t)(server.CreateApp(ctx, "by hand"))
	for name, row := range map[string]struct {
		byHand, before []string
		id, want       string
		exists         bool
	}{
		"nothing yet":            {nil, nil, "", "", false},
		"the one that is known":  {nil, []string{}, known, known, true},
		"one that is gone":       {nil, []string{}, testkey.AppID, testkey.AppID, false},
		"at the first look":      {[]string{mine}, nil, known, known, true},
		"since then":             {[]string{mine}, []string{}, known, mine, true},
		"no other than before":   {[]string{mine}, []string{mine}, known, known, true},
		"of two, the new one":    {[]string{mine, known}, []string{known}, "", mine, true},
		"without one of its own": {[]string{mine}, []string{}, "", mine, true},
	} {
		found, err := sandboxOf(practised{server, row.byHand}).FindApp(ctx, row.id, row.before)
		if err != nil || !found.Seen || found.ID != row.want || found.Exists != row.exists || found.Page != server.Console() || !slices.Equal(found.ByHand, row.byHand) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

func TestAKeyIsAddedAndThenFound(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	c := sandboxOf(server)
	app := must[string](t)(server.CreateApp(ctx, "mine"))
	if found := must[console.Found](t)(c.FindKey(ctx, app, public)); !found.Seen || found.KeyID != "" || found.ID != app || found.Page != server.Console() {
		t.Errorf("before: %+v", found)
	}
	added := must[console.App](t)(c.AddKey(ctx, app, "", public))
	if found := must[console.Found](t)(c.FindKey(ctx, app, public)); added.KeyID == "" || added.ID != app || found.KeyID != added.KeyID {
		t.Errorf("added %+v, found %+v", added, found)
	}
	for _, lacks := range [][2]string{{"", public}, {app, ""}} {
		if found := must[console.Found](t)(c.FindKey(ctx, lacks[0], lacks[1])); found.Seen {
			t.Errorf("without an app or a key it has seen %+v", found)
		}
	}
}

func TestAKeyForAnAppThatIsGoneIsRefusedOrMakesTheApp(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	c := sandboxOf(server)
	_, err := c.AddKey(ctx, testkey.AppID, "", public)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || !errors.Is(err, console.ErrAppGone) || f.Value("app_id") != testkey.AppID || f.Value("url") != server.Console() {
		t.Errorf("error is %v", err)
	}
	made := must[console.App](t)(c.AddKey(ctx, testkey.AppID, "mine", public))
	if made.ID == testkey.AppID || made.KeyID == "" || !must[bool](t)(server.HasApp(ctx, made.ID)) {
		t.Errorf("made is %+v", made)
	}
}

// calls are what a console can be asked, by what it does.
func calls(c console.Console) map[string]func(context.Context) (any, error) {
	return map[string]func(context.Context) (any, error){
		"open": func(ctx context.Context) (any, error) {
			opened, err := c.Open(ctx)
			return opened.Base + opened.Page, err
		},
		"find app": func(ctx context.Context) (any, error) { found, err := c.FindApp(ctx, "1", nil); return found.Seen, err },
		"make app": func(ctx context.Context) (any, error) { id, err := c.MakeApp(ctx, "", "mine"); return id, err },
		"find key": func(ctx context.Context) (any, error) {
			found, err := c.FindKey(ctx, "1", public)
			return found.KeyID, err
		},
		"add key": func(ctx context.Context) (any, error) { return c.AddKey(ctx, "1", "mine", public) },
	}
}

func TestASandboxThatDoesNotStartIsSaid(t *testing.T) {
	broken := errors.New("no free port")
	c := console.Of(coze.Sandbox, func(context.Context) (console.Server, error) { return nil, broken }, "")
	for name, call := range calls(c) {
		if got, err := call(context.Background()); !errors.Is(err, broken) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// failing is a sandbox that refuses one kind of call.
type failing struct {
	console.Server
	at string
}

var errRefused = errors.New("refused")

func (f failing) refused(at string) error {
	if f.at == at {
		return errRefused
	}
	return nil
}

func (f failing) HasApp(ctx context.Context, id string) (bool, error) {
	if err := f.refused("has"); err != nil {
		return false, err
	}
	return f.Server.HasApp(ctx, id)
}

func (f failing) CreateApp(ctx context.Context, name string) (string, error) {
	id, err := f.Server.CreateApp(ctx, name)
	return id, errors.Join(err, f.refused("create"))
}

func (f failing) AddKey(ctx context.Context, id string, pem []byte) (string, error) {
	key, err := f.Server.AddKey(ctx, id, pem)
	return key, errors.Join(err, f.refused("add"))
}

func (f failing) AppsByHand(ctx context.Context) ([]string, error) {
	made, err := f.Server.AppsByHand(ctx)
	return made, errors.Join(err, f.refused("by hand"))
}

func (f failing) KeyID(ctx context.Context, id string, pem []byte) (string, error) {
	key, err := f.Server.KeyID(ctx, id, pem)
	return key, errors.Join(err, f.refused("key id"))
}

func TestWhatTheSandboxRefusesIsSaid(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	known := must[string](t)(server.CreateApp(ctx, "known"))
	for at, ask := range map[string]func(console.Console) error{
		"has":     func(c console.Console) error { _, err := c.FindApp(ctx, known, nil); return err },
		"by hand": func(c console.Console) error { _, err := c.FindApp(ctx, known, nil); return err },
		"create":  func(c console.Console) error { _, err := c.MakeApp(ctx, "", "mine"); return err },
		"key id":  func(c console.Console) error { _, err := c.FindKey(ctx, known, public); return err },
		"add":     func(c console.Console) error { _, err := c.AddKey(ctx, known, "mine", public); return err },
	} {
		if err := ask(sandboxOf(failing{server, at})); !errors.Is(err, errRefused) {
			t.Errorf("%s: error is %v", at, err)
		}
		if err := ask(sandboxOf(failing{server, ""})); err != nil {
			t.Errorf("nothing refused, %s: error is %v", at, err)
		}
	}
	if _, err := sandboxOf(failing{server, "has"}).MakeApp(ctx, known, "mine"); !errors.Is(err, errRefused) {
		t.Errorf("an app that may be there: error is %v", err)
	}
	if _, err := sandboxOf(failing{server, "has"}).MakeApp(ctx, "", "mine"); err != nil {
		t.Errorf("an app without an id, which is not looked for: error is %v", err)
	}
}

func TestAnUploadThatFailsNamesTheConsole(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	known := must[string](t)(server.CreateApp(ctx, "known"))
	for at, app := range map[string]string{"has": known, "create": testkey.AppID, "add": known} {
		added, err := sandboxOf(failing{server, at}).AddKey(ctx, app, "mine", public)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.ID != "sandbox.upload" || f.Value("url") != server.Console() || !errors.Is(err, errRefused) || added != (console.App{}) {
			t.Errorf("%s: added %+v, error is %v", at, added, err)
		}
	}
}

func TestASandboxThatAnswersNothingSensibleIsAnError(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	for name, call := range calls(sandboxOf(sandbox.Client{Base: server.URL})) {
		if got, err := call(context.Background()); (err == nil) != (name == "open") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestOnlyTheSandboxIsSeenToAdmitAnApp(t *testing.T) {
	ctx, server := context.Background(), testsandbox.New(t)
	id := must[string](t)(server.CreateApp(ctx, "app"))
	silent := func(context.Context) (console.Server, error) { return nil, errRefused }
	for name, row := range map[string]struct {
		console      console.Console
		id           string
		admits, seen bool
	}{
		"the real console":        {console.Of(coze.CN, nil, ""), id, false, false},
		"the sandbox":             {sandboxOf(server), id, true, true},
		"an app that is gone":     {sandboxOf(server), "1", false, true},
		"a sandbox that is gone":  {sandboxOf(sandbox.Client{Base: "http://127.0.0.1:1"}), id, false, false},
		"one that does not start": {console.Of(coze.Sandbox, silent, ""), id, false, false},
	} {
		if admits, seen := row.console.Admits(ctx, row.id); admits != row.admits || seen != row.seen {
			t.Errorf("%s: admits %v, seen %v", name, admits, seen)
		}
	}
}
