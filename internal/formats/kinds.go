package formats

import (
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

// A kind is a syntax, and what reads it.
type kind struct {
	name    string
	endings []string
	read    func([]byte) ([]document, error)
}

var kinds = []kind{
	{"YAML", []string{".yaml", ".yml"}, fromYAML},
	{"JSON", []string{".json", ".jsonc", ".json5", ".code-workspace"}, fromJSON},
	{"TOML", []string{".toml"}, fromTOML},
	{"properties", []string{".properties"}, fromProperties},
	{".env", []string{".env", ".dev.vars"}, fromEnv},
	{"text", []string{".txt", ".text", ".md", ".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".conf", ".cfg", ".vars", ".tfvars", ".envrc", ".service", ".fish", ".csh", "dockerfile", "makefile", "justfile", ".mk", ".http", ".rest", ".xml", ".config"}, fromText},
	{"source", []string{".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".go", ".java", ".kt", ".kts", ".php", ".rb", ".cs", ".rs", ".swift", ".dart", ".lua", ".gradle", ".groovy", ".scala", ".vue", ".tf", ".hcl", ".nix", ".h", ".hpp", ".c", ".cc", ".cpp", ".ino", ".m"}, fromSource},
	{"INI", []string{".ini"}, fromINI},
}

// kindOf returns what a file is by its name; ok is false for a kind that is not known.
func kindOf(path string) (k kind, ok bool) {
	name := strings.ToLower(filepath.Base(path))
	for _, k := range kinds {
		for _, ending := range k.endings {
			if strings.HasSuffix(name, ending) && (k.name != "source" || !IsEnv(path)) {
				return k, true
			}
		}
	}
	if IsEnv(path) || name == "env" {
		return kinds[4], true
	}
	return kind{}, false
}

// IsEnv reports whether a file is a .env by its name.
func IsEnv(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, ".env") || strings.HasSuffix(name, ".env")
}

// checkEncoding returns the fault of a text that is not UTF-8. A .env whose comments alone are
// in GBK is read as it is.
func checkEncoding(k kind, data []byte) error {
	encoding := envfile.Encoding(data)
	switch {
	case encoding == "", k.name == ".env" && encoding != "UTF-16":
		return nil
	case encoding == "?":
		return fault.Invalid("file.not_utf8")
	}
	return envfile.ErrEncoding.With("encoding", encoding)
}

var (
	composeName = lazyregexp.New(`(?i)^(docker-)?(compose|stack)\b.*\.ya?ml$`)
	springName  = lazyregexp.New(`(?i)^(application|bootstrap)\b.*\.(ya?ml|properties)$`)
)

// dialectOf tells how the variables of a file are written, by its name and by the sections
// that its tool has.
func dialectOf(path string, k kind, documents []document) dialect {
	name := filepath.Base(path)
	has := func(key ...string) bool {
		return slices.ContainsFunc(documents, func(d document) bool {
			return slices.ContainsFunc(d, func(p property) bool { return len(p.path) > 1 && slices.Contains(key, p.path[0]) })
		})
	}
	switch {
	case k.name == ".env", k.name == "text", k.name == "source", k.name == "INI":
		return dialect{bare: true}
	case k.name == "properties", springName().MatchString(name), k.name == "YAML" && has("spring", "server", "management"):
		return dialect{colon: true, spring: true}
	case composeName().MatchString(name), k.name == "YAML" && has("services"):
		return dialect{compose: true, bare: true}
	case k.name == "YAML" && !has("jobs", "apiVersion", "metadata", "provider", "stages", "Resources"):
		return dialect{colon: true}
	}
	return dialect{}
}

// embedded is the kind of a configuration that stands in a value, as in a ConfigMap or in a
// variable: by the name of its key, or by its braces.
func embedded(p property) (k kind, name string, ok bool) {
	text := strings.TrimSpace(p.value)
	last := p.path[len(p.path)-1]
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && strings.Contains(text, `":`) {
		return kinds[1], last, true
	}
	if !strings.Contains(text, "\n") {
		return kind{}, "", false
	}
	name = last
	if n := len(p.path); n > 1 && !strings.Contains(last, ".") { // YAML's keys are divided at their dots
		name = p.path[n-2] + "." + last
	}
	k, ok = kindOf(name)
	return k, name, ok
}
