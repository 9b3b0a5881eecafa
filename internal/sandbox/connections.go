package sandbox

import (
	"net"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/net/netutil"
)

// maxConnections bounds how many clients are served at once; the others wait.
const maxConnections = 1024

// connections are those of a server. Where there are as many as there may be, the one that has
// waited longest without a request gives way: clients keep connections for minutes.
type connections struct {
	most int

	mu      sync.Mutex
	open    int
	waiting []net.Conn // the longest first
}

// limit bounds the connections of a server that listens at l.
func limit(l net.Listener, server *http.Server, most int) net.Listener {
	c := &connections{most: most}
	server.ConnState = c.changed
	return netutil.LimitListener(l, most)
}

// changed is told of each connection's state by the server.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	if spare := c.count(conn, state); spare != nil {
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
