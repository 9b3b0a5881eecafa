package i18n

// englishCommands are the commands, their help and their flags, in English.
var englishCommands = map[string]string{
	"cmd.root.long": "cozejwt takes you from nothing to a live Coze access token with a JWT OAuth app:\n" +
		"key pair, console, App ID and Key ID, .env, live test. JWT OAuth needs no callback\n" +
		"address and no deployment. Without a command it starts the wizard.\n\n" +
		"It sends nothing to anyone but the Coze host you choose: no telemetry, no update check.",
	"cmd.root.example": "  cozejwt                                 the wizard\n" +
		"  cozejwt --region sandbox                practise without an account\n" +
		"  TOKEN=$(cozejwt token)                  a fresh access token in a script",
	"cmd.init.short": "create a JWT app's credentials, from region to a live token",
	"cmd.init.long": "Nine steps: region, create the app, key pair, upload, App ID, Key ID, review, token\n" +
		"test, done. On a terminal it is a wizard; elsewhere it asks line by line. Each question\n" +
		"has a flag, and with --no-input nothing is asked.",
	"cmd.init.example": "  cozejwt init --region cn\n" +
		"  cozejwt init --no-input --region cn --app-id 1234567890123 --key-id … --yes --json\n" +
		"  cozejwt init --import-key ~/Downloads/private_key.pem",
	"cmd.keygen.short": "make an RSA key pair; print the public key",
	"cmd.keygen.long":  "Makes an RSA key pair, PKCS#8 and SPKI in PEM, and prints the public key to upload.\nAn existing private key is not overwritten.",
	"cmd.keygen.example": "  cozejwt keygen\n" +
		"  cozejwt keygen --key-path config/private_key_new.pem --bits 4096",
	"cmd.token.short": "print a fresh access token and nothing else",
	"cmd.token.long":  "Signs a JWT with the key that the .env names and exchanges it. Only the token is on stdout.",
	"cmd.token.example": "  TOKEN=$(cozejwt token)\n" +
		"  cozejwt token --ttl 3600 --permission Connector.botChat --bot-id 7412345678901234567 --json",
	"cmd.sandbox.short": "serve the practice Coze on this machine",
	"cmd.sandbox.long": "Serves token endpoints that verify real RS256 signatures, and a console page to create\n" +
		"apps, add keys, authorise and deactivate. Loopback only. Apps and keys are kept between\n" +
		"runs. Ctrl+C ends it.",
	"cmd.sandbox.example":    "  cozejwt sandbox\n  cozejwt sandbox --addr 127.0.0.1:9000",
	"cmd.version.example":    "  cozejwt version --json",
	"cmd.version.short":      "print the version",
	"cmd.completion.short":   "print a completion script for bash, zsh, fish or powershell",
	"cmd.completion.long":    "Prints a script that completes commands and flags in your shell.",
	"cmd.completion.example": "  source <(cozejwt completion bash)\n  cozejwt completion fish > ~/.config/fish/completions/cozejwt.fish",
	"cmd.usage_template":     usageTemplate("Usage", "[command] [flags]", "[flags]", "Examples", "Flags", "Flags of every command", "cozejwt COMMAND --help says more about a command."),

	"keygen.saved": "Private key: {private} (keep it secret)\nPublic key:  {public} (upload it)",
	"keygen.kept":  "The former file is kept: {path}",

	"sandbox.serving": "Practice Coze: {base} (API base)\nConsole page:  {base}/\nCtrl+C ends it.",

	"flag.dir":           "project `folder`",
	"flag.env_file":      "the .env `path`, relative to the project folder (default .env)",
	"flag.profile":       "credential set `name`: .env.NAME in place of .env",
	"flag.region":        "`cn`, com or sandbox",
	"flag.api_base":      "API base `URL`; wins over --region",
	"flag.lang":          "`en` or zh (default from LC_ALL, LC_MESSAGES, LANG)",
	"flag.no_input":      "ask nothing; a missing value is an error",
	"flag.json":          "one JSON document on stdout",
	"flag.accessible":    "plain line prompts, no cursor movement (also ACCESSIBLE=1)",
	"flag.no_color":      "no colours (also NO_COLOR)",
	"flag.timeout":       "longest `time` for one call to the service",
	"flag.debug":         "log each HTTP call on stderr, without secrets",
	"flag.help":          "this help",
	"flag.app_id":        "App ID, as the console shows it",
	"flag.key_id":        "Key ID: the key's fingerprint in the console",
	"flag.key_path":      "private key `path`, relative to the project folder (default config/private_key.pem)",
	"flag.bits":          "RSA key size: 2048, 3072 or 4096",
	"flag.reuse_key":     "use the private key that is there",
	"flag.import_key":    "take in the private key at `path` that the console made; relative to the working folder",
	"flag.env_names":     "variable names: `default` (COZE_CLIENT_ID …) or sdk (COZE_JWT_OAUTH_CLIENT_ID …)",
	"flag.skip_test":     "write, but ask for no token",
	"flag.dry_run":       "show what would change, write nothing",
	"flag.yes":           "accept the review",
	"flag.force":         "put a new key in place of the old one, of which a copy stays",
	"flag.ttl":           "lifetime of the token in `seconds`, 1 to 86399",
	"flag.permission":    "limit the token to this permission `point` (repeatable)",
	"flag.bot_id":        "limit the token to this bot `id` (repeatable)",
	"flag.session_name":  "keep this user's conversations apart from others'",
	"flag.account_id":    "token for another account's workspace or an organisation, by `id`",
	"flag.enterprise_id": "token for an enterprise, by `id` (privilege apps)",
	"flag.addr":          "loopback `address` to listen on (default: where it was last, or a port of your own)",

	"cmd.verify.short":   "check the credentials there are; say what is wrong and what mends it",
	"cmd.verify.long":    "Runs the checklist on .env and key, offline first, then live. Each failure says what was\nseen, why it matters and what mends it. With --yes it mends what it can: file modes,\n.gitignore, PKCS#1 to PKCS#8 with the old file kept, COZE_API_BASE.",
	"cmd.verify.example": "  cozejwt verify\n  cozejwt verify --offline --json\n  cozejwt verify --all",

	"flag.offline":      "touch no network",
	"flag.all":          "every .env.NAME as well",
	"flag.verify_yes":   "mend what can be mended, without asking",
	"flag.other_region": "where a Key ID is refused, ask the other region too",

	"cmd.explain.short":   "say what an error text means, and what to do",
	"cmd.explain.long":    "Takes what you paste: a message, a log line, a stack trace of an SDK, JSON, a JWT, a cURL\ncommand. Says what it recognised, the likeliest causes and what mends them. Offline:\nnothing of the text is sent anywhere.",
	"cmd.explain.example": "  cozejwt explain 'invalid jwt: kid not been registred'\n  python app.py 2>&1 | cozejwt explain",

	"flag.wanted": "a permission `point` that the token has to have (repeatable)",

	"cmd.rotate.short":     "bring in a new key without an outage",
	"cmd.rotate.long":      "Sees whether the set in .env works, makes a new pair beside the old one, has it uploaded,\nasks for a token with it, and only then switches .env, in one instant; reads the file again,\ntests it, and puts the former content back if that fails. The old key stays. A run that was\nleft is taken up by the next cozejwt rotate.",
	"cmd.rotate.example":   "  cozejwt rotate\n  cozejwt keygen --key-path config/new.pem     # then upload it in the console\n  cozejwt rotate --no-input --key-path config/new.pem --key-id … --yes --json\n  cozejwt rotate --rollback                    # back to the former key\n  cozejwt rotate --prune                       # delete old keys that the service refuses",
	"cmd.profiles.short":   "list the credential sets",
	"cmd.profiles.long":    "Lists the set in .env and those in .env.NAME, with key, region and last live test.\nA * marks what .env holds.",
	"cmd.profiles.example": "  cozejwt profiles\n  cozejwt profiles --test --json",
	"cmd.use.short":        "put another credential set into .env",
	"cmd.use.long":         "Tests the set in .env.NAME live, then writes it into .env. Only our variables change. What\nwas there is kept as a profile of its own, unless one holds it already.",
	"cmd.use.example":      "  cozejwt use staging\n  cozejwt use                 # asks which",
	"cmd.import.short":     "take credential sets in from Spring YAML, coze_oauth_config.json or another .env",
	"cmd.import.long":      "Finds each set in FILE, at any depth, and makes it a profile: .env.NAME. A set whose name is\ntaken gets another one; no file that is there is changed. A private key that stands in FILE\nas text goes into a file, mode 0600.",
	"cmd.import.example":   "  cozejwt import src/main/resources/application.yaml --test\n  cozejwt import coze_oauth_config.json --profile staging",
	"flag.new_key_id":      "Key ID that the console shows for the new key",
	"flag.new_key_path":    "new private key `path`, made by keygen, relative to the project folder",
	"flag.rollback":        "go back to the key before the last rotation, once it is seen to work",
	"flag.prune":           "delete old private keys that the service refuses",
	"flag.rotate_yes":      "accept the review, and what --prune may delete",
	"flag.fresh":           "forget the run that was left",
	"flag.test":            "ask for a token for each set",

	"cmd.exec.short":      "run a command with a fresh token in its environment",
	"cmd.exec.long":       "Runs COMMAND with COZE_API_TOKEN and COZE_API_BASE set. Its exit code and signals are passed on.",
	"cmd.exec.example":    "  cozejwt exec -- ./smoke-test.sh\n  cozejwt exec --ttl 3600 --cache -- npm run dev",
	"cmd.export.short":    "write the credentials the way another tool takes them",
	"cmd.export.long":     "Prints the set in .env in the format that a tool documents. A private key is part of sdk-json, fly\nand k8s alone; those go to a pipe, or with --out into a new file, mode 0600.",
	"cmd.export.example":  "  eval \"$(cozejwt export --format shell)\"\n  cozejwt export --format fly | fly secrets import\n  cozejwt export --format k8s | kubectl apply -f -\n  cozejwt export --format github | sh\n  cozejwt export --format sdk-json --out coze_oauth_config.json",
	"cmd.snippet.short":   "print the lines that use the .env with the official SDK",
	"cmd.snippet.long":    "Prints the few lines for a language, or for the one that the project’s files suggest, with the\nvariable names of the .env.",
	"cmd.snippet.example": "  cozejwt snippet\n  cozejwt snippet node",
	"flag.cache":          "keep the token (0600, in the user’s cache folder) until a minute before it expires",
	"flag.format":         "one of {known} (`FORMAT`)",
	"flag.out":            "write a new `file`, mode 0600, in place of stdout; relative to the working folder",
	"flag.reveal":         "print a private key also where it would be seen",
	"export.docker":       "Docker takes a value as it is, without quotes; line breaks cannot be carried, so the key is mounted: see the first line.",
	"export.fly":          "The key becomes a file on the Machines by these lines in fly.toml:\n{toml}",
	"export.k8s":          "The key is to be mounted as a file; in the container:\n{mount}",
	"export.github":       "The key is read from {path} when the commands run; in a workflow, write $COZE_PRIVATE_KEY to a file and name it in COZE_PRIVATE_KEY_PATH.",
	"export.written":      "Written: {path} (0600)",

	"group.set_up":    "Set up",
	"group.use":       "Use the credentials",
	"group.keep":      "Keep them working",
	"group.more":      "More",
	"flag.no_browser": "open no browser; the URL is shown anyway",
	"cmd.man.short":   "write the man pages into a folder",
}
