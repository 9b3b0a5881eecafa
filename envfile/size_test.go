package envfile_test

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"cozejwt/envfile"
	"cozejwt/internal/boundedfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
	"cozejwt/internal/testgrowth"
)

// large are files of the size that is just read, of the kinds that cost most.
var large = map[string]string{
	"comment lines": strings.Repeat("#\n", boundedfile.Most/2),
	"one comment":   "#" + strings.Repeat("x", boundedfile.Most-1),
	"one line":      "A=" + strings.Repeat("x", boundedfile.Most-2),
	"one quote":     "A='" + strings.Repeat("x\n", boundedfile.Most/2-2) + "'",
	"empty lines":   strings.Repeat("\n", boundedfile.Most),
	"many values":   strings.Repeat("A1234567=x # c\n", boundedfile.Most/15),
	"dollar signs":  "A=" + strings.Repeat("$B", boundedfile.Most/2-1),
}

func TestALargeFileTakesLittleMemory(t *testing.T) {
	if testgrowth.RaceDetector {
		t.Skip("the race detector changes what is allocated")
	}
	defer debug.SetMaxStack(debug.SetMaxStack(1 << 20)) // godotenv alone takes 64 MB for the comment lines; more than the limit ends the tests
	for name, text := range large {
		t.Run(name, func(t *testing.T) {
			read := allocated(func() {
				if _, err := envfile.Parse([]byte(text)); err != nil {
					t.Fatal(err)
				}
			})
			const most = 128 << 20 // a regular expression for each dollar sign
			if read > most {
				t.Errorf("reading allocates %d MiB", read>>20)
			}
			f := parse(t, text)
			pairs := make([]envfile.Pair, 8)
			for i := range pairs {
				pairs[i] = envfile.Pair{Name: "KEY_" + strconv.Itoa(i), Value: "v"}
			}
			edited := allocated(func() {
				if err := f.SetAll(pairs...); err != nil {
					t.Fatal(err)
				}
			})
			if edited > 2*read+16*boundedfile.Most {
				t.Errorf("eight edits allocate %d KiB, reading it %d KiB", edited>>10, read>>10)
			}
		})
	}
}

// What is kept of an assignment is allocated once, and a name that is assigned again takes nothing.
func TestManyAssignmentsAreKeptOnce(t *testing.T) {
	if testgrowth.RaceDetector {
		t.Skip("the race detector changes what is allocated")
	}
	text := strings.Repeat("A=1\n", boundedfile.Most/4)
	read := allocated(func() { parse(t, text) })
	if most := uint64(24 * boundedfile.Most); read > most { // 14 for each line of 4 bytes are what is kept
		t.Errorf("reading allocates %d KiB, want at most %d", read>>10, most>>10)
	}
}

// allocated is how many bytes do allocates, also those that are free again.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAFileThatIsTooLargeIsNotRead(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("most.env", strings.Repeat("#", boundedfile.Most))
	dir.Write("more.env", strings.Repeat("#", boundedfile.Most+1))
	if _, err := envfile.Load(dir.Path("most.env")); err != nil {
		t.Error(err)
	}
	f, err := envfile.Load(dir.Path("more.env"))
	got, ok := errors.AsType[*fault.Fault](err)
	if f != nil || !ok || got.ID != "file.too_large" || got.Class != fault.ClassCheck || got.Value("path") != dir.Path("more.env") || got.Value("kib") != "1024" {
		t.Errorf("loaded %v, %v", f, err)
	}
	if err := parse(t, "A=1\n").Save(dir.Path("more.env"), nil); !errors.Is(err, got) {
		t.Errorf("saved, %v", err)
	}
}

func TestSeveralVariablesAreSetAtOnceOrNot(t *testing.T) {
	f := parse(t, "B=1 # b\nA='1'\nC=3")
	if err := f.SetAll(envfile.Pair{Name: "A", Value: "2"}, envfile.Pair{Name: "D", Value: "4"}, envfile.Pair{Name: "B", Value: "2"}, envfile.Pair{Name: "C", Value: "3"}, envfile.Pair{Name: "E", Value: "5"}); err != nil {
		t.Fatal(err)
	}
	const want = "B=2 # b\nA='2'\nC=3\nD=4\nE=5\n"
	if got := string(f.Bytes()); got != want {
		t.Errorf("the file became %q, want %q", got, want)
	}
	if err := f.SetAll(envfile.Pair{Name: "A", Value: "x"}, envfile.Pair{Name: "B", Value: "two\nlines"}); !errors.Is(err, envfile.ErrNoQuoting) {
		t.Errorf("error is %v", err)
	}
	if err := f.SetAll(envfile.Pair{Name: "A", Value: "x"}, envfile.Pair{Name: "N", Value: "two\nlines"}); !errors.Is(err, envfile.ErrNoQuoting) {
		t.Errorf("error is %v", err)
	}
	if got := string(f.Bytes()); got != want {
		t.Errorf("the file became %q, want it unchanged", got)
	}
}
