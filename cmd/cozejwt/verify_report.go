package main

import (
	"encoding/xml"
	"fmt"
	"path/filepath"
	"strings"

	"cozejwt/internal/verification"
)

// reportFormats are what --format takes.
var reportFormats = []string{"text", "github", "junit"}

// printAnnotations prints failures and warnings as workflow commands of GitHub
// Actions (docs.github.com, "Workflow commands").
func (a *app) printAnnotations(sets []checked) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, set := range sets {
		for _, r := range set.results {
			command := map[verification.Status]string{verification.Fail: "error", verification.Warn: "warning"}[r.Status]
			if command == "" {
				continue
			}
			text := strings.Join(append([]string{r.Detail(a.lang)}, r.Fixes(a.lang)...), "\n")
			fmt.Fprintf(a.out, "::%s file=%s,title=%s::%s\n", command, property.Replace(a.show(set.path)), property.Replace(r.Title(a.lang)), data.Replace(text))
		}
	}
}

// The elements of a JUnit report, as CI systems read them.
type (
	junitReport struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// printJUnit prints the checks as a JUnit report, a suite for each .env. A warning
// is a test that passed, with output.
func (a *app) printJUnit(sets []checked) error {
	var report junitReport
	for _, set := range sets {
		suite := junitSuite{Name: filepath.Base(set.path), Tests: len(set.results)}
		for _, r := range set.results {
			c := junitCase{Class: "cozejwt.verify", Name: r.ID}
			fixes := strings.Join(r.Fixes(a.lang), "\n")
			switch r.Status {
			case verification.Fail:
				suite.Failures++
				c.Failure = &junitMessage{r.Detail(a.lang), fixes}
			case verification.Skip:
				suite.Skipped++
				c.Skipped = &junitMessage{Message: r.Detail(a.lang)}
			case verification.Warn:
				c.Output = r.Detail(a.lang) + "\n" + fixes
			}
			suite.Cases = append(suite.Cases, c)
		}
		report.Suites = append(report.Suites, suite)
	}
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s%s\n", xml.Header, text)
	return err
}
