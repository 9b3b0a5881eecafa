package i18n

// chineseCommands are the commands, their help and their flags, in Chinese.
var chineseCommands = map[string]string{
	"cmd.root.long": "cozejwt 带你从零开始，用 JWT OAuth 应用取得真实的 Coze 访问令牌：\n" +
		"密钥对、控制台、App ID 和 Key ID、.env、真实测试。JWT OAuth 不需要回调地址，\n" +
		"也不需要部署。不带命令时启动向导。\n\n" +
		"除了你选择的 Coze 主机，它不向任何人发送任何东西：没有遥测，不检查更新。",
	"cmd.root.example": "  cozejwt                                 启动向导\n" +
		"  cozejwt --region sandbox                没有账号也能练习\n" +
		"  TOKEN=$(cozejwt token)                  在脚本里取一个新令牌",
	"cmd.init.short": "创建 JWT 应用的凭证，从选区域到真实令牌",
	"cmd.init.long": "九个步骤：区域、创建应用、密钥对、上传公钥、App ID、Key ID、确认改动、令牌测试、\n" +
		"完成。在终端里是向导，其他情况下逐行提问。每个问题都有对应的参数；\n" +
		"加上 --no-input 就什么都不问。",
	"cmd.init.example": "  cozejwt init --region cn\n" +
		"  cozejwt init --no-input --region cn --app-id 1234567890123 --key-id … --yes --json\n" +
		"  cozejwt init --import-key ~/Downloads/private_key.pem",
	"cmd.keygen.short": "生成 RSA 密钥对，打印公钥",
	"cmd.keygen.long":  "生成 RSA 密钥对（PEM 格式的 PKCS#8 和 SPKI），并打印要上传的公钥。\n不会覆盖已有的私钥。",
	"cmd.keygen.example": "  cozejwt keygen\n" +
		"  cozejwt keygen --key-path config/private_key_new.pem --bits 4096",
	"cmd.token.short": "只打印一个新的访问令牌",
	"cmd.token.long":  "用 .env 指定的私钥签一个 JWT 并换取令牌。标准输出里只有令牌。",
	"cmd.token.example": "  TOKEN=$(cozejwt token)\n" +
		"  cozejwt token --ttl 3600 --permission Connector.botChat --bot-id 7412345678901234567 --json",
	"cmd.sandbox.short": "在本机运行练习用 Coze",
	"cmd.sandbox.long": "提供真正验证 RS256 签名的令牌接口，以及一个控制台页面：创建应用、添加密钥、\n" +
		"授权、停用。只监听本机回环地址。应用和密钥会保留到下次运行。按 Ctrl+C 结束。",
	"cmd.sandbox.example":    "  cozejwt sandbox\n  cozejwt sandbox --addr 127.0.0.1:9000",
	"cmd.version.example":    "  cozejwt version --json",
	"cmd.version.short":      "打印版本",
	"cmd.completion.short":   "打印 bash、zsh、fish 或 powershell 的补全脚本",
	"cmd.completion.long":    "打印一个脚本，让 shell 能补全命令和参数。",
	"cmd.completion.example": "  source <(cozejwt completion bash)\n  cozejwt completion fish > ~/.config/fish/completions/cozejwt.fish",
	"cmd.usage_template":     usageTemplate("用法", "[命令] [参数]", "[参数]", "示例", "参数", "所有命令通用的参数", "cozejwt 命令 --help 查看该命令的详细说明。"),

	"keygen.saved": "私钥：{private}（请保密）\n公钥：{public}（上传这个）",
	"keygen.kept":  "原来的文件已保留：{path}",

	"sandbox.serving": "练习用 Coze：{base}（API 地址）\n控制台页面：{base}/\n按 Ctrl+C 结束。",

	"flag.dir":           "项目`文件夹`",
	"flag.env_file":      ".env 的`路径`，相对于项目文件夹（默认 .env）",
	"flag.profile":       "凭证组`名称`：用 .env.名称 代替 .env",
	"flag.region":        "`cn`、com 或 sandbox",
	"flag.api_base":      "API `地址`，优先于 --region",
	"flag.lang":          "`en` 或 zh（默认取自 LC_ALL、LC_MESSAGES、LANG）",
	"flag.no_input":      "什么都不问，缺少的值算错误",
	"flag.json":          "在标准输出打印一个 JSON 文档",
	"flag.accessible":    "逐行提问，不移动光标（也可设 ACCESSIBLE=1）",
	"flag.no_color":      "不用颜色（也可设 NO_COLOR）",
	"flag.timeout":       "每次调用服务的最长`时间`",
	"flag.debug":         "在标准错误里记录每次 HTTP 调用，不含机密",
	"flag.help":          "显示帮助",
	"flag.app_id":        "控制台显示的 App ID",
	"flag.key_id":        "Key ID：控制台里的公钥指纹",
	"flag.key_path":      "私钥`路径`，相对于项目文件夹（默认 config/private_key.pem）",
	"flag.bits":          "RSA 密钥长度：2048、3072 或 4096",
	"flag.reuse_key":     "使用已有的私钥",
	"flag.import_key":    "导入控制台生成的私钥，给出它的`路径`，相对于当前目录",
	"flag.env_names":     "变量命名：`default`（COZE_CLIENT_ID …）或 sdk（COZE_JWT_OAUTH_CLIENT_ID …）",
	"flag.skip_test":     "只写入，不请求令牌",
	"flag.dry_run":       "只显示会有什么改动，不写入",
	"flag.yes":           "接受确认页上的改动",
	"flag.force":         "用新密钥替换旧密钥，旧密钥留一份副本",
	"flag.ttl":           "令牌有效`秒数`，1 到 86399",
	"flag.permission":    "令牌只限这个`权限点`（可重复）",
	"flag.bot_id":        "令牌只限这个智能体 `id`（可重复）",
	"flag.session_name":  "把这个用户的会话与其他用户隔离",
	"flag.account_id":    "为另一账号的空间或组织取令牌，给出 `id`",
	"flag.enterprise_id": "为企业取令牌，给出 `id`（企业特权应用）",
	"flag.addr":          "监听的回环`地址`（默认用上次的，或你专属的端口）",

	"cmd.verify.short":   "检查已有的凭证：哪里不对，怎样修",
	"cmd.verify.long":    "对 .env 和密钥逐项检查，先离线，再联网。每个失败都说明看到了什么、为什么重要、怎样修。\n加上 --yes 会直接修复能修的：文件权限、.gitignore、PKCS#1 改 PKCS#8（保留旧文件）、\nCOZE_API_BASE。",
	"cmd.verify.example": "  cozejwt verify\n  cozejwt verify --offline --json\n  cozejwt verify --all",

	"flag.offline":      "不访问网络",
	"flag.all":          "也检查每个 .env.名称",
	"flag.verify_yes":   "能修的直接修，不再询问",
	"flag.other_region": "Key ID 被拒时，也问另一个区域",

	"cmd.explain.short":   "解释一段错误文本，并说明怎么办",
	"cmd.explain.long":    "粘贴什么都行：错误信息、日志、SDK 堆栈、JSON、JWT、cURL 命令。说明识别出了什么、\n最可能的原因和修法。离线：文本不会发往任何地方。",
	"cmd.explain.example": "  cozejwt explain 'invalid jwt: kid not been registred'\n  python app.py 2>&1 | cozejwt explain",

	"flag.wanted": "令牌必须有的`权限点`（可重复）",

	"cmd.rotate.short":     "更换密钥，服务不中断",
	"cmd.rotate.long":      "先确认 .env 里的凭证可用，在旧密钥旁边生成新密钥对，上传，用新密钥申请令牌；成功之后才一次性切换 .env，\n再重新读取并测试，失败则恢复原内容。旧密钥保留。中途离开后，再次运行 cozejwt rotate 会接着做。",
	"cmd.rotate.example":   "  cozejwt rotate\n  cozejwt keygen --key-path config/new.pem     # 然后在控制台上传\n  cozejwt rotate --no-input --key-path config/new.pem --key-id … --yes --json\n  cozejwt rotate --rollback                    # 退回原来的密钥\n  cozejwt rotate --prune                       # 删除服务端已不接受的旧密钥",
	"cmd.profiles.short":   "列出各套凭证",
	"cmd.profiles.long":    "列出 .env 和各个 .env.NAME 里的凭证，以及密钥、区域和上次测试结果。* 表示 .env 里正是这套。",
	"cmd.profiles.example": "  cozejwt profiles\n  cozejwt profiles --test --json",
	"cmd.use.short":        "把另一套凭证放进 .env",
	"cmd.use.long":         "先测试 .env.NAME 里的凭证，再写入 .env，只改我们的变量。原来的那套会另存为一个 profile（已有则不重复）。",
	"cmd.use.example":      "  cozejwt use staging\n  cozejwt use                 # 询问用哪套",
	"cmd.import.short":     "从 Spring YAML、coze_oauth_config.json 或其他 .env 导入凭证",
	"cmd.import.long":      "在 FILE 里找出每套凭证（不论层级），各存为一个 profile：.env.NAME。名称已被占用就换一个；不改动任何已有文件。\nFILE 里以文本形式出现的私钥会存成 0600 的文件。",
	"cmd.import.example":   "  cozejwt import src/main/resources/application.yaml --test\n  cozejwt import coze_oauth_config.json --profile staging",
	"flag.new_key_id":      "控制台显示的新密钥的 Key ID",
	"flag.new_key_path":    "新私钥的`路径`（由 keygen 生成），相对于项目目录",
	"flag.rollback":        "退回上次轮换之前的密钥（先确认可用）",
	"flag.prune":           "删除服务端已不接受的旧私钥",
	"flag.rotate_yes":      "接受预览，以及 --prune 可以删除的内容",
	"flag.fresh":           "忘掉上次没做完的",
	"flag.test":            "为每套凭证申请一次令牌",

	"cmd.exec.short":      "运行命令，并在环境变量里带上新令牌",
	"cmd.exec.long":       "运行 COMMAND，并设置 COZE_API_TOKEN 和 COZE_API_BASE。退出码和信号原样传递。",
	"cmd.exec.example":    "  cozejwt exec -- ./smoke-test.sh\n  cozejwt exec --ttl 3600 --cache -- npm run dev",
	"cmd.export.short":    "按其他工具要求的格式输出凭证",
	"cmd.export.long":     "按工具文档规定的格式输出 .env 里的凭证。只有 sdk-json、fly 和 k8s 含私钥；它们只能输出到管道，\n或用 --out 写入权限 0600 的新文件。",
	"cmd.export.example":  "  eval \"$(cozejwt export --format shell)\"\n  cozejwt export --format fly | fly secrets import\n  cozejwt export --format k8s | kubectl apply -f -\n  cozejwt export --format github | sh\n  cozejwt export --format sdk-json --out coze_oauth_config.json",
	"cmd.snippet.short":   "输出用官方 SDK 读取 .env 的示例代码",
	"cmd.snippet.long":    "输出某种语言的几行代码；不指定时按项目文件判断语言，变量名与 .env 一致。",
	"cmd.snippet.example": "  cozejwt snippet\n  cozejwt snippet node",
	"flag.cache":          "缓存令牌（0600，放在用户缓存目录），到期前一分钟失效",
	"flag.format":         "`格式`：{known}",
	"flag.out":            "写入新`文件`（权限 0600），不输出到标准输出；相对于当前目录",
	"flag.reveal":         "即使会被看到也输出私钥",
	"export.docker":       "Docker 按原样读取值，不支持引号和换行，所以密钥用挂载方式提供：见第一行。",
	"export.fly":          "在 fly.toml 里加上这几行，密钥就会成为机器上的文件：\n{toml}",
	"export.k8s":          "密钥要以文件方式挂载；在容器里：\n{mount}",
	"export.github":       "运行这些命令时会从 {path} 读取密钥；在工作流里把 $COZE_PRIVATE_KEY 写入文件，并在 COZE_PRIVATE_KEY_PATH 里写它的路径。",
	"export.written":      "已写入：{path}（0600）",

	"group.set_up":    "创建",
	"group.use":       "使用凭证",
	"group.keep":      "维护",
	"group.more":      "其他",
	"flag.no_browser": "不打开浏览器；网址总会显示",
	"cmd.man.short":   "把手册页写入目录",
}
