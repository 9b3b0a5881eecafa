package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cozejwt/internal/fault"
)

func TestPagesEndWhereTheServiceSaysNothingNew(t *testing.T) {
	for name, test := range map[string]struct {
		path   string
		answer func(page int) string
		pages  int
		ends   string // the fault, "" for none
	}{
		"the last page":           {"/x", func(n int) string { return fmt.Sprintf(`{"data":[%d],"has_more":%v}`, n, n < 3) }, 3, ""},
		"has_more is always true": {"/x", func(int) string { return `{"data":[],"has_more":true}` }, 2, "api.same_page"},
		"with another log id": {"/x", func(n int) string {
			return fmt.Sprintf(`{"data":{"has_more":true,"items":[1]},"detail":{"logid":"%d"}}`, n)
		}, 2, "api.same_page"},
		"without data":               {"/x", func(int) string { return `{"has_more":true}` }, 2, "api.same_page"},
		"the cursor stays":           {"/x", func(int) string { return `{"data":[1],"has_more":true,"last_id":"7"}` }, 2, "api.same_page"},
		"the cursor goes in circles": {"/x", func(n int) string { return fmt.Sprintf(`{"data":[%d],"has_more":true,"last_id":"%d"}`, n, n%3) }, 4, "api.same_page"},
		"nothing on some pages":      {"/x", func(n int) string { return fmt.Sprintf(`{"data":[],"has_more":%v,"last_id":"%d"}`, n < 9, n) }, 9, ""},
		"for ever":                   {"/x?page_num=7", func(n int) string { return fmt.Sprintf(`{"data":[%d],"has_more":true}`, n) }, maxPages, "api.many_pages"},
		"by page_index":              {"/x?page_index=2", func(n int) string { return fmt.Sprintf(`{"data":[%d],"has_more":%v}`, n, n < 4) }, 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var pages pager
			path, count := test.path, 0
			var err error
			for path != "" && err == nil && count <= maxPages {
				count++
				path, err = pages.next(path, []byte(test.answer(count)))
			}
			if count != test.pages || fault.ID(err) != test.ends {
				t.Errorf("it ends after %d pages with %v, want %d and %q", count, err, test.pages, test.ends)
			}
		})
	}
}

func TestTheSizeOfJSONIsKnownBeforeItIsIndented(t *testing.T) {
	for _, text := range []string{
		"1", `"a,[{:\"]"`, "[]", "{}", `[1,2]`, `{"a":[1,{"b":"c,d"}],"e":{}}`, strings.Repeat("[", 500) + strings.Repeat("]", 500), `{"a\\":1,"b":[[[]]]}`,
	} {
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(text), "", "  "); err != nil {
			t.Fatal(err)
		}
		size := sizeOfJSON([]byte(text))
		if size.indented < indented.Len() || size.indented > 2*indented.Len()+16 {
			t.Errorf("%.40q is estimated at %d bytes, it has %d", text, size.indented, indented.Len())
		}
	}
	for text, want := range map[string]int{"[1,2,3]": 3, `{"a":"b,c","d":[]}`: 3 + objectValues, "]]]": 0} {
		if got := sizeOfJSON([]byte(text)).values; got != want {
			t.Errorf("%s has %d values, want %d", text, got, want)
		}
	}
}
