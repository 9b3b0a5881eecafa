package steps

import (
	"context"

	"cozejwt/internal/coze"
	"cozejwt/internal/exchange"
	"cozejwt/internal/fault"
	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// noticeOtherFingerprint is the doubt about a Key ID that is not what the host's Key IDs have been.
var noticeOtherFingerprint = fault.Usage("value.other_fingerprint")

// expectKeyID looks up how the host has derived its Key IDs, and with that the one of the key.
func (b *Base) expectKeyID() flow.Job {
	x, base, key := b.Exchanger, b.APIBase, b.Key
	if key == nil {
		return flow.Nothing
	}
	return flow.Do(func(context.Context) (string, error) { return x.ExpectedKeyID(base, &key.PublicKey), nil },
		func(expected string) { b.expected = expected })
}

// compared is the field for the Key ID, with what the key says of an answer: one that is a digest
// of the key belongs to it; a Key ID that is not a digest may belong to it all the same.
func (b *Base) compared(f flow.Field) flow.Field {
	check, fine, public, expected := f.Check, f.Fine, &b.Key.PublicKey, b.expected
	f.Check = func(raw string) (string, *fault.Fault, error) {
		value, notice, err := check(raw)
		if err == nil && notice == nil && expected != "" && exchange.DigestOf(value, public) == "" {
			notice = noticeOtherFingerprint.With("value", value, "path", b.Display(b.KeyFile), "host", coze.Audience(b.APIBase), "expected", expected)
		}
		return value, notice, err
	}
	f.Fine = func(value string) i18n.Message {
		switch {
		case exchange.DigestOf(value, public) == "":
			return fine(value)
		case b.upload:
			return i18n.Msg("verdict.key_id.uploaded")
		}
		return i18n.Msg("verdict.key_id.of_key", "path", b.Display(b.KeyFile))
	}
	return f
}
