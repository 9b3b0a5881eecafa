package diagnosis

import (
	"strings"

	"cozejwt/internal/coze"
	"cozejwt/internal/i18n"
	"cozejwt/internal/lazyregexp"
)

// apiRules are the refusals of API calls, by the official table of error codes
// and public threads; see the numbers at each rule. They stand before the rules
// of the token endpoint, because a code says more than words.
var apiRules = append([]rule{
	{
		// coze-go #56: the token itself is not known there.
		id: "token_unknown", code: is(`^4101$`), message: is(`token you entered is incorrect[."'\s]*($|please|for|refer)`),
		causes: []candidate{
			{id: "token.region", fixAt: AtRegion, evidence: defaultHost},
			{id: "token.unknown", fixAt: AtService},
			{id: "token.expired", fixAt: AtService},
		},
	},
	{
		// coze-py #142.
		id: "permission", code: is(`^4101$`),
		causes: []candidate{{id: "token.permission", fixAt: AtConsole}, {id: "bot.access", fixAt: AtConsole}},
	},
	{
		// coze-py #78, #83; coze-js #159, #314.
		id: "authentication", code: is(`^4100$`),
		causes: []candidate{{id: "token.region", fixAt: AtRegion, evidence: defaultHost}, {id: "token.expired", fixAt: AtService}},
	},
	{
		// Official table; the session URL is the reporter's reading, the region that of
		// coze2openai #18 and one-api #1656.
		id: "bot_unpublished", code: is(`^4015$`),
		causes: []candidate{{id: "bot.unpublished", fixAt: AtConsole}, {id: "bot.session_url", fixAt: AtService}, {id: "id.region", fixAt: AtRegion, evidence: defaultHost}},
	},
	{
		// coze-java #92; xiaozhi-esp32-server #206, #352.
		id: "not_found", code: is(`^4200$`),
		causes: []candidate{
			{id: "id.rounded", fixAt: AtService, evidence: roundedID, needsEvidence: true},
			{id: "id.region", fixAt: AtRegion, evidence: defaultHost},
			{id: "id.wrong", fixAt: AtService},
			{id: "bot.access", fixAt: AtConsole},
		},
	},
	{
		// coze-studio #1950, #259: for a path that is not in its open API, the check of the
		// web page's session answers.
		id: "studio_path", message: is(`missing session_key in cookie`),
		causes: []candidate{{id: "studio.path", fixAt: AtService}},
	},
	{
		// coze-java #81.
		id: "gateway_timeout", exact: "504", status: 504,
		causes: []candidate{{id: "net.gateway", fixAt: AtService}},
	},
	{
		// Also with HTTP 200.
		id: "login_invalid", code: is(`^700012006$`),
		causes: loginInvalid,
	},
	{
		id: "login_invalid", message: is(`access token invalid|login verification is invalid`),
		causes: loginInvalid,
	},
	{
		id: "no_access", code: is(`^700012054$`),
		causes: []candidate{{id: "bot.unpublished", fixAt: AtConsole}, {id: "bot.access", fixAt: AtConsole}},
	},
	{
		id: "rate", code: is(`^4013$`), status: 429,
		causes: []candidate{{id: "service.rate", fixAt: AtService}},
	},
}, codeRules()...)

var loginInvalid = []candidate{
	{id: "token.expired", fixAt: AtService},
	{id: "token.region", fixAt: AtRegion, evidence: defaultHost},
	{id: "token.pat", fixAt: AtService},
	{id: "token.no_bearer", fixAt: AtService},
}

// codeRules are the codes whose official meaning is all that is known.
func codeRules() []rule {
	var rules []rule
	for _, code := range []string{
		"4000", "4001", "4002", "4003", "4004", "4005", "4006", "4007", "4008", "4009", "4010", "4011", "4012", "4014", "4016", "4019", "4020", "4021", "4022", "4028", "4102", "4104", "4105", "4300", "4301", "4302", "4303", "4304", "4314", "4315", "5000",
	} {
		rules = append(rules, rule{
			id: "api_" + code, exact: code,
			causes: []candidate{{id: "api." + code, fixAt: AtService}},
		})
	}
	return rules
}

// defaultHost speaks for the other region where a request went to the host that
// SDKs take unless told otherwise.
func defaultHost(_ *coze.Refusal, f Facts) (*i18n.Message, bool) {
	host := coze.Audience(coze.COM.Base())
	return evidenceIf(f.Base != "", f.Region == "" && f.Base == coze.COM.Base(), "evidence.default_host", "host", host)
}

var longNumber = lazyregexp.New(`\b[0-9]{15,}\b`)

// roundedID speaks for an id that was read as a floating-point number: 53 bits
// hold about 16 decimal digits (IEEE 754), the rest becomes zeros.
func roundedID(r *coze.Refusal, _ Facts) (*i18n.Message, bool) {
	id := longNumber().FindString(r.Message) // the first number that is long enough to be an id
	return evidenceIf(id != "", strings.HasSuffix(id, "000"), "evidence.zeros", "id", id)
}
