//go:build unix && !e2e

package main

// Each way has one of the languages here; under e2e each has both.
var pipeLanguages, terminalLanguages = []string{"en"}, []string{"zh"}

// Of the ways in which a secret is left somewhere, each so many-th is tried here, and more of
// them under e2e; all of them take more than ten minutes.
const secretEvery = 127
