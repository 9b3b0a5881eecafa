package verification_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cozejwt/internal/exchange"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testgrowth"
	"cozejwt/internal/testkey"
	"cozejwt/internal/verification"
	"cozejwt/keygen"
)

// manyProfiles checks as many .env files as there are profiles in a folder, in one run.
func manyProfiles(t testing.TB, profiles int) (run func()) {
	dir := testfile.NewFolder(t)
	dir.Write("k.pem", string(keygen.EncodePrivate(testkey.RSA())))
	paths := make([]string, profiles)
	for i := range paths {
		name := fmt.Sprintf(".env.p%d", i)
		paths[i] = dir.Path(name)
		dir.Write(name, fmt.Sprintf("COZE_CLIENT_ID=1%012d\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=k.pem\nCOZE_API_BASE=https://api.coze.cn\n", i%max(profiles/2, 1), testkey.KeyID))
	}
	return func() {
		common := &verification.Project{}
		for _, path := range paths {
			verification.Run(context.Background(), verification.Target{
				Dir: dir.Dir, EnvPath: path, Getenv: func(string) string { return "" }, Project: common,
				Exchanger: exchange.Exchanger{Now: time.Now},
			}, verification.Offline, func(verification.Result) {})
		}
	}
}

func TestManyProfilesAreCheckedInProportion(t *testing.T) {
	testgrowth.Linear(t, func(profiles int) { manyProfiles(t, profiles)() })
}

func BenchmarkGrowthVerifyAll(b *testing.B) {
	testgrowth.Bench(b, "profiles", func(b *testing.B, profiles int) func() { return manyProfiles(b, profiles) }, 25, 250, 2000)
}
