package diagnosis_test

import (
	"testing"

	"cozejwt/internal/diagnosis"
)

// A posted is a text as people post it, and the causes it has, the likeliest first. One with
// evidence has a star.
type posted struct{ text, causes string }

func explained(t *testing.T, kind string, texts []posted) {
	t.Helper()
	for _, test := range texts {
		name := []rune(test.text)
		t.Run(string(name[:min(len(name), 50)]), func(t *testing.T) {
			if got := order(diagnosis.Explain(test.text, now).Causes); got != test.causes {
				t.Errorf("%s: %q\ncauses are %s\nwant       %s", kind, test.text, got, test.causes)
			}
		})
	}
}

// What Go's asn1 says around the numbers of two tags, and Python's cryptography of any key that it
// cannot read.
const (
	goTags      = "failed to parse private key: asn1: structure error: tags don't match "
	goField     = " {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} "
	undecodable = "('Could not deserialize key data. The data may be in an incorrect format, it may be encrypted with an unsupported algorithm, or it may be an unsupported key type (e.g. EC curves with explicit parameters).', [<OpenSSLError(code=503841036, lib=60, reason=524556, reason_text=unsupported)>])"
)

// libraryTexts are what libraries say of a key that they cannot use.
var libraryTexts = []posted{
	// Go
	{"failed to decode private key: illegal base64 data at input byte 0", "sdk.pkcs1 key.literal_newlines key.quotes key.openssh key.encrypted"},
	{"failed to decode private key: illegal base64 data at input byte 0\nkey: -----BEGIN OPENSSH PRIVATE KEY-----", "key.openssh* sdk.pkcs1 key.literal_newlines key.quotes key.encrypted"},
	{"failed to decode private key: illegal base64 data at input byte 14", "key.is_path key.literal_newlines key.quotes key.truncated"},
	{"x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)", "key.wrong_parser"},
	{"failed to parse private key: x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)", "sdk.pkcs1"},
	{"x509: failed to parse private key (use ParseECPrivateKey instead for this key format)", "key.not_rsa"},
	{goTags + "(16 vs {class:1 tag:15 length:112 isCompound:true})" + goField + "pkcs8 @2", "key.openssh"},
	{goTags + "(16 vs {class:1 tag:13 length:73 isCompound:false})" + goField + "pkcs8 @2", "key.undecoded"},
	{goTags + "(16 vs {class:1 tag:12 length:83 isCompound:false})" + goField + "pkcs8 @2", "key.base64_pem"},
	{goTags + "(16 vs {class:0 tag:13 length:45 isCompound:true})" + goField + "pkcs8 @2", "key.undecoded key.base64_pem"},
	{goTags + "(2 vs {class:0 tag:16 length:13 isCompound:true})" + goField + "int @2", "key.public"},
	{goTags + "(2 vs {class:0 tag:16 length:87 isCompound:true})" + goField + "int @2", "key.encrypted key.public"},
	{goTags + "(16 vs {class:1 tag:3 length:111 isCompound:true})" + goField + "pkcs8 @2", "sdk.no_pem sdk.pkcs1 key.truncated"},
	{"asn1: structure error: length too large", "key.encrypted key.truncated"},
	{"failed to parse private key: asn1: syntax error: sequence truncated", "key.empty"},
	{"asn1: syntax error: data truncated", "key.truncated"},
	{"x509: PKCS#8 wrapping contained private key with unknown algorithm: 1.2.840.113549.1.1.10", "key.pss"},
	{"failed to parse private key: private key is not RSA", "key.not_rsa"},
	{"key is not a valid RSA private key", "key.not_rsa"},
	{"key is of invalid type: RSA sign expects *rsa.PrivateKey", "key.not_parsed sdk.no_pem"},
	{"Invalid Key: Key must be PEM encoded PKCS1 or PKCS8 private key", "sdk.no_pem key.literal_newlines"},
	// Java
	{"java.lang.IllegalArgumentException: Illegal base64 character 2d", "sdk.pkcs1 key.markers key.openssh key.encrypted key.public"},
	{"java.lang.IllegalArgumentException: Illegal base64 character 5c\n\tat java.base/java.util.Base64$Decoder.decode0(Base64.java:852)", "key.literal_newlines key.is_path"},
	{"IllegalArgumentException: Illegal base64 character 22", "key.quotes"},
	{"Illegal base64 character 5f", "key.is_path"},
	{"Illegal base64 character 3c", "sdk.no_pem key.literal_newlines key.truncated"},
	{"java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: Missing key encoding", "key.empty"},
	{"java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: invalid key format", "key.base64_pem key.openssh"},
	{"java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: Invalid RSA private key", "key.not_rsa"},
	{"java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: IOException : null", "key.truncated key.encrypted sdk.no_pem"},
	{"InvalidKeySpecException: java.security.InvalidKeyException: IOException : DerValue.getBigIntegerInternal, not expected 48", "key.encrypted key.public"},
	{"java.security.InvalidKeyException: Expected a RSA key, but got RSASSA-PSS", "key.pss"},
	{"java.lang.IllegalArgumentException: RS256 signing keys must be PrivateKey instances.", "key.not_parsed key.public"},
	{"io.jsonwebtoken.security.WeakKeyException: The signing key's size is 1024 bits which is not secure enough for the RS256 algorithm.", "key.small"},
	// Node and WebCrypto
	{"Error: secretOrPrivateKey must have a value", "key.empty"},
	{"Error: secretOrPrivateKey must be an asymmetric key when using RS256", "sdk.no_pem key.literal_newlines key.encrypted key.openssh"},
	{"Error: secretOrPrivateKey has a minimum key size of 2048 bits for RS256", "key.small"},
	{`Error: "alg" parameter for "ec" key type must be one of: ES256, ES384, ES512.`, "key.not_rsa"},
	{`Error: "keyid" must be a string`, "sdk.missing_value"},
	{"TypeError: Cannot read properties of undefined (reading 'includes')\n    at getJWTToken (/app/node_modules/@coze/api/dist/cjs/index.js:1:1)", "sdk.missing_value"},
	{"error:1E08010C:DECODER routines::unsupported", "sdk.no_pem key.literal_newlines key.openssh key.public"},
	{"Error: error:07880109:common libcrypto routines::interrupted or cancelled", "key.encrypted"},
	{"DOMException [DataError]: Invalid keyData\n cause: Passphrase required for encrypted key", "key.encrypted"},
	{"DOMException [DataError]: Invalid key type", "key.not_rsa"},
	{"InvalidCharacterError: Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.", "sdk.no_pem key.literal_newlines"},
	{"Uncaught TypeError: Cannot read properties of undefined (reading 'importKey')", "web.insecure"},
	// Python
	{"ValueError: " + undecodable, "sdk.no_pem key.literal_newlines key.openssh key.public"},
	{"TypeError: Password was not given but private key is encrypted", "key.encrypted"},
	{"TypeError: _EllipticCurvePrivateKey.sign() takes 3 positional arguments but 4 were given", "key.not_rsa"},
	{"TypeError: sign() takes 3 positional arguments but 4 were given", "key.not_rsa"},
	{"AttributeError: 'str' object has no attribute 'sign'", "key.not_parsed"},
	{"AttributeError: 'NoneType' object has no attribute 'sign'", "key.empty key.not_parsed"},
	{"TypeError: ECPrivateKey.sign() missing 1 required positional argument", "key.not_rsa"},
	{"AttributeError: '_RSAPublicKey' object has no attribute 'sign'", "key.public"},
	{`ValueError: Invalid key_op "sign" for public key`, "key.public"},
	{"AttributeError: module 'jwt' has no attribute 'encode'", "sdk.python_packages"},
	{"NotImplementedError: Algorithm 'RS256' could not be found. Do you have cryptography installed?", "sdk.python_packages"},
	// PHP, .NET, Rust
	{"PHP Warning:  openssl_sign(): Supplied key param cannot be coerced into a private key in /app/m.php on line 3", "sdk.no_pem key.literal_newlines key.is_path key.encrypted"},
	{"Fatal error: Uncaught DomainException: OpenSSL unable to sign data in vendor/firebase/php-jwt/src/JWT.php:270", "sdk.no_pem key.literal_newlines key.is_path key.encrypted"},
	{"System.ArgumentException: No supported key formats were found. Check that the input represents the contents of a PEM-encoded key file, not the path to such a file.", "sdk.no_pem sdk.pkcs1 key.is_path"},
	{"System.FormatException: The input is not a valid Base-64 string as it contains a non-base 64 character", "sdk.no_pem sdk.pkcs1 key.is_path"},
	{"System.Security.Cryptography.CryptographicException: ASN1 corrupted data.", "sdk.no_pem sdk.pkcs1 key.is_path"},
	{"Unable to cast object of type 'Org.BouncyCastle.Crypto.Parameters.RsaPrivateCrtKeyParameters' to type 'Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair'.", "key.cast"},
	{"Org.BouncyCastle.OpenSsl.PemException: problem creating RSA private key: System.IO.IOException", "key.truncated key.encrypted sdk.pkcs1"},
	{"thread 'main' panicked: called `Result::unwrap()` on an `Err` value: Error(InvalidKeyFormat)", "sdk.no_pem sdk.pkcs1 key.not_rsa"},
	// People's own programs
	{"RuntimeException: 私钥格式错误，请检查 PEM 文件", "sdk.no_pem sdk.pkcs1 key.literal_newlines"},
	{"2026-11-01 解析私钥失败", "sdk.no_pem sdk.pkcs1 key.literal_newlines"},
	{"找不到私钥文件: config/private_key.pem", "sdk.key_path"},
	{"FileNotFoundError: [Errno 2] No such file or directory: '-----BEGIN PRIVATE KEY-----", "key.text_as_path"},
	{"读取私钥文件失败：config/private_key.pem (No such file or directory)", "sdk.key_path"},
	{"生成 JWT 失败", "sdk.no_pem sdk.pkcs1 key.literal_newlines"},
	{"私钥不能为空", "key.empty"},
	{"FileNotFoundError: [Errno 2] No such file or directory: '/app/keys/private_key.pem'", "sdk.key_path"},
	{"[Error: ENOENT: no such file or directory, open '/srv/private_key_v2.pem'] { errno: -2, code: 'ENOENT' }", "sdk.key_path"},
	{"java.io.FileNotFoundException: config\\private_key.pem (系统找不到指定的文件。)", "sdk.key_path"},
	{"class path resource [private_key.pem] cannot be opened because it does not exist", "sdk.key_path"},
	{"open ./config/private_key.pem: The system cannot find the file specified.", "sdk.key_path"},
	{"PermissionError: [Errno 13] Permission denied: 'private_key.pem'", "key.unreadable"},
}

// Measured: what one key in eighteen forms makes the libraries say.
func TestWhatLibrariesSayOfAKey(t *testing.T) {
	explained(t, "key", libraryTexts)
}
