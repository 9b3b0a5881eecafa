package formats

import (
	"slices"
	"strings"
	"unicode"

	"cozejwt/internal/credentials"
)

// The private key has two more fields than a .env: the key itself, and the same in Base64.
const (
	keyText   credentials.Field = "key_text"
	keyBase64 credentials.Field = "key_base64"
)

// An alias is a name of a field and how sure it means that field.
type alias struct {
	field credentials.Field
	rank  int
}

// keyNames are the names of a private key that is text, the surest first.
var keyNames = map[credentials.Field][]string{
	keyText: {
		"privatekey", "privatekeypem", "privatekeycontent", "privatekeytext", "privatekeyvalue", "privatekeydata", "privatekeystring", "privkey", "signingkey",
		"privatepem", "secretkeypem", "rsaprivatekey", "私钥", "私钥内容",
	},
	keyBase64: {"privatekeybase64", "privatekeyb64", "privatekeypembase64", "privatekeypemb64", "base64privatekey", "b64privatekey", "privkeybase64", "privkeyb64"},
}

// aliases are the names of each field, in lower case and without separators: camelCase,
// kebab-case and SNAKE_CASE are one.
var aliases = func() map[string]alias {
	all := map[string]alias{}
	add := func(field credentials.Field, names []string) {
		for i, name := range names {
			if !strings.HasPrefix(name, "oauth") && !strings.HasPrefix(name, "coze") { // those are words of the owner
				all[name] = alias{field, len(names) - i}
			}
		}
	}
	for _, v := range credentials.Variables {
		add(v.Field, v.Aliases)
	}
	for field, names := range keyNames {
		add(field, names)
	}
	for _, other := range []string{"privatekeyid", "accesskeyid", "secretkeyid", "apikeyid", "kmskeyid", "encryptionkeyid", "signingkeyid"} {
		all[other] = alias{} // of Google, AWS and others: no Key ID
	}
	return all
}()

// maxAlias is the length of the longest alias.
var maxAlias = func() int {
	longest := 0
	for name := range aliases {
		longest = max(longest, len(name))
	}
	return longest
}()

// weakAppRank is the rank of app_id: of that and the names below it.
var weakAppRank = aliases[credentials.WeakAppAlias].rank

// shared reports whether several sets may have a field in common.
func shared(f credentials.Field) bool {
	return slices.ContainsFunc(credentials.Variables, func(v credentials.Variable) bool { return v.Field == f && v.Shared })
}

// fillers say how one signs in, or which tool passes a variable on, and never whose it is.
var fillers = words(`jwt oauth oauth2 auth app apps api open sdk server service client config cfg
	credential credentials setting settings key keys platform spring vite next public react nuxt expo x tf var my the default private`)

// structure are keys that say what a part of a file is, and not which of several it is.
var structure = words(`environment env envs envvars data stringdata vars var spec template containers container services
	configurations configuration config properties settings credentials value values variables secrets params parameters args items profiles jobs job steps containerdefinitions taskdefinition applications`)

// others are products whose keys and ids have the same names. It need not be complete: a name
// without a word of Coze is never imported without a question.
var others = words(`github gitlab gitee google gcp firebase alipay wechat weixin wx wxpay wechatpay feishu lark dingtalk dingding
	stripe aws azure slack apple auth0 okta box docusign zoom twilio snowflake salesforce paypal qq douyin tiktok huawei xiaomi vapid
	openai zoho xero jira atlassian bitbucket discord shopify square adyen unionpay wecom ssh rsa sso saml keycloak`)

// flows may stand behind a field, too: COZE_CLIENT_ID_JWT.
var flows = words(`jwt oauth oauth2 auth coze`)

// stages may stand behind a field: COZE_CLIENT_ID_PROD.
var stages = words(`dev development test testing staging stage stg prod production prd uat pre sit local sandbox cn com global intl`)

func words(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(text) {
		all[word] = true
	}
	return all
}

// A meaning is what the name of a property says.
type meaning struct {
	alias
	keys  int      // of the path that name the field
	owner []string // words of those keys that are not the field's, in lower case
}

// meaningOf reads a field out of the last keys of a path: clientId, COZE_OAUTH_CLIENT_ID and
// client.id alike. ok is false where they name none.
func meaningOf(path []string) (m meaning, ok bool) {
	if len(path) == 0 || isNumber(path[len(path)-1]) { // of a list
		return m, false
	}
	var all []string
	for n := 1; n <= min(3, len(path)); n++ {
		all = slices.Concat(split(path[len(path)-n]), all)
		if found, owner, is := fieldOf(all); is && (!ok || n > 1 && len(owner) == 0 && len(path) > n) {
			// private.key.path is one name: its last key says less than the three.
			m, ok = meaning{found, n, owner}, true
		}
	}
	return m, ok
}

// fieldOf finds the field at the end of a name, or before a number, a stage or a flow.
func fieldOf(name []string) (found alias, owner []string, ok bool) {
	last := len(name)
	for last > 1 && (stages[name[last-1]] || flows[name[last-1]] || isNumber(name[last-1])) && len(name)-last < 2 {
		last--
	}
	for _, end := range []int{len(name), last} {
		joined := ""
		for from := end - 1; from >= 0 && len(joined)+len(name[from]) <= maxAlias; from-- {
			joined = name[from] + joined
			if a, known := aliases[joined]; known {
				found, owner, ok = a, slices.Concat(name[:from], name[end:]), true
			}
		}
		if !ok && end > 0 {
			found, owner, ok = glued(name[end-1])
			owner = slices.Concat(name[:end-1], owner, name[end:])
		}
		if ok {
			return found, owner, found.field != ""
		}
	}
	return alias{}, nil, false
}

// glued finds the field at the end of one word, such as cozeclientid.
func glued(word string) (found alias, owner []string, ok bool) {
	for from := range word {
		a, known := aliases[word[from:]]
		if known && (strings.Contains(word[:from], "coze") || fillers[word[:from]]) {
			return a, []string{word[:from]}, true
		}
	}
	return alias{}, nil, false
}

// split returns the words of a name in any of its styles, in lower case; none of what is too
// long for a name.
func split(name string) []string {
	if len(name) > maxKey {
		return nil
	}
	var all []string
	word := []rune{}
	end := func() {
		if len(word) > 0 {
			all = append(all, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end() // clientId, JWTClient
		}
		word = append(word, r)
	}
	end()
	for i := 0; i+1 < len(all); i++ {
		if all[i] == "o" && strings.HasPrefix(all[i+1], "auth") { // OAuth
			all = slices.Replace(all, i, i+2, "o"+all[i+1])
		}
	}
	return all
}

// relaxed is a name as Spring compares it: in lower case, without separators.
func relaxed(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// isCoze reports whether a word is the product's.
func isCoze(word string) bool {
	return strings.Contains(word, "coze") || strings.Contains(word, "扣子") || strings.Contains(word, "kouzi")
}

func isNumber(word string) bool {
	return word != "" && strings.Trim(word, "0123456789") == ""
}
