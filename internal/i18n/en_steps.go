package i18n

// englishSteps are the steps of a plan, and what the fronts say around them, in English.
var englishSteps = map[string]string{
	"ui.step": "Step {n}/{m}  {title}",

	"step.region": "Region",
	"step.app":    "Create the app",
	"step.key":    "Key pair",
	"step.upload": "Upload the public key",
	"step.app_id": "App ID",
	"step.key_id": "Key ID",
	"step.review": "Review",
	"step.test":   "Token test",
	"step.done":   "Done",

	"region.brief":         "Where is your Coze account? Apps and keys of one region are unknown to the others.",
	"region.found":         "{path} is here already; its values are proposed at each step.",
	"region.cn":            "cn       {base}",
	"region.cn.about":      "For accounts of coze.cn, mainland China. Most Chinese-speaking developers choose this.",
	"region.com":           "com      {base}",
	"region.com.about":     "For accounts of coze.com, the international service. The default host of most SDKs.",
	"region.sandbox":       "sandbox  a practice Coze on this machine",
	"region.sandbox.about": "To see the whole way without an account. Real signatures, no real service.",
	"region.custom":        "custom   another API base",
	"region.custom.about":  "For a gateway or a test server of your own: https, or http on this machine.",

	"app.steps": "1. Open the page above and log in. Left bar: API & SDK; top: Authorize (授权) > OAuth apps (OAuth 应用).\n" +
		"2. Top right: Create new app (创建新应用).\n" +
		"3. App type: Normal (普通). Client type: Service app (服务类应用).\n" +
		"4. A name that nobody else on Coze uses, and a description. Then Create and continue (创建并继续).\n" +
		"5. Permissions (权限): Connector.botManage and Connector.botChat; or by task: Bot management (Bot管理) chat, getMetadata; Conversations (会话管理) create, list, edit; Chat (对话) cancelChat; Files (文件) uploadFile; Workflows (工作流) getMetadata.\n" +
		"6. Leave the page open: the key comes next.\n" +
		"Labels may change; the official guide is here:",
	"app.guide":   "{url}",
	"app.why":     "Not Channel (渠道): such an app must be bound to a connector. Not Web, mobile or PKCE: those need a callback address. A service app needs neither, and no deployment.",
	"app.sandbox": "The practice Coze creates the app for you: normal type, service app, authorised.",

	"key.brief":        "The app proves who it is by a signature. The private key stays on this machine; Coze gets the public key.",
	"key.make":         "Make a pair here, upload the public key",
	"key.make.about":   "RSA, PKCS#8, in {path}, readable by you alone. For a console page with a field for a public key.",
	"key.import":       "Take the key that the console made",
	"key.import.about": "For a console page with a Create key (创建 Key) button: it downloads private_key.pem, once.",
	"key.reuse":        "Use {path}: {bits} bits, SHA-256 {sha256}…",
	"key.reuse.about":  "The project's own key, written {age} ago. Nothing is overwritten.",

	"upload.brief":   "Paste this public key into the app's page in the console, Public and private keys (公钥和私钥), and save.",
	"upload.after":   "Then, still in the console: choose the permissions (权限), press OK (确定), and Authorise (授权). An app that was never authorised gets no access.",
	"upload.sandbox": "This public key is uploaded to the practice Coze.",

	"app_id.brief":   "In the console's list of OAuth apps, beside the app's name: 12 or 13 digits.",
	"app_id.sandbox": "The practice Coze gave the app this id. In the real console it stands in the list of apps.",

	"key_id.brief":   "The fingerprint (公钥指纹) that the app's page shows for the key: 43 characters. Later: apps list > Actions (操作) > edit icon > Configuration (配置).",
	"key_id.sandbox": "The practice Coze gave the key this id. In the real console it is the key's fingerprint (公钥指纹).",

	"review.brief": "This is all that will change. Nothing but the key files has been written yet.",

	"test.brief":   "A JWT is signed with the private key and exchanged for an access token at {host}.",
	"test.running": "Asking {host} for a token… {elapsed}",

	"done.live":     "{path} works: a live token was obtained with it.",
	"done.untested": "{path} is written. It was not tested.",
	"done.dry":      "Dry run: nothing was written.",
	"done.next":     "What to run next",
	"done.snippet":  "In your project ({language}):",

	"check.jwt_app":      "The app is a JWT app",
	"check.ids":          "App ID and Key ID are correct",
	"check.uploaded":     "The public key is uploaded",
	"check.pair":         "Private and public key are a pair",
	"check.token":        "An access token was obtained",
	"check.by_token":     "the service granted a token for them",
	"check.by_signature": "the service verified our signature with it",
	"check.by_compare":   "compared with {path}",
	"check.by_log_id":    "logid {log_id}",
	"check.unseen":       "not seen in this run",

	"field.region":                 "Region",
	"field.api_base":               "API base, such as https://coze-gateway.example.com",
	"field.key_source":             "Where does the key pair come from?",
	"field.import_key":             "Path of the private key that the console made (drop the file here)",
	"field.import_key.newest":      "Newest download: {path}, {age} old",
	"field.replace_key":            "Type yes to put the new key in its place; a copy of the old one stays",
	"field.replace_key.about":      "{path} holds another key: {bits} bits, SHA-256 {sha256}…, written {age} ago. A service may be signing with it.",
	"field.replace_key.unreadable": "{path} is there already, but holds no usable key.",
	"field.discard":                "Remove the downloaded original once it is imported?",
	"field.discard.path":           "A second copy of a private key is easily leaked: {path}",
	"field.discard.no":             "Leave it where it is.",
	"field.discard.yes":            "Remove it after the imported copy was read back and compared.",
	"field.app_id":                 "App ID",
	"field.key_id":                 "Key ID",
	"field.write":                  "Write these changes?",
	"field.write.yes":              "Write exactly what is shown.",
	"field.write.no":               "Leave everything as it is.",
	"field.resume":                 "A run that was not finished is here. Go on with it?",
	"field.resume.age":             "Left {age} ago.",

	"resume.yes":       "Go on where it stopped",
	"resume.yes.about": "All answers are kept.",
	"resume.no":        "Start anew",
	"resume.no.about":  "The answers are forgotten; files stay.",

	"option.yes": "Yes",
	"option.no":  "No",

	"action.create": "create",
	"action.edit":   "edit",
	"action.keep":   "keep",
	"action.saved":  "saved in this run:",

	"key.next":         "next",
	"key.back":         "back",
	"key.quit":         "quit",
	"key.help":         "help",
	"key.choose":       "choose",
	"key.scroll":       "scroll",
	"key.copy":         "copy",
	"key.open":         "open page",
	"key.console_made": "no such field",
	"key.retry":        "try again",
	"key.cancel":       "cancel",
	"key.write":        "write",
	"key.mend":         "mend: {step}",
	"key.finish":       "finish",

	"wizard.copied":    "Copied. If pasting gives something else, take the file {path}.",
	"wizard.opened":    "Asked the browser to open the page.",
	"wizard.not_open":  "No browser could be opened here. Open the URL yourself.",
	"wizard.file":      "File: {path}",
	"wizard.cancelled": "Cancelled. Nothing was refused.",
	"wizard.causes":    "Likeliest causes first:",
	"wizard.secret":    "A key was pasted. It was not taken and is not shown; keep it off the clipboard. Backspace, then the id.",
	"wizard.success":   "Token obtained",

	"left.title":         "Left before the end. What exists so far:",
	"left.key":           "key pair: {path} and {public}",
	"left.kept":          "copy of what was there before: {path}",
	"left.env":           "{path}: written. cozejwt verify checks it.",
	"left.env_untouched": "{path}: not changed. Run cozejwt again to go on.",

	"summary.env":      "Written: {path} (App ID {app_id}, Key ID {key_id})",
	"summary.key":      "Key pair: {path}, {public}",
	"summary.token":    "Token: {token} from {host} in {elapsed}, valid until {expires}, logid {log_id}",
	"summary.untested": "Not tested. Test it: cozejwt token",
	"summary.next":     "Next: cozejwt token prints a fresh one, for scripts.",

	"plain.after_refusal": "Enter: back to “{step}”. r: try again. q: stop.",

	"key.details":      "details",
	"key.again":        "run again",
	"key.fix":          "mend",
	"key.other_region": "ask the other region",
	"key.report":       "copy report",
	"key.yes":          "yes",
	"wizard.no_field":  "Only a Create key (创建 Key) button there, and no field? Press k.",
	"plain.retry":      "Enter: try again. q: stop.",
	"review.written":   "This run has written what it showed. What would still change:",
	"done.sandbox":     "This was practice. The practice Coze runs while cozejwt does: cozejwt sandbox keeps it running for the lines below. With an account, begin with --region cn or com.",
}
