package sandbox

import (
	"net"
	"net/http"
	"slices"
	"sync"
)

// maxConnections bounds how many clients are served at once; the others wait.
const maxConnections = 1024

// connections are those of a server. Where there are as many as there may be, the one that has
// waited longest without a request gives way: clients keep connections for minutes.
type connections struct {
	most   int
	places chan struct{} // one for each connection that is open

	mu      sync.Mutex
	open    int
	waiting []net.Conn // the longest first
}

// limit bounds the connections of a server that listens at l.
func limit(l net.Listener, server *http.Server, most int) net.Listener {
	c := &connections{most: most, places: make(chan struct{}, most)}
	server.ConnState = c.changed
	return &limited{Listener: l, places: c.places, closed: make(chan struct{})}
}

// limited is a listener that accepts a connection where there is a place for it.
type limited struct {
	net.Listener
	places chan struct{}
	once   sync.Once
	closed chan struct{}
}

// Accept waits for a place, then for a connection, which the server gives its place back.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.places
	}
	return conn, err
}

// Close also ends an Accept that waits for a place.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// changed is told of each connection's state by the server.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	spare := c.count(conn, state)
	if state == http.StateClosed || state == http.StateHijacked {
		<-c.places
	}
	if spare != nil {
		_ = spare.Close() // the server sees that, and says so here
	}
}

// count records the state, and returns the connection to close; nil for none.
func (c *connections) count(conn net.Conn, state http.ConnState) (spare net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = slices.DeleteFunc(c.waiting, func(other net.Conn) bool { return other == conn })
	switch state {
	case http.StateNew:
		c.open++
		c.waiting = append(c.waiting, conn)
	case http.StateIdle:
		c.waiting = append(c.waiting, conn)
	case http.StateClosed, http.StateHijacked:
		c.open--
	}
	if c.open < c.most || len(c.waiting) == 0 || state == http.StateNew && len(c.waiting) == 1 { // a new one is about to ask
		return nil
	}
	spare, c.waiting = c.waiting[0], c.waiting[1:]
	return spare
}
