package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
)

// errBack says that the person wants to return to the step before.
var errBack = errors.New("back")

// isBack reports whether a line is the word for that, in any of the languages. No
// value that is asked for looks like it.
func isBack(line string) bool { return means(line, i18n.Msg("plain.back_words")) }

// means reports whether a line is one of the words of a text, in any of the
// languages: people type the word they are used to.
func means(line string, words i18n.Message) bool {
	word := strings.ToLower(strings.TrimSpace(line))
	return slices.ContainsFunc(i18n.Languages, func(l i18n.Language) bool {
		return slices.Contains(strings.Fields(l.Say(words)), word)
	})
}

// swallowKey reads the rest of a key that was pasted, so that none of its lines
// is taken for an answer.
func (f *Prompter) swallowKey(ctx context.Context) {
	for {
		line, err := f.Line(ctx)
		if err != nil || strings.Contains(line, "-----END") {
			return
		}
	}
}

// read prompts for one line. An empty one means the proposal.
func (f *Prompter) read(ctx context.Context, field flow.Field) (string, error) {
	proposed := field.Value
	if field.Options != nil {
		proposed = strconv.Itoa(field.At() + 1)
	}
	if proposed != "" {
		f.say("[%s] ", proposed)
	}
	f.say("> ")
	line, err := f.Line(ctx)
	if errors.Is(err, io.ErrUnexpectedEOF) && (field.Optional || field.Flag == "" && field.Unanswered == nil) {
		line, err = "", nil // no flag could say it, and there is a proposal
	}
	if err != nil {
		return "", errors.Join(field.Missing(f.Lang.Text("field."+field.ID)), err)
	}
	if strings.TrimSpace(line) == "" {
		line = proposed
	}
	if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && n >= 1 && n <= len(field.Options) {
		return field.Options[n-1].Value, nil
	}
	if value, ok := yesOrNo(field, line); ok {
		return value, nil
	}
	if field.Options != nil {
		return strings.TrimSpace(line), nil
	}
	return line, nil
}

// yesOrNo is the answer to a question with these two, typed in any of the languages.
func yesOrNo(field flow.Field, line string) (value string, ok bool) {
	for value, agrees := range map[string]bool{"yes": IsYes(line), "no": means(line, i18n.Msg("plain.no_words"))} {
		if agrees && slices.ContainsFunc(field.Options, func(o flow.Option) bool { return o.Value == value }) {
			return value, true
		}
	}
	return "", false
}

// help explains the step that asks; a question of no step explains itself.
func (f *Prompter) help() {
	id := "help.step." + f.at
	if !i18n.English.Has(id) {
		id = "plain.no_help"
	}
	f.say("\n")
	f.tell("", f.Lang.Text(id))
}

// tick asks for any number of options. An empty line keeps what is chosen.
func (f *Prompter) tick(ctx context.Context, t flow.Ticks) error {
	f.say("\n")
	f.tell("", f.Lang.Text("field."+t.ID))
	f.tell("", f.Lang.Text("ticks.several"))
	f.options(t.Options)
	for {
		f.say("[%s] > ", t.Numbers())
		line, err := f.Line(ctx)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil // the default is an answer
		case err != nil:
			return err
		case isBack(line):
			return errBack
		case means(line, i18n.Msg("plain.help_words")):
			f.help()
			continue
		}
		chosen, err := t.Parse(line)
		if err == nil {
			t.Put(chosen)
			return nil
		}
		f.Explain(err)
	}
}

// A typed line, or why there is none.
type typed struct {
	line string
	err  error
}

// Line returns the next line of In. It is read when it is asked for and no sooner: what comes after
// it may be for someone else who reads the terminal. The reading goroutine outlives an interrupt,
// because a read from a terminal cannot be called back; its line is the next one's. The errors are
// io.ErrUnexpectedEOF at the end of In, and the context's.
func (f *Prompter) Line(ctx context.Context) (string, error) {
	if f.reader == nil {
		f.reader = bufio.NewReader(f.In)
	}
	if f.reading == nil {
		f.reading = make(chan typed, 1)
		go func(to chan<- typed) {
			line, err := f.reader.ReadString('\n')
			to <- typed{line, err}
		}(f.reading)
	}
	select {
	case got := <-f.reading:
		f.reading = nil
		if got.line == "" && got.err != nil {
			return "", io.ErrUnexpectedEOF
		}
		return strings.TrimRight(got.line, "\r\n"), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// IsYes reports whether a line that was typed agrees, in any of the languages.
func IsYes(line string) bool { return means(line, i18n.Msg("plain.yes_words")) }
