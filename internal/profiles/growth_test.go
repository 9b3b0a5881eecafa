package profiles_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/profiles"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testgrowth"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// importSets imports a file with as many sets, which all have the same name.
func importSets(t testing.TB, sets int) {
	dir := testfile.NewFolder(t)
	dir.Write("k.pem", string(keygen.EncodePrivate(testkey.RSA())))
	text := ""
	for i := range sets {
		text += fmt.Sprintf("team%d:\n  bot:\n    coze:\n      client-id: '1%012d'\n      public-key-id: %s\n      private-key-path: k.pem\n", i, i, testkey.KeyID)
	}
	dir.Write("app.yaml", text)
	made, err := profiles.Import(exchange.Exchanger{Now: time.Now}, dir.Dir, dir.Path("app.yaml"), profiles.ImportOptions{Base: coze.CN.Base()})
	if len(made) != sets || sets > 0 && err != nil {
		t.Fatal(len(made), err)
	}
	if sets > 1 && filepath.Base(made[sets-1].Profile.Path) != fmt.Sprintf(".env.bot-%d", sets) {
		t.Fatal(made[sets-1].Profile.Path)
	}
}

func TestManySetsAreImportedInProportion(t *testing.T) {
	testgrowth.Linear(t, func(sets int) { importSets(t, sets) })
}

func TestManyProfilesAreListedInProportion(t *testing.T) {
	testgrowth.Linear(t, func(sets int) {
		dir := manyFiles(t, sets)
		if all := profiles.List(exchange.Exchanger{Now: time.Now}, dir.Dir, dir.Path(".env")); len(all) != sets {
			t.Fatal(len(all))
		}
	})
}

// manyFiles is a folder with as many profiles.
func manyFiles(t testing.TB, sets int) testfile.Folder {
	dir := testfile.NewFolder(t)
	dir.Write("k.pem", string(keygen.EncodePrivate(testkey.RSA())))
	for i := range sets {
		dir.Write(fmt.Sprintf(".env.p%d", i), fmt.Sprintf("COZE_CLIENT_ID=1%012d\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=https://api.coze.cn\n", i, testkey.KeyID))
	}
	return dir
}

func BenchmarkGrowthImport(b *testing.B) {
	testgrowth.Bench(b, "sets", func(b *testing.B, sets int) func() { return func() { importSets(b, sets) } })
}

func BenchmarkGrowthList(b *testing.B) {
	testgrowth.Bench(b, "profiles", func(b *testing.B, sets int) func() {
		dir := manyFiles(b, sets)
		return func() { profiles.List(exchange.Exchanger{Now: time.Now}, dir.Dir, dir.Path(".env")) }
	})
}
