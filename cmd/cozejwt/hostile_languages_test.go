//go:build unix && !e2e

package main

// Each way has one of the languages here; under e2e each has both.
var pipeLanguages, terminalLanguages = []string{"en"}, []string{"zh"}
