package i18n

// englishCommands are the commands, their help and their flags, in English.
var englishCommands = map[string]string{
	// cozejwt
	"cmd.root.long":      "cozejwt gets you a live Coze access token with a JWT OAuth app, step by step: key pair,\nconsole, App ID and Key ID, .env, live test. JWT OAuth needs no redirect URL, and there is\nnothing to deploy. Without a command, it starts the wizard.\n\nIt contacts only the Coze host you choose: no telemetry, no update check.",
	"cmd.root.example":   "  cozejwt                                 start the wizard\n  cozejwt --region sandbox                try it without an account\n  TOKEN=$(cozejwt token)                  a fresh access token for a script",
	"cmd.usage_template": usageTemplate("Usage", "[command] [flags]", "[flags]", "Examples", "Flags", "Flags of every command", "Run cozejwt COMMAND --help for details."),
	"group.set_up":       "Set up",
	"group.use":          "Use the credentials",
	"group.keep":         "Maintain the credentials",
	"group.more":         "More",
	"flag.dir":           "project `folder`",
	"flag.env_file":      ".env `path`, relative to the project folder (default .env)",
	"flag.profile":       "profile `name`: use .env.NAME instead of .env",
	"flag.region":        "`cn`, com or sandbox",
	"flag.api_base":      "API base `URL`; overrides --region",
	"flag.lang":          "`en` or zh (default from LC_ALL, LC_MESSAGES, LANG)",
	"flag.no_input":      "never prompt; fail if a value is missing",
	"flag.json":          "print one JSON document to stdout",
	"flag.accessible":    "plain line prompts, no cursor movement (also ACCESSIBLE=1)",
	"flag.no_color":      "no colors (also NO_COLOR)",
	"flag.timeout":       "`time` limit for each request",
	"flag.debug":         "log each HTTP request to stderr, without secrets",
	"flag.no_browser":    "do not open a browser; the URL is always shown",
	"flag.help":          "show this help",

	// init
	"cmd.init.short":   "set up a JWT app's credentials, from region to a live token",
	"cmd.init.long":    "Nine steps: region, create the app, key pair, upload, App ID, Key ID, review, token\ntest, done. On a terminal it is a wizard; otherwise it prompts line by line. Each question\nhas a flag; with --no-input it never prompts.",
	"cmd.init.example": "  cozejwt init --region cn\n  cozejwt init --no-input --region cn --app-id 1234567890123 --key-id … --yes --json\n  cozejwt init --import-key ~/Downloads/private_key.pem",
	"flag.app_id":      "App ID, as the console shows it",
	"flag.key_id":      "Key ID: the key's fingerprint in the console",
	"flag.key_path":    "private key `path`, relative to the project folder (default config/private_key.pem)",
	"flag.bits":        "RSA key size: 2048, 3072 or 4096",
	"flag.reuse_key":   "use the existing private key",
	"flag.import_key":  "import the private key that the console generated from `path`, relative to the working directory",
	"flag.env_names":   "variable names: `default` (COZE_CLIENT_ID …) or sdk (COZE_JWT_OAUTH_CLIENT_ID …)",
	"flag.skip_test":   "write without requesting a token",
	"flag.dry_run":     "show the changes without writing them",
	"flag.yes":         "apply the changes without asking",
	"flag.fresh":       "discard an unfinished setup",

	// rotate
	"cmd.rotate.short":   "replace the key without downtime",
	"cmd.rotate.long":    "Tests the current credentials, makes a new key pair next to the old one, has you upload it,\nand requests a token with it. Only then it switches .env, atomically; it reads the file\nagain, tests it, and restores the previous content if that fails. The old key is kept.\nAn unfinished rotation is resumed by the next cozejwt rotate.",
	"cmd.rotate.example": "  cozejwt rotate\n  cozejwt keygen --key-path config/new.pem     # then upload it in the console\n  cozejwt rotate --no-input --key-path config/new.pem --key-id … --yes --json\n  cozejwt rotate --rollback                    # back to the previous key\n  cozejwt rotate --prune                       # delete old keys that Coze no longer accepts",
	"flag.new_key_id":    "Key ID of the new key, as the console shows it",
	"flag.new_key_path":  "new private key `path`, made by keygen, relative to the project folder",
	"flag.rollback":      "go back to the key before the last rotation, after testing it",
	"flag.prune":         "delete old private keys that Coze no longer accepts",
	"flag.rotate_yes":    "apply the changes, and what --prune may delete, without asking",

	// verify
	"cmd.verify.short":   "check the credentials and explain what is wrong",
	"cmd.verify.long":    "Checks .env and key, offline first, then live. Each failure says what was seen, why it\nmatters and how to fix it. With --yes it fixes what it can: file modes, .gitignore,\nPKCS#1 to PKCS#8 (with a backup), COZE_API_BASE.",
	"cmd.verify.example": "  cozejwt verify\n  cozejwt verify --offline --json\n  cozejwt verify --all",
	"flag.offline":       "do not use the network",
	"flag.all":           "check every profile as well",
	"flag.verify_yes":    "fix what can be fixed without asking",
	"flag.wanted":        "permission `point` that the token must have (repeatable)",
	"flag.other_region":  "if the Key ID is refused, check the other region too",

	// explain
	"cmd.explain.short":   "explain an error text and how to fix it",
	"cmd.explain.long":    "Paste anything: an error message, a log line, an SDK stack trace, JSON, a JWT, a cURL\ncommand. It says what it recognized, the likely causes and their fixes. Works offline:\nthe text is not sent anywhere.",
	"cmd.explain.example": "  cozejwt explain 'invalid jwt: kid not been registred'\n  python app.py 2>&1 | cozejwt explain",

	// profiles, use and import
	"cmd.profiles.short":   "list the profiles",
	"cmd.profiles.long":    "Lists the credentials in .env and in each .env.NAME, with key, region and last live test.\nA * marks the profile that .env holds.",
	"cmd.profiles.example": "  cozejwt profiles\n  cozejwt profiles --test --json",
	"flag.test":            "request a token for each profile",
	"cmd.use.short":        "switch .env to another profile",
	"cmd.use.long":         "Tests the credentials in .env.NAME live, then writes them to .env. Other variables stay.\nThe previous credentials are kept as a profile, unless one already holds them.",
	"cmd.use.example":      "  cozejwt use staging\n  cozejwt use                 # choose from a list",
	"cmd.import.short":     "import credentials from Spring YAML, coze_oauth_config.json or another .env",
	"cmd.import.long":      "Finds all credentials in FILE, at any depth, and saves each as a profile: .env.NAME. A name\nthat is taken gets a number; existing files are not changed. A private key inside FILE is\nsaved to a file of its own, mode 0600.",
	"cmd.import.example":   "  cozejwt import src/main/resources/application.yaml --test\n  cozejwt import coze_oauth_config.json --profile staging",

	// keygen
	"cmd.keygen.short":   "generate an RSA key pair and print the public key",
	"cmd.keygen.long":    "Generates an RSA key pair in PEM (PKCS#8 and SPKI) and prints the public key to upload.\nAn existing private key is not overwritten.",
	"cmd.keygen.example": "  cozejwt keygen\n  cozejwt keygen --key-path config/private_key_new.pem --bits 4096",
	"flag.force":         "replace an existing key and keep a backup",
	"keygen.saved":       "Private key: {private} (keep it secret)\nPublic key:  {public} (upload it)",
	"keygen.kept":        "Backup of the old file: {path}",

	// token and exec
	"cmd.token.short":    "print a fresh access token and nothing else",
	"cmd.token.long":     "Signs a JWT with the key that .env points to and exchanges it for an access token. Only the\ntoken is printed to stdout.",
	"cmd.token.example":  "  TOKEN=$(cozejwt token)\n  cozejwt token --ttl 3600 --permission Connector.botChat --bot-id 7412345678901234567 --json",
	"flag.ttl":           "token lifetime in `seconds`, 1 to 86399",
	"flag.permission":    "limit the token to this permission `point` (repeatable)",
	"flag.bot_id":        "limit the token to this bot `id` (repeatable)",
	"flag.session_name":  "isolate this user's conversations from other users'",
	"flag.account_id":    "token for another account's workspace or an organization, by `id`",
	"flag.enterprise_id": "token for an enterprise, by `id` (privilege apps)",
	"flag.cache":         "cache the token (0600, in the user's cache folder) until a minute before it expires",
	"cmd.exec.short":     "run a command with a fresh token in its environment",
	"cmd.exec.long":      "Runs COMMAND with COZE_API_TOKEN and COZE_API_BASE set. Passes on signals and the exit code.",
	"cmd.exec.example":   "  cozejwt exec -- ./smoke-test.sh\n  cozejwt exec --ttl 3600 --cache -- npm run dev",

	// export and snippet
	"cmd.export.short":    "print the credentials in another tool's format",
	"cmd.export.long":     "Prints the credentials in a format that another tool documents. Only sdk-json, fly and k8s\ncontain the private key; they go to a pipe, or with --out to a new file, mode 0600.",
	"cmd.export.example":  "  eval \"$(cozejwt export --format shell)\"\n  cozejwt export --format fly | fly secrets import\n  cozejwt export --format k8s | kubectl apply -f -\n  cozejwt export --format github | sh\n  cozejwt export --format sdk-json --out coze_oauth_config.json",
	"flag.format":         "one of {known} (`FORMAT`)",
	"flag.out":            "write to a new `file`, mode 0600, instead of stdout; relative to the working directory",
	"flag.reveal":         "print a private key even where others can see it",
	"export.docker":       "Docker reads values literally, without quotes or line breaks, so the key is mounted. See the first line.",
	"export.fly":          "These lines in fly.toml put the key into a file on the Machines:\n{toml}",
	"export.k8s":          "Mount the key as a file in the container:\n{mount}",
	"export.github":       "The commands read the key from {path}. In a workflow, write $COZE_PRIVATE_KEY to a file and set COZE_PRIVATE_KEY_PATH to its path.",
	"export.written":      "Written: {path} (0600)",
	"cmd.snippet.short":   "print the lines that use the .env with the official SDK",
	"cmd.snippet.long":    "Prints a few lines for a language, or for the one that the project's files suggest, with the\nvariable names of the .env.",
	"cmd.snippet.example": "  cozejwt snippet\n  cozejwt snippet node",

	// sandbox
	"cmd.sandbox.short":   "serve a local sandbox that behaves like Coze",
	"cmd.sandbox.long":    "Serves token endpoints that verify real RS256 signatures, and a console page to create\napps, add keys, authorize and deactivate. Loopback only. Apps and keys are kept between\nruns. Press Ctrl+C to stop.",
	"cmd.sandbox.example": "  cozejwt sandbox\n  cozejwt sandbox --addr 127.0.0.1:9000",
	"flag.addr":           "loopback `address` to listen on (default: the last one, or a port of your own)",
	"sandbox.serving":     "Sandbox: {base} (API base)\nConsole: {base}/\nPress Ctrl+C to stop.",

	// version, completion and man
	"cmd.version.short":      "print the version",
	"cmd.version.example":    "  cozejwt version --json",
	"cmd.completion.short":   "print a completion script for bash, zsh, fish or powershell",
	"cmd.completion.long":    "Prints a script that completes commands and flags in your shell.",
	"cmd.completion.example": "  source <(cozejwt completion bash)\n  cozejwt completion fish > ~/.config/fish/completions/cozejwt.fish",
	"cmd.man.short":          "write the man pages to a folder",
}
