package i18n

// chineseSteps are the steps of a plan, and what the fronts say around them, in Chinese.
var chineseSteps = map[string]string{
	"ui.step": "步骤 {n}/{m}  {title}",

	"step.region": "区域",
	"step.app":    "创建应用",
	"step.key":    "密钥对",
	"step.upload": "上传公钥",
	"step.app_id": "App ID（应用 ID）",
	"step.key_id": "Key ID（公钥指纹）",
	"step.review": "确认改动",
	"step.test":   "令牌测试",
	"step.done":   "完成",

	"region.brief":         "你的扣子（Coze）账号在哪个区域？一个区域的应用和密钥，另一个区域都不认识。",
	"region.found":         "已有 {path}，其中的值会在各步骤中作为默认值。",
	"region.cn":            "cn       {base}",
	"region.cn.about":      "coze.cn（中国大陆）账号选这个。大多数中文开发者用它。",
	"region.com":           "com      {base}",
	"region.com.about":     "coze.com（国际版）账号选这个。多数 SDK 的默认地址。",
	"region.sandbox":       "sandbox  本机上的练习用 Coze",
	"region.sandbox.about": "不需要账号就能走完全程。签名是真的，服务是模拟的。",
	"region.custom":        "custom   其他 API 地址",
	"region.custom.about":  "自建网关或测试服务器：https，或本机上的 http。",

	"app.steps": "1. 打开上面的页面并登录。左侧栏 API & SDK，顶部 授权（Authorize）> OAuth 应用（OAuth apps）。\n" +
		"2. 右上角：创建新应用（Create new app）。\n" +
		"3. 应用类型：普通（Normal）。客户端类型：服务类应用（Service app）。\n" +
		"4. 填写应用名称（全 Coze 不能重名）和描述，然后点 创建并继续（Create and continue）。\n" +
		"5. 权限（Permissions）：Connector.botManage 和 Connector.botChat；或按用途勾选：Bot管理 chat、getMetadata；会话管理 createConversation、listConversation、editConversation；对话 cancelChat；文件 uploadFile；工作流 getMetadata。\n" +
		"6. 不要关闭页面：下一步就是密钥。\n" +
		"页面文字可能会变，官方文档在这里：",
	"app.guide":   "{url}",
	"app.why":     "不要选渠道（Channel）：那种应用必须绑定渠道。不要选 Web、移动端或 PKCE：它们需要回调地址。服务类应用两者都不需要，也不用部署任何东西。",
	"app.sandbox": "练习用 Coze 会替你创建应用：普通类型、服务类应用、已授权。",

	"key.brief":        "应用靠签名证明身份。私钥只留在这台机器上，Coze 只拿公钥。",
	"key.make":         "在这里生成密钥对，再上传公钥",
	"key.make.about":   "RSA、PKCS#8，存到 {path}，只有你能读。适用于控制台页面有公钥输入框的情况。",
	"key.import":       "使用控制台生成的密钥",
	"key.import.about": "适用于控制台页面有「创建 Key」（Create key）按钮的情况：它只下载一次 private_key.pem。",
	"key.reuse":        "使用 {path}：{bits} 位，SHA-256 {sha256}…",
	"key.reuse.about":  "项目已有的密钥，写于 {age} 前。不会覆盖任何文件。",

	"upload.brief":   "把这个公钥粘贴到控制台应用页面的「公钥和私钥」（Public and private keys）处并保存。",
	"upload.after":   "然后仍在控制台：勾选权限（Permissions），点 确定（OK），再点 授权（Authorise）。从未授权过的应用没有任何访问权。",
	"upload.sandbox": "这个公钥会上传到练习用 Coze。",

	"app_id.brief":   "在控制台的 OAuth 应用列表里，应用名称旁边：12 或 13 位数字。",
	"app_id.sandbox": "这是练习用 Coze 给应用的 ID。在真实控制台里，它在应用列表中。",

	"key_id.brief":   "应用页面为该密钥显示的公钥指纹（fingerprint）：43 个字符。以后也能看到：应用列表 > 操作 > 编辑图标 > 配置。",
	"key_id.sandbox": "这是练习用 Coze 给密钥的 ID。在真实控制台里，它就是公钥指纹（fingerprint）。",

	"review.brief": "以下是全部改动。到目前为止只写过密钥文件。",

	"test.brief":   "用私钥签一个 JWT，到 {host} 换取访问令牌（access token）。",
	"test.running": "正在向 {host} 请求令牌… {elapsed}",

	"done.live":     "{path} 可用：已用它取得真实令牌。",
	"done.untested": "{path} 已写入，未测试。",
	"done.dry":      "演练（dry run）：没有写入任何文件。",
	"done.next":     "接下来可以运行",
	"done.snippet":  "在你的项目里（{language}）：",

	"check.jwt_app":      "应用是 JWT 应用",
	"check.ids":          "App ID 和 Key ID 正确",
	"check.uploaded":     "公钥已上传",
	"check.pair":         "私钥和公钥是一对",
	"check.token":        "已取得访问令牌",
	"check.by_token":     "服务端已凭它们签发令牌",
	"check.by_signature": "服务端已用它验证我们的签名",
	"check.by_compare":   "已与 {path} 比对",
	"check.by_log_id":    "logid {log_id}",
	"check.unseen":       "本次运行中未见证",

	"field.region":                 "区域",
	"field.api_base":               "API 地址，例如 https://coze-gateway.example.com",
	"field.key_source":             "密钥对从哪里来？",
	"field.import_key":             "控制台生成的私钥文件路径（可把文件拖到这里）",
	"field.import_key.newest":      "最新的下载：{path}，{age} 前",
	"field.replace_key":            "输入 yes（或 是）用新密钥替换，旧密钥会留一份副本",
	"field.replace_key.about":      "{path} 里是另一把密钥：{bits} 位，SHA-256 {sha256}…，写于 {age} 前。可能有服务正在用它签名。",
	"field.replace_key.unreadable": "{path} 已存在，但里面没有可用的密钥。",
	"field.discard":                "导入后删除下载的原文件吗？",
	"field.discard.path":           "多留一份私钥容易泄露：{path}",
	"field.discard.no":             "留在原处。",
	"field.discard.yes":            "把导入的副本读回并比对之后再删除。",
	"field.app_id":                 "App ID",
	"field.key_id":                 "Key ID",
	"field.write":                  "写入这些改动吗？",
	"field.write.yes":              "只写入上面显示的内容。",
	"field.write.no":               "一切保持原样。",
	"field.resume":                 "有一次没有完成的设置，要继续吗？",
	"field.resume.age":             "{age} 前中断。",

	"resume.yes":       "从中断处继续",
	"resume.yes.about": "所有回答都还在。",
	"resume.no":        "重新开始",
	"resume.no.about":  "忘掉之前的回答，文件不动。",

	"option.yes": "是",
	"option.no":  "否",

	"action.create": "新建",
	"action.edit":   "修改",
	"action.keep":   "不变",
	"action.saved":  "本次已保存：",

	"key.next":         "下一步",
	"key.back":         "返回",
	"key.quit":         "退出",
	"key.help":         "帮助",
	"key.choose":       "选择",
	"key.scroll":       "滚动",
	"key.copy":         "复制",
	"key.open":         "打开页面",
	"key.console_made": "页面没有输入框",
	"key.retry":        "重试",
	"key.cancel":       "取消",
	"key.write":        "写入",
	"key.mend":         "去修正：{step}",
	"key.finish":       "结束",

	"wizard.copied":    "已复制。如果粘贴出来不对，请用文件 {path}。",
	"wizard.opened":    "已请浏览器打开页面。",
	"wizard.not_open":  "这里打不开浏览器，请自己打开上面的网址。",
	"wizard.file":      "文件：{path}",
	"wizard.cancelled": "已取消。服务端没有拒绝任何东西。",
	"wizard.causes":    "可能的原因，最可能的在前：",
	"wizard.secret":    "粘贴的是密钥。没有采用，也不会显示；不要把它留在剪贴板里。按退格键后再输入 ID。",
	"wizard.success":   "已取得令牌",

	"left.title":         "中途退出。目前已有：",
	"left.key":           "密钥对：{path} 和 {public}",
	"left.kept":          "原文件的副本：{path}",
	"left.env":           "{path}：已写入。用 cozejwt verify 检查。",
	"left.env_untouched": "{path}：没有改动。再次运行 cozejwt 可以继续。",

	"summary.env":      "已写入：{path}（App ID {app_id}，Key ID {key_id}）",
	"summary.key":      "密钥对：{path}，{public}",
	"summary.token":    "令牌：{token}，来自 {host}，用时 {elapsed}，有效期至 {expires}，logid {log_id}",
	"summary.untested": "未测试。测试命令：cozejwt token",
	"summary.next":     "接下来：cozejwt token 会打印一个新令牌，供脚本使用。",

	"plain.after_refusal": "Enter：回到「{step}」。r：重试。q：停止。",

	"key.details":      "详情",
	"key.again":        "重新检查",
	"key.fix":          "修复",
	"key.other_region": "问另一个区域",
	"key.report":       "复制报告",
	"key.yes":          "是",
	"wizard.no_field":  "那里没有输入框，只有「创建 Key」（Create key）按钮？请按 k。",
	"plain.retry":      "Enter：重试。q：停止。",
	"review.written":   "本次运行已写入之前显示的内容。现在还会改动的：",
	"done.sandbox":     "这是练习。练习用 Coze 只在 cozejwt 运行时存在：要运行下面的代码，请先用 cozejwt sandbox 启动它。有账号后，用 --region cn 或 com 重新开始。",
}
