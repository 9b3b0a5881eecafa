//go:build e2e && unix

package main

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/credentials"
	"cozejwt/internal/i18n"
	"cozejwt/internal/snippet"
)

// The snippets in Node.js and PHP are run elsewhere. Of the others the SDKs cannot be had
// here: their languages' own parsers read them.
func TestSnippetsAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, of := range []snippet.Project{
		{Convention: credentials.Default},
		{Convention: credentials.SDK},
		{Convention: credentials.Default, Owner: credentials.AccountID},
		{Convention: credentials.Default, Owner: credentials.EnterpriseID},
	} {
		of.EnvPath = ".env"
		name := string(of.Convention) + " " + string(of.Owner)
		text := func(language string) string {
			s, ok := of.In(i18n.English, language)
			if !ok || strings.Count(s.Text, "COZE_") < 2 && language != "curl" {
				t.Fatalf("%s: %q", language, s.Text)
			}
			return s.Text
		}
		t.Run("go, "+name, func(t *testing.T) {
			if _, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc x() {\n"+text("go")+"}\n", 0); err != nil {
				t.Error(err)
			}
		})
		t.Run("python, "+name, func(t *testing.T) {
			wantParsed(t, "x.py", text("python"), "python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())")
		})
		t.Run("java, "+name, func(t *testing.T) {
			wantParsed(t, "X.java", "class X { void x() throws Exception {\n"+text("java")+"} }\n", "java", javaParser(t))
		})
		t.Run("php, "+name, func(t *testing.T) { wantParsed(t, "x.php", text("php"), "php", "-l") })
		t.Run("curl, "+name, func(t *testing.T) { wantParsed(t, "x.sh", text("curl"), "sh", "-n") })
	}
}

// wantParsed writes text to a file that a program reads without complaint.
func wantParsed(t *testing.T, file, text, program string, args ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed here", program)
	}
	if out, err := exec.Command(program, append(args, path)...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s\n%s", err, out, text)
	}
}

// javaParser is a program that parses the Java file that it is given.
func javaParser(t *testing.T) string {
	t.Helper()
	tree := `import com.sun.source.util.JavacTask; import javax.tools.*; import java.nio.file.*; import java.util.*;
class Parse { public static void main(String[] a) throws Exception {
	var compiler = ToolProvider.getSystemJavaCompiler(); var found = new DiagnosticCollector<JavaFileObject>();
	var files = compiler.getStandardFileManager(found, null, null).getJavaFileObjects(Path.of(a[0]));
	((JavacTask) compiler.getTask(null, null, found, null, null, files)).parse();
	if (!found.getDiagnostics().isEmpty()) { System.err.println(found.getDiagnostics()); System.exit(1); } } }`
	tool := filepath.Join(t.TempDir(), "Parse.java")
	if err := os.WriteFile(tool, []byte(tree), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("javac"); err != nil {
		t.Skip("no Java compiler is installed here")
	}
	return tool
}
