//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cozejwt/internal/testkey"
)

// BenchmarkCommand runs commands as processes, and counts their processor time. The bare
// client is the least program that requests a token.
func BenchmarkCommand(b *testing.B) {
	p := newProject(b)
	profile := fmt.Sprintf("COZE_CLIENT_ID=1234567890123\nCOZE_PUBLIC_KEY=%s\nCOZE_PRIVATE_KEY_PATH=config/private_key.pem\nCOZE_API_BASE=%s\n", testkey.KeyID, p.coze.Base)
	p.write("app.log", strings.Repeat("2026-11-20 10:00:00 INFO handled request /api/users/7 status=200 user=alice\n", 13_000)+"code: 4101, msg: no permission\n")
	p.write("large.env", strings.Repeat("SERVICE_URL=https://service.example/path # note\n", 2000)+profile)
	if err := os.MkdirAll(p.path("many/config"), 0o700); err != nil {
		b.Fatal(err)
	}
	for n := range 200 {
		p.write(fmt.Sprintf("many/.env.p%d", n), profile)
	}
	p.write("many/config/private_key.pem", p.read("config/private_key.pem"))
	for name, args := range map[string]string{
		"bare_client": "", "version": "version", "token": "token", "verify": "verify", "explain/1MiB": "explain app.log",
		"verify_all_offline/200": "verify --all --offline --json --dir many",
		"edit/100KB":             "init --no-input --env-file large.env --region sandbox --api-base " + p.coze.Base + " --app-id 1234567890123 --key-id " + testkey.KeyID + " --reuse-key --skip-test --dry-run",
	} {
		program := "."
		if args == "" {
			program = "./testdata/bare"
		}
		b.Run(name, func(b *testing.B) {
			path := build(b, program)
			var processor time.Duration
			for b.Loop() {
				cmd := exec.Command(path, strings.Fields(args)...)
				cmd.Env, cmd.Dir = p.env, p.dir
				out, err := cmd.CombinedOutput()
				if err != nil && cmd.ProcessState.ExitCode() != exitRefused {
					b.Fatalf("%v\n%s", err, out)
				}
				processor += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			}
			b.ReportMetric(processor.Seconds()*1000/float64(b.N), "cpu-ms/op")
		})
	}
}
