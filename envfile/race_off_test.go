//go:build !race

package envfile_test

const underRaceDetector = false
