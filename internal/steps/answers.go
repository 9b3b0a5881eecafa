package steps

import (
	"encoding/json"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/flow"
	"cozejwt/keygen"
)

// Answers are what a draft keeps of a run with a key step. There is no secret in them.
type Answers struct {
	credentials.Set
	Region  coze.Region `json:"region,omitempty"`
	KeyFile string      `json:"key_file,omitempty"`
	KeyAnswers
}

// Answers returns the answers as they are now.
func (k *Keys) Answers() Answers {
	return Answers{k.base.Set, k.base.Region, k.base.KeyFile, k.KeyAnswers}
}

// NoteOrigin records where the answers came from, but those that a flag has given.
func (k *Keys) NoteOrigin(from flow.Origin) {
	answers := map[string]string{"region": string(k.base.Region), "key_source": string(k.Source), "import_key": k.Import}
	for _, v := range credentials.Variables {
		answers[string(v.Field)] = k.base.Get(v.Field)
	}
	k.base.NoteAnswers(from, answers)
}

// FileIn is the key file of a draft's answers, unless a flag has given another.
func (k *Keys) FileIn(was Answers) string {
	if k.base.Given("key_path") {
		return k.base.KeyFile
	}
	return was.KeyFile
}

// Keep is what a draft of the run holds; answers are those of its plan.
func (k *Keys) Keep(answers any) flow.Kept {
	text, _ := json.Marshal(answers) // of texts and numbers alone
	return flow.Kept{Answers: text, Key: Fingerprint(k.base.Key), Written: k.base.Written}
}

// Recall resumes a draft with its answers. Key is at its key file now, nil for none; a step after
// again is seen again from there. It returns the step to continue with: the first one, where flags ask
// for another region.
func (k *Keys) Recall(d *flow.Draft, was Answers, key *keygen.Key, again string) (at int) {
	b := k.base
	at = b.Index(d.Step)
	if k.takeUp(was) {
		at = b.First()
	}
	b.Written, b.current = d.Written, b.Existing
	from := flow.FromDraft
	if b.Begin != nil { // there was no run before
		from = flow.FromEnv
	}
	k.NoteOrigin(from)
	return k.continueAt(at, again, key, d)
}

// takeUp takes the answers of a draft, where no flag has given another. It reports whether the
// flags ask for another region than the draft's.
func (k *Keys) takeUp(was Answers) (elsewhere bool) {
	b, flags, file := k.base, k.Answers(), k.FileIn(was)
	b.Set, b.Region, b.KeyFile, k.KeyAnswers = was.Set, was.Region, file, was.KeyAnswers
	k.Bits = flags.Bits
	same := flags.Region == b.Region && (flags.APIBase == "" || flags.APIBase == b.APIBase)
	if b.Given("region") && !same {
		b.ChooseBase(flags.Region, flags.APIBase)
		elsewhere = true
	}
	if b.Given("key_source") {
		k.Source, k.Import = flags.Source, flags.Import
	}
	for _, field := range append(credentials.Checked(), credentials.Optionals()...) {
		if b.Given(string(field)) {
			*b.At(field) = flags.Get(field)
		}
	}
	b.oneOwner()
	b.Opened(b.APIBase + "/")
	return elsewhere
}

// continueAt returns the step to continue with after a draft was recalled: at, or the key step where
// the key that the draft counts on is gone. A step after again is seen again from there, because
// what it has shown may no longer be so. Key is at the key file, nil for none.
func (k *Keys) continueAt(at int, again string, key *keygen.Key, draft *flow.Draft) int {
	b := k.base
	if at <= b.Index(Key) {
		return at
	}
	if key == nil || Fingerprint(key.Private) != draft.Key || b.Given("key_source") {
		// The Key ID is of a key that is not the one which is used now.
		if !b.Given("key_id") {
			b.KeyID = ""
		}
		return b.Index(Key)
	}
	b.Key, k.owner = key.Private, draft.Key
	k.KeyIsNew, k.from = k.Source != ReuseKey, k.Source
	return min(at, b.Index(again))
}
