//go:build unix && e2e

package main

import "cozejwt/internal/i18n"

var pipeLanguages, terminalLanguages = i18n.Codes(), i18n.Codes()

const secretEvery = 7
