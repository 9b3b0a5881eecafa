package i18n

// chineseSnippet are the comments in sample code, in Chinese.
var chineseSnippet = []entry{
	{"snippet.variables", "加载 .env 里的变量："},
	{"snippet.apart", "隔离不同用户的会话"},
	{"snippet.no_owner", "这个 SDK 没有令牌归属的参数，请改用命令获取令牌"},
	{"snippet.expires", "expires_in 是 Unix 时间戳（秒），不是有效时长"},
	{"snippet.server", "为每个已登录用户签发访问令牌，私钥只留在服务端"},
	{"snippet.cache", "令牌会缓存到即将过期"},
	{"snippet.user", "取自登录会话，不要取自查询参数或请求体"},
	{"snippet.node.mount", "在你的服务里，放在 session 中间件（express-session）之后："},
	{"snippet.go.mount", "在你的服务里："},
	{"snippet.go.user", "user 从登录会话返回用户，不要取自查询参数；未登录返回 \"\"。"},
	{"snippet.php.root", "Web 根目录是 public/，不要让 .env 和私钥所在的目录可被访问"},
	{"snippet.php.folder", ".env 所在目录，密钥路径相对于它"},
	{"snippet.php.web_sdk", "仅用于 Web SDK（AI 编程）时，启用下一行可限制令牌的使用范围"},
	{"snippet.python.sessions", "会话 cookie → 用户，由你的登录代码写入"},
	{"snippet.python.mount", "FastAPI：在 def 路由里取 user = request.session.get(\"user_id\")，为 None 时 raise HTTPException(401)，否则返回 coze_token(user)"},
	{"snippet.java.mount", "在你的服务里："},
	{"snippet.java.spring", "Spring：在需要登录的 @GetMapping(\"/coze/token\") 里调用 tokenFor(principal.getName())"},
	{"snippet.java.user", "取自登录会话，不要取自查询参数；未登录返回 null"},

	{"snippet.page", "你的页面，供已登录用户使用，其中没有密钥，也没有令牌"},
	{"snippet.permissions", "应用只需这些权限："},
	{"snippet.page.chat", "Chat SDK（智能体）。script 的 src 见智能体的发布页面"},
	{"snippet.page.web_sdk", "或者用 Web SDK（AI 编程），代替 Chat SDK"},
}
