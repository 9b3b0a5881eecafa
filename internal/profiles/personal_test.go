package profiles_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/profiles"
)

// A personal token is no credential of an app: alone it is refused, beside one it is noted.
func TestImportSaysWhatAPersonalTokenIs(t *testing.T) {
	token := "pat_" + strings.Repeat("aB3d", 16)
	p := emptyProject(t)
	p.Write("a.yaml", "coze:\n  token: "+token+"\n")
	_, err := profiles.Import(p.exchange, p.Dir, p.Path("a.yaml"), profiles.ImportOptions{Base: p.base})
	if f, ok := errors.AsType[*fault.Fault](err); !errors.Is(err, profiles.ErrPersonalToken) || !ok || f.Value("line") != "2" || f.Value("path") != p.Path("a.yaml") {
		t.Errorf("alone: %v", err)
	}
	if _, err := profiles.Import(p.exchange, p.Dir, p.Path("none.yaml"), profiles.ImportOptions{Base: p.base}); errors.Is(err, profiles.ErrPersonalToken) {
		t.Errorf("no file: %v", err)
	}
	p.Write("b.yaml", "coze: {}\n")
	if _, err := profiles.Import(p.exchange, p.Dir, p.Path("b.yaml"), profiles.ImportOptions{Base: p.base}); !errors.Is(err, formats.ErrNoSet) {
		t.Errorf("neither: %v", err)
	}
	noted := func(m profiles.Imported) bool {
		return slices.ContainsFunc(m.Notes, func(f *fault.Fault) bool { return errors.Is(f, profiles.NoticePersonalToken) })
	}
	p.key("src/key.pem")
	p.yaml("key.pem", "old: "+token+"\n")
	if made := p.take("src/app.yaml"); !noted(made) {
		t.Errorf("beside a set: %+v", made.Notes)
	}
	p.yaml("key.pem", "")
	if made := p.take("src/app.yaml"); noted(made) {
		t.Errorf("without one: %+v", made.Notes)
	}
}
