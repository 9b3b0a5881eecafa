package keygen

import (
	"encoding/base64"
	"strings"

	"cozejwt/internal/lazyregexp"
)

// A run is a part of a line that may be digits of Base64.
type run struct {
	digits string
	begins bool // nothing but space stands before it
}

// fromLines decodes a body whose lines have something before, behind or between them, as a mail, a log,
// a chat, a listing or the source of a program has: the lines are what has one length. The flaw says
// where the rest stands. Whether they are a key is for its numbers to say.
func fromLines(text string) (data []byte, flaw Flaw) {
	var digits strings.Builder
	need, seen := 0, map[string]bool{}
	flaw = FlawIndented
	all, width := digitRuns(text)
	for _, r := range all {
		whole := len(r.digits) == width
		if whole && need == 0 {
			need = digitsOfDER(r.digits)
		}
		last := len(r.digits) == need-digits.Len()
		if need == 0 || !whole && !last || seen[r.digits] { // a line may be copied twice
			continue
		}
		seen[r.digits] = true
		digits.WriteString(r.digits)
		if r.begins {
			flaw = FlawExtraText
		}
		if last {
			break
		}
	}
	data, _ = base64.RawStdEncoding.DecodeString(digits.String())
	return data, flaw
}

// digitRuns returns the runs of a text, and the length that most of the long ones have. A character
// at the same end of all of that length is of a listing, such as the + of a diff or of psql.
func digitRuns(text string) (all []run, width int) {
	counts := map[int]int{}
	for line := range strings.Lines(text) {
		for _, at := range digitRun().FindAllStringIndex(line, -1) {
			n := at[1] - at[0]
			all = append(all, run{line[at[0]:at[1]], strings.TrimSpace(line[:at[0]]) == ""})
			if counts[n]++; n >= 20 && counts[n] > counts[width] {
				width = n
			}
		}
	}
	if counts[width] < 4 {
		return nil, 0
	}
	lead, trail := edges(all, width)
	for i, r := range all {
		all[i] = run{strings.TrimSuffix(strings.TrimPrefix(r.digits, lead), trail), r.begins && lead == ""}
	}
	return all, width - len(lead) - len(trail)
}

// edges are the characters that all runs of a length begin and end with, "" where they differ.
func edges(all []run, width int) (lead, trail string) {
	first := true
	for _, r := range all {
		if len(r.digits) != width {
			continue
		}
		if first {
			lead, trail, first = r.digits[:1], r.digits[width-1:], false
		}
		if !strings.HasPrefix(r.digits, lead) {
			lead = ""
		}
		if !strings.HasSuffix(r.digits, trail) {
			trail = ""
		}
	}
	return lead, trail
}

var digitRun = lazyregexp.New(`[A-Za-z0-9+/]+`)

// digitsOfDER returns how many digits of Base64 the DER takes that begins with some, 0 for none.
func digitsOfDER(head string) int {
	if len(head) < 8 {
		return 0
	}
	data, _ := base64.RawStdEncoding.DecodeString(head[:8])
	if size := sizeOfDER(data); size > 0 {
		return (size*8 + 5) / 6
	}
	return 0
}
