package snippet

import (
	"strings"

	"cozejwt/internal/credentials"
)

// edits are what the code of a language has in place of something else where the token is for
// another owner than the app's: old, new, old, new, …
type edits []string

// owners are the edits of each language, by the field of the .env that names the owner. The
// parameters are those of coze-go f47b4f2 (GetJWTAccessTokenReq), coze-js 1.3.9 (JWTTokenConfig),
// and coze-java 26b79da (GetJWTAccessTokenReq). coze-py 0.20.0 has neither, coze-js no enterprise;
// the paths are those of the official guide (oauth_jwt).
var owners = map[string]map[credentials.Field]edits{
	"go": {
		credentials.AccountID: {
			"token, err := client.GetAccessToken(ctx, nil)",
			"account, err := strconv.ParseInt(os.Getenv(\"{account_id}\"), 10, 64)\n" +
				"token, err := client.GetAccessToken(ctx, &coze.GetJWTAccessTokenReq{AccountID: &account})",
			"\t\"os\"\n\t\"sync\"", "\t\"os\"\n\t\"strconv\"\n\t\"sync\"",
			"\tvar mu sync.Mutex\n", "\taccount, err := strconv.ParseInt(os.Getenv(\"{account_id}\"), 10, 64)\n" +
				"\tif err != nil {\n\t\treturn nil, err\n\t}\n\tvar mu sync.Mutex\n",
			"SessionName: &name}", "SessionName: &name, AccountID: &account}",
		},
		credentials.EnterpriseID: {
			"token, err := client.GetAccessToken(ctx, nil)",
			"enterprise := os.Getenv(\"{enterprise_id}\")\n" +
				"token, err := client.GetAccessToken(ctx, &coze.GetJWTAccessTokenReq{EnterpriseID: &enterprise})",
			"\tvar mu sync.Mutex\n", "\tenterprise := os.Getenv(\"{enterprise_id}\")\n\tvar mu sync.Mutex\n",
			"SessionName: &name}", "SessionName: &name, EnterpriseID: &enterprise}",
		},
	},
	"node": {
		credentials.AccountID: {
			"keyid: env.{key_id}, privateKey", "keyid: env.{key_id}, accountId: env.{account_id}, privateKey",
			"{api_base}: baseURL }", "{api_base}: baseURL, {account_id}: accountId }",
			"{ appId, keyid, baseURL,", "{ appId, keyid, accountId, baseURL,",
		},
		credentials.EnterpriseID: {"import { getJWTToken }", "// {text.no_owner} ({enterprise_id}): {token}\nimport { getJWTToken }"},
	},
	"python": {
		credentials.AccountID:    {"{env}\")\napp", "{env}\")\n# {text.no_owner} ({account_id}): {token}\napp", "{env}\")\nwith", "{env}\")\n# {text.no_owner} ({account_id}): {token}\nwith"},
		credentials.EnterpriseID: {"{env}\")\napp", "{env}\")\n# {text.no_owner} ({enterprise_id}): {token}\napp", "{env}\")\nwith", "{env}\")\n# {text.no_owner} ({enterprise_id}): {token}\nwith"},
	},
	"java": {
		credentials.AccountID: {
			"client.getAccessToken()", "client.getAccessToken(GetJWTAccessTokenReq.builder().accountID(Long.valueOf(env.get(\"{account_id}\"))).build())",
			"import com.coze.openapi.client.auth.OAuthToken;", "import com.coze.openapi.client.auth.GetJWTAccessTokenReq;\nimport com.coze.openapi.client.auth.OAuthToken;",
			"client.getAccessToken(900, n))", "client.getAccessToken(GetJWTAccessTokenReq.builder()\n            .ttl(900).sessionName(n).accountID(Long.valueOf(System.getenv(\"{account_id}\"))).build()))",
		},
		credentials.EnterpriseID: {
			"client.getAccessToken()", "client.getAccessToken(GetJWTAccessTokenReq.builder().enterpriseID(env.get(\"{enterprise_id}\")).build())",
			"import com.coze.openapi.client.auth.OAuthToken;", "import com.coze.openapi.client.auth.GetJWTAccessTokenReq;\nimport com.coze.openapi.client.auth.OAuthToken;",
			"client.getAccessToken(900, n))", "client.getAccessToken(GetJWTAccessTokenReq.builder()\n            .ttl(900).sessionName(n).enterpriseID(System.getenv(\"{enterprise_id}\")).build()))",
		},
	},
	"php": {
		credentials.AccountID:    {"'/api/permission/oauth2/token'", "'/api/permission/oauth2/account/' . rawurlencode((string) getenv('{account_id}')) . '/token'"},
		credentials.EnterpriseID: {"'/api/permission/oauth2/token'", "'/api/permission/oauth2/enterprise_id/' . rawurlencode((string) getenv('{enterprise_id}')) . '/token'"},
	},
}

// forOwner is the code of a language for the owner that the .env names.
func (p Project) forOwner(language, code string) string {
	return strings.NewReplacer(owners[language][p.Owner]...).Replace(code)
}
