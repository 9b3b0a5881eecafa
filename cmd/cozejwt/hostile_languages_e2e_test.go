//go:build unix && e2e

package main

var pipeLanguages, terminalLanguages = []string{"en", "zh"}, []string{"en", "zh"}

const secretEvery = 7
