package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// changing are the functions of other packages that change files, by the path of the package.
var changing = map[string][]string{
	"os": {
		"Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "Lchown", "Link", "Mkdir", "MkdirAll", "MkdirTemp", "OpenRoot",
		"Remove", "RemoveAll", "Rename", "Symlink", "Truncate", "WriteFile",
	},
	"io/ioutil": {"WriteFile", "TempFile", "TempDir"},
	"syscall": {
		"Chmod", "Chown", "Creat", "Fchmod", "Fchmodat", "Fchown", "Fchownat", "Ftruncate", "Lchown", "Link", "Linkat", "Mkdir", "Mkdirat", "MoveFile",
		"Mknod", "Open", "Openat", "Pwrite", "Rename", "Renameat", "Rmdir", "Symlink", "Truncate", "Unlink", "Unlinkat", "Utimes", "Write",
	},
}

// mayChange are the packages that change files by themselves: those that are no part of the
// program, and the one through which the program does it.
var mayChange = []string{
	"internal/disk", "internal/mutation", "internal/testfile", "internal/testplan", "internal/campaign", "cmd/mutate", "cmd/packages",
}

// What changes files goes through internal/disk, where the campaign breaks it.
func TestOnlyOnePackageChangesFiles(t *testing.T) {
	found := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		calls, err := fileChanges(path)
		switch room := filepath.ToSlash(filepath.Dir(path))[len("../"):]; {
		case !slices.Contains(mayChange, room):
			for _, call := range calls {
				t.Errorf("%s changes files by itself, not by internal/disk", call)
			}
		case room == "internal/disk":
			found += len(calls)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 10 {
		t.Errorf("only %d calls were found in internal/disk", found)
	}
}

// fileChanges returns where a file of Go uses functions that change files.
func fileChanges(path string) (found []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	names := map[string]string{} // of the packages in this file
	for _, spec := range file.Imports {
		from := strings.Trim(spec.Path.Value, `"`)
		name := filepath.Base(from)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if strings.HasPrefix(from, "golang.org/x/sys/") {
			from = "syscall"
		}
		names[name] = from
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		from, name := names[pkg.Name], selector.Sel.Name
		flags := from == "os" && slices.Contains([]string{"O_APPEND", "O_CREATE", "O_RDWR", "O_TRUNC", "O_WRONLY"}, name)
		renames := from == "syscall" && (strings.HasPrefix(name, "Renam") || strings.HasPrefix(name, "MoveFile"))
		if renames || slices.Contains(changing[from], name) || flags && !createsByDisk(path) {
			found = append(found, fmt.Sprintf("%s: %s.%s", set.Position(selector.Pos()), pkg.Name, name))
		}
		return true
	})
	return found, nil
}

// createsByDisk reports whether a file gives the flags of a file that it makes to disk.OpenFile.
func createsByDisk(path string) bool {
	return filepath.ToSlash(path) == "../internal/atomicfile/sweep.go"
}
