package formats

import (
	"strings"

	"cozejwt/internal/credentials"
	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
	"cozejwt/internal/secret"
)

// What stands in a file in place of a value. Each is a doubt, named as what it is; none ever
// becomes a value.
var (
	// ErrUnset is the doubt about a variable that nothing fills.
	ErrUnset = fault.Invalid("import.unset")
	// ErrReference is the doubt about an expression that another tool fills.
	ErrReference = fault.Invalid("import.reference")
	// ErrExpression is the doubt about an expression of a tool that it does not name.
	ErrExpression = fault.Invalid("import.expression")
	// ErrSecretStore is the doubt about the address of a value in a secret store.
	ErrSecretStore = fault.Invalid("import.secret_store")
	// ErrEncrypted is the doubt about an encrypted value.
	ErrEncrypted = fault.Invalid("import.encrypted")
	// ErrCommand is the doubt about a command of a shell.
	ErrCommand = fault.Invalid("import.command")
	// ErrPlaceholder is the doubt about a text that a person is to replace.
	ErrPlaceholder = fault.Invalid("import.placeholder")
	// ErrTooLong is the doubt about a text that is longer than any value.
	ErrTooLong = fault.Invalid("import.too_long")
	// ErrStructure is the doubt about a list or a mapping.
	ErrStructure = fault.Invalid("import.structure")
)

// A reference is one way to write something else than a value.
type reference struct {
	tool    string // a name of the field, the same in every language
	is      *fault.Fault
	pattern lazyregexp.Regexp
}

// references are those of the tools that people have, by their documentation; the first that
// matches counts. They are looked for before any variable is filled.
var references = []reference{
	{"GitHub Actions", ErrReference, lazyregexp.New(`\$\{\{`)},
	{"Helm, Jinja", ErrReference, lazyregexp.New(templateMark + `|\{\{.*\}\}|\{%.*%\}`)},
	{"ERB", ErrReference, lazyregexp.New(`^<%.*%>$`)},
	{"Azure Pipelines", ErrReference, lazyregexp.New(`^\$\[.*\]$|^\$\([A-Za-z][\w.]*\.[\w.]+\)$`)},
	{"Kubernetes, make", ErrReference, lazyregexp.New(`^\$\([A-Z_][A-Z0-9_]*\)(/|$)`)},
	{"", ErrCommand, lazyregexp.New("\\$\\(|^`.*`$|^!\\w+ ")},
	{"Serverless Framework", ErrReference, lazyregexp.New(`\$\{(self|opt|param|ssm|s3|cf|sls|aws|file|strToBool|git|secretsManager|output|stage)(\([^)]*\))?[:.]`)},
	{"Serverless Framework, VS Code", ErrReference, lazyregexp.New(`\$\{env:`)},
	{"VS Code", ErrReference, lazyregexp.New(`\$\{(input|command|config|workspaceFolder|workspaceRoot|userHome|file\w*)(:[^}]*)?\}`)},
	{"Terraform", ErrReference, lazyregexp.New(`\$\{(var|local|data|module|each|path|terraform|random_\w+|aws_\w+|azurerm_\w+|google_\w+)\.|^(var|local|data|module)\.[A-Za-z_][\w.\[\]"]*$|^(file|sensitive|templatefile|jsonencode)\(.*\)$`)},
	{"Vault", ErrSecretStore, lazyregexp.New(`\$\{vault:|^(ref\+)?vault(:|\+|://)|^secret/data/|^\$__vault\{`)},
	{"vals", ErrSecretStore, lazyregexp.New(`^(ref|secretref)\+\w+://`)},
	{"1Password", ErrSecretStore, lazyregexp.New(`op://`)},
	{"AWS", ErrSecretStore, lazyregexp.New(`^arn:aws[\w-]*:|\{\{resolve:|^(aws-?sm|awssm|aws-?ssm|awsps|ssm|asm)://|^\$\{(aws|secretsmanager|parameterstore)\w*[:.]`)},
	{"Google Secret Manager", ErrSecretStore, lazyregexp.New(`^projects/[^/]+/secrets/|^(\$\{)?(sm|gcp-?sm|gsm|gcp-?secrets?(-?manager)?|berglas)(://|/|@)`)},
	{"Azure Key Vault", ErrSecretStore, lazyregexp.New(`@Microsoft\.(KeyVault|AppConfiguration)\(|^https://[\w-]+\.vault\.azure\.|^(azkv|akv|azurekeyvault)://|^keyvaultref:|^secretref:`)},
	{"Doppler, Infisical, Bitwarden, keyring", ErrSecretStore, lazyregexp.New(`^(doppler|infisical|bws?|bitwarden|keepass|keyring|keychain|pass|gopass|akeyless|conjur|chamber|teller|lastpass|lpass|dashlane|proton-?pass|secret|secrets|kms)://`)},
	{"dotenvx", ErrEncrypted, lazyregexp.New(`^encrypted:`)},
	{"SOPS", ErrEncrypted, lazyregexp.New(`^ENC\[AES256_GCM,`)},
	{"Jasypt", ErrEncrypted, lazyregexp.New(`^(ENC|DEC)\(.*\)$`)},
	{"Spring Cloud Config", ErrEncrypted, lazyregexp.New(`^\{(cipher|vault|aes|rsa)\}`)},
	{"Ansible Vault", ErrEncrypted, lazyregexp.New(`^\$ANSIBLE_VAULT;`)},
	{"ejson", ErrEncrypted, lazyregexp.New(`^EJ\[\d+:`)},
	{"Travis CI, git-crypt, age, PGP", ErrEncrypted, lazyregexp.New(`^(secure|kms|age|gpg|pgp|crypt|cipher|enc|AES)[:,]|^-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)|^\x00GITCRYPT`)},
	{"Spring (SpEL)", ErrReference, lazyregexp.New(`^#\{.*\}$|^\$\{random\.`)},
	{"Symfony", ErrReference, lazyregexp.New(`%env\(`)},
	{"Docker", ErrReference, lazyregexp.New(`^\$?__?(file|env)\{|^docker-secret:`)},
	{"Maven, Ant", ErrReference, lazyregexp.New(`^@[\w.-]+@$`)},
	{"Windows", ErrReference, lazyregexp.New(`^%[A-Za-z_]\w*%$`)},
	{"PowerShell", ErrReference, lazyregexp.New(`^\$env:\w+$`)},
	{"", ErrExpression, lazyregexp.New(`^(process\.env|import\.meta\.env|os\.environ|os\.getenv|System\.getenv|Deno\.env|Netlify\.env|env|getenv|secrets?|vars|config)[.\[(]`)},
	{"", ErrExpression, lazyregexp.New(`^#\{[^}]*\}#?$|^\[\[.*\]\]$|^#\[.*\]#$|^\{[A-Za-z_][\w.]*\}$`)},
}

// byTag are the tags of YAML, and the members of JSON and YAML, by which tools refer to values.
var byTag = []struct {
	tool string
	is   *fault.Fault
	tags string
}{
	{"CloudFormation", ErrReference, "!Ref !Sub !GetAtt !Join !ImportValue !FindInMap !Select !If Ref Fn"},
	{"Kubernetes", ErrReference, "valueFrom secretKeyRef configMapKeyRef fieldRef secretRef remoteRef"},
	{"Ansible Vault", ErrEncrypted, "!vault !vault-encrypted"},
	{"GitLab CI", ErrReference, "!reference"},
	{"Drone", ErrReference, "from_secret fromSecret"},
	{"Home Assistant", ErrReference, "!secret"},
	{"pyaml-env", ErrReference, "!ENV !env !env_var"},
	{"", ErrExpression, "expression"}, // of a program
	{"Sealed Secrets", ErrEncrypted, "encryptedData"},
}

// referenceTo is the doubt about a tag or a member that refers to a value elsewhere.
func referenceTo(tag string) *fault.Fault {
	tag, _, _ = strings.Cut(tag, "::")
	for _, t := range byTag {
		for _, known := range strings.Fields(t.tags) {
			if strings.EqualFold(tag, known) {
				return t.is.With("tool", t.tool)
			}
		}
	}
	return ErrStructure
}

// What examples have in place of a value, in English and in Chinese. Surely is so in a path and
// in a URL too.
var (
	surely = lazyregexp.New(`(?i)^(<.*>|\[.*\]|\{.*\}|\(.*\)|x{3,}|\*{3,}|#{3,}|_{3,}|-{3,}|\.{2,}|…+|\?+|0+|1234567890|123456789|none|null|nil|undefined|n/?a|empty|tbd|test|todo|fixme|dummy|secret|value|string|token)$|` +
		`x{4,}|^__\w+__$|<[^>]+>|path[/\\]to[/\\]|(^|[^a-z0-9])(your|change[ _.-]?(me|this)|replace[ _.-]?(me|this|with)|placeholder)([^a-z0-9]|$)|` +
		`填写|填入|你的|您的|替换|请输入|请填|这里|此处|示例|占位|粘贴`)
	likely = lazyregexp.New(`(?i)(^|[^a-z0-9])(to[ _-]?do|fill[ _.-]?(me|in)|insert|paste|put|enter|example|sample|redacted|masked|hidden|dummy|fake|here)([^a-z0-9]|$)|` +
		`^(your|my|example|sample|fake|dummy)[A-Z_-]|应用\s?id$|公钥|私钥|指纹`)
	pemFrame = lazyregexp.New(`-+(BEGIN|END)[A-Z0-9 ]*-+`)
)

// placeholderIn is the doubt about a text that a person is to replace, nil for none.
func placeholderIn(field credentials.Field, text string) *fault.Fault {
	if isID(text) {
		return nil
	}
	isPath := field == credentials.APIBase || strings.ContainsAny(text, `/\`) && !strings.Contains(text, "-----")
	if slot(field) == credentials.KeyPath {
		if secret.In(text) == secret.Key {
			return nil
		}
		text = strings.TrimSpace(pemFrame().ReplaceAllString(strings.ReplaceAll(text, `\n`, "\n"), ""))
		if strings.HasPrefix(text, "MII") { // cut off
			return nil
		}
	}
	if text == "" || surely().MatchString(text) || !isPath && likely().MatchString(text) {
		return ErrPlaceholder
	}
	return nil
}

// isID reports whether a text is an App ID or a Key ID beyond doubt: of 43 random characters
// some are capitals and some are not.
func isID(text string) bool {
	if isNumber(text) {
		return strings.Trim(text, "0") != "" && text != "123456789" && text != "1234567890"
	}
	return credentials.IsKeyID(text) && strings.ToLower(text) != text && strings.ToUpper(text) != text
}

// referenceIn is the doubt about a text that another tool turns into a value, nil where it
// may be one.
func referenceIn(text string) *fault.Fault {
	if isID(text) || strings.Contains(text, "PRIVATE KEY-----") && !strings.ContainsAny(text, "{"+templateMark) {
		return nil
	}
	for _, r := range references {
		if r.pattern().MatchString(text) {
			return r.is.With("tool", r.tool)
		}
	}
	return nil
}
