package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"

	"cozejwt/internal/fault"
)

// maxPages bounds what a service says never ends.
const maxPages = 1000

// A pager finds the next page as long as there are new ones.
type pager struct {
	count int
	seen  map[string]bool // the paths of pages
	data  []byte          // of the page before
}

// next returns the path of the page after this answer's, "" where there is none. A service that
// says that there is more, and gives the same again, is a fault.
func (p *pager) next(path string, body []byte) (string, error) {
	next, more := nextPage(path, body)
	if !more {
		return "", nil
	}
	data := pageData(body)
	if p.seen == nil {
		p.seen = map[string]bool{path: true}
	} else if !hasCursor(next) && bytes.Equal(data, p.data) {
		return "", fault.Unexpected("api.same_page", nil)
	}
	if p.seen[next] {
		return "", fault.Unexpected("api.same_page", nil)
	}
	p.seen[next], p.data = true, data
	if p.count++; p.count >= maxPages {
		return "", fault.Unexpected("api.many_pages", nil, "count", strconv.Itoa(maxPages))
	}
	return next, nil
}

// hasCursor reports whether a path says itself where the page begins. Otherwise it has the page's
// number, which goes up whatever the service answers.
func hasCursor(path string) bool {
	u, err := url.Parse(path)
	return err == nil && u.Query().Has("after_id")
}

// pageData is the part of an answer that differs from page to page, without the log id.
func pageData(body []byte) []byte {
	var answer struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Data == nil {
		return body
	}
	return answer.Data
}

// nextPage is the path of the page after this answer's: by last_id where the
// answer has one (messages), else by page_num (workspaces, bots). The real
// service names them so in its API reference.
func nextPage(path string, body []byte) (next string, more bool) {
	type page struct {
		HasMore bool   `json:"has_more"`
		LastID  string `json:"last_id"`
	}
	var answer struct {
		page
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", false
	}
	found := answer.page
	if !found.HasMore {
		_ = json.Unmarshal(answer.Data, &found) // a list has no such members
	}
	u, err := url.Parse(path)
	if err != nil || !found.HasMore {
		return "", false
	}
	query := u.Query()
	if found.LastID != "" {
		query.Set("after_id", found.LastID)
	} else {
		name := "page_num"
		if query.Has("page_index") {
			name = "page_index"
		}
		n, _ := strconv.Atoi(query.Get(name))
		query.Set(name, strconv.Itoa(max(n, 1)+1))
	}
	u.RawQuery = query.Encode()
	return u.String(), true
}
