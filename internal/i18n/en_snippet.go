package i18n

// englishSnippet are the comments in sample code, in English. Each is one line, and has
// no "--", which ends a comment in HTML.
var englishSnippet = []entry{
	{"snippet.variables", "variables from the .env: "},
	{"snippet.apart", "keeps the conversations of users apart"},
	{"snippet.no_owner", "This SDK has no parameter for the owner; get the token with a command"},
	{"snippet.expires", "expires_in is a Unix time in seconds, not a lifetime"},
	{"snippet.server", "a token for each user who is logged in. The private key stays on the server"},
	{"snippet.cache", "each token is used until shortly before it expires"},
	{"snippet.user", "from your login session, never from the query or the body"},
	{"snippet.node.mount", "In your server, after the session middleware (express-session):"},
	{"snippet.go.mount", "In your server:"},
	{"snippet.go.user", "user returns the user from your login session, never from the query; \"\" if nobody is logged in."},
	{"snippet.php.root", "The web root is public/. Never serve the folder of the .env and the private key"},
	{"snippet.php.folder", "the folder of the .env, which key paths are relative to"},
	{"snippet.php.web_sdk", "Only for the Web SDK (AI projects): the next line restricts the token to it"},
	{"snippet.python.sessions", "session cookie → user; your login fills it"},
	{"snippet.python.mount", "FastAPI: call coze_token(user) in a def route with user = request.session.get(\"user_id\"); raise HTTPException(401) if it is None"},
	{"snippet.java.mount", "In your server:"},
	{"snippet.java.spring", "Spring: call tokenFor(principal.getName()) in a @GetMapping(\"/coze/token\") that requires a login"},
	{"snippet.java.user", "from your login session, never from the query; null if nobody is logged in"},

	{"snippet.page", "Your page, for users who are logged in. It holds no key and no token"},
	{"snippet.permissions", "Grant the app these permissions only: "},
	{"snippet.page.chat", "Chat SDK (bots). The publish page of the bot shows the src of this script"},
	{"snippet.page.web_sdk", "Or the Web SDK (AI projects), instead of the Chat SDK"},
}
