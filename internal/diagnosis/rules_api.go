package diagnosis

import "cozejwt/internal/lazyregexp"

// Refusals of API calls, by the official table of error codes and public threads; see the
// numbers at each rule.

var apiRules = append([]rule{
	{
		// one-hub #818, of POST /v2/chat.
		id: "no_such_endpoint", within: is(`requested API endpoint [^\n]*does not exist`), says: is(`requested API endpoint [^\n"]*does not exist`),
		causes: []candidate{{id: "api.404", fixAt: AtService}},
	},
	{
		// coze-go #56: the token itself is not known there.
		id: "token_unknown", code: "4101", within: is(`token you entered is incorrect[."'\s\\]*($|please|for|refer)`),
		says: is(`token you entered is incorrect[^\n"]*`),
		causes: []candidate{
			{id: "token.region", fixAt: AtRegion, evidence: defaultHost},
			{id: "token.unknown", fixAt: AtService},
			{id: "token.expired", fixAt: AtService},
		},
	},
	{
		// The guide's words: the console shows the limit, and who may create an app.
		id: "key_limit", says: is(`(创建|新建|添加|上传) ?(key|密钥|公钥)[^\n"。]{0,16}(已达|达到|超过|超出)[^\n"。]{0,6}(上限|最大)|(密钥|公钥)对?的?(数量|个数)?(已达|达到|超过|超出)[^\n"。]{0,6}(上限|最大)|maximum number of key pairs[^\n"]*`), within: is(`(创建|添加) ?(key|密钥|公钥)[^\n]{0,16}上限|number of key pairs`), common: true,
		causes: []candidate{{id: "app.key_limit", fixAt: AtConsole}},
	},
	{
		id: "admin_only", says: is(`仅[^\n"。]{0,20}管理员[^\n"。]{0,8}可以?(创建|编辑|授权)[^\n"。]*|(创建|编辑|授权)[^\n"。]{0,20}(无|没有)权限[^\n"。]{0,8}联系[^\n"。]{0,6}(管理员|所有者)`), common: true,
		causes: []candidate{{id: "app.admin", fixAt: AtConsole}},
	},
	{
		id: "other_account", common: true, says: is(`(怎么|如何)[^\n"]{0,10}\baccount_?id\b[^\n"]{0,20}(token|令牌|jwt)|(别人|他人|其他账号|其它账号|对方|组织|企业)的?(空间|智能体|工作流)[^\n"。]{0,12}(看不到|看不见|无权|没有?权限|访问不了|访问不到|调不了|调用不了)|(看不到|看不见|访问不了|访问不到|调不了|调用不了)[^\n"。]{0,6}(别人|他人|其他账号|其它账号|对方|组织|企业)的?(空间|智能体|工作流)`), within: is(`(别人|他人|其他账号|组织|企业)的?空间`),
		causes: []candidate{{id: "token.account", fixAt: AtService}, {id: "bot.access", fixAt: AtConsole}},
	},
	{
		// coze-py #142. A scope that names other permissions has the same answer.
		id: "permission", code: "4101",
		says: is(`(you )?(do not|don't) have permission to access (this|the) resource|no permission to access (this|the) resource|workspace permission denied|(没有|无)权限?(访问|操作|使用|调用)(该|此|这个|当前)?(资源|工作空间|空间|智能体|工作流|知识库|bot)|` + alone(`(接口|应用|访问|操作|调用)?权限(不足|不够|被拒绝?|((校验|验证|检查)(失败|不通过|未通过)))|(没有?|无|缺少|缺乏|暂无)(相关|相应|足够的?)?(访问|操作|调用|使用|接口)?权限`)), common: true,
		causes: permissionCauses,
	},
	{
		// coze-py #78, #83; coze-js #159, #314.
		id: "authentication", code: "4100", says: is(`authentication is invalid|身份(验证|认证)无效`),
		causes: []candidate{
			{id: "token.no_bearer", fixAt: AtService, evidence: either(headerIsMeant, says(noBearer)), needsEvidence: true},
			uninstalledSince,
			{id: "token.region", fixAt: AtRegion, evidence: defaultHost},
			{id: "token.expired", fixAt: AtService},
		},
	},
	{
		id: "workflow_unpublished", code: "4200 720702011", within: is(`workflow not (found[^\n]*)?published|工作流[^\n]*发布`),
		says:   is(`workflow not found[^\n"]{0,90}\bpublished|\bworkflow (is |has )?not (been )?published\b[^\n"]{0,20}|工作流 ?(尚|还)?(未|没有|没)发布`),
		causes: []candidate{{id: "workflow.unpublished", fixAt: AtConsole}, {id: "id.region", fixAt: AtRegion, evidence: defaultHost}, {id: "id.wrong", fixAt: AtService}},
	},
	{
		// Official table; the session URL is the reporter's reading, the region that of
		// coze2openai #18 and one-api #1656, whose words are those of the older API.
		id: "bot_unpublished", code: "4015",
		says:   is(`has not been published to the channel[^\n"]*|bot is not currently published to the corresponding platform|当前 ?Bot 未发布到[^\n"]*渠道|(bot|智能体|应用) ?(尚|还)?(未|没有|没)发布(为|到|至)? ?(API( 服务| 渠道)?)?|\b(bot|agent) (is |has )?not (been )?published\b[^\n"]{0,20}`),
		causes: []candidate{{id: "bot.unpublished", fixAt: AtConsole}, {id: "bot.session_url", fixAt: AtService}, {id: "id.region", fixAt: AtRegion, evidence: defaultHost}},
	},
	{
		// coze-java #92; xiaozhi-esp32-server #206, #352.
		id: "not_found", code: "4200", says: is(`requested resource [^\n"]*does not exist|(bot|智能体|工作流|知识库|工作空间|会话|workflow|conversation|dataset|workspace)([_ ]?id)? ?(不存在|未找到|找不到)|(不存在|未找到|找不到)(该|此|这个|指定)?的?(智能体|工作流|知识库|工作空间)`),
		causes: []candidate{
			{id: "id.rounded", fixAt: AtService, evidence: roundedID, needsEvidence: true},
			{id: "id.region", fixAt: AtRegion, evidence: defaultHost},
			{id: "id.wrong", fixAt: AtService},
			{id: "bot.access", fixAt: AtConsole},
		},
	},
	{
		// coze-studio #1950, #259; session.go:58: for a path that is not in its open API, the check
		// of the web page's session answers.
		id: "studio_path", within: is(`missing session_key in cookie`), says: is(`missing session_key in cookie`),
		causes: []candidate{{id: "studio.path", fixAt: AtService}},
	},
	{
		// coze-studio 4f786d6, openapi_auth.go:131,148.
		id: "studio_key", within: is(`^(authentication failed: )?(api key invalid|missing api_key in request)`), says: is(`authentication failed: (api key invalid|missing api_key in request)`),
		causes: []candidate{{id: "studio.token", fixAt: AtService}},
	},
	{
		// Of a workflow that runs in one request.
		id: "workflow_timeout", code: "720702085 6023", says: is(`workflow execution timed out[^\n"]*`),
		causes: []candidate{{id: "net.gateway", fixAt: AtService}},
	},
	{
		// coze-java #81.
		id: "gateway_timeout", code: "504", status: 504,
		causes: []candidate{{id: "net.gateway", fixAt: AtService}},
	},
	{
		// The web pages of the API reference say so, too.
		id: "request_body", code: "4000", within: is(`http body provided is not a valid json`), says: is(`http body provided is not a valid json or chat request`),
		causes: []candidate{{id: "request.body", fixAt: AtService}},
	},
	{
		// Real-Coze-API #5, of a VPS.
		id: "network_blocked", says: is(`detected unusual traffic from your network[^\n"]*`), within: is(`unusual traffic from your network`),
		causes: []candidate{{id: "net.blocked", fixAt: AtService}},
	},
	{
		id: "token_region", says: is(`coze\.(cn|com)[^\n。]{0,40}(token|令牌)[^\n。]{0,12}(调不了|调不通|用不了|不能用|不好使)`), within: is(`token[^\n]*调不了`),
		causes: []candidate{{id: "token.region", fixAt: AtRegion, evidence: either(twoHosts, defaultHost)}},
	},
	{
		// Also with HTTP 200. coze-studio openapi_auth.go:124 has the words about the header.
		id: "login_invalid", code: "700012006", causes: loginInvalid,
		says: is(`access token invalid|login verification is invalid|missing authorization in header`),
	},
	{
		// What Coze says of a token in other words, and what people make of it.
		id: "token_expired", common: true, causes: loginInvalid,
		says: is(`(令牌|\btoken)[^\n"。没未不]{0,8}(到期|过期|失效|超时)|(\btoken|令牌|jwt)[^\n"。]{0,8}有效(时长|期|时间)[^\n"。没未不内]{0,12}(超时|到期|过期)|\baccess[ _-]?token( is| has| was)?( been)? (expired|invalid|revoked)|\b(invalid|expired) access[ _-]?token|\btoken (is |has )expired|\btoken expired|(访问令牌|令牌|\btoken) ?(已经?)?(过期|失效|无效|非法|不合法)|(过期|失效|无效|非法)的? ?(访问令牌|令牌|token\b)`),
	},
	{
		id: "no_access", code: "700012054", says: is(`no permission to access, please refresh[^\n"]*`),
		causes: []candidate{{id: "bot.unpublished", fixAt: AtConsole}, {id: "bot.access", fixAt: AtConsole}},
	},
	{
		// Official table: a model error; the SDKs map it to HTTP 429 (coze-js error.ts:100).
		id: "rate", code: "4013", status: 429, common: true,
		says:   is(`(请求|调用|访问|操作)(过于|太|过)频繁|(请求|调用)(频率|次数)(超限|超过|超出)[^\n"]*|\btoo many requests\b|\brate limit(ed)?( exceeded)?\b`),
		causes: []candidate{{id: "service.rate", fixAt: AtService}},
	},
	{
		// coze-studio 4f786d6, backend/types/errno: each of its services has a million codes, and
		// the cloud's are not among them.
		id: "studio_code", family: lazyregexp.New(`^(1(0[0-9]|1[0-2])[0-9]{6}|305000002)$`),
		causes: []candidate{{id: "studio.code", fixAt: AtService}},
	},
	{
		// coze-studio 4f786d6, backend/types/errno/user.go:22: the family of accounts and logins.
		id: "account_code", family: lazyregexp.New(`^700[0-9]{6}$`),
		causes: []candidate{{id: "unknown", fixAt: AtService, evidence: codeFamily}, {id: "token.expired", fixAt: AtService}, {id: "token.region", fixAt: AtRegion, evidence: defaultHost}},
	},
}, codeRules()...)

var loginInvalid = []candidate{
	{id: "token.expired", fixAt: AtService},
	{id: "token.region", fixAt: AtRegion, evidence: defaultHost},
	{id: "token.pat", fixAt: AtService},
	{id: "token.no_bearer", fixAt: AtService, evidence: either(headerIsMeant, says(noBearer))},
	uninstalledSince,
}

// noBearer is a header that has the token alone.
var noBearer = is(`authorization["']?\s*[:=]\s*["'` + "`" + `]?(czs_|pat_|(this\.|self\.)?(access_?)?token\b)`)

// uninstalledSince is an app whose tokens were deleted with its authorization, by what the text says.
var uninstalledSince = candidate{id: "app.uninstalled", fixAt: AtPage, evidence: onlyIf(says(is(`\buninstall\w*|卸载|(撤销|取消)了?授权`))), needsEvidence: true}

// official are the codes whose official meaning is all that is known, with the sentences of the
// table and of threads that can be nobody else's.
var official = []struct{ code, says string }{
	{"4000", `参数(传递|传入)?(错误|不正确|有误)[,，]?请查阅`},
	{"4001", ``},
	{"4002", `指定会话不存在`},
	{"4003", `meta[ _]?data ?超过限制`},
	{"4004", `additional[ _]?messages ?超过限制`},
	{"4005", ``},
	{"4006", `指定智能体不存在`},
	{"4007", `auto_save_history[^\n"]{0,20}(must|should|required)[^\n"]*|流 ?false ?仅在自动保存为 ?true ?时允许`},
	{"4008", `当日智能体使用次数超过限制`},
	{"4009", `已达系统请求上限`},
	{"4010", `prompt token 数量超过模型上限`},
	{"4011", `coze token 余额不足|coze credits? balance (is )?insufficient`},
	{"4012", ``},
	{"4014", ``},
	{"4016", `conversation (is )?(occupied|already has)[^\n"]*chat|当前会话已有 ?chat ?在运行`},
	{"4019", `火山 ?bot ?调用按量余额不足`},
	{"4020", `火山 ?bot ?调用超出 ?rpm ?峰值`},
	{"4021", `chatflow is not configured`}, // coze-studio conversation.go:54
	{"4022", `模型欠费`},
	{"4027", `account has an overdue payment[^\n"]*`},
	{"4028", `free quota has been used up[^\n"]*|` + alone(`insufficient (balance|quota|credits)|(余额|额度|资源点)(不足|已用完|用尽)`)}, // coze-py #425
	{"4029", `connection was closed due to prolonged user inactivity[^\n"]*`},
	{"4052", `s2s feature is not enabled[^\n"]*`},
	{"4102", `命中风控拦截`},
	{"4104", `当前对话不支持取消`},
	{"4105", `内容包含敏感信息[,，]请修改后重新提交`},
	{"4201", `(企业/团队人员|组织成员)已经?存在`},
	{"4300", ``},
	{"4301", ``},
	{"4302", ``},
	{"4303", ``},
	{"4304", ``},
	{"4314", ``},
	{"4315", ``},
	{"5000", ``},
}

func codeRules() []rule {
	all := make([]rule, len(official))
	for i, o := range official {
		all[i] = rule{id: "api_" + o.code, code: o.code, causes: []candidate{{id: "api." + o.code, fixAt: AtService}}}
		if o.says != "" {
			all[i].says = is(o.says)
		}
	}
	return all
}
