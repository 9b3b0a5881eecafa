package sandbox

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"cozejwt/internal/i18n"
	"cozejwt/internal/testgrowth"
)

// pagesWith are the pages with a text in each place for a text.
func pagesWith(s string) (pages []page) {
	app := App{ID: s, Name: s, Description: s, Type: s, ClientType: s, Permissions: []string{"chat", s}, Keys: []*Key{{ID: s, LastUsed: time.Now()}}}
	request := Request{Method: s, Path: s, App: s, Check: Check(s), Message: s, Header: map[string]any{s: s}, Claims: map[string]any{s: s}, LogID: s}
	for _, shown := range []struct{ name, wrong string }{
		{"apps", ""}, {"new", ""}, {"new", "name"}, {"app", ""}, {"app", "public_key"}, {"requests", ""}, {"trouble", ""}, {"trouble", "minutes"},
	} {
		pages = append(pages, page{
			Lang: i18n.English, Langs: i18n.Languages, Name: shown.name, URL: s, Origin: s, Error: s, Wrong: shown.wrong,
			Trouble: Trouble{Kind: TroubleKind(s)}, Typed: url.Values{"name": {s}, "description": {s}, "public_key": {s}, "type": {s}},
			Apps: []App{app}, App: app, Requests: []Request{request},
		})
	}
	return pages
}

// read is what a browser makes of a page: its tags with the names of their attributes, its texts, and
// the addresses in it.
func read(t testing.TB, page []byte) (tags, texts, addressed []string) {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range document.Descendants() {
		switch n.Type {
		case html.TextNode:
			texts = append(texts, n.Data)
		case html.ElementNode:
			tag := n.Data
			for _, a := range n.Attr {
				tag += " " + a.Key
				if slices.Contains(addresses, markup(a.Key)) {
					addressed = append(addressed, a.Val)
				} else {
					texts = append(texts, a.Val)
				}
			}
			tags = append(tags, tag)
		case html.CommentNode:
			tags = append(tags, "<!--")
		}
	}
	return tags, texts, addressed
}

// Whatever text an app, a key, a request or a form has, the page has the same tags and attributes, says
// the text as it is, and leads to no script.
func FuzzPagesKeepTextAsText(f *testing.F) {
	for _, s := range []string{"", "<b>", `"><script>alert(1)</script>`, "' onfocus=alert(1) ", "javascript:alert(1)", "</textarea>", "</title><p>", "-->", "\x00\r\n", "&lt;", "//host", "\\", "\t", "\xff", "\u2028"} {
		f.Add(s)
	}
	var want [][]string // the tags of each page
	for _, p := range pagesWith("x") {
		tags, _, _ := read(f, p.html())
		want = append(want, tags)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = "x" + s
		for i, p := range pagesWith(s) {
			tags, texts, addressed := read(t, p.html())
			if !slices.Equal(tags, want[i]) {
				t.Fatalf("with %q, page %s has the tags\n%q, not\n%q", s, p.Name, tags, want[i])
			}
			seen := strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
			if !slices.ContainsFunc(texts, func(text string) bool { return strings.ToValidUTF8(text, "\ufffd") == seen }) {
				t.Errorf("page %s does not say %q, but %q", p.Name, seen, texts)
			}
			for _, address := range addressed {
				if u, err := url.Parse(address); address != "#" && address != "#main" && (err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(address, "/")) {
					t.Errorf("with %q, page %s leads to %q", s, p.Name, address)
				}
			}
		}
	})
}

func TestAnAddressIsOneOfThisServerOrTheWeb(t *testing.T) {
	for address, want := range map[string]string{
		"/": "/", "/open/x?y#z": "/open/x?y#z", "http://127.0.0.1:1/x": "http://127.0.0.1:1/x", "https://www.coze.cn": "https://www.coze.cn",
		"//host": "#", `/\host`: "#", "/\t/host": "#", "\n//host": "#", "javascript:alert(1)": "#", "data:text/html,x": "#", "JavaScript:x": "#", "x": "#", "": "#",
	} {
		for _, name := range addresses {
			if got := attr(name, address).(attribute).value; got != want {
				t.Errorf("%s of %q is %q, not %q", name, address, got, want)
			}
		}
	}
	if got := attr("value", "javascript:").(attribute).value; got != "javascript:" {
		t.Errorf("a value that nothing follows is %q", got)
	}
}

// The parser drops the first line feed of a textarea and of pre, reads CR as a line feed, and drops NUL.
func TestEachCharacterOfATextIsRead(t *testing.T) {
	for _, test := range []struct{ in, out string }{{"\nx", "\nx"}, {"a\r\nb", "a\r\nb"}, {"\x00", "\ufffd"}, {`<&"'>`, `<&"'>`}} {
		for _, n := range []node{el(`textarea`, text(test.in)), el(`pre`, text(test.in)), el(`input`, attr("value", test.in))} {
			var b bytes.Buffer
			n.inBody(&b)
			if _, texts, _ := read(t, b.Bytes()); !slices.Contains(texts, test.out) {
				t.Errorf("%q is read as %q", b.String(), texts)
			}
		}
	}
}

// Attributes stand in the tag around them, also from groups; the empty elements have no closing tag.
func TestNodesAreWrittenWhereTheyBelong(t *testing.T) {
	n := el(`p class="a"`, text("1"), flag("hidden", true), flag("open", false), group{attr("id", "b"), text("2")},
		when(true, el(`input`)), when(false, text("no")), either(true, text("3"), text("no")), either(false, text("no"), text("4")),
		each([]int{5, 6}, func(n int) node { return el(`code`, number(n)) }))
	var b bytes.Buffer
	if n.inBody(&b); b.String() != "<p class=\"a\" hidden id=\"b\">12<input>\n34<code>5</code><code>6</code></p>\n" {
		t.Errorf("it is %q", b.String())
	}
}

// Markup is written as it is, so nothing that is not a constant becomes it.
func TestMarkupIsConstant(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && !strings.HasSuffix(name, "_test.go") {
				if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "markup" {
					t.Errorf("%s converts to markup", name)
				}
			}
			return true
		})
	}
}

// manyApps is the list of so many apps.
func manyApps(n int) page {
	p := page{Lang: i18n.English, Langs: i18n.Languages, Name: "apps", Changes: true}
	for i := range n {
		p.Apps = append(p.Apps, App{ID: strconv.Itoa(i), Name: "app", Type: "normal", ClientType: "service"})
	}
	return p
}

func TestAPageGrowsWithItsApps(t *testing.T) {
	testgrowth.Linear(t, func(apps int) { manyApps(apps).html() })
}

func BenchmarkGrowthApps(b *testing.B) {
	testgrowth.Bench(b, "apps", func(_ *testing.B, apps int) func() {
		p := manyApps(apps)
		return func() { p.html() }
	}, 10, 100, 1000, 10_000)
}
