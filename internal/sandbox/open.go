package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"cozejwt/internal/atomicfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/disk"
	"cozejwt/internal/fault"
	remembered "cozejwt/internal/state"
)

// defaultAddr is the preferred address for a state folder: a port from 20000 to
// 29999, by the hash of the folder, so that sandboxes of different folders rarely
// collide. The range is below the ephemeral ports of Linux, which start at 32768.
func defaultAddr(dir string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(dir)) // never fails, hash.Hash
	return "127.0.0.1:" + strconv.Itoa(20000+int(h.Sum32()%10000))
}

// An Instance is a sandbox that can be reached, served by this process or by
// another one of the same user.
type Instance struct {
	Base    string // API base, such as http://127.0.0.1:8370
	Session string // that lets a browser change things, see Server.Session
	Owned   bool   // served by this process, until Close

	listener net.Listener
	server   *http.Server
	lock     *flock.Flock
}

// Bases returns the API bases that the sandbox of the state folder dir has had,
// the last first. It moves where its port is taken; a .env that was written
// before names a previous one.
func Bases(dir string) []string {
	data, err := boundedfile.Read(statePath(dir), maxState)
	var s state
	if err != nil || json.Unmarshal(data, &s) != nil {
		return nil
	}
	bases := make([]string, len(s.Addrs))
	for i, addr := range s.Addrs {
		bases[i] = "http://" + addr
	}
	return bases
}

func lastBase(dir string) string {
	if bases := Bases(dir); len(bases) > 0 {
		return bases[0]
	}
	return ""
}

func statePath(dir string) string { return filepath.Join(dir, "sandbox.json") }

func lockPath(dir string) string { return filepath.Join(dir, "sandbox.lock") }

// sessionPath is where other processes of the same user find the session.
func sessionPath(dir string) string { return filepath.Join(dir, "sandbox.session") }

// Kept lists the files that the sandbox keeps in the state folder dir. Served reports whether a
// process serves it from there: it would write them again. The lock stays, because a process may
// be waiting for that very file.
func Kept(dir string) (all []remembered.Kept, served bool) {
	for _, path := range []string{statePath(dir), sessionPath(dir)} {
		if k, ok := remembered.FileOf(path, "sandbox"); ok {
			all = append(all, k)
		}
	}
	if all == nil {
		return nil, false
	}
	lock := flock.New(lockPath(dir))
	got, err := lock.TryLock()
	if err == nil && got {
		err = lock.Unlock()
	}
	return all, err != nil || !got
}

// Console is the address of the console, with the session.
func (i *Instance) Console() string { return Client{i.Base, i.Session}.Console() }

// ErrServed is the fault of Serve where another process serves already.
var ErrServed = fault.Usage("sandbox.served")

// Serve serves the sandbox of the state folder dir from this process, at addr, or where it was
// last, or at a free port where that is taken. The errors are ErrServed where another process
// serves it, those of Listen and New, and the fault of a folder that cannot be written.
func Serve(dir, addr string) (*Instance, error) { return ServeAt(dir, addr, time.Now) }

// ServeAt is Serve, with its errors, with a clock of its own, for tests.
func ServeAt(dir, addr string, now func() time.Time) (*Instance, error) {
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Unwritable(dir, err)
	}
	lock, got := flock.New(lockPath(dir)), false
	err := disk.Change("lock", lockPath(dir), func() (err error) {
		got, err = lock.TryLock()
		return err
	})
	switch {
	case err != nil:
		return nil, fault.Unwritable(lock.Path(), err)
	case !got:
		return nil, ErrServed.With("base", lastBase(dir))
	}
	i, err := serveLocked(dir, addr, now)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	i.lock = lock
	return i, nil
}

func serveLocked(dir, addr string, now func() time.Time) (*Instance, error) {
	for _, path := range []string{statePath(dir), sessionPath(dir)} {
		atomicfile.Sweep(path, 0) // the lock keeps every other writer away
	}
	s, err := New(statePath(dir), now)
	if err != nil {
		return nil, err
	}
	l, err := listenNear(addr, append(slices.Clone(s.Addrs), defaultAddr(dir)))
	if err != nil {
		return nil, err
	}
	if err := atomicfile.WriteFile(sessionPath(dir), []byte(s.session), 0o600); err != nil {
		return nil, errors.Join(fault.Unwritable(sessionPath(dir), err), l.Close())
	}
	if now := l.Addr().String(); len(s.Addrs) == 0 || s.Addrs[0] != now {
		s.Addrs = slices.DeleteFunc(s.Addrs, func(previous string) bool { return previous == now })
		s.Addrs = slices.Insert(s.Addrs, 0, now)
		if err := s.save(); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return serve(s, l), nil
}

// listenNear opens the address that was asked for and no other; where none
// was, the first of the known ones that is free, or any free port.
func listenNear(asked string, known []string) (net.Listener, error) {
	if asked != "" {
		return Listen(asked)
	}
	for _, addr := range known {
		if l, err := Listen(addr); err == nil {
			return l, nil
		}
	}
	return Listen("127.0.0.1:0")
}

// Open serves the sandbox of dir, or joins the process that does. The errors are those of Serve but
// ErrServed, and the context's.
func Open(ctx context.Context, dir string) (*Instance, error) {
	for {
		i, err := Serve(dir, "")
		if !errors.Is(err, ErrServed) {
			return i, err
		}
		// The holder of the lock may be a moment away from listening, or from leaving.
		if base := lastBase(dir); base != "" && answers(ctx, base) {
			session, _ := boundedfile.Read(sessionPath(dir), boundedfile.Most) // without it, the page is read only
			return &Instance{Base: base, Session: string(session)}, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, base string) bool {
	_, err := Client{Base: base}.Apps(ctx)
	return err == nil
}

// Close stops serving. An instance of another process is left alone. The errors are those of the
// server and of its lock, joined.
func (i *Instance) Close() error {
	if !i.Owned {
		return nil
	}
	// Another process may be in the middle of a call.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := i.server.Shutdown(ctx)
	_ = i.listener.Close() // Shutdown misses a listener that Serve has not registered yet
	if i.lock != nil {
		err = errors.Join(err, i.lock.Unlock())
	}
	return err
}

// OpenInMemory serves a sandbox that is kept in memory alone, at a free port. The errors are those
// of Listen.
func OpenInMemory() (*Instance, error) {
	s, err := New("", time.Now)
	if err != nil {
		return nil, err
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return serve(s, l), nil
}

func serve(s *Server, l net.Listener) *Instance {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	connections := limit(l, server, maxConnections)
	go func() { _ = server.Serve(connections) }() // ends with Close
	return &Instance{Base: "http://" + l.Addr().String(), Session: s.session, Owned: true, listener: l, server: server}
}
