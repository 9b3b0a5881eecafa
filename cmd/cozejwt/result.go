package main

import (
	"time"

	"cozejwt/internal/credentials"
	"cozejwt/internal/rotation"
	"cozejwt/internal/steps"
)

// A runError is the error of a run, with what the run has done before it for the JSON document.
type runError struct {
	error
	happened map[string]any
}

func (e runError) Unwrap() error { return e.error }

type tokenResult struct {
	OK        bool   `json:"ok"`
	ExpiresAt string `json:"expires_at"`
	LogID     string `json:"log_id"`
}

type changeResult struct {
	Path   string `json:"path"`
	Action string `json:"action"`
}

// valuesOf returns the credentials for JSON output, by field id. It leaves out the key path, which
// the output gives as an absolute private_key_path.
func valuesOf(set credentials.Set) map[string]any {
	values := map[string]any{}
	for _, v := range credentials.Variables {
		if value := set.Get(v.Field); v.Field != credentials.KeyPath && (value != "" || !v.Optional) {
			values[string(v.Field)] = value
		}
	}
	return values
}

// happened is what a run has done to the project: ok reports whether it came to its end, and
// "changes" are those of its review, which "written" says to be on the disk.
func happened(made steps.Result, ok bool) map[string]any {
	changes := []changeResult{}
	for _, c := range made.Changes {
		changes = append(changes, changeResult{c.Path, string(c.Action)})
	}
	return map[string]any{"ok": ok, "env_path": made.EnvPath, "changes": changes, "written": made.Written, "kept_profile": made.Kept}
}

func resultOf(p plan) map[string]any {
	made := p.Result()
	r := valuesOf(made.Set)
	for name, value := range happened(made, true) {
		r[name] = value
	}
	r["private_key_path"], r["token"] = made.KeyFile, nil
	if t := made.Token; t != nil {
		r["token"] = tokenResult{true, rfc3339(t.ExpiresAt), t.LogID}
	}
	if pruning, ok := p.(*rotation.Prune); ok {
		for _, k := range pruning.Old {
			what := "kept"
			if k.Deleted {
				what = "pruned"
			}
			files, _ := r[what].([]string)
			r[what] = append(files, k.File)
		}
	}
	return r
}

// rfc3339 is "" for a time that is not known.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
