package formats

import (
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/internal/credentials"
)

// nameOf makes a profile's name of where a set stands: the last key that tells it from others,
// such as support in coze.support.oauth; else the words before its fields, the last key, or
// the file's name; with the Spring profile behind it.
func nameOf(head candidate, path, profile string) string {
	file := fileName(path)
	if spring, ok := strings.CutPrefix(file, "application-"); ok && profile == "" {
		profile = spring
	}
	name := ""
	switch key, ok := telling(head.place); {
	case ok:
		name = key
	case ownerName(head.owner) != "":
		name = ownerName(head.owner)
	case IsEnv(path):
		return envName(path)
	default:
		name = lastKey(head.place, file)
	}
	if profile != "" && profile != name {
		name += "-" + profile
	}
	return plainName(name)
}

func fileName(path string) string {
	file := strings.TrimPrefix(filepath.Base(path), ".")
	return strings.TrimSuffix(file, filepath.Ext(file))
}

// telling is the last key of a place that says something of its own.
func telling(place []string) (string, bool) {
	for i, key := range slices.Backward(place) {
		if isNumber(key) {
			if i == len(place)-1 && i > 0 && !structure[relaxed(place[i-1])] {
				return place[i-1] + "-" + key, true
			}
			continue
		}
		if structure[relaxed(key)] || !says(split(key)) {
			continue
		}
		return key, true
	}
	return "", false
}

// says reports whether words tell credentials of Coze from others of Coze.
func says(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return !isCoze(w) && !fillers[w] && !structure[w] && w != "loop" && !isNumber(w)
	})
}

// ownerName are the words of a prefix that say something: kefu of KEFU_COZE_CLIENT_ID.
func ownerName(owner []string) string {
	var all []string
	for _, w := range owner {
		if !isCoze(w) && !fillers[w] && w != "loop" {
			all = append(all, w)
		}
	}
	return strings.Join(all, "-")
}

// lastKey is the last key that is more than a part of every such file; else the file's name.
func lastKey(place []string, file string) string {
	for _, key := range slices.Backward(place) {
		if !structure[relaxed(key)] && !isNumber(key) {
			return key
		}
	}
	if len(place) > 0 && !structure[relaxed(place[len(place)-1])] {
		return place[len(place)-1]
	}
	return file
}

// envName is the profile that a .env is for, or the project that it is of.
func envName(path string) string {
	name := filepath.Base(path)
	name = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(name, ".env"), ".env"), ".")
	if dir, err := filepath.Abs(filepath.Dir(path)); name == "" && err == nil {
		name = filepath.Base(dir)
	}
	return plainName(name)
}

// plainName replaces all but ASCII letters, digits, - and _ with -; "imported" if nothing remains.
func plainName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, s)
	if s = strings.Trim(s, "-"); s == "" || credentials.CheckProfile(s) != nil {
		return "imported"
	}
	return s
}
