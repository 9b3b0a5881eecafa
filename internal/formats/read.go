// Package formats reads credentials out of the files in which other programs keep them:
// Spring's application.yaml or application.properties, the SDKs' coze_oauth_config.json,
// TOML, compose files, Kubernetes objects, another .env. A field is found by the meaning of
// its name. It reads and makes text; it writes no file and asks no one.
package formats

import (
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// A Place is where a value stands.
type Place struct {
	Name string // of the variable or the key, as written
	Line int    // in the file, from 1; 0 where that is not known
}

// A Found is the credentials at one place of a file.
type Found struct {
	credentials.Set               // as the file has it; without a KeyPath where KeyText is there
	Name            string        // what to call it, taken from where it stands
	Where           string        // the place in the file, such as coze.oauth, or the file's name
	KeyText         secret.String // the private key itself, in any form that keygen reads
	Unsure          bool          // no word of Coze stands by it: it may be another product's
	// Region is what the rest of the file says where the set names no API base: cn, com, or ""
	// for nothing. RegionFrom is the name that says it.
	Region, RegionFrom string
	Places             map[credentials.Field]Place
	Doubts             []*fault.Fault // what could not be understood
	Unused             []*fault.Fault // values that gave way to a stronger name
}

// Names are the names of its ids and its key, as written.
func (f Found) Names() []string {
	var names []string
	for _, v := range credentials.Variables {
		if p, ok := f.Places[v.Field]; ok && !v.Shared {
			names = append(names, p.Name)
		}
	}
	return named(names)
}

// A Key is a private key that stands in a file.
type Key struct {
	Place
	Where string
	Text  secret.String // as written, or in PEM
	Coze  bool          // a word of Coze stands by it
}

// A KeyID is a value that stands under the name of a Key ID.
type KeyID struct {
	Place
	Where string
	Value string
	Coze  bool // a word of Coze stands by it
}

// A Reading is what a file has of credentials.
type Reading struct {
	Sets   []Found
	Keys   []Key
	KeyIDs []KeyID
	Notes  []*fault.Fault // what was found and belongs to no set
}

var (
	// ErrKind is the fault of an unsupported file type.
	ErrKind = fault.Usage("import.kind")
	// ErrIsKey is the fault of a file that is a private key.
	ErrIsKey = fault.Invalid("import.is_key")
	// ErrSyntax is the fault of a file that is broken.
	ErrSyntax = fault.Invalid("import.syntax")
	// ErrNoSet is the fault of a file that holds no set. It names the nearest variables.
	ErrNoSet = fault.Invalid("import.no_set")
	// ErrNoValues is the fault of a file whose sets have no value. The notes of the reading
	// say what stands in their place.
	ErrNoValues = fault.Invalid("import.no_values")
	// ErrWeaker is the note about a value that gave way to that of a stronger name.
	ErrWeaker = fault.Invalid("import.weaker")
	// ErrLeft is the note about names of credentials that belong to no set.
	ErrLeft = fault.Invalid("import.left")
)

// Read returns what data, the content of the file at path, has of credentials, in order. A
// variable is filled from env first, then from the file itself. Errors: ErrKind, ErrSyntax,
// ErrIsKey, envfile.ErrEncoding, ErrNoSet and ErrNoValues; the keys and the Key IDs are there with the
// last two.
func Read(path string, data []byte, env Lookup) (Reading, error) {
	sections, err := sectionsOf(path, data)
	if err != nil {
		return Reading{}, fault.At(path, err)
	}
	name := filepath.Base(path)
	r := reader{path: path, env: env, file: split(name)}
	r.region, r.regionFrom = regionIn(sections)
	if r.region == "" {
		r.region, r.regionFrom = regionOfHosts(string(data))
	}
	if err := r.sections(sections); err != nil {
		return Reading{}, fault.At(path, broken("", data, err))
	}
	r.Sets = distinct(r.Sets)
	if k, _ := kindOf(path); k.name == "source" {
		r.Sets = whole(r.Sets)
	}
	r.Keys, r.KeyIDs = loose(sections)
	for _, f := range distinct(r.empty) {
		r.Notes = append(r.Notes, slices.Concat(f.Doubts, f.Unused)...)
	}
	switch {
	case len(r.Sets) == 0 && len(r.Notes) > 0:
		return r.Reading, ErrNoValues.With("path", path).Because(r.Notes[0])
	case len(r.Sets) == 0:
		why := r.nearest(sections)
		none := ErrNoSet.With("path", path).Because(why)
		if why.ID == "import.only_key" {
			none = none.Advise(why.ID)
		}
		return r.Reading, none
	}
	if names := r.leftNames(); names != nil {
		r.Notes = append(r.Notes, ErrLeft.With("names", strings.Join(names, ", ")))
	}
	return r.Reading, nil
}

// whole drops a set without a key where another has the same ids and a key: of a program, one is the
// variables and the other the object that is made of them.
func whole(all []Found) []Found {
	type ids struct{ app, key string }
	withKey := map[ids]string{} // their API bases
	hasKey := func(f Found) bool { return f.KeyPath != "" || !f.KeyText.IsZero() }
	for _, f := range all {
		if hasKey(f) {
			withKey[ids{f.AppID, f.KeyID}] = f.APIBase
		}
	}
	return slices.DeleteFunc(all, func(f Found) bool {
		base, there := withKey[ids{f.AppID, f.KeyID}]
		return there && f.AppID != "" && f.KeyID != "" && !hasKey(f) && (f.APIBase == "" || f.APIBase == base)
	})
}

// distinct drops a set that stands in the file a second time under the same
// name.
func distinct(all []Found) []Found {
	type same struct {
		set     credentials.Set
		name    string
		keyText secret.String
	}
	seen := map[same]bool{}
	return slices.DeleteFunc(all, func(f Found) bool {
		key := same{f.Set, f.Name, f.KeyText}
		twice := seen[key]
		seen[key] = true
		return twice
	})
}
