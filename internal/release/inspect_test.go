package release

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// goBinary is a file with nothing in it but what the Go toolchain writes about a build, in the
// form that debug/buildinfo documents: one segment of data, which begins with the magic.
func goBinary(t *testing.T, info string) []byte {
	t.Helper()
	data := []byte("\xff Go buildinf:\x08\x02" + strings.Repeat("\x00", 16))
	info = strings.Repeat("<", 16) + info + strings.Repeat(">", 16)
	for _, text := range []string{"go1.26.0", info} {
		data = append(binary.AppendUvarint(data, uint64(len(text))), text...)
	}
	const start = 0x1000 // offset and address
	header := elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1, Shentsize: 64,
	}
	segment := elf.Prog64{
		Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_W), Off: start, Vaddr: start,
		Filesz: uint64(len(data)), Memsz: uint64(len(data)), Align: start,
	}
	var file bytes.Buffer
	for _, part := range []any{header, segment, make([]byte, start-64-56), data} {
		if err := binary.Write(&file, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

func TestABinarySaysWhatItWasBuiltFrom(t *testing.T) {
	content := goBinary(t, strings.Join([]string{
		"path\tcozejwt/cmd/cozejwt",
		"mod\tcozejwt\tv1.2.3\t",
		"dep\ta.example/m\tv1.0.0\th1:x=",
		"dep\tb.example/m\tv1.0.0",
		"=>\tfork.example/m\tv2.0.0\th1:y=",
		"build\tGOARCH=arm64",
		"build\tGOOS=windows",
		"build\tvcs.time=2026-11-25T12:00:00Z",
		"",
	}, "\n"))
	found, err := Inspect(content)
	if err != nil {
		t.Fatal(err)
	}
	if found.OS != "windows" || found.Arch != "arm64" || found.Version != "v1.2.3" || !bytes.Equal(found.Content, content) {
		t.Errorf("it is %s for %s/%s with %d bytes", found.Version, found.OS, found.Arch, len(found.Content))
	}
	if want := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC); !found.Date.Equal(want) {
		t.Errorf("its date is %s, want %s", found.Date, want)
	}
	if want := []string{"a.example/m@v1.0.0", "fork.example/m@v2.0.0"}; !slices.Equal(found.Modules, want) {
		t.Errorf("its modules are %q, want %q", found.Modules, want)
	}
}

func TestABinaryWithoutACommitHasNoDate(t *testing.T) {
	found, err := Inspect(goBinary(t, "path\tcozejwt\nmod\tcozejwt\t(devel)\t\nbuild\tGOOS=linux\n"))
	if err != nil || !found.Date.IsZero() || found.Modules != nil {
		t.Errorf("its date is %s and its modules %q, %v", found.Date, found.Modules, err)
	}
}

func TestThisBinaryIsForThisSystem(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found, err := Inspect(content)
	if err != nil || found.OS != runtime.GOOS || found.Arch != runtime.GOARCH {
		t.Errorf("it is for %s/%s, %v", found.OS, found.Arch, err)
	}
}

func TestWhatIsNoGoBinaryIsRefused(t *testing.T) {
	if found, err := Inspect([]byte("#!/bin/sh\n")); err == nil {
		t.Errorf("a script is inspected: %+v", found)
	}
}
