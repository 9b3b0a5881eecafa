//go:build e2e && unix

package main

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// The size of a cell in the pictures, in SVG's units.
const cellWidth, cellHeight = 8.4, 18.0

// A shot is what a terminal shows at a moment.
type shot struct {
	width int
	rows  [][]span
}

// A span is neighbouring cells of one style.
type span struct {
	column, width int
	text, class   string
}

// shoot copies the screen of the emulator.
func (term *terminal) shoot() shot {
	term.mu.Lock()
	defer term.mu.Unlock()
	s := shot{width: term.screen.Width()}
	for y := range term.screen.Height() {
		var row []span
		for x := 0; x < s.width; x++ {
			cell := term.screen.CellAt(x, y)
			if cell == nil || cell.Content == "" || strings.TrimSpace(cell.Content) == "" {
				continue
			}
			class := classOf(cell.Style)
			last := len(row) - 1
			if last >= 0 && row[last].class == class && x-row[last].column-row[last].width <= 1 {
				gap := x - row[last].column - row[last].width
				row[last].text += strings.Repeat(" ", gap) + cell.Content
				row[last].width += gap + cell.Width
				continue
			}
			row = append(row, span{x, cell.Width, cell.Content, class})
		}
		s.rows = append(s.rows, row)
	}
	return s
}

func classOf(style uv.Style) string {
	var class []string
	if c, ok := style.Fg.(ansi.BasicColor); ok {
		class = append(class, fmt.Sprintf("c%d", c))
	} else if style.Fg != nil {
		class = append(class, "c6")
	}
	if style.Attrs&uv.AttrBold != 0 {
		class = append(class, "b")
	}
	if style.Attrs&uv.AttrFaint != 0 {
		class = append(class, "f")
	}
	return strings.Join(class, " ")
}

// random is what differs from run to run, and what stands for it.
var random = []struct {
	pattern *regexp.Regexp
	fixed   string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "api.coze.cn"},
	{regexp.MustCompile(`^[A-Za-z0-9+/]{64}$`), strings.Repeat("MIIBIjAN+gkqhki/", 4)},
	{regexp.MustCompile(`^[A-Za-z0-9+/]{0,62}={0,2}AQAB$`), "eQIDAQAB"},
	{regexp.MustCompile(`\b\d{13}\b`), testAppID},
	{regexp.MustCompile(`[A-Za-z0-9_-]{43}`), testKeyID},
	{regexp.MustCompile(`^[A-Za-z0-9_-]{13}…`), testKeyID[:13] + "…"},
	{regexp.MustCompile(`\b\d{14}[0-9a-f]{6,}\b`), "20260115080000a1b2c3"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d\b`), "2026-01-15"},
	{regexp.MustCompile(`\b\d\d:\d\d:\d\d\b`), "08:15:00"},
	{regexp.MustCompile(`\d+(\.\d+)?(µs|ms)\b|\b0s\b`), "12ms"},
	{regexp.MustCompile(`(^|[ ：])[A-Za-z0-9_-]{8}…`), "${1}pat_Ab12…"},
}

func settled(text string) string {
	for _, r := range random {
		text = r.pattern.ReplaceAllString(text, r.fixed)
	}
	return text
}

// An album has the frames that a picture is to have, as they are saved; none
// where the picture is drawn for the first time.
type album struct{ frames []string }

func openAlbum(path string) *album {
	saved, err := os.ReadFile(path)
	if err != nil || *update {
		return &album{}
	}
	var frames []string
	for _, part := range strings.Split(string(saved), "<g")[1:] {
		_, frame, _ := strings.Cut(part, ">\n")
		frame, _, _ = strings.Cut(frame, "</g>")
		frames = append(frames, frame)
	}
	return &album{frames}
}

// shoot waits until the terminal shows the next frame of the album, and takes
// what it shows then. Without a frame to wait for, it waits until nothing
// changes any more.
func (a *album) shoot(term *terminal) shot {
	if len(a.frames) == 0 {
		for {
			select {
			case <-term.changed:
			case <-time.After(300 * time.Millisecond):
				return term.shoot()
			}
		}
	}
	want := a.frames[0]
	a.frames = a.frames[1:]
	limit := tooLate(term.t)
	for {
		var b strings.Builder
		s := term.shoot()
		if s.draw(&b); b.String() == want {
			return s
		}
		select {
		case <-term.changed:
		case <-limit:
			return s
		}
	}
}

// svg draws shots one above the other in time: the only one stands still, several
// follow each other for three seconds each.
func svg(title string, shots ...shot) string {
	height := 0
	for _, s := range shots {
		height = max(height, s.height())
	}
	w, h := float64(shots[0].width)*cellWidth+32, float64(height)*cellHeight+32
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`+"\n", w, h, w, h, escaped(title))
	b.WriteString("<title>" + escaped(title) + "</title>\n" + pictureStyle)
	if len(shots) > 1 {
		seconds := 3 * len(shots)
		share := 100 / float64(len(shots))
		fmt.Fprintf(&b, "<style>.s{animation:s %ds step-end infinite;opacity:0}@keyframes s{0%%{opacity:1}%.3f%%{opacity:0}}", seconds, share)
		for i := range shots {
			fmt.Fprintf(&b, ".s%d{animation-delay:%ds}", i, 3*i)
		}
		b.WriteString("@media (prefers-reduced-motion:reduce){.s{animation:none}.s0{opacity:1}}</style>\n")
	}
	fmt.Fprintf(&b, `<rect class="screen" width="%.0f" height="%.0f" rx="10"/>`+"\n", w, h)
	for i, s := range shots {
		class := ""
		if len(shots) > 1 {
			class = fmt.Sprintf(` class="s s%d"`, i)
		}
		fmt.Fprintf(&b, "<g%s>\n", class)
		s.draw(&b)
		b.WriteString("</g>\n")
	}
	return b.String() + "</svg>\n"
}

// height is up to the last line that is not empty.
func (s shot) height() int {
	for y := len(s.rows); y > 0; y-- {
		if len(s.rows[y-1]) > 0 {
			return y
		}
	}
	return 1
}

func (s shot) draw(b *strings.Builder) {
	for y, row := range s.rows {
		for _, span := range row {
			text := settled(span.text)
			class := ""
			if span.class != "" {
				class = ` class="` + span.class + `"`
			}
			fmt.Fprintf(b, `<text x="%.1f" y="%.0f" textLength="%.1f"%s>%s</text>`+"\n", 16+float64(span.column)*cellWidth,
				16+float64(y)*cellHeight+13, float64(ansi.StringWidth(text))*cellWidth, class, escaped(text))
		}
	}
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

// pictureStyle has the colours for light and dark pages; both have a contrast of
// at least 4.5 on their background (WCAG 2.2, 1.4.3).
const pictureStyle = `<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;white-space:pre;fill:#1f2328}
.screen{fill:#f6f8fa;stroke:#d1d9e0}.b{font-weight:700}.f{fill:#59636e}
.c1{fill:#c21c2c}.c2{fill:#116329}.c3{fill:#7d4e00}.c6{fill:#0a6472}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.screen{fill:#0d1117;stroke:#3d444d}.f{fill:#9198a1}
.c1{fill:#ff7b72}.c2{fill:#56d364}.c3{fill:#e3b341}.c6{fill:#39c5cf}}
</style>
`

// refusingCoze refuses every JWT as the real one does a key that it does not know.
func refusingCoze(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Tt-Logid", "20260115080000a1b2c3")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error_code":"invalid_client","error_message":"invalid jwt: kid not been registred"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// pictures are the README's, each drawn from the real program in a language.
var pictures = map[string]func(t *testing.T, a *album, lang string) string{
	"setup": func(t *testing.T, a *album, lang string) string {
		term := shown(t, t.TempDir(), home(t), 24, lang)
		var shots []shot
		for n := 1; n <= 9; n++ {
			waitForStep(term, n)
			if n == 1 {
				term.press("3")
				term.wait("❯ 3.")
			}
			shots = append(shots, a.shoot(term))
			term.press("\r")
		}
		return svg("cozejwt sets up credentials step by step", shots...)
	},
	"wizard": func(t *testing.T, a *album, lang string) string {
		dir := t.TempDir()
		keyPairIn(t, dir)
		term := shown(t, dir, home(t), 29, lang, "init", "--region", "cn", "--reuse-key")
		waitForStep(term, 2)
		term.press("\r")
		waitForStep(term, 4)
		term.press(" ")
		term.wait("✓ 1.")
		return svg("cozejwt says what is to be done in the console", a.shoot(term))
	},
	"refusal": func(t *testing.T, a *album, lang string) string {
		dir := t.TempDir()
		keyPairIn(t, dir)
		term := shown(t, dir, home(t), 26, lang, "init", "--api-base", refusingCoze(t),
			"--app-id", testAppID, "--key-id", testKeyID, "--reuse-key", "--yes")
		for _, n := range []int{2, 4, 7} { // flags answer the others
			waitForStep(term, n)
			term.press("\r")
		}
		term.wait("logid")
		return svg("cozejwt explains why Coze refused a token", a.shoot(term))
	},
	"verify": func(t *testing.T, a *album, lang string) string {
		p := newProject(t)
		p.set("COZE_API_BASE", refusingCoze(t))
		p.chmod(".env", 0o644)
		term := shown(t, p.dir, p.env, 26, lang, "verify")
		term.wait("❯ ✗")
		return svg("cozejwt verify shows what is wrong and how to fix it", a.shoot(term))
	},
}

// shown starts the program in a project folder, as a picture shows it.
func shown(t *testing.T, dir string, env []string, height int, lang string, args ...string) *terminal {
	t.Helper()
	enter := []string{"-c", `cd "$0" && exec "$@"`, dir, build(t, "."), "--lang", lang}
	return start(t, answering, 96, height, env, "sh", append(enter, args...)...)
}

func waitForStep(term *terminal, n int) { term.wait(fmt.Sprintf("%d/9", n)) }

func keyPairIn(t *testing.T, dir string) {
	t.Helper()
	if _, err := keygen.Save(filepath.Join(dir, "config", "private_key.pem"), testkey.RSA(), keygen.Refuse, time.Now()); err != nil {
		t.Fatal(err)
	}
}

// The pictures show the program as it is.
func TestPicturesAreUpToDate(t *testing.T) {
	t.Parallel()
	for name, draw := range pictures {
		for suffix, lang := range map[string]string{".svg": "en", ".zh-CN.svg": "zh"} {
			t.Run(name+suffix, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join("..", "..", ".github", name+suffix)
				wantPicture(t, path, draw(t, openAlbum(path), lang))
			})
		}
	}
}

// wantPicture compares what is drawn with what is saved, or saves it.
func wantPicture(t *testing.T, path, drawn string) {
	t.Helper()
	if len(drawn) > 400_000 {
		t.Errorf("%s has %d bytes", path, len(drawn))
	}
	if *update {
		if err := os.WriteFile(path, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	saved, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(saved) != drawn {
		a, b := strings.Split(string(saved), "\n"), strings.Split(drawn, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("%s is not as the program draws it now (go test -tags e2e ./cmd/cozejwt -run Pictures -update):\n%s\n%s", path, a[i], b[i])
			}
		}
		t.Fatalf("%s has another length now", path)
	}
}
