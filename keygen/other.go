package keygen

import (
	"encoding/base64"
	"strings"

	"cozejwt/internal/fault"
	"cozejwt/internal/lazyregexp"
)

var (
	errCSR          = fault.Invalid("key.csr")
	errCRL          = fault.Invalid("key.crl")
	errPKCS7        = fault.Invalid("key.pkcs7")
	errPKCS12       = fault.Invalid("key.pkcs12")
	errEncryptedDER = fault.Invalid("key.encrypted_der").Because(ErrEncrypted)
	errVault        = fault.Invalid("key.vault")
	errPlaceholder  = fault.Invalid("key.placeholder").Because(ErrDamaged)
)

// magics are the first bytes of files that are no text.
var magics = []struct {
	magic, kind string
	fault       *fault.Fault // nil: key.other_file
}{
	{"\xfe\xed\xfe\xed", "JKS", fault.Invalid("key.keystore", "kind", "JKS")},
	{"\xce\xce\xce\xce", "JCEKS", fault.Invalid("key.keystore", "kind", "JCEKS")},
	{"\x00\x00\x00\x01\x00\x00\x00\x14", "BKS", nil},
	{"\x00\x00\x00\x02\x00\x00\x00\x14", "BKS", nil},
	{"\x1e\xf1\xb5\xb0", "PVK", fault.Invalid("key.microsoft", "kind", "PVK")},
	{"\x07\x02\x00\x00\x00\xa4\x00\x00RSA2", "MSBLOB", fault.Invalid("key.microsoft", "kind", "MSBLOB")},
	{"\x30\x80\x02\x01\x03", "", errPKCS12}, // in BER, as older tools write it
	{"\x00GITCRYPT", "git-crypt", errVault},
	{"Salted__", "openssl enc", errVault},
	{"age-encryption.org/", "age", errVault},
	{"PK\x03\x04", "ZIP", nil},
	{"\x1f\x8b", "gzip", nil},
	{"BZh91AY", "bzip2", nil},
	{"\xfd7zXZ\x00", "xz", nil},
	{"7z\xbc\xaf\x27\x1c", "7-Zip", nil},
	{"Rar!\x1a", "RAR", nil},
	{"%PDF", "PDF", nil},
	{"\x89PNG", "PNG", nil},
	{"\xff\xd8\xff", "JPEG", nil},
	{"GIF8", "GIF", nil},
	{"\xd0\xcf\x11\xe0", "Microsoft Office", nil},
	{"SQLite format 3", "SQLite", nil},
	{"\x7fELF", "ELF", nil},
	{"bplist", "plist", nil},
}

// inBinary says what a file is that is no text.
func inBinary(data []byte) (find, bool) {
	head := string(data[:min(len(data), 32)])
	for _, m := range magics {
		switch {
		case !strings.HasPrefix(head, m.magic):
		case m.fault != nil:
			return find{err: m.fault.With("kind", m.kind)}, true
		default:
			return find{err: fault.Invalid("key.other_file", "kind", m.kind).Because(ErrNoPEM)}, true
		}
	}
	switch {
	case strings.HasPrefix(head, opensshMagic):
		f := inOpenSSH(data)
		f.flaw(FlawBinary)
		return f, true
	case isDER(data):
		f := inDER(data)
		f.flaw(FlawBinary)
		if size := sizeOfDER(data); len(data) > size && strings.Trim(string(data[size:]), layout) != "" {
			f.flaw(FlawExtraText)
		}
		return f, true
	}
	return find{}, false
}

// others are texts without a key, by what they look like.
var others = []struct {
	looks lazyregexp.Regexp
	fault *fault.Fault
}{
	{lazyregexp.New(`^version https://git-lfs`), fault.Invalid("key.lfs")},
	{lazyregexp.New(`(?i)^<!doctype html|<(html|head|body|title|script)[ >]`), fault.Invalid("key.web_page")},
	{lazyregexp.New(`\$ANSIBLE_VAULT;`), errVault.With("kind", "Ansible Vault")},
	{lazyregexp.New(`ENC\[AES256_GCM,`), errVault.With("kind", "SOPS")},
	{lazyregexp.New(`AGE-SECRET-KEY-1[0-9A-Z]`), ErrKind.With("kind", "age")},
	{placeholder, fault.Invalid("key.placeholder")},
	{lazyregexp.New(`^(?:Bearer )?(?:(?:pat|sat|czs|czu)_[A-Za-z0-9_-]{8,}|eyJ[A-Za-z0-9_-]+\.eyJ\S+)$`), fault.Invalid("key.is_token")},
	{lazyregexp.New(`(?i)^(?:https?|s3|gs)://\S+$`), fault.Invalid("key.is_url")},
	{lazyregexp.New(`(?i)^(?:file:|~?/|\.\.?[/\\]|[a-z]:[/\\]|@/)[^\n]*$|^[^\s<>{}]*[/\\]?[^\s/\\<>{}]+\.(?:pem\d?|key|der|p8|p12|pfx|jks|ppk|txt|cer|crt)$`), fault.Invalid("key.is_path")},
	{lazyregexp.New(`^[^\s<>{}=+/\\]+/[^\s<>{}=+]+$`), fault.Invalid("key.is_path")},
	{lazyregexp.New(`^[0-9]{6,24}$|^[A-Za-z0-9_-]{16,64}$|^(?:[0-9A-Fa-f]{2}:){15,}[0-9A-Fa-f]{2}$|^SHA256:\S+$`), fault.Invalid("key.is_id")},
}

// placeholder is what stands in a template: a reference of a shell, of a tool, or words.
var placeholder = lazyregexp.New(`(?i)^(?:\$\{[^\n]*\}|\$\{\{[^\n]*\}\}|\$\([^\n]*\)|\$[A-Z_]+|\{\{[^\n]*\}\}|%[A-Z_]+%|<[^<>\n]+>|\[[^\[\]\n]+\]|\.{3,}|…+|\*{3,}|x{3,}|(?:your|my|the|put|paste|insert|replace|enter|add)(?:[ _-][^\n]{1,80}|)|change_?me|todo|(?:op|vault|ref\+\w+|gcp|aws|arn)(?::|://)[^\n]+|ENC\([^\n]*\)|[^\n]*(?:你的|您的|此处|这里)[^\n]*)$`)

// nothing is the fault of a file in which nothing was found.
func (r *reading) nothing() error {
	text := strings.Trim(r.text, layout)
	switch {
	case strings.Trim(strings.Map(plainRune, r.original), layout) == "":
		return ErrEmpty
	case text == "": // an END line alone
		return ErrDamaged
	}
	value := strings.Trim(settingName().ReplaceAllString(text, ""), layout)
	for _, o := range others {
		if o.looks().MatchString(value) {
			return o.fault.Because(ErrNoPEM)
		}
	}
	words := strings.Fields(text)
	_, err := base64.StdEncoding.DecodeString(strings.Join(words, ""))
	switch {
	case markerLike().MatchString(text):
		return ErrDamaged
	case err == nil && len(text) > max(400, 16*len(words)):
		return ErrDamaged // the body of a key without its BEGIN and END lines
	}
	return ErrNoPEM
}

// markerLike is a BEGIN or END line, also as recognition of characters or a form that changes the case
// has left it.
var markerLike = lazyregexp.New(`(?i)---- ?(BEG[IL1|]N|END)\b`)

var settingName = lazyregexp.New(`^(?:export |set |\$env:)?[A-Za-z_][A-Za-z0-9_.-]*(?:[ \t]*=[ \t]*|:[ \t]+)`)
