package diagnosis_test

import (
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
)

// What is taken for the message of a refusal, and what is not.
func TestTheMessageOfARefusalIsFound(t *testing.T) {
	for text, want := range map[string]string{
		`{"code":4101,"message":{"a":1},"data":null}`:                      "4101",
		`{"code":4101,"message":["a"],"data":null}`:                        "4101",
		`{"code":4101,"msg":"","data":null}`:                               "4101",
		`ChatError(code=4013, msg='')`:                                     "4013",
		`{"code":4101,"msg":"a, b","data":null}`:                           "4101 a, b",
		`{"code":4101,"msg":"it's","data":null}`:                           "4101 it's",
		`{"msg":"first","code":4101}`:                                      "4101 first",
		`{"code":4101,"message":"wrapper","msg":"said"}`:                   "4101 said",
		`{"code":4101,"msg":"said","message":"wrapper"}`:                   "4101 said",
		`{"code":4101,"error":"a","message":"b"}`:                          "4101 b",
		`{"code":4101,"msg":"said","error_message":"really"}`:              "4101 really",
		`{"error_code":4101,"error_message":"really","msg":"said"}`:        "4101 really",
		"code=4101, message=one, two; three, logid=20250223145719591EF28C": "4101 one, two; three",
		"code: 4101 msg: rest of the line\nnext":                           "4101 rest of the line",
		"错误码：4101，错误信息：没有权限":                                               "4101 没有权限",
		"API error: 4200 gone":                                             "4200",
		"error code 4101":                                                  "4101",
		`event {"code":4101,"msg":"没有权限"}`:                                 "4101 没有权限",
		`{"code": "720702204","msg": "会话名不存在"}`:                            "720702204 会话名不存在",
		`API error code 4101: Not allowed here. {"message":"request"}`:     "4101 Not allowed here.",
		"[code] => 4101\n[msg] => no":                                      "4101 no",
		`"code"=>int(4101), "msg"=>"no"`:                                   "4101 no",
		"invalid jwt: something odd，请检查":                                   "invalid_client invalid jwt: something odd",
		`{"error":"invalid_client","code":"invalid_client"}`:               "invalid_client",
		`{&quot;code&quot;:4101,&quot;msg&quot;:&quot;no&quot;}`:           "4101 no",
		`{&#34;code&#34;:4101}`:                                            "4101",
		"coze 返回 4100, msg: hm":                                            "4100 hm",
		`{"code":4100,"msg":"invalid jwt: odd"}`:                           "4100 invalid jwt: odd",
		"error code 4101, connection refused":                              "4101",
		"error code 4101, authentication is invalid":                       "4101",
		`{"code":4101,"msg":"no"} {"code":"4101","msg":"no"}`:              "4101 no",
		`coze {"msg":"app not authorized by the owner"}`:                   "app not authorized by the owner",
		`{"error_message":"app not authorized by the owner"}`:              "app not authorized by the owner",
		`{"msg":"\u8eab\u4efd\u9a8c\u8bc1\u65e0\u6548"}`:                   "4100 身份验证无效",
		`{"error":"access_denied","error_description":"no"}`:               "access_denied no",
	} {
		e := diagnosis.Explain(text, now)
		if got := value(e.Recognised, "explain.refusal", "said"); got != want || len(e.Recognised) != 1 {
			t.Errorf("%s: it says %q, want %q; recognised %+v", text, got, want, e.Recognised)
		}
	}
}

func TestSomeFieldsAreNoRefusal(t *testing.T) {
	for _, text := range []string{
		`coze {"error":"teapot_words","message":"short"}`, `coze error: kettle`, `{"code":"ERR_BAD_REQUEST","message":"x"}`,
		"the code is here", "code readable", `{"message":"signature of the method"}`, `{"code":123}`, `{"code":4999}`,
		`coze {"code":512,"msg":"kettle"}`, `{"msg":"coze kettle"}`, `{"msg":"app not authorized by the owner"}`,
	} {
		if e := diagnosis.Explain(text, now); len(e.Causes) > 0 {
			t.Errorf("%s: causes are %s", text, order(e.Causes))
		}
	}
}

// Two refusals in a text are both named, each once.
func TestEachRefusalIsNamedOnce(t *testing.T) {
	e := diagnosis.Explain(`{"code":4016,"msg":"busy"} then {"code":4100,"msg":"no"} and {"code":4016,"msg":"busy"} {"code":4100,"msg":"no"}`, now)
	if got := found(e.Recognised); got != "explain.refusal explain.also" || order(e.Causes) != "api.4016" || value(e.Recognised, "explain.also", "said") != "4100 no" {
		t.Errorf("recognised %+v, causes %s", e.Recognised, order(e.Causes))
	}
}

// A typed refusal is Coze's: it never has the rules of what programs say, but its sentences count with
// a code that no table has.
func TestARefusalHasTheRulesOfCozeAlone(t *testing.T) {
	for message, want := range map[string]string{
		"connection refused": "unknown", "401 Unauthorized": "unknown", "failed to parse private key": "unknown",
		"access token invalid": "login_invalid", "Requested resource bot_id=7 does not exist": "not_found", "": "unknown",
	} {
		if d := diagnosis.Diagnose(&coze.Refusal{Status: 400, Code: "4999", Message: message}, facts); d.ID != want {
			t.Errorf("%q is taken for %s, want %s", message, d.ID, want)
		}
	}
}

func TestWhoseAJWTIs(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		ours bool
	}{
		"a Key ID":            {token(header, `{"iss":"https://a.example/"}`), true},
		"aud of Coze":         {token(`{"alg":"HS256"}`, `{"iss":"https://a.example/","aud":"api.coze.cn"}`), true},
		"in a text of Coze":   {"coze " + token(`{"alg":"HS256"}`, `{"iss":"https://a.example/"}`), true},
		"an issuer of others": {token(`{"alg":"HS256","kid":"1"}`, `{"iss":"https://a.example/"}`), false},
		"a host":              {token(`{"alg":"HS256"}`, `{"iss":"accounts.acme.io"}`), false},
		"in a text of others": {"stripe " + token(`{"alg":"RS256"}`, `{"iss":"7"}`), false},
		"nobody's":            {token(`{"alg":"HS256"}`, `{"iss":"me"}`), true},
	} {
		if e := diagnosis.Explain(test.text, now); (len(e.Findings) > 0) != test.ours {
			t.Errorf("%s: findings are %s", name, found(e.Findings))
		}
	}
}
