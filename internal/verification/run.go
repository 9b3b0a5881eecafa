// Package verification checks the credentials that a .env holds: the file, the
// key and the ids offline, then the clock, the service and a token live. It
// reads files, runs git and sends requests, and can fix some of what it finds,
// each time only when it is told to. It knows no terminal.
package verification

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/i18n"
)

// A Target is the credentials that are checked, and what the checks may use.
type Target struct {
	exchange.Exchanger
	Dir     string // project folder, absolute
	EnvPath string // of the .env, absolute
	// Environment holds the credentials in place of the .env; nil for the .env.
	Environment *credentials.Environment
	APIBase     string // in place of the .env's own, "" for none
	// Override has optional values that count in place of the .env's own.
	Override credentials.Set
	Getenv   func(string) string
	// Permissions are the permission points that a token has to have.
	Permissions []string
	// Call says that one harmless read of the API is to be made.
	Call bool
	// MaxKeyAge makes an older key a failure; 0 for no limit. Past 180 days, a key is a warning.
	MaxKeyAge time.Duration
	// KeyMade returns when the key of a file was made, zero where that is not
	// recorded; nil records nothing.
	KeyMade func(file string) time.Time
	// Locked does a repair while no other run writes in the project; nil just does it.
	Locked func(do func() error) error
	// Project remembers what runs about other .env files have seen too; nil: this run looks itself.
	Project *Project
	// AskOther returns the API base to ask as well where the Key ID is refused
	// at base, "" for none; nil asks no one else.
	AskOther func(base string) string
}

// A Status is how a check came out.
type Status string

// The statuses. Skip means that the check could not be made, or had no object;
// Running that a live one is under way.
const (
	Running Status = ""
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Skip    Status = "skip"
)

// Mark is the sign of a status, one cell wide; "" while it is not known.
func (s Status) Mark() string {
	return map[Status]string{Pass: "✓", Warn: "!", Fail: "✗", Skip: "·"}[s]
}

// A Result is the outcome of one check. Fault says what was seen and how to
// fix it; it is nil on a pass. Its title is the text "verify.<ID>", why it
// matters "verify.<ID>.why".
type Result struct {
	ID        string
	Status    Status
	Fault     *fault.Fault
	Diagnosis *diagnosis.Diagnosis // of a refused exchange
	Repair    *Repair              // how this program can fix it
	Seen      []string             // placeholders of "verify.<ID>.seen", what a pass has seen

	seenID string // the text in place of that, "" for it
}

// Title is what the check is about.
func (r Result) Title(l i18n.Speaker) string { return l.Text("verify." + r.ID) }

// Why is why the check matters.
//
// It is "" where a token was refused for what has nothing to do with the credentials, such as too many requests or an
// expired login: what the services of the person get is not known then.
func (r Result) Why(l i18n.Speaker) string {
	if d := r.Diagnosis; r.ID == "token.exchange" && d != nil && (d.Class() != fault.ClassCheck || d.FixAt() == diagnosis.AtPage) {
		return ""
	}
	return l.Text("verify." + r.ID + ".why")
}

// TitleWidth is the width of the column of titles, in the cells of a terminal.
func TitleWidth(results []Result, l i18n.Speaker) int {
	width := 0
	for _, r := range results {
		width = max(width, ansi.StringWidth(r.Title(l)))
	}
	return width
}

// Unmade reports whether the check was not made because an earlier one failed or was skipped: that
// one says what is wrong.
func (r Result) Unmade() bool { return r.Status == Skip && errors.Is(r.Fault, errSkipped) }

// Detail is what was seen.
func (r Result) Detail(l i18n.Speaker) string {
	switch {
	case r.Diagnosis != nil:
		return r.Diagnosis.Message(l)
	case r.Fault == nil:
		return l.Text(cmp.Or(r.seenID, "verify."+r.ID+".seen"), r.Seen...)
	case r.Fault.ID == errSkipped.ID:
		return l.Text("fault."+errSkipped.ID, "after", l.Text("verify."+r.Fault.Value("after")))
	}
	return r.Fault.Message(l)
}

// Fixes are the ways to fix it, the likeliest first; none on a pass.
func (r Result) Fixes(l i18n.Speaker) []string {
	switch {
	case r.Diagnosis != nil:
		_, fixes := r.Diagnosis.Explain(l)
		return fixes
	case r.Fault == nil || r.Status == Skip:
		return nil
	}
	return r.Fault.Fixes(l)
}

// A run is the state that the checks of one target share.
type run struct {
	Target
	kind    Kind
	results map[string]Result
	known   knowledge
}

// A check is one thing that can be right or wrong. It is skipped if a check in after failed or was
// skipped; a live one also waits for those in done.
type check struct {
	id    string
	live  bool
	after []string
	done  []string
	of    object
	run   func(context.Context, *run) Result
}

// CheckIDs lists the checks in the order they are shown, with the live ones
// or without.
func CheckIDs(kind Kind) []string {
	var ids []string
	for _, c := range checks {
		if kind == Live || !c.live {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// Kind says which checks are made.
type Kind int

// Offline checks touch no network; Live ones are made after them.
const (
	Offline Kind = iota
	Live
)

// Run checks a target. It reports each result as it comes, and each live check
// as it begins: the offline ones one after the other, then the live ones in
// waves. The returned results are in the order of CheckIDs.
func Run(ctx context.Context, target Target, kind Kind, report func(Result)) []Result {
	if target.Project == nil {
		target.Project = &Project{}
	}
	r := &run{Target: target, kind: kind, results: map[string]Result{}}
	if e := target.Environment; e != nil {
		r.know(e.Set, e.Conventions[0])
	}
	var live []check
	for _, ch := range checks {
		if ch.live {
			live = append(live, ch)
			continue
		}
		r.record(r.perform(ctx, ch), report)
	}
	if kind == Live {
		r.runLive(ctx, live, report)
	}
	var all []Result
	for _, id := range CheckIDs(kind) {
		all = append(all, r.results[id])
	}
	return all
}

// runLive makes the live checks in waves: all whose predecessors are done, at
// the same time.
func (c *run) runLive(ctx context.Context, waiting []check, report func(Result)) {
	for len(waiting) > 0 {
		var wave, later []check
		for _, ch := range waiting {
			if slices.ContainsFunc(slices.Concat(ch.after, ch.done), func(id string) bool { _, done := c.results[id]; return !done }) {
				later = append(later, ch)
				continue
			}
			wave = append(wave, ch)
		}
		results := make([]Result, len(wave))
		var group sync.WaitGroup
		for i, ch := range wave {
			report(Result{ID: ch.id, Status: Running})
			group.Go(func() { results[i] = c.perform(ctx, ch) })
		}
		group.Wait()
		for _, r := range results {
			c.record(r, report)
		}
		waiting = later
	}
}

func (c *run) record(r Result, report func(Result)) {
	c.results[r.ID] = r
	report(r)
}

func (c *run) perform(ctx context.Context, ch check) Result {
	if is := c.missing(ch.of); is != nil {
		return Result{ID: ch.id, Status: Skip, Fault: is}
	}
	for _, id := range ch.after {
		if c.results[id].prevented() {
			return Result{ID: ch.id, Status: Skip, Fault: errSkipped.With("after", id)}
		}
	}
	r := ch.run(ctx, c)
	r.Repair.locked(c.Locked)
	r.ID = ch.id
	return r
}

var errSkipped = fault.Invalid("verify.skipped")

func passed(seen ...string) Result { return Result{Status: Pass, Seen: seen} }

func failed(f *fault.Fault) Result { return Result{Status: Fail, Fault: f} }

func warned(f *fault.Fault) Result { return Result{Status: Warn, Fault: f} }

func skipped(f *fault.Fault) Result { return Result{Status: Skip, Fault: f} }

// Class says which exit code the results lead to: a refused or wrong set, or
// a service that could not be asked.
func Class(results []Result) (class fault.Class, ok bool) {
	ok = true
	for _, r := range results {
		if r.Status != Fail {
			continue
		}
		of := fault.ClassCheck
		if r.Fault.Class == fault.ClassUnreachable || r.Diagnosis != nil && r.Diagnosis.Class() == fault.ClassUnreachable {
			of = fault.ClassUnreachable
		}
		// What is wrong here outweighs a service that is out of reach.
		if ok || of == fault.ClassCheck {
			class = of
		}
		ok = false
	}
	return class, ok
}

// Summary is how many checks came out how, in one line.
func Summary(results []Result, l i18n.Speaker) string {
	count := map[Status]int{}
	for _, r := range results {
		count[r.Status]++
	}
	pairs := []string{"passed", itoa(count[Pass]), "warned", itoa(count[Warn]), "failed", itoa(count[Fail]), "skipped", itoa(count[Skip])}
	switch skipped := count[Skip] > 0; {
	case count[Fail]+count[Warn] == 0 && skipped:
		return l.Text("verify.ok_skipped", pairs...)
	case count[Fail]+count[Warn] == 0:
		return l.Text("verify.ok", pairs...)
	case count[Warn] == 1 && skipped:
		return l.Text("verify.one_warning_skipped", pairs...)
	case count[Warn] == 1:
		return l.Text("verify.one_warning", pairs...)
	case skipped:
		return l.Text("verify.not_ok_skipped", pairs...)
	}
	return l.Text("verify.not_ok", pairs...)
}

// facts are what a diagnosis may use of an exchange in this run.
func (c *run) facts() diagnosis.Facts {
	set := c.known.set
	set.APIBase = c.known.base
	f := diagnosis.OfExchange(c.RegionOf(set.APIBase), set, c.Now())
	if c.known.key != nil {
		f.Worked = c.LastWorked(c.known.set, &c.known.key.Private.PublicKey)
	}
	if path := formats.NamingOtherRegion(c.Dir, c.EnvPath, set.AppID, set.APIBase); path != "" {
		f.OtherHint = c.show(path)
	}
	return f
}
