package matching

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/keygen"
)

const (
	idA  = "_Aaa-fghijklmnopqrstuvwxyz0123456789ABCDEFG"
	idB  = "_Bbb-fghijklmnopqrstuvwxyz0123456789ABCDEFG"
	app1 = "1234567890123"
	app2 = "1234567890124"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func find(t *testing.T, dir string, refine func(*Request)) (keys, ids []string, found Found, err error) {
	t.Helper()
	r := Request{Dir: dir, EnvPath: filepath.Join(dir, ".env")}
	if refine != nil {
		refine(&r)
	}
	found, err = Find(t.Context(), r)
	for _, k := range found.Keys {
		rel, _ := filepath.Rel(dir, k.Path)
		name := filepath.ToSlash(rel)
		if k.Where != "" {
			name += "#" + k.Where
		}
		keys = append(keys, name)
	}
	for _, id := range found.IDs {
		ids = append(ids, id.AppID+" "+id.KeyID)
	}
	return keys, ids, found, err
}

func TestFindTakesTheKeysOfTheProject(t *testing.T) {
	k := privates(4)
	pem := func(i int) string { return string(keygen.EncodePrivate(k[i])) }
	dir, outside := t.TempDir(), t.TempDir()
	indented := "    " + strings.ReplaceAll(strings.TrimSpace(pem(1)), "\n", "\n    ")
	write(t, outside, map[string]string{"far.pem": pem(3), "folder/in.pem": pem(3)})
	write(t, dir, map[string]string{
		".env":                        "COZE_CLIENT_ID=" + app1 + "\nCOZE_PUBLIC_KEY=" + idA + "\nCOZE_PRIVATE_KEY_PATH=" + filepath.ToSlash(filepath.Join(outside, "far.pem")) + "\n",
		"private_key.pem1":            pem(0),
		"private_key (1).pem":         pem(0),
		"keys/download.txt":           pem(1),
		"keys/base64.key":             base64.StdEncoding.EncodeToString([]byte(pem(2))),
		"app.yaml":                    "coze:\n  private-key: |\n" + indented + "\n",
		"public_key.pem":              string(keygen.EncodePublic(&k[0].PublicKey)),
		"README.md":                   "no key",
		"empty.pem":                   "",
		"big.pem":                     pem(0) + strings.Repeat(" ", maxFile),
		".git/private_key.pem":        pem(0),
		"node_modules/x/private.pem":  pem(0),
		"a/b/c/d/e/f/g/h/i/deep.pem":  pem(0),
		"a/b/c/d/e/f/g/h/shallow.pem": pem(0),
		"notes.txt":                   base64.StdEncoding.EncodeToString([]byte(pem(2))),
	})
	for _, link := range []string{"linked.pem", "folder"} {
		target := map[string]string{"linked.pem": "far.pem", "folder": "folder"}[link]
		if err := os.Symlink(filepath.Join(outside, target), filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	far, _ := filepath.Rel(dir, filepath.Join(outside, "far.pem"))
	want := []string{"a/b/c/d/e/f/g/h/shallow.pem", "app.yaml#coze", "keys/base64.key", "keys/download.txt", "private_key (1).pem", "private_key.pem1", filepath.ToSlash(far)}
	keys, ids, found, err := find(t, dir, nil)
	if err != nil || !slices.Equal(keys, want) {
		t.Errorf("found %q: %v, want %q", keys, err, want)
	}
	if !slices.Equal(ids, []string{app1 + " " + idA}) || found.Cut {
		t.Errorf("ids %q, cut %v", ids, found.Cut)
	}
	for _, key := range found.Keys {
		if key.Embedded != (key.Where != "") {
			t.Errorf("%s: embedded %v", key.Path, key.Embedded)
		}
	}
	if !found.search().beside(found.Keys[6].Sum(), 0) || found.search().beside(found.Keys[0].Sum(), 0) {
		t.Error("the key of the .env does not stand beside its Key ID")
	}
}

func TestFindTakesWhatWasGiven(t *testing.T) {
	k := privates(3)
	pem := func(i int) string { return string(keygen.EncodePrivate(k[i])) }
	dir, outside := t.TempDir(), t.TempDir()
	write(t, dir, map[string]string{
		".env":    "COZE_CLIENT_ID=" + app1 + "\nCOZE_PUBLIC_KEY=" + idA + "\nCOZE_PRIVATE_KEY_PATH=own.pem\n",
		"own.pem": pem(0), "broken.pem": "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n",
	})
	write(t, outside, map[string]string{"one.pem": pem(1), "downloads/private_key.pem": pem(1), "downloads/private_key (1).pem": pem(2)})
	two := pem(1) + pem(2)
	write(t, outside, map[string]string{"two.pem": two, "coze.yaml": "dev:\n  coze:\n    app_id: '" + app1 + "'\n    private_key: \"" + strings.ReplaceAll(pem(1), "\n", `\n`) +
		"\"\nprod:\n  coze:\n    app_id: '" + app2 + "'\n    private_key: \"" + strings.ReplaceAll(pem(2), "\n", `\n`) + "\"\n"})
	given := func(names ...string) func(*Request) {
		return func(r *Request) {
			for _, name := range names {
				r.Files = append(r.Files, filepath.Join(outside, name))
			}
		}
	}
	names := func(keys []string) (bases []string) {
		for _, key := range keys {
			bases = append(bases, filepath.Base(key))
		}
		return bases
	}
	for name, want := range map[string][]string{
		"one.pem":   {"one.pem"},
		"downloads": {"private_key (1).pem", "private_key.pem"},
		"coze.yaml": {"coze.yaml#dev.coze", "coze.yaml#prod.coze"},
	} {
		if keys, _, _, err := find(t, dir, given(name)); err != nil || !slices.Equal(names(keys), want) {
			t.Errorf("%s: %q, %v", name, keys, err)
		}
	}
	for name, want := range map[string]error{
		"two.pem":                          keygen.ErrSeveral,
		"absent.pem":                       keygen.ErrAbsent,
		filepath.Join("..", "nowhere", ""): keygen.ErrAbsent,
	} {
		if _, _, _, err := find(t, dir, given(name)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, _, _, err := find(t, dir, func(r *Request) { r.Files = []string{filepath.Join(dir, "broken.pem")} }); err == nil {
		t.Error("a broken file that was given is passed over")
	}
}

func TestFindTakesTheKeyIDs(t *testing.T) {
	key := string(keygen.EncodePrivate(privates(1)[0]))
	env := func(app, id string) string { return "COZE_CLIENT_ID=" + app + "\nCOZE_PUBLIC_KEY=" + id + "\n" }
	both := func(ids ...string) []string { return ids }
	for name, test := range map[string]struct {
		files  map[string]string
		refine func(*Request)
		want   []string
		err    error
	}{
		"the .env first":            {map[string]string{".env": env(app1, idA), ".env.a": env(app2, idB)}, nil, both(app1+" "+idA, app2+" "+idB), nil},
		"the same once":             {map[string]string{".env": env(app1, idA), ".env.a": env(app1, idA), "coze.yaml": "coze:\n  client_id: '" + app1 + "'\n  public_key: " + idA + "\n"}, nil, both(app1 + " " + idA), nil},
		"a configuration":           {map[string]string{"src/coze.json": `{"client_id":"` + app1 + `","public_key_id":"` + idB + `"}`}, nil, both(app1 + " " + idB), nil},
		"properties":                {map[string]string{"app.properties": "coze.client-id=" + app1 + "\ncoze.public-key=" + idB + "\n"}, nil, both(app1 + " " + idB), nil},
		"no word of Coze":           {map[string]string{".env": env(app1, idA), "other.json": `{"client_id":"` + app2 + `","public_key_id":"` + idB + `"}`}, nil, both(app1 + " " + idA), nil},
		"an id alone":               {map[string]string{".env": env(app1, idA), "coze.yaml": "coze:\n  public_key_id: " + idB + "\n"}, nil, both(app1+" "+idA, app1+" "+idB), nil},
		"given":                     {map[string]string{".env": env(app1, idA)}, func(r *Request) { r.KeyIDs = []string{" '" + idB + "' ", idA} }, both(app1+" "+idA, app1+" "+idB), nil},
		"given for the .env":        {map[string]string{".env": env(app1, idA), ".env.b": env(app2, idA)}, func(r *Request) { r.KeyIDs = []string{idB} }, both(app1+" "+idA, app2+" "+idA, app1+" "+idB), nil},
		"given with its app":        {map[string]string{".env": env(app1, idA)}, func(r *Request) { r.KeyIDs, r.AppID = []string{idB}, app2 }, both(app1+" "+idA, app2+" "+idB), nil},
		"given beside one app":      {map[string]string{".env.a": env(app2, idA)}, func(r *Request) { r.KeyIDs = []string{idB} }, both(app2+" "+idA, app2+" "+idB), nil},
		"given beside two apps":     {map[string]string{".env.a": env(app1, idA), ".env.b": env(app2, idA)}, func(r *Request) { r.KeyIDs = []string{idB} }, nil, ErrNoApp},
		"alone beside two apps":     {map[string]string{".env.a": env(app1, idA), ".env.b": env(app2, idA), "coze.yaml": "coze:\n  public_key_id: " + idB + "\n"}, nil, both(app1+" "+idA, app2+" "+idA), nil},
		"given with no app":         {nil, func(r *Request) { r.KeyIDs = []string{idB} }, nil, ErrNoApp},
		"a .env without an app":     {map[string]string{".env": "COZE_PUBLIC_KEY=" + idA + "\n"}, nil, nil, ErrNoApp},
		"a configuration's own app": {map[string]string{".env": env(app1, idA), "coze.yaml": "coze:\n  client_id: '" + app2 + "'\n  public_key: " + idB + "\n"}, nil, both(app1+" "+idA, app2+" "+idB), nil},
		"an id of something else":   {map[string]string{".env": env(app1, idA), "x.yaml": "note: coze\nother:\n  public_key_id: " + idB + "\n"}, nil, both(app1 + " " + idA), nil},
		"another app as Key ID":     {map[string]string{".env": env(app1, app2)}, nil, nil, ErrNoIDs},
		"a token as Key ID":         {map[string]string{".env": env(app1, "pat_"+strings.Repeat("x1Y", 9))}, nil, nil, ErrNoIDs},
		"no Key ID":                 {map[string]string{".env": "COZE_CLIENT_ID=" + app1 + "\n"}, nil, nil, ErrNoIDs},
		"none":                      {nil, nil, nil, ErrNoIDs},
		"a template":                {map[string]string{".env.example": env(app1, idA)}, nil, nil, ErrNoIDs},
		"both namings":              {map[string]string{".env": env(app1, idA) + "COZE_JWT_OAUTH_CLIENT_ID=" + app2 + "\nCOZE_JWT_OAUTH_PUBLIC_KEY_ID=" + idB + "\n"}, nil, both(app1+" "+idA, app2+" "+idB), nil},
		"an App ID as Key ID":       {map[string]string{".env": env(app1, idA)}, func(r *Request) { r.KeyIDs = []string{app1} }, nil, credentials.ErrIsAppID},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{"private_key.pem": key})
			write(t, dir, test.files)
			_, ids, _, err := find(t, dir, test.refine)
			if !errors.Is(err, test.err) || !slices.Equal(ids, test.want) {
				t.Errorf("%q, %v; want %q, %v", ids, err, test.want, test.err)
			}
		})
	}
}

// A configuration says which key stands beside its Key ID.
func TestTheKeyOfAConfigurationIsTriedFirst(t *testing.T) {
	k := privates(2)
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a.pem": string(keygen.EncodePrivate(k[0])), "conf/b.pem": string(keygen.EncodePrivate(k[1])),
		"conf/coze.yaml": "coze:\n  client_id: '" + app1 + "'\n  public_key: " + idA + "\n  private_key_path: b.pem\n",
	})
	_, _, found, err := find(t, dir, nil)
	if err != nil || len(found.Keys) != 2 {
		t.Fatalf("%d keys: %v", len(found.Keys), err)
	}
	if first := found.search().untried(0)[0]; first != (Key{Private: k[1]}).Sum() {
		t.Errorf("%s is tried first", first)
	}
}

func TestFindWithoutAKey(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{".env": "COZE_CLIENT_ID=" + app1 + "\nCOZE_PUBLIC_KEY=" + idA + "\n"})
	if _, _, _, err := find(t, dir, nil); !errors.Is(err, ErrNoKeys) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, Request{Dir: dir, EnvPath: filepath.Join(dir, ".env")}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, _, _, err := find(t, filepath.Join(dir, "nowhere"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A folder may be as large as it likes.
func TestTheWalkHasABound(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"z.pem": string(keygen.EncodePrivate(privates(1)[0]))})
	for i := range 50 {
		write(t, dir, map[string]string{fmt.Sprintf("a%d", i): ""})
	}
	w := walk{finder: &finder{}, keys: true, entries: maxEntries - 50}
	if err := w.folder(t.Context(), dir); err != nil || !w.Cut || w.Keys != nil || w.entries != maxEntries+1 {
		t.Errorf("cut %v, %d keys: %v", w.Cut, len(w.Keys), err)
	}
	w = walk{finder: &finder{}, keys: true, entries: maxEntries - 52}
	if err := w.folder(t.Context(), dir); err != nil || w.Cut || len(w.Keys) != 1 {
		t.Errorf("cut %v, %d keys: %v", w.Cut, len(w.Keys), err)
	}
}
