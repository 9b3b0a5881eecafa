//go:build !race

package testgrowth

// RaceDetector tells that the race detector is on, under which a sync.Pool drops what it keeps at
// random: what then is allocated tells nothing.
const RaceDetector = false
