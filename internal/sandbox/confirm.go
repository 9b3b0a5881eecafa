package sandbox

import (
	"net"
	"net/http"
	"slices"
)

// confirmations are the actions that the next page confirms, console.done.ID.
var confirmations = []string{
	"create", "keys", "keys.delete", "permissions", "authorize", "disable", "enable", "delete", "trouble", "untroubled",
}

// doneCookie is the cookie that carries the last action to the page that follows it. Its name has the
// port, as that of the session.
func doneCookie(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host)
	return "cozejwt_done_" + port
}

// confirm lets the next page say what was done.
func confirm(w http.ResponseWriter, r *http.Request, done string) {
	http.SetCookie(w, &http.Cookie{Name: doneCookie(r), Value: done, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// confirmed returns what was done before this page, "" for nothing, and lets no other page say it.
func confirmed(w http.ResponseWriter, r *http.Request) string {
	cookie, err := r.Cookie(doneCookie(r))
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: cookie.Name, Path: "/", MaxAge: -1})
	if !slices.Contains(confirmations, cookie.Value) {
		return ""
	}
	return cookie.Value
}
