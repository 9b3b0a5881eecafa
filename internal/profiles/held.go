package profiles

import "cozejwt/internal/credentials"

// held are the profiles of a folder while others are written into it, each read once.
type held struct {
	bySet map[credentials.Set]credentials.EnvFile // by what they hold; the first file of those that hold the same
	next  map[string]int                          // by the name that was wanted: the number of the next file to look for
}

func heldIn(dir string) held {
	h := held{map[credentials.Set]credentials.EnvFile{}, map[string]int{}}
	for _, path := range credentials.Profiles(dir) {
		h.add(path)
	}
	return h
}

func (h held) add(path string) {
	file, err := credentials.Load(path)
	if err != nil || !file.Found() {
		return
	}
	if _, there := h.bySet[file.Normal()]; !there {
		h.bySet[file.Normal()] = file
	}
}

// free is Free for many profiles of the same name.
func (h held) free(dir, name string) string {
	path, n := freeFrom(dir, name, max(h.next[name], 1))
	h.next[name] = n
	return path
}
