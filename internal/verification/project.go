package verification

import (
	"context"
	"path/filepath"
	"slices"
	"sync"

	"cozejwt/envfile"
	"cozejwt/internal/atomicfile"
	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/git"
)

// A Project remembers what the checks of several .env files look at in common, so that a run over
// all of them reads each file and each folder once. It never looks again: what was changed since
// needs a new one. The zero value is ready, for several runs at the same time too.
type Project struct {
	files      once[envText]
	neighbours once[neighbours]
	leftover   once[[]string]
	git        once[gitFacts]
}

// A once remembers one value for each path. The zero one is ready.
type once[T any] struct {
	mu sync.Mutex
	of map[string]func() T
}

// get returns what look returned for the path, which is called once.
func (o *once[T]) get(path string, look func(path string) T) T {
	o.mu.Lock()
	if o.of == nil {
		o.of = map[string]func() T{}
	}
	if o.of[path] == nil {
		o.of[path] = sync.OnceValue(func() T { return look(path) })
	}
	value := o.of[path]
	o.mu.Unlock()
	return value()
}

// An envText is a .env file as it was read.
type envText struct {
	*envfile.File
	unread error // of a file that cannot be read
	broken error // of one that does not parse
}

// file reads a .env file.
func (p *Project) file(path string) envText {
	return p.files.get(path, func(path string) envText {
		data, err := envfile.Read(path)
		if err != nil {
			return envText{unread: err}
		}
		f, err := envfile.Parse(data)
		return envText{File: f, broken: err}
	})
}

// neighboursOf are the sets in the folder of a .env file.
func (p *Project) neighboursOf(path string) neighbours {
	return p.neighbours.get(filepath.Dir(path), p.neighboursIn)
}

// leftoverIn are the temporary files in a folder, of runs that ended early.
func (p *Project) leftoverIn(dir string) []string {
	return p.leftover.get(dir, func(dir string) []string { return atomicfile.Temporary(dir, settled) })
}

// gitFacts are git's answers about a file.
type gitFacts struct{ tracked, committed, ignored bool }

// askGit asks git about a file, up to the answer that decides what the check says.
func askGit(path string) (is gitFacts) {
	dir := filepath.Dir(path)
	if is.tracked = git.Tracked(dir, path); is.tracked {
		return is
	}
	if is.committed = git.Committed(dir, path); !is.committed {
		is.ignored = git.Ignored(dir, path)
	}
	return is
}

// neighbours are the sets of the .env files of a folder, by what may conflict.
type neighbours struct {
	byApp map[string][]*sameSet // in the order of their first files
	local *sameSet              // of .env.local, which many frameworks read on top of .env; nil for none
}

// A sameSet is a set and the files that hold it.
type sameSet struct {
	credentials.Set
	files []place
}

// A place is a file and its index in the folder.
type place struct {
	index int
	path  string
}

func (p *Project) neighboursIn(dir string) neighbours {
	n := neighbours{byApp: map[string][]*sameSet{}}
	known := map[credentials.Set]*sameSet{}
	for i, path := range credentials.Files(dir) {
		f := p.file(path).File
		if f == nil {
			continue
		}
		set, _, found := credentials.Read(f)
		if !found {
			continue
		}
		at := place{i, path}
		if filepath.Base(path) == ".env.local" {
			n.local = &sameSet{set, []place{at}}
		}
		if set.AppID == "" {
			continue
		}
		if known[set] == nil {
			known[set] = &sameSet{Set: set}
			n.byApp[set.AppID] = append(n.byApp[set.AppID], known[set])
		}
		known[set].files = append(known[set].files, at)
	}
	return n
}

// conflicting returns the first file but own whose set differs from mine: one of the same app, or
// .env.local. Another app in another file is another profile, not a conflict.
func (n neighbours) conflicting(own string, mine credentials.Set) (path string, other credentials.Set, ok bool) {
	first := place{index: -1}
	look := func(s *sameSet) (sure bool) { // that no set behind this one stands before it in the folder
		i := slices.IndexFunc(s.files, func(p place) bool { return p.path != own })
		if s.Set == mine || i < 0 {
			return false
		}
		if first.index < 0 || s.files[i].index < first.index {
			first, other = s.files[i], s.Set
		}
		return i == 0
	}
	for _, s := range n.byApp[mine.AppID] {
		if look(s) {
			break
		}
	}
	if n.local != nil {
		look(n.local)
	}
	return first.path, other, first.index >= 0
}

// envConflict looks for a second file that says something else.
func envConflict(_ context.Context, c *run) Result {
	path, other, ok := c.Project.neighboursOf(c.EnvPath).conflicting(c.EnvPath, c.known.set)
	if !ok {
		return passed()
	}
	return warned(fault.Invalid("env.conflict", "path", c.show(c.EnvPath), "other", c.show(path), "name", difference(c.known.set, other, c.known.names)))
}
