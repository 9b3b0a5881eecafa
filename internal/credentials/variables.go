// Package credentials defines the credentials of an app: which variables of a .env
// file hold one, what its values look like, and what they are mistaken for.
// It reads and edits text, writes no file and asks nobody.
package credentials

import (
	"path/filepath"
	"strings"

	"cozejwt/envfile"
	"cozejwt/internal/fault"
	"cozejwt/internal/secret"
)

// A Set is what it takes to sign an assertion and where to send it. Each field
// has a row in Variables.
type Set struct {
	AppID   string `json:"app_id"`   // the app's client id, iss
	KeyID   string `json:"key_id"`   // the public key's fingerprint in the console, kid
	KeyPath string `json:"key_path"` // of the private key, as written: "/" separates, relative to the .env's folder
	APIBase string `json:"api_base"`

	Aud          string `json:"aud,omitempty"`           // aud where it is not the host of the base, which then is a proxy's
	AccountID    string `json:"account_id,omitempty"`    // whose workspace or organization the token is for
	EnterpriseID string `json:"enterprise_id,omitempty"` // the same for an enterprise, of a privilege app
}

// A Field identifies a value of a set. It is the id of the question for it, and
// with dashes the name of its flag.
type Field string

// WeakAppAlias is a name that may also mean a workflow's app, as those behind it may.
const WeakAppAlias = "appid"

// The fields.
const (
	AppID   Field = "app_id"
	KeyID   Field = "key_id"
	KeyPath Field = "key_path"
	APIBase Field = "api_base"

	Aud          Field = "aud"
	AccountID    Field = "account_id"
	EnterpriseID Field = "enterprise_id"
)

// Flag is the command line flag that gives the value.
func (f Field) Flag() string { return "--" + strings.ReplaceAll(string(f), "_", "-") }

// A Variable is one value of a set and everything that is known about it. To
// store one more value, add a field to Set and a row to Variables.
type Variable struct {
	Field    Field
	Optional bool
	Names    map[Convention]string // of the variable, in each convention
	JSON     string                // its member in coze_oauth_config.json; "" where that has none
	Spring   string                // its key below coze.oauth in Spring YAML
	// Aliases are its names in other files and its labels on web pages, in
	// lower case and without separators, the surest first.
	Aliases []string
	// Shared says that both conventions use the same name, so that it tells
	// nothing about which one a file follows.
	Shared bool
	// check names the mistake in a value; odd doubts one that may be right. Both
	// are nil where any text may be right.
	check func(value string) *fault.Fault
	odd   func(value string) *fault.Fault
	at    func(*Set) *string
}

// Variables are all values of a set, in the order in which they are written.
var Variables = []Variable{
	{
		Field:   AppID,
		Names:   map[Convention]string{Default: "COZE_CLIENT_ID", SDK: "COZE_JWT_OAUTH_CLIENT_ID"},
		JSON:    "client_id",
		Spring:  "clientId",
		Aliases: []string{"clientid", "iss", "issuer", "oauthappid", "客户端id", WeakAppAlias, "applicationid", "clientkey", "应用id"},
		check:   notAppID,
		odd:     oddAppID,
		at:      func(s *Set) *string { return &s.AppID },
	},
	{
		Field:  KeyID,
		Names:  map[Convention]string{Default: "COZE_PUBLIC_KEY", SDK: "COZE_JWT_OAUTH_PUBLIC_KEY_ID"},
		JSON:   "public_key_id",
		Spring: "publicKey",
		Aliases: []string{
			"publickeyid", "kid", "publickeyfingerprint", "keyid", "keyfingerprint", "fingerprint", "公钥指纹", "指纹",
			"publickeykid", "pubkeyid", "pubkey", "publickey",
		},
		check: notKeyID,
		odd:   oddKeyID,
		at:    func(s *Set) *string { return &s.KeyID },
	},
	{
		Field:  KeyPath,
		Names:  map[Convention]string{Default: "COZE_PRIVATE_KEY_PATH", SDK: "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH"},
		Spring: "privateKeyPath",
		Aliases: []string{
			"privatekeypath", "privatekeyfilepath", "privatefilepath", "privatekeyfile", "privatekeylocation", "privatekeyfilename", "privatekeypempath", "privatekeypemfile",
			"privkeypath", "privkeyfile", "pempath", "pemfile", "certpath", "certfile", "keyfilepath", "keypath", "keyfile",
			"私钥路径", "私钥文件", "私钥文件路径",
		},
		at: func(s *Set) *string { return &s.KeyPath },
	},
	{
		Field:  APIBase,
		Names:  map[Convention]string{Default: "COZE_API_BASE", SDK: "COZE_API_BASE"},
		JSON:   "coze_api_base",
		Spring: "baseUrl",
		Aliases: []string{
			"apibase", "cozeapibase", "apibaseurl", "baseurl", "baseuri", "apiurl", "apibaseuri", "apiendpoint", "apihost", "apidomain", "apiserver", "endpoint", "serverurl", "apiaddress",
		},
		Shared: true,
		at:     func(s *Set) *string { return &s.APIBase },
	},
	{
		Field:    Aud,
		Optional: true,
		Names:    map[Convention]string{Default: "COZE_AUD", SDK: "COZE_AUD"},
		Spring:   "aud",
		Aliases:  []string{"aud", "audience"},
		Shared:   true,
		at:       func(s *Set) *string { return &s.Aud },
	},
	{
		Field:    AccountID,
		Optional: true,
		Names:    map[Convention]string{Default: "COZE_ACCOUNT_ID", SDK: "COZE_ACCOUNT_ID"},
		Spring:   "accountId",
		Aliases:  []string{"accountid"},
		Shared:   true,
		check:    notOwner,
		at:       func(s *Set) *string { return &s.AccountID },
	},
	{
		Field:    EnterpriseID,
		Optional: true,
		Names:    map[Convention]string{Default: "COZE_ENTERPRISE_ID", SDK: "COZE_ENTERPRISE_ID"},
		Spring:   "enterpriseId",
		Aliases:  []string{"enterpriseid"},
		Shared:   true,
		check:    notOwner,
		at:       func(s *Set) *string { return &s.EnterpriseID },
	},
}

// variable returns the row of a field.
func variable(f Field) Variable {
	for _, v := range Variables {
		if v.Field == f {
			return v
		}
	}
	panic("no variable " + string(f))
}

// IsOptional reports whether a .env works without the field.
func IsOptional(f Field) bool { return variable(f).Optional }

// At returns where the value of a field is kept.
func (s *Set) At(f Field) *string { return variable(f).at(s) }

// Get returns the value of a field.
func (s Set) Get(f Field) string { return *s.At(f) }

// A Convention is a way to name the variables, by its name for --env-names.
type Convention string

// The two conventions: the project's own, and the one that the official Go and
// Python SDK examples read.
const (
	Default Convention = "default"
	SDK     Convention = "sdk"
)

// Conventions lists the conventions, the one that counts first where a file
// follows both.
var Conventions = []Convention{Default, SDK}

// ParseConvention returns the convention of that name. The error is a fault of usage.
func ParseConvention(s string) (Convention, error) {
	for _, c := range Conventions {
		if string(c) == s {
			return c, nil
		}
	}
	return "", fault.Usage("names.unknown", "names", s)
}

// VarName is the variable that holds a field.
func (c Convention) VarName(f Field) string { return variable(f).Names[c] }

// FieldOf is the field that a variable holds, "" for none.
func (c Convention) FieldOf(name string) Field {
	for _, v := range Variables {
		if v.Names[c] == name {
			return v.Field
		}
	}
	return ""
}

// VarNames lists the variables in the order in which they are written.
func (c Convention) VarNames() []string {
	names := make([]string, len(Variables))
	for i, v := range Variables {
		names[i] = v.Names[c]
	}
	return names
}

// Pairs lists the set's variables with their values in the order in which they
// are written. An optional one without a value is left out.
func (s Set) Pairs(c Convention) [][2]string {
	var pairs [][2]string
	for _, v := range Variables {
		if value := *v.at(&s); value != "" || !v.Optional {
			pairs = append(pairs, [2]string{v.Names[c], value})
		}
	}
	return pairs
}

// Read returns the set in f and its convention; ok is false where f holds
// nothing of one. Where both conventions are there, the fuller one counts.
func Read(f *envfile.File) (set Set, convention Convention, ok bool) {
	most := 0
	convention = Default
	for _, c := range Conventions {
		s, found := readAs(f.Get, c)
		if found > most {
			most, set, convention = found, s, c
		}
	}
	return set, convention, most > 0
}

// readAs reads a set by the names of a convention; found counts the values that tell of it.
func readAs(get func(name string) (string, bool), c Convention) (set Set, found int) {
	for _, row := range Variables {
		value, _ := get(row.Names[c])
		if value != "" && !row.Shared {
			found++
		}
		if refused(row.Names[c], value) == nil && !strings.HasPrefix(value, "#") { // godotenv takes a comment for a value
			*row.at(&set) = value
		}
	}
	return set, found
}

// RefusedIn returns the variable whose value can be no id and no path, because it holds a
// key, a token or a control character, and the fault of that; nil for none. Read leaves
// such a value out: it is shown nowhere.
func RefusedIn(f *envfile.File, c Convention) (name string, is *fault.Fault) {
	return refusedIn(f.Get, c)
}

func refusedIn(get func(name string) (string, bool), c Convention) (name string, is *fault.Fault) {
	for _, name := range c.VarNames() {
		v, _ := get(name)
		if is := refused(name, v); is != nil {
			return name, is
		}
	}
	return "", nil
}

// refused is the fault of a value that can be no id and no path.
func refused(name, value string) *fault.Fault {
	switch {
	case secret.In(value) == secret.Token:
		return ErrEnvToken.With("name", name)
	case envfile.HoldsKey(value):
		return ErrEnvKeyText.With("name", name)
	case envfile.HasControl(value):
		return envfile.ErrControl.With("name", name)
	}
	return nil
}

// Write puts the set into f under the names of a convention. The errors are that of a value that no
// .env can hold, and [envfile.ErrUnsafe].
func (s Set) Write(f *envfile.File, c Convention) error {
	var pairs []envfile.Pair
	for _, row := range Variables {
		name, value := row.Names[c], *row.at(&s)
		if _, there := f.Get(name); value == "" && row.Optional && !there {
			continue
		}
		if is := refused(name, value); is != nil {
			return is
		}
		pairs = append(pairs, envfile.Pair{Name: name, Value: value})
	}
	return f.SetAll(pairs...)
}

// WriteExample adds the variables that a file lacks, for others to fill in: the API base and the
// key's path as they are, placeholders for the ids. The error is [envfile.ErrUnsafe].
func (s Set) WriteExample(f *envfile.File, c Convention) error {
	var pairs []envfile.Pair
	for _, row := range Variables {
		if _, there := f.Get(row.Names[c]); there || row.Optional && *row.at(&s) == "" {
			continue
		}
		value := *row.at(&s)
		if row.check != nil {
			value = "your_" + string(row.Field)
		}
		pairs = append(pairs, envfile.Pair{Name: row.Names[c], Value: value})
	}
	return f.SetAll(pairs...)
}

// ForgetIDs clears what belongs to an account or to an app: all but where the key
// is and which host is asked.
func (s *Set) ForgetIDs() {
	for _, row := range Variables {
		if row.check != nil {
			*row.at(s) = ""
		}
	}
}

// KeyFile returns where the private key is: a relative path is relative to the
// folder of the .env file.
func (s Set) KeyFile(envPath string) string {
	path := filepath.FromSlash(s.KeyPath)
	if path == "" || rooted(path) {
		return path
	}
	return filepath.Join(filepath.Dir(envPath), path)
}

// RelativeKeyPath is the reverse of KeyFile: how the path of a key is written
// in the .env at envPath. A key inside the project folder dir is given
// relative, so that the folder can be moved; any other one absolute.
func RelativeKeyPath(dir, envPath, keyFile string) string {
	inside, err := filepath.Rel(dir, keyFile)
	if err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
		if rel, err := filepath.Rel(filepath.Dir(envPath), keyFile); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(keyFile)
}
