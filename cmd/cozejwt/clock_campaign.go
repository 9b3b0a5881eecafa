//go:build campaign

package main

import (
	"os"
	"time"
)

// With the tag campaign, the clock starts at the time that this environment variable holds, RFC 3339.
func init() {
	if start, err := time.Parse(time.RFC3339, os.Getenv("COZEJWT_CAMPAIGN_CLOCK")); err == nil {
		began := time.Now()
		clock = func() time.Time { return start.Add(time.Since(began)) }
	}
}
