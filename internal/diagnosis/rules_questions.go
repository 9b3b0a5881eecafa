package diagnosis

// questionRules are for what people ask on the way, where no error is in the text: by the words of the
// chats and threads in which they do. The answers are those of the official guide.
var questionRules = []rule{
	asked("where_app_id", `\bapp ?id\b[^\n。]{0,14}(在哪|哪里|怎么(看|找|获取)|是不?是|是什么|吗)|client_?id[^\n。]{0,10}(在哪|哪里|怎么(看|找|获取)|是什么)|where[^\n]{0,20}\b(app|client)[_ ]?id\b`, candidate{id: "help.app_id", fixAt: AtAppID}),
	asked("where_key_id", `(\bkey ?id|\bkid|公钥指纹|public_key_id)\b?[^\n。]{0,12}(在哪|哪里|找不到|没找到|怎么(看|找|获取)|是什么)|where[^\n]{0,20}\b(key[_ ]?id|kid|fingerprint)\b`, candidate{id: "help.key_id", fixAt: AtKeyID}),
	asked("which_key", `(上传|传|粘贴|填)(的是)?((哪个|哪一个) ?(公钥|私钥|密钥|pem|文件)?(\s*$|[?？])|公钥还是私钥|私钥还是公钥)|which (key|pem)[^\n]{0,16}upload|which file[^\n]{0,16}upload[\s?？]*$`, candidate{id: "help.upload", fixAt: AtUpload}),
	asked("key_leaked", `私钥[^\n。]{0,24}(泄露|泄漏|暴露|公开|提交到|提交了|推送|上传到)|private key[^\n]{0,30}(leaked|committed|exposed|pushed|public repo)|(leaked|committed|exposed|pushed)[^\n]{0,20}private key`, candidate{id: "help.leaked", fixAt: AtKey}),
	asked("key_lost", `(私钥|\bpem\b)[^\n。]{0,24}(丢了|丢失|弄丢|没存|没有?保存|没下载|再下|重新下载|找回)|lost[^\n]{0,12}private key|private key[^\n]{0,20}(lost|download(ed)? again)`, candidate{id: "help.lost", fixAt: AtKey}),
	asked("rotate", `(换|轮换|更换|替换)[^\n。]{0,6}(密钥|公钥|私钥|\bkey\b)\s*([^的\w\s]|$)|rotat(e|ing) (my |the |our |a )?(private |signing |public )?keys?\b`, candidate{id: "help.rotate", fixAt: AtKey}),
	asked("refresh", `refresh_?token[^\n。]{0,16}(吗|么|怎么|有没有|可以|刷)|(token|令牌)[^\n。]{0,14}永久|(没有|有没有|怎么)[^\n。]{0,6}refresh_?token`, candidate{id: "help.refresh", fixAt: AtService}),
	asked("not_authorized", `授权["”」』\s]*(按钮)?[^\n。]{0,6}(没点|没有点|未点)|(没点|没有点|未点)[^\n。]{0,6}授权`, candidate{id: "app.unauthorised", fixAt: AtPage}),
	asked("two_regions", `coze\.com[^\n。]{0,40}api\.coze\.cn|coze\.cn[^\n。]{0,40}api\.coze\.com`, candidate{id: "kid.region", fixAt: AtRegion}),
	asked("admin", `(授权|安装|创建)[^\n。]{0,20}管理员(审批|授权|操作|同意)`, candidate{id: "app.admin", fixAt: AtConsole}),
	asked("unpublished", `(api|调用?|接口|智能体|bot|工作流)[^\n。]{0,8}(说|报|提示)[^\n。]{0,4}(没|未)有?发布`, candidate{id: "bot.unpublished", fixAt: AtConsole}),
	asked("channel", `渠道[^\n。]{0,24}(绑定?|bind) ?connector`, candidate{id: "app.channel", fixAt: AtConsole}),
	asked("client_kind", `(移动端|桌面|单页|\bWeb\b)[^\n。]{0,24}(不能用|没有|用不了)[^\n。]{0,6}(jwt|公钥)|\.app\.coze\b`, candidate{id: "app.type", fixAt: AtConsole}),
	asked("sessions", `(记录|对话|会话|消息)[^\n。]{0,6}(串了|串在|混在)|看到别人的(聊天|对话|记录|会话|消息)`, candidate{id: "help.sessions", fixAt: AtService}),
}

// longestQuestion is how many bytes a question has, with what it is about. A longer text is a log.
const longestQuestion = 1000

// ofOthers are services and things that have app ids, tokens and private keys too.
var ofOthers = is(`facebook|微信|wechat|抖音|钱包|wallet|bitcoin|ethereum|google|百度|微博|twitter|steam|apple|华为|小米|ssh|(^|[^\w])\.?Exception\b|^\s+at |java\.|Traceback`)

// asksOfCoze reports whether a text may be a question about Coze.
func (t reading) asksOfCoze() bool {
	return len(t.text) <= longestQuestion && !t.foreign && (t.isOfCoze() || !t.has(ofOthers))
}

// asked is a rule for a question.
func asked(id, pattern string, answer candidate) rule {
	return rule{id: "asked_" + id, says: is(pattern), byProgram: true, asked: true, causes: []candidate{answer}}
}
