package verification_test

import (
	"os"
	"testing"
	"time"

	"cozejwt/internal/fault"
	"cozejwt/internal/verification"
)

// left writes a file that was last changed so long ago.
func (p *project) left(name string, age time.Duration) {
	p.Write(name, "key")
	at := time.Now().Add(-age)
	if err := os.Chtimes(p.Path(name), at, at); err != nil {
		p.t.Fatal(err)
	}
}

func TestWhatKilledRunsHaveLeftIsNamedAndDeleted(t *testing.T) {
	p := newProject(t)
	p.left(".env.tmp-cozejwt-000001", time.Hour)
	p.left("config/private_key.pem.tmp-cozejwt-000002", time.Hour)
	p.left("config/private_key.pem.tmp-cozejwt-000003", 0) // a run of this moment may be writing it
	p.left("config/other.tmp-1", time.Hour)
	r := result(t, p.run(), "env.leftover")
	if r.Status != verification.Warn || fault.ID(r.Fault) != "env.leftover" || r.Repair == nil {
		t.Fatalf("it is %v", r)
	}
	const want = ".env.tmp-cozejwt-000001\x1fconfig/private_key.pem.tmp-cozejwt-000002"
	if got := r.Fault.Value("names"); got != want {
		t.Errorf("named are %q, want %q", got, want)
	}
	if err := r.Repair.Apply(); err != nil {
		t.Fatal(err)
	}
	if err := r.Repair.Apply(); err != nil { // another run has done the same
		t.Error(err)
	}
	for name, there := range map[string]bool{
		".env.tmp-cozejwt-000001": false, "config/private_key.pem.tmp-cozejwt-000002": false,
		"config/private_key.pem.tmp-cozejwt-000003": true, "config/other.tmp-1": true, "config/private_key.pem": true,
	} {
		if _, err := os.Lstat(p.Path(name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := result(t, p.run(), "env.leftover"); r.Status != verification.Pass {
		t.Errorf("then it is %v", r)
	}
}
