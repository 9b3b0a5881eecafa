package diagnosis

// What signing libraries say of a private key. "Measured" is what each printed here for one key in
// eighteen forms: Node 20.20 (crypto, WebCrypto, jsonwebtoken 9.0, jose 6), OpenJDK 17 KeyFactory,
// Go 1.26 x509 with golang-jwt 5, PyJWT 2.6 and cryptography 38, PHP 8.2.

// The forms that a key can have in place of the right one. Several have the same words; what
// tells them apart is in the text of the cause, and in the pasted text, if it shows it.
var (
	pkcs1          = candidate{id: "sdk.pkcs1", fixAt: AtKey, evidence: shows("BEGIN RSA PRIVATE KEY")}
	noPEM          = candidate{id: "sdk.no_pem", fixAt: AtKey, evidence: shows("KEY----- M", "KEY-----MII")}
	firstLine      = candidate{id: "key.first_line", fixAt: AtKey, evidence: onlyIf(says(is(`["']-----BEGIN [A-Z ]*PRIVATE KEY-----["']`))), needsEvidence: true}
	hasBOM         = candidate{id: "key.bom", fixAt: AtKey, evidence: onlyIf(shows(`\xef\xbb\xbf`, "\ufeff")), needsEvidence: true}
	markersKept    = candidate{id: "key.markers", fixAt: AtService}
	keyIsPath      = candidate{id: "key.is_path", fixAt: AtKey}
	keyIsEmpty     = candidate{id: "key.empty", fixAt: AtKey}
	literalLF      = candidate{id: "key.literal_newlines", fixAt: AtKey, evidence: shows(`KEY-----\n`, `KEY-----\\n`, "KEY-----/n")}
	quoted         = candidate{id: "key.quotes", fixAt: AtKey, evidence: shows(`"-----BEGIN`, `'-----BEGIN`)}
	openSSH        = candidate{id: "key.openssh", fixAt: AtKey, evidence: shows("BEGIN OPENSSH PRIVATE KEY")}
	encryptedKey   = candidate{id: "key.encrypted", fixAt: AtKey, evidence: shows("BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED", "passphrase", "password protected")}
	publicKey      = candidate{id: "key.public", fixAt: AtKey, evidence: shows("BEGIN PUBLIC KEY", "BEGIN CERTIFICATE", "BEGIN RSA PUBLIC KEY")}
	notRSA         = candidate{id: "key.not_rsa", fixAt: AtKey, evidence: shows("BEGIN EC PRIVATE KEY", "ecparam", "prime256v1")}
	base64PEM      = candidate{id: "key.base64_pem", fixAt: AtKey, evidence: shows("LS0tLS1CRUdJTi")}
	truncated      = candidate{id: "key.truncated", fixAt: AtKey}
	wrongParser    = candidate{id: "key.wrong_parser", fixAt: AtService}
	notParsed      = candidate{id: "key.not_parsed", fixAt: AtService}
	keyFileMissing = candidate{id: "sdk.key_path", fixAt: AtKey}
)

// by is a rule for what a program says.
func by(id, pattern string, causes ...candidate) rule {
	return rule{id: id, says: is(pattern), byProgram: true, common: true, causes: causes}
}

var keyRules = []rule{
	// coze-go auth.go:785-811 strips the PKCS#8 lines and decodes what is left. Measured: byte 0 for
	// PKCS#1, literal \n, quotes, OpenSSH and encrypted alike, byte 14 for a path with an underscore.
	by("go_base64_start", `illegal base64 data at input byte 0\b`, pkcs1, literalLF, quoted, openSSH, encryptedKey),
	by("go_base64", `failed to decode private key[^\n]*illegal base64 data[^\n]*|illegal base64 data at input byte [0-9]+`, keyIsPath, literalLF, quoted, truncated),
	// crypto/x509 pkcs8.go, pkcs1.go, sec1.go say which parser fits the key.
	by("go_is_pkcs8", `[^\n"]*use ParsePKCS8PrivateKey instead[^\n"]*`, wrongParser),
	by("go_is_pkcs1", `[^\n"]*use ParsePKCS1PrivateKey instead[^\n"]*`, pkcs1),
	by("go_is_ec", `[^\n"]*use ParseECPrivateKey instead[^\n"]*`, notRSA),
	by("go_pss", `PKCS#8 wrapping contained private key with unknown algorithm: 1\.2\.840\.113549\.1\.1\.10|Expected a RSA key, but got RSASSA-PSS|"alg" parameter for "rsa-pss" key type[^\n]*`, candidate{id: "key.pss", fixAt: AtKey}),
	by("go_algorithm", `PKCS#8 wrapping contained private key with unknown algorithm[^\n]*`, notRSA),
	// Measured; the numbers are the first bytes of what was parsed: "ope…", "MII…", "LS0t", "----".
	by("go_openssh", `tags don't match \(16 vs \{class:1 tag:15 length:112[^\n]*`, openSSH),
	by("go_undecoded", `tags don't match \(16 vs \{class:1 tag:13 length:73[^\n]*`, candidate{id: "key.undecoded", fixAt: AtService}),
	by("go_base64_pem", `tags don't match \(16 vs \{class:1 tag:12 length:83[^\n]*`, base64PEM),
	by("go_pem_text", `tags don't match \(16 vs \{class:0 tag:13 length:45[^\n]*`, candidate{id: "key.undecoded", fixAt: AtService}, base64PEM),
	by("go_public", `tags don't match \(2 vs \{class:0 tag:16 length:13 [^\n]*`, publicKey),
	by("go_other_sequence", `tags don't match \(2 vs \{class:0 tag:16[^\n]*`, encryptedKey, publicKey),
	by("go_tags", `(asn1: )?structure error: tags don't match[^\n]*`, noPEM, pkcs1, truncated),
	by("go_length", `asn1: structure error: length too large`, encryptedKey, truncated),
	by("go_empty", `asn1: syntax error: sequence truncated`, keyIsEmpty),
	by("go_truncated", `asn1: syntax error: (data|trailing data)[^\n]*|x509: trailing data after[^\n]*`, truncated),
	// golang-jwt rsa_utils.go and rsa.go, also as dgrijalva/jwt-go wrote it.
	by("go_jwt_not_rsa", `key is not a valid RSA private key|private key is not RSA`, notRSA),
	by("go_jwt_type", `key is of invalid type[^\n"]*|\bkey is invalid\b`, notParsed, noPEM),
	// lestrrat-go/jwx, go-jose; a block of pem.Decode that is nil.
	by("go_jose", `failed to retrieve rsa\.PrivateKey out of[^\n]*|unsupported key type/format`, notParsed),
	by("go_no_block", `nil pointer dereference[^\n]*(\n[^\n]*){0,5}(pem\.Decode|block\.Bytes)[^\n]*`, noPEM, literalLF, keyIsPath),
	by("go_jwt_pem", `key must be (a )?PEM[- ]encoded( PKCS1)?[^\n"]*`, noPEM, literalLF),
	by("pkcs8_only", `only PKCS#?8 is supported|structure error[^\n]*PKCS8[^\n]*`, pkcs1),
	// Java. Measured; coze-java JWTOAuthClient.java:124-135 strips the PKCS#8 lines and decodes.
	by("java_dash", `Illegal base64 character 2d`, pkcs1, markersKept, openSSH, encryptedKey, publicKey),
	by("java_backslash", `Illegal base64 character 5c`, literalLF, keyIsPath),
	by("java_quote", `Illegal base64 character (22|27)`, quoted),
	by("java_path", `Illegal base64 character (5f|2e|3a|7e)`, keyIsPath),
	by("java_base64", `Illegal base64 character [0-9a-f]+|Input byte array has (wrong 4-byte ending unit|incorrect ending byte)[^\n]*|Last unit does not have enough valid bits|binascii\.Error: [^\n]*`, noPEM, literalLF, truncated),
	by("java_empty", `(InvalidKey(Spec)?Exception[^\n]*)?Missing key encoding|should at least have 2 bytes for base64[^\n]*`, keyIsEmpty),
	by("java_base64_pem", `InvalidKey(Spec)?Exception[^\n]*: invalid key format`, base64PEM, openSSH),
	by("java_not_rsa", `InvalidKey(Spec)?Exception[^\n]*Invalid RSA private key|Invalid EC private key|RSA key parsing error[^\n]*`, notRSA),
	by("java_truncated", `InvalidKey(Spec)?Exception[^\n]*IOException ?: (null|DerInputStream\.getLength|Short read|extra data|overrun|Too short)[^\n]*`, truncated, encryptedKey, noPEM),
	by("java_other", `InvalidKey(Spec)?Exception[^\n]*(DerValue\.getBigInteger|ObjectIdentifier\(\))[^\n]*`, encryptedKey, publicKey),
	by("java_pkcs1", `(InvalidKey(Spec)?Exception[^\n]*)?algid parse error[^\n]*|IOException ?: (version mismatch|unknown object type)[^\n]*`, pkcs1, notRSA),
	by("java_spec", `InvalidKeySpecException[^\n]*`, pkcs1, noPEM, truncated),
	// java-jwt of Auth0: SignatureGenerationException.java.
	by("java_auth0", `Token's Signature couldn't be generated[^\n]*`, keyIsEmpty, notParsed),
	// Hutool.
	by("hutool", `No Signer provided!?`, candidate{id: "sdk.no_signer", fixAt: AtService}),
	by("java_null_key", `InvalidKeyException[^\n]*Key must not be null`, keyIsEmpty, publicKey),
	// jjwt DefaultJwtSignatureAlgorithm, Keys.
	by("jjwt_key", `Key must be one of type KeyObject[^\n]*|Key for the RS256 algorithm must be[^\n]*|RS256 signing keys must be (PrivateKey|asymmetric)[^\n]*|Key bytes (can|may) only be specified for HMAC[^\n]*|(signing )?key argument must be an? \w*(RSA|Private)\w*[^\n]*`, notParsed, publicKey),
	by("java_key", `InvalidKeyException[^\n]*(decode|parse|PEM|RSA)[^\n]*`, noPEM, pkcs1),
	by("small", `signing key's size is \d+ bits[^\n]*|minimum key size of 2048 bits[^\n]*|modulusLength 2048 bits or larger|requires a key size of at least '?2048'? bits[^\n]*|RSA key size must be at least 2048 bits|WeakKeyException[^\n]*`, candidate{id: "key.small", fixAt: AtKey}),
	// Passwords: cryptography, Node, WebCrypto, .NET. Measured but for .NET.
	by("encrypted", `password was not given but private key is encrypted|common libcrypto routines::interrupted or cancelled|ERR_OSSL_CRYPTO_INTERRUPTED[^\n]*|passphrase required for encrypted key|(bad|interrupted or) (password read|decrypt)|Empty passphrase for encrypted[^\n]*|PasswordException[^\n]*`, encryptedKey),
	// Not RSA: PyJWT, authlib, jsonwebtoken, jose and WebCrypto. Measured.
	by("python_not_rsa", `_?(EllipticCurve|EC|Ed25519)PrivateKey\.sign\b[^\n]*|\bsign\(\) takes [2-5] positional arguments but \d were given|'?_?(EllipticCurve|Ed25519)PrivateKey'?[^\n]*(sign|padding)[^\n]*|invalid data for importing key`, notRSA),
	by("node_not_rsa", `"alg" parameter for "(ec|ed25519)" key type[^\n]*|Unknown key type "[a-z0-9-]+"[^\n]*|\bInvalid key type\b|Invalid key for this operation`, notRSA),
	by("python_text", `'(str|bytes)' object has no attribute 'sign'`, notParsed),
	{id: "python_key", says: is(`ValueError: Invalid key$`), within: is(`private_?key|\.pem\b|RS256`), byProgram: true, common: true, causes: []candidate{notParsed}},
	by("python_decode", `'str' object has no attribute 'decode'[^\n]*`, candidate{id: "sdk.pyjwt_decode", fixAt: AtService}),
	// joserfc; pycryptodome RSA.py and PEM.py; python-jose; rsa of Python and node-rsa, which read PKCS#1.
	by("joserfc", `Not a key of: '?RSA'?`, notRSA),
	by("pycryptodome", `RSA key format is not supported|Crypto/IO/PEM\.py[^\n]*(\n[^\n]*){0,5}IndexError[^\n]*|Unable to parse an RSA_JWK from key[^\n]*`, noPEM, literalLF, keyIsPath),
	by("pkcs1_readers", `No PEM start marker "?b'-----BEGIN RSA PRIVATE KEY-----'"? found|Invalid ASN1 Error, expected 0x2, got 0x30`, candidate{id: "key.pkcs1_only", fixAt: AtKey}, noPEM),
	by("python_none", `'NoneType' object has no attribute 'sign'`, keyIsEmpty, notParsed),
	by("public", `'?_?RSAPublicKey'? object has no attribute 'sign'|Invalid key_op ["']sign["'] for public key|'key\.HasPrivateKey' is false[^\n]*|(public key|certificate) (cannot|can't) be used (for|to) sign\w*`, publicKey),
	// Node: jsonwebtoken sign.js, jose, WebCrypto. Measured: the words are the same for PKCS#1, EC,
	// encrypted, certificate, path and empty.
	by("jose_pkcs8", `"?pkcs8"? must be (a )?PKCS#?8 formatted string`, noPEM, pkcs1, quoted, encryptedKey),
	// jsonwebtoken and PyJWT sign HS256 unless they are told otherwise; jose and jjwt say it of a key.
	by("hs256", `must be a symmetric key when using HS256|should not be used as an HMAC secret|(Key for the HS256 algorithm|HMAC signing keys) must be[^\n]*`, candidate{id: "jwt.algorithm", fixAt: AtService}),
	by("jwt_twice", `Bad "options\.\w+" option[^\n]*payload already has[^\n]*`, candidate{id: "sdk.claim_twice", fixAt: AtService}),
	by("digest", `ERR_CRYPTO_INVALID_DIGEST|\bInvalid digest: RS256\b`, candidate{id: "sdk.digest", fixAt: AtService}),
	// WebCrypto §14.3.9 and Deno.
	by("key_usage", `Unsupported key usage[^\n]*|Cannot create a key using the specified key usages[^\n]*`, candidate{id: "sdk.key_usage", fixAt: AtService}),
	by("deno_der", `ASN\.1 DER tag: 0x2d[^\n]*`, markersKept),
	{id: "undefined_key", says: is(`undefined \(reading '(replace|trim|split|toString|includes)'\)|Cannot read property '(replace|trim|split)' of undefined`), within: is(`private_?key`), byProgram: true, common: true, causes: []candidate{keyIsEmpty}},
	by("jwt_no_value", `secretOrPrivateKey must have a value|No key provided to sign`, keyIsEmpty),
	by("jwt_asymmetric", `secretOrPrivateKey must be an asymmetric key[^\n]*|secretOrPrivateKey is not valid key material`, firstLine, noPEM, literalLF, encryptedKey, openSSH),
	by("openssl_decoder", `DECODER routines::unsupported|no start line[^\n]*|ERR_OSSL_UNSUPPORTED|PEM routines[^\n]*bad (base64|end line)[^\n]*`, firstLine, noPEM, hasBOM, literalLF, openSSH, publicKey),
	by("webcrypto", `Invalid PKCS8 input|DataError\]?: Invalid keyData|asn1 encoding routines:[\w:]*:wrong tag`, pkcs1, noPEM, notRSA),
	by("asn1", `asn1 encoding routines:[^\n]*`, pkcs1, truncated, noPEM),
	by("webcrypto_empty", `Data provided to an operation does not meet requirements|\bDataError: *(DataError)?$|(importKey|SubtleCrypto)[^\n]*DataError|failed to read private key`, pkcs1, noPEM),
	by("atob", `'?atob'?(\(\))?[^\n]*(not correctly encoded|invalid base64[^\n]*|invalid characters?[^\n]*)|InvalidCharacterError[^\n]*`, noPEM, literalLF),
	by("web_insecure", `undefined \(reading '(importKey|subtle|digest)'\)|crypto\.subtle is (undefined|not available)[^\n]*`, candidate{id: "web.insecure", fixAt: AtService}),
	// coze-js auth.ts:320-330.
	by("js_pem", `Invalid private key format\. Expected PEM format[^\n]*`, noPEM, literalLF),
	// Python: cryptography, PyJWT, authlib, rsa. Measured: one sentence for everything that is no PEM.
	by("python", `Could not parse the provided (public |private )?key[^\n]*|InvalidKeyError[^\n]*|Could not deserialize key data[^\n]*|Unable to load PEM (file|data)[^\n]*|MalformedFraming[^\n]*|InvalidPEM\w*[^\n]*|Valid PEM but no BEGIN[^\n]*`, firstLine, noPEM, hasBOM, literalLF, openSSH, publicKey),
	// PHP: openssl, firebase/php-jwt JWT.php, lcobucci/jwt. Measured.
	by("php", `(Supplied )?key param(eter)? cannot be coerced into a private key|OpenSSL unable to (sign|validate) [^\n"]*|openssl_(sign|pkey_get_private|get_privatekey)\(\)[^\n"]*|It was not possible to parse your key[^\n"]*`, noPEM, literalLF, keyIsPath, encryptedKey),
	// .NET: RSA.ImportFromPem, ImportPkcs8PrivateKey, Convert.FromBase64String; BouncyCastle's PemReader.
	by("dotnet_pem", `No supported key formats were found[^\n]*|input is not a valid Base-?64 string[^\n]*|CryptographicException[^\n]*(ASN1|PEM|bad (key|data)|指定|不支持)[^\n]*`, noPEM, pkcs1, keyIsPath),
	by("dotnet_asn1", `ASN1 (corrupted data|bad tag)[^\n]*|ASN\.1 encoded value is not[^\n]*|provided data is tagged with[^\n]*`, pkcs1, noPEM, truncated),
	// Microsoft.IdentityModel; Mono and Unity.
	by("dotnet_provider", `IDX10634[^\n]*|IDX10638[^\n]*|IDX10653[^\n]*`, notParsed, publicKey),
	by("not_implemented", `(NotImplementedException|PlatformNotSupportedException)[^\n]*(\n[^\n]*){0,3}(ImportPkcs8PrivateKey|ImportFromPem|RSA\.Create)[^\n]*`, candidate{id: "sdk.not_implemented", fixAt: AtService}),
	by("bouncycastle_cast", `(Unable to cast|cannot be cast|ClassCast|InvalidCast)[^\n]*(AsymmetricCipherKeyPair|RsaPrivateCrtKeyParameters|PEMKeyPair|PrivateKeyInfo|PemKeyPair)[^\n]*`, candidate{id: "key.cast", fixAt: AtService}),
	by("bouncycastle", `problem (creating|parsing) [^\n]*PRIVATE KEY[^\n]*|malformed sequence in RSA private key[^\n]*|unknown object in (factory|GetInstance)[^\n]*|PEM ?Exception[^\n]*`, truncated, encryptedKey, pkcs1),
	// jose-jwt of .NET; node-forge and jsrsasign, as mini-programs use them; JOSE of Elixir.
	by("jose_jwt", `\w+ alg expects key to be of [^\n]*`, notParsed, noPEM),
	by("forge", `Invalid PEM formatted message|Couldn't get data from PEM key[^\n]*|KEYUTIL\.getKey[^\n]*|no PEM data (is )?found|Could not convert private key from PEM[^\n]*|Cannot read (encrypted )?private key[^\n]*|malformed (plain )?PKCS8 private key[^\n]*`, noPEM, literalLF, openSSH, encryptedKey),
	by("elixir", `no function clause matching in JOSE\.JWK\.[^\n]*|JOSE\.JWK\.from_(pem|record)[^\n]*\[\][^\n]*|argument error: \[\[\][^\n]*jose_jws[^\n]*`, noPEM, literalLF, keyIsEmpty),
	// ruby-jwt; mbedTLS pk.h, as ESP-IDF prints it.
	by("ruby_jwt", `The given key is a (String|NilClass)[^\n]*`, notParsed, keyIsEmpty),
	by("mbedtls_key", `mbedtls_pk_parse_key\w*[^\n]*(-0x3d00|-15616|-0x3c80|-0x1180)[^\n]*`, candidate{id: "key.mbedtls", fixAt: AtService}, literalLF, truncated),
	by("mbedtls_encrypted", `mbedtls_pk_parse_key\w*[^\n]*(-0x3c00|-0x3b80)[^\n]*`, encryptedKey),
	by("mbedtls_file", `mbedtls_pk_parse_keyfile[^\n]*-0x3e00[^\n]*`, keyFileMissing),
	// Ruby's openssl; ring, under Rust; nimbus-jose-jwt; Node's crypto given undefined.
	by("others", `Neither PUB key nor PRIV key[^\n]*|Could not parse PKey[^\n]*|KeyRejected\([^\n]*|JOSEException[^\n]*(PEM|parse|key)[^\n]*|PEM_read_bio\w* failed`, noPEM, literalLF, pkcs1, encryptedKey),
	by("node_argument", `The "key" argument must be of type[^\n]*|key\.key"? (argument|property) must be of type[^\n]*`, keyIsEmpty, notParsed),
	// Rust: jsonwebtoken errors.rs, pkcs8, pem.
	by("rust", `\bInvalidKeyFormat\b|\bInvalidRsaKey\b[^\n]*|PKCS#8 ASN\.1 error[^\n]*|\bpem error\b[^\n]*|Error\(InvalidAlgorithm\)`, noPEM, pkcs1, notRSA),
	by("rust_base64", `Error\(Base64\([^\n]*|Base64\((InvalidByte|InvalidLength|InvalidLastSymbol)[^\n]*`, noPEM, literalLF),
	// The text of the key where a path is expected: open() of Python, Node, Java and Go.
	by("key_as_path", `(No such file|File name too long|ENOENT|ENAMETOOLONG|Invalid argument|FileNotFound\w*|NoSuchFile\w*)[^\n]*-----BEGIN[^\n]*|\bopen ['"]?-----BEGIN[^\n]*`, candidate{id: "key.text_as_path", fixAt: AtService}),
	// Files: Python, Node, Java, Go, PHP, .NET and Spring, and how Windows says it.
	by("key_file", keyFileNotFound, keyFileMissing),
	by("key_file_mode", `(EACCES|Permission denied|Access is denied|拒绝访问|权限不够)[^\n]*`+keyFile+`[^\n]*|`+keyFile+`[^\n]{0,40}(EACCES|permission denied|access is denied|拒绝访问|权限不够)`, candidate{id: "key.unreadable", fixAt: AtKey}),
	// CPython on Windows reads a file in the code page of the system unless told otherwise.
	by("python_codepage", `'?(gbk|cp936|cp950|cp1252|charmap|ascii)'? codec can't decode byte[^\n]*`, candidate{id: "file.codepage", fixAt: AtService}),
	// What people's own programs say.
	by("zh_key_file", `(找不到|未找到|没有找到|无法找到)[^\n]{0,10}私钥(文件)?|私钥(文件|路径)[^\n]{0,30}(不存在|未找到|找不到|错误|没有找到)|private key file[^\n]{0,60}(not found|does not exist|missing)|(missing|no) private key file`, keyFileMissing),
	by("zh_key", `私钥(文本|内容|格式|文件)*(格式)?(错误|不正确|无效|有误|不合法|非法|损坏)[^\n"]*|(解析|读取|加载|导入|转换)[^\n]{0,6}私钥[^\n]{0,6}(失败|出错|异常|错误)|私钥(解析|读取|加载|导入|转换)(失败|出错|异常|错误)|无法(解析|读取|加载|导入)[^\n]{0,6}私钥|(生成|签发|签名) ?(jwt|令牌)[^\n]{0,4}(失败|出错|异常)|jwt ?(签名|生成)(失败|出错|异常)|failed to (sign|create) (the )?jwt`, noPEM, pkcs1, literalLF),
	by("zh_key_empty", `私钥(内容)?(不能)?为空|(未配置|没有配置|缺少|缺失)[^\n]{0,6}私钥`, keyIsEmpty),
	by("en_key", `failed to parse private key[^\n]*|(invalid|malformed|bad|unsupported) (rsa )?private key( format)?\b[^\n"]*|(could not|cannot|can't|unable to|failed to) (load|read|parse|decode|import) (the )?(rsa )?private key[^\n"]*|`+alone(`(invalid|bad|malformed|unsupported) (key|pem)( (format|data|file|formatted message))?|incorrect padding`), noPEM, pkcs1, literalLF),
}

const (
	keyFile         = `[\w./\\-]*(\.pem\d*|private_?key[\w.-]*|coze_oauth_config\.json)`
	keyFileNotFound = `(ENOENT|No such file or directory|Could not find (a part of )?(the )?(file|path))[^\n]*` + keyFile + `[^\n]*|` +
		`(FileNotFoundException|NoSuchFileException|FileNotFoundError|FileNotFound)[^\n]*` + keyFile + `[^\n]*|` +
		keyFile + `['"\]]*(:|\)| ?\(| ?cannot)[^\n]{0,40}(no such file|cannot find the (file|path)|cannot be opened|does not exist|系统找不到|failed to open stream)[^\n]*|` +
		`Config file not found: [^\n]*`
)
