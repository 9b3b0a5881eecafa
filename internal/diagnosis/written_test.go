package diagnosis_test

import (
	"testing"

	"cozejwt/internal/diagnosis"
)

func TestTheWrittenPartsOfAJWTAreRead(t *testing.T) {
	const kid = `"kid": "_Abc-fghijklmnopqrstuvwxyz0123456789ABCDEFG"`
	for name, test := range map[string]struct{ text, want string }{
		"decoded header, HS256":   {`{"alg": "HS256", "typ": "JWT", ` + kid + `}`, "jwt.alg"},
		"decoded header, right":   {`{"alg": "RS256", "typ": "JWT", ` + kid + `}`, ""},
		"header without kid":      {`{"alg":"RS256","typ":"JWT"}`, "jwt.no_kid"},
		"JavaScript, ES256":       {"jwt.sign(claims, key, { algorithm: 'ES256', keyid })", "jwt.alg"},
		"Python, HS256":           {`jwt.encode(claims, key, algorithm="HS256")`, "jwt.alg"},
		"Python, RS256":           {`jwt.encode(claims, key, algorithm="RS256")`, ""},
		"Rust, PS256":             {"Header::new(Algorithm::PS256) // jwt", "jwt.alg"},
		"Go, HS256":               {"jwt.NewWithClaims(jwt.SigningMethodHS256, claims)", "jwt.alg"},
		"PHP, HS256":              {`JWT::encode($claims, $key, 'HS256', $kid)`, "jwt.alg"},
		"payload, aud is a URL":   {`jwt payload: {"iss":"1234567890123","aud":"https://api.coze.cn/api/permission/oauth2/token"}`, "jwt.aud_url"},
		"payload, aud with slash": {`{"iss":"1234567890123","aud":"api.coze.cn/","jti":"x"}`, "jwt.aud_url"},
		"payload, aud right":      {`{"iss":"1234567890123","aud":"api.coze.cn","jti":"x"}`, ""},
		"payload, iss a number":   {`{"iss": 1234567890123, "aud": "api.coze.cn", "jti": "x"}`, "jwt.iss_number"},
		"kid in the payload":      {`payload = {"iss": APP_ID, "aud": "api.coze.cn", "kid": KID, "jti": x}`, "jwt.kid_in_claims"},
		"scope in the payload":    {`jwt: { iss: id, aud: 'api.coze.cn', jti, scope: JSON.stringify(scope) }`, "jwt.scope"},
		"kid is a public key":     {`JWTOAuthApp(public_key_id="-----BEGIN PUBLIC KEY-----\nMIIB") # jwt`, "jwt.kid_is_key"},
		"kid is a key in Base64":  {`jwt.sign(claims, key, { keyid: 'MIIBIjANBgkqhkiG9w0BAQEFAAOC' })`, "jwt.kid_is_key"},
		"Go, times as text":       {`jwt.MapClaims{"iat": time.Now().Format(time.RFC3339), "jti": id}`, "jwt.time_text"},
		"Node, times as text":     {`const claims = { exp: new Date(t).toISOString(), jti }`, "jwt.time_text"},
		"times as dates":          {`{"jti":"x","exp":"2026-01-02T03:04:05Z"}`, "jwt.time_text"},
		"nothing of a JWT":        {`aud = "https://example.com/x"; alg = "HS512"`, ""},
		"of another service":      {`POST https://oauth2.googleapis.com/token {"iss": 1234567890123, "jti": "x"}`, ""},
		"a token that is named":   {"token: 'Bearer czs_abcdef' // coze", "request.bearer_twice"},
		"bearer twice":            {"coze: Authorization: Bearer Bearer czs_abcdef", "request.bearer_twice"},
		"a token without it":      {"token: 'czs_abcdef' // coze", ""},
		"a JWT cut off, as token": {`放到 /v3/chat 的 Authorization: Bearer eyJhbGciOiJSUzI1NiIs... 里`, "request.jwt_as_token"},
		"an empty value":          {"COZE_JWT_OAUTH_PUBLIC_KEY_ID=\nCOZE_API_BASE=https://api.coze.cn", "values.empty"},
		"an empty value in JSON":  {`coze: {"client_id": "", "aud": null}`, "values.empty"},
		"a value that is none":    {"COZE_CLIENT_ID=None", "values.empty"},
		"an empty bot ID":         {`coze payload={'bot_id': '', 'user_id': 'x'}`, "values.empty"},
		"kid as a claim":          {`Jwts.builder().claim("kid", id) // jwt`, "jwt.kid_in_claims"},
		"kid in a .env is a key":  {"COZE_PUBLIC_KEY=MIIBIjANBgkqhkiG9w0BAQEFAAOC\n401 invalid_client", "jwt.kid_is_key"},
		"aud of the other region": {"getJWTToken({ baseURL: 'https://api.coze.cn', aud: 'api.coze.com' })", "jwt.aud_host"},
		"the code's own JWT":      {`requests.post("https://api.coze.cn/v3/chat", headers={"Authorization": "Bearer " + jwt_token})`, "request.jwt_as_token"},
		"expires_in as seconds":   {`redis.setex("coze", resp["expires_in"], token)`, "answer.absolute"},
		"bytes as text":           {`"Authorization": "Bearer b'eyJhbGciOiJ"`, "request.bytes"},
		"undefined as a token":    {"coze.cn authorization: Bearer undefined", "request.no_jwt"},
		"an object as a token":    {"POST /api/permission/oauth2/token authorization: Bearer [object Promise]", "request.no_jwt"},
		"plain Base64":            {`s=$(printf '%s' "$h" | base64) # jwt`, "jwt.base64url"},
		"base64url by tr":         {`s=$(printf '%s' "$h" | base64 | tr '+/' '-_') # jwt`, ""},
		"values":                  {"COZE_CLIENT_ID=1234567890123\nCOZE_API_BASE=https://api.coze.cn", ""},
		"an answer with a token":  {`{"access_token":"czs_FAKEFAKEFAKE","expires_in":1764986399,"token_type":"Bearer"}`, "answer.token"},
		"an answer of another":    {`{"access_token":"FAKEFAKEFAKE","expires_in":3600}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := found(diagnosis.Explain(test.text, now).Findings); got != test.want {
				t.Errorf("%s\nfound %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func TestTheHostOfAWrittenAudIsNamed(t *testing.T) {
	for _, aud := range []string{"https://api.coze.cn/api/permission/oauth2/token", "api.coze.cn/", "http://api.coze.cn"} {
		e := diagnosis.Explain(`jwt: {"aud":"`+aud+`"}`, now)
		if len(e.Findings) != 1 || e.Findings[0].Pairs[3] != "api.coze.cn" {
			t.Errorf("%s: found %v", aud, e.Findings)
		}
	}
}
