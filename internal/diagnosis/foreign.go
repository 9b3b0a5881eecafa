package diagnosis

import (
	"net"
	"slices"
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/lazyregexp"
)

var (
	ofCoze = []string{"coze", "扣子", "/permission/oauth2", "x-tt-logid", "invalid jwt:"}
	// Services and tools whose errors have the same words.
	otherProducts = is(`postgres|psycopg|asyncpg|mysql|mariadb|sqlite|redis|jedis|memcached|cassandra|etcd|mongo(db)?|rabbitmq|kafka|elasticsearch|clickhouse|zookeeper|nacos|amazonaws|\baws\b|openai|anthropic|claude|gemini|deepseek|dashscope|moonshot|ollama|azure|microsoftonline|AADSTS|IDX10[25]\d\d|googleapis|oauth2\.google|firestore|firebaseapp|api\.github|git@|gitlab|bitbucket|\bnpm (ERR|error|notice|WARN)|registry\.|docker|\berrcode\b|(?-i:"errmsg")|google\.auth\.|docs\.github\.com/rest|kubectl|kubernetes|\bhelm\b|stripe|paypal|twilio|sendgrid|mailgun|\bsmtp\b|\bimap\b|ldap|slack|discord|telegram|supabase|auth0(\.com|[^.\w]|$)|okta|keycloak|alipay|支付宝|wechatpay|微信支付|dingtalk|钉钉|feishu|飞书|larksuite|aliyun|阿里云|qcloud|tencentcloud|huaweicloud|jdbc|hikari|JsonWebTokenError|TokenExpired(Error|Exception)|ExpiredJwtException|ExpiredSignature|SignatureVerification|\bssh2?[: _]|sshd|\bgpg\b|\bapt(-get)?\b|:(5432|3306|6379|27017|9200|5672|9092)\b`)
	hostInURL     = is(`\b(?:https?|wss?)://(?:[^\s/@'"]*@)?([a-z0-9.-]+)`)
	// A host where it is named without a URL: DNS errors, urllib3, curl, and the Host of a request.
	hostByName = is(`(?:ENOTFOUND|EAI_AGAIN|lookup|UnknownHostException:|Could not resolve host:|connect to|ECONNREFUSED|Failed to resolve|host=|(?:^|\n)host:) *['"]?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})\b`)
	// Hosts that a message only refers to, or that stand for another.
	neutralHost = lazyregexp.New(`(^|\.)(example|test|local|localhost|internal)(\.|$)|(^|\.)(pydantic\.dev|mozilla\.org|httpstatuses\.com|nodejs\.org|go\.dev|golang\.org|python\.org|ietf\.org|rfc-editor\.org|readthedocs\.io|stackoverflow\.com|github\.com|react\.dev|reactjs\.org|vitejs\.dev|w3\.org|jwt\.io|spring\.io|curl\.se|curl\.haxx\.se|microsoft\.com|aka\.ms|nextjs\.org|php\.net|oracle\.com|docs\.rs|npmjs\.com|pypi\.org|cloudflare\.com|reactnative\.dev|angular\.(io|dev)|nestjs\.com|laravel\.com|symfony\.com|python-requests\.org|bit\.ly|apache\.org|openssl\.org|axios-http\.com|workers\.dev|volcengine\.com)$`)
)

// isOfCoze reports whether a text says that it is about Coze. Whoever types nothing but an HTTP
// status means Coze's.
func (t reading) isOfCoze() bool {
	return t.isStatus || t.logID != "" || slices.ContainsFunc(ofCoze, func(mark string) bool { return strings.Contains(t.lower, mark) })
}

// isForeign reports whether a text is about some other service, and says nothing of Coze.
func (t reading) isForeign() bool {
	return !t.isOfCoze() && (t.has(otherProducts) || t.namesOtherHost())
}

func (t reading) namesOtherHost() bool {
	for _, pattern := range []words{hostInURL, hostByName} {
		for _, m := range t.all(pattern) {
			host := strings.Trim(t.lower[m[2]:m[3]], ".")
			if !coze.IsLoopback(host) && net.ParseIP(host) == nil && !neutralHost().MatchString(host) {
				return true
			}
		}
	}
	return false
}
