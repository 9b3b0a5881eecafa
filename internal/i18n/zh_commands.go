package i18n

// chineseCommands are the commands, their help and their flags, in Chinese.
var chineseCommands = map[string]string{
	// cozejwt
	"cmd.root.long":      "cozejwt 带你一步步用 JWT OAuth 应用取得真实的 Coze 访问令牌：密钥对、控制台、\nApp ID 和 Key ID、.env、真实测试。JWT OAuth 不需要回调地址，也不用部署。\n不带命令时启动向导。\n\n它只连接你选择的 Coze 主机：没有遥测，不检查更新。",
	"cmd.root.example":   "  cozejwt                                 启动向导\n  cozejwt --region sandbox                没有账号也能试用\n  TOKEN=$(cozejwt token)                  在脚本里取新令牌",
	"cmd.usage_template": usageTemplate("用法", "[命令] [参数]", "[参数]", "示例", "参数", "所有命令通用的参数", "运行 cozejwt 命令 --help 查看详细说明。"),
	"group.set_up":       "设置",
	"group.use":          "使用凭证",
	"group.keep":         "维护凭证",
	"group.more":         "其他",
	"flag.dir":           "项目`目录`",
	"flag.env_file":      ".env 的`路径`，相对于项目目录（默认 .env）",
	"flag.profile":       "配置档`名称`：用 .env.名称 代替 .env",
	"flag.region":        "`cn`、com 或 sandbox",
	"flag.api_base":      "API `地址`，优先于 --region",
	"flag.lang":          "`en` 或 zh（默认取自 LC_ALL、LC_MESSAGES、LANG）",
	"flag.no_input":      "不提问；缺少值就报错",
	"flag.json":          "向标准输出打印一个 JSON 文档",
	"flag.accessible":    "逐行提问，不移动光标（也可设 ACCESSIBLE=1）",
	"flag.no_color":      "不用颜色（也可设 NO_COLOR）",
	"flag.timeout":       "每次请求的`时限`",
	"flag.debug":         "在标准错误里记录每次 HTTP 请求，不含机密",
	"flag.no_browser":    "不打开浏览器；网址总会显示",
	"flag.help":          "显示帮助",

	// init
	"cmd.init.short":   "设置 JWT 应用的凭证，从选区域到取得令牌",
	"cmd.init.long":    "共九步：区域、创建应用、密钥对、上传公钥、App ID、Key ID、确认改动、令牌测试、完成。\n在终端里是向导，其他情况下逐行提问。每个问题都有对应的参数；\n加上 --no-input 则不提问。",
	"cmd.init.example": "  cozejwt init --region cn\n  cozejwt init --no-input --region cn --app-id 1234567890123 --key-id … --yes --json\n  cozejwt init --import-key ~/Downloads/private_key.pem",
	"flag.app_id":      "控制台显示的 App ID",
	"flag.key_id":      "Key ID：控制台里的公钥指纹",
	"flag.key_path":    "私钥`路径`，相对于项目目录（默认 config/private_key.pem）",
	"flag.bits":        "RSA 密钥长度：2048、3072 或 4096",
	"flag.reuse_key":   "使用已有的私钥",
	"flag.import_key":  "从`路径`导入控制台生成的私钥，相对于当前目录",
	"flag.env_names":   "变量命名：`default`（COZE_CLIENT_ID …）或 sdk（COZE_JWT_OAUTH_CLIENT_ID …）",
	"flag.skip_test":   "只写入，不请求令牌",
	"flag.dry_run":     "只显示改动，不写入",
	"flag.yes":         "不再询问，直接写入改动",
	"flag.fresh":       "清除未完成的设置",

	// rotate
	"cmd.rotate.short":   "轮换密钥，服务不中断",
	"cmd.rotate.long":    "先测试当前凭证，再在旧密钥旁边生成新密钥对，由你上传，并用它请求令牌。\n成功后才原子地切换 .env，然后重新读取并测试，失败则恢复之前的内容。\n旧密钥会保留。未完成的轮换，再次运行 cozejwt rotate 可继续。",
	"cmd.rotate.example": "  cozejwt rotate\n  cozejwt keygen --key-path config/new.pem     # 然后在控制台上传\n  cozejwt rotate --no-input --key-path config/new.pem --key-id … --yes --json\n  cozejwt rotate --rollback                    # 回滚到之前的密钥\n  cozejwt rotate --prune                       # 删除已失效的旧密钥",
	"flag.new_key_id":    "控制台显示的新密钥的 Key ID",
	"flag.new_key_path":  "新私钥的`路径`（由 keygen 生成），相对于项目目录",
	"flag.rollback":      "回滚到上次轮换之前的密钥（先测试）",
	"flag.prune":         "删除已失效的旧私钥",
	"flag.rotate_yes":    "不再询问，直接写入改动并执行 --prune 的删除",

	// verify
	"cmd.verify.short":   "检查凭证，说明问题所在",
	"cmd.verify.long":    "先离线、再联网检查 .env 和密钥。每个失败都说明看到了什么、为什么重要、怎样修复。\n加上 --yes 会直接修复：文件权限、.gitignore、PKCS#1 转 PKCS#8（保留备份）、\nCOZE_API_BASE。",
	"cmd.verify.example": "  cozejwt verify\n  cozejwt verify --offline --json\n  cozejwt verify --all",
	"flag.offline":       "不使用网络",
	"flag.all":           "同时检查每个配置档",
	"flag.verify_yes":    "能修复的直接修复，不再询问",
	"flag.wanted":        "令牌必须具有的`权限点`（可重复）",
	"flag.other_region":  "Key ID 被拒绝时，也检查另一个区域",

	// explain
	"cmd.explain.short":   "解释错误文本，说明修复方法",
	"cmd.explain.long":    "粘贴任何内容：错误信息、日志、SDK 堆栈、JSON、JWT、cURL 命令。\n它会说明识别出了什么、可能的原因和修复方法。离线运行：文本不会发送到任何地方。",
	"cmd.explain.example": "  cozejwt explain 'invalid jwt: kid not been registred'\n  python app.py 2>&1 | cozejwt explain",

	// profiles, use and import
	"cmd.profiles.short":   "列出配置档",
	"cmd.profiles.long":    "列出 .env 和各个 .env.NAME 里的凭证，以及密钥、区域和上次测试结果。\n* 表示 .env 里正是这个配置档。",
	"cmd.profiles.example": "  cozejwt profiles\n  cozejwt profiles --test --json",
	"flag.test":            "为每个配置档请求一次令牌",
	"cmd.use.short":        "把 .env 切换到另一个配置档",
	"cmd.use.long":         "先测试 .env.NAME 里的凭证，再写入 .env，其他变量不变。\n之前的凭证会保存为配置档（已有则不重复）。",
	"cmd.use.example":      "  cozejwt use staging\n  cozejwt use                 # 从列表选择",
	"cmd.import.short":     "从 Spring YAML、coze_oauth_config.json 或其他 .env 导入凭证",
	"cmd.import.long":      "找出 FILE 里的所有凭证（不论层级），各保存为一个配置档：.env.NAME。\n名称已被占用时加上编号；不改动已有文件。FILE 里的私钥会另存为 0600 的文件。",
	"cmd.import.example":   "  cozejwt import src/main/resources/application.yaml --test\n  cozejwt import coze_oauth_config.json --profile staging",

	// keygen
	"cmd.keygen.short":   "生成 RSA 密钥对，打印公钥",
	"cmd.keygen.long":    "生成 PEM 格式的 RSA 密钥对（PKCS#8 和 SPKI），并打印要上传的公钥。\n不会覆盖已有的私钥。",
	"cmd.keygen.example": "  cozejwt keygen\n  cozejwt keygen --key-path config/private_key_new.pem --bits 4096",
	"flag.force":         "替换已有的密钥并保留备份",
	"keygen.saved":       "私钥：{private}（请保密）\n公钥：{public}（上传这个）",
	"keygen.kept":        "旧文件的备份：{path}",

	// token and exec
	"cmd.token.short":    "只打印一个新的访问令牌",
	"cmd.token.long":     "用 .env 指向的私钥签名 JWT，换取访问令牌。标准输出里只有令牌。",
	"cmd.token.example":  "  TOKEN=$(cozejwt token)\n  cozejwt token --ttl 3600 --permission Connector.botChat --bot-id 7412345678901234567 --json",
	"flag.ttl":           "令牌有效`秒数`，1 到 86399",
	"flag.permission":    "令牌只限这个`权限点`（可重复）",
	"flag.bot_id":        "令牌只限这个智能体 `id`（可重复）",
	"flag.session_name":  "把这个用户的会话与其他用户隔离",
	"flag.account_id":    "为另一账号的空间或组织取令牌，给出 `id`",
	"flag.enterprise_id": "为企业取令牌，给出 `id`（企业特权应用）",
	"flag.cache":         "缓存令牌（0600，放在用户缓存目录），到期前一分钟失效",
	"cmd.exec.short":     "运行命令，并在环境变量里提供新令牌",
	"cmd.exec.long":      "运行 COMMAND，并设置 COZE_API_TOKEN 和 COZE_API_BASE。信号和退出码原样传递。",
	"cmd.exec.example":   "  cozejwt exec -- ./smoke-test.sh\n  cozejwt exec --ttl 3600 --cache -- npm run dev",

	// export and snippet
	"cmd.export.short":    "按其他工具的格式输出凭证",
	"cmd.export.long":     "按工具文档规定的格式输出凭证。只有 sdk-json、fly 和 k8s 含私钥；\n它们只能输出到管道，或用 --out 写入权限 0600 的新文件。",
	"cmd.export.example":  "  eval \"$(cozejwt export --format shell)\"\n  cozejwt export --format fly | fly secrets import\n  cozejwt export --format k8s | kubectl apply -f -\n  cozejwt export --format github | sh\n  cozejwt export --format sdk-json --out coze_oauth_config.json",
	"flag.format":         "`格式`：{known}",
	"flag.out":            "写入新`文件`（权限 0600），不输出到标准输出；相对于当前目录",
	"flag.reveal":         "即使会被看到也输出私钥",
	"export.docker":       "Docker 按字面读取值，不支持引号和换行，所以密钥用挂载方式提供。见第一行。",
	"export.fly":          "在 fly.toml 里加上这几行，密钥会成为机器上的文件：\n{toml}",
	"export.k8s":          "在容器里把密钥挂载为文件：\n{mount}",
	"export.github":       "这些命令会从 {path} 读取密钥。在工作流里把 $COZE_PRIVATE_KEY 写入文件，并把 COZE_PRIVATE_KEY_PATH 设为它的路径。",
	"export.written":      "已写入：{path}（0600）",
	"cmd.snippet.short":   "输出用官方 SDK 读取 .env 的示例代码",
	"cmd.snippet.long":    "输出某种语言的几行代码；不指定时按项目文件判断语言，变量名与 .env 一致。",
	"cmd.snippet.example": "  cozejwt snippet\n  cozejwt snippet node",

	// sandbox
	"cmd.sandbox.short":   "运行本地沙箱（模拟 Coze）",
	"cmd.sandbox.long":    "提供真正验证 RS256 签名的令牌接口，以及控制台页面：创建应用、添加密钥、授权、停用。\n只监听本机回环地址。应用和密钥会保留到下次运行。按 Ctrl+C 停止。",
	"cmd.sandbox.example": "  cozejwt sandbox\n  cozejwt sandbox --addr 127.0.0.1:9000",
	"flag.addr":           "监听的回环`地址`（默认用上次的，或你专属的端口）",
	"sandbox.serving":     "沙箱：{base}（API 地址）\n控制台：{base}/\n按 Ctrl+C 停止。",

	// version, completion and man
	"cmd.version.short":      "打印版本",
	"cmd.version.example":    "  cozejwt version --json",
	"cmd.completion.short":   "打印 bash、zsh、fish 或 powershell 的补全脚本",
	"cmd.completion.long":    "打印一个脚本，让 shell 能补全命令和参数。",
	"cmd.completion.example": "  source <(cozejwt completion bash)\n  cozejwt completion fish > ~/.config/fish/completions/cozejwt.fish",
	"cmd.man.short":          "把手册页写入目录",
}
