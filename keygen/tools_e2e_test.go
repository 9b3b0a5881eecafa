//go:build e2e && unix

package keygen_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cozejwt/internal/fault"
	"cozejwt/internal/i18n"
	"cozejwt/keygen"
)

// A made file is one that a program of others makes as "k" in an empty folder. Its passphrase
// is "secret".
type made struct {
	name, script string
	want         string // form and flaws, or the fault
}

const nodeKey = `const c=require("crypto"),fs=require("fs");const k=c.generateKeyPairSync("rsa",{modulusLength:2048}).privateKey;`

var madeByTools = []made{
	{"openssl genrsa", `openssl genrsa -out k 2048`, "PKCS#8"},
	{"openssl genrsa -traditional", `openssl genrsa -traditional -out k 2048`, "PKCS#1"},
	{"openssl, DER", `openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt -outform DER -out k`, "PKCS#8 binary"},
	{"openssl, DER of PKCS#1", `openssl genrsa 2048 | openssl rsa -traditional -outform DER -out k`, "PKCS#1 binary"},
	{"openssl rsa -text", `openssl genrsa 2048 | openssl rsa -text -noout -out k`, "OpenSSL text extra_text"},
	{"openssl rsa -text with PEM", `openssl genrsa 2048 | openssl rsa -text -out k`, "PKCS#8 extra_text"},
	{"openssl with a certificate", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && cat b a >k`, "PKCS#8 extra_text"},
	{"base64", `openssl genrsa 2048 | base64 >k`, "PKCS#8 base64"},
	{"openssl base64", `openssl genrsa 2048 | openssl base64 -A >k`, "PKCS#8 base64"},
	{"iconv", `openssl genrsa 2048 | iconv -t UTF-16 >k`, "PKCS#8 utf16"},
	{"xxd -p", `openssl genrsa 2048 | od -An -v -tx1 >k`, "PKCS#8 hex"},
	{"three primes", `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out k`, "key.multi_prime"},
	{"e is 3", `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out k`, "PKCS#8"},
	{"RSA-PSS", `openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out k`, "key.pss"},
	{"encrypted PKCS#8", `openssl genrsa 2048 | openssl pkcs8 -topk8 -passout pass:secret -out k`, "key.encrypted"},
	{"encrypted PKCS#8, DER", `openssl genrsa 2048 | openssl pkcs8 -topk8 -passout pass:secret -outform DER -out k`, "key.encrypted_der"},
	{"encrypted PKCS#8, PKCS#5 v1", `openssl genrsa 2048 | openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout pass:secret -outform DER -out k`, "key.encrypted_der"},
	{"encrypted PKCS#1", `openssl genrsa -traditional -aes128 -passout pass:secret -out k 2048`, "key.encrypted"},
	{"PKCS#12", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && openssl pkcs12 -export -inkey a -in b -passout pass:secret -out k`, "key.pkcs12"},
	{"PKCS#12, Base64", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && openssl pkcs12 -export -inkey a -in b -passout pass:secret | base64 >k`, "key.pkcs12"},
	{"bag attributes", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && openssl pkcs12 -export -inkey a -in b -passout pass:secret | openssl pkcs12 -nodes -passin pass:secret -out k`, "PKCS#8 extra_text"},
	{"EC", `openssl ecparam -name prime256v1 -genkey -out k`, "key.kind"},
	{"EC with its parameters", `openssl ecparam -name prime256v1 -param_enc explicit -genkey -out k`, "key.kind"},
	{"SM2", `openssl genpkey -algorithm SM2 -out k`, "key.kind"},
	{"Ed448", `openssl genpkey -algorithm ED448 -out k`, "key.kind"},
	{"X25519", `openssl genpkey -algorithm X25519 -out k`, "key.kind"},
	{"DSA", `openssl dsaparam -genkey -out k 1024`, "key.kind"},
	{"DH", `openssl genpkey -algorithm DH -pkeyopt group:ffdhe2048 -out k`, "key.kind"},
	{"DH parameters, DER", `openssl dhparam -dsaparam -outform DER -out k 512`, "key.kind"},
	{"CSR", `openssl req -new -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out k`, "key.csr"},
	{"CSR, DER", `openssl req -new -newkey rsa:2048 -nodes -subj /CN=x -keyout a -outform DER -out k`, "key.csr"},
	{"PKCS#7", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && openssl crl2pkcs7 -nocrl -certfile b -out k`, "key.pkcs7"},
	{"PKCS#7, DER", `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout a -out b && openssl crl2pkcs7 -nocrl -certfile b -outform DER -out k`, "key.pkcs7"},
	{"public key", `openssl genrsa 2048 | openssl rsa -pubout -outform DER -out k`, "key.public"},
	{"ssh-keygen", `ssh-keygen -q -t rsa -b 2048 -N "" -f k`, "OpenSSH"},
	{"ssh-keygen -m PEM", `ssh-keygen -q -t rsa -b 2048 -m PEM -N "" -f k`, "PKCS#1"},
	{"ssh-keygen with a passphrase", `ssh-keygen -q -t rsa -b 2048 -N secret -f k`, "key.openssh_encrypted"},
	{"ssh-keygen, Ed25519", `ssh-keygen -q -t ed25519 -N secret -f k`, "key.kind"},
	{"ssh-keygen, public", `ssh-keygen -q -t rsa -b 2048 -N "" -f a && mv a.pub k`, "key.public"},
	{"ssh-keygen, RFC 4716", `ssh-keygen -q -t rsa -b 2048 -N "" -f a && ssh-keygen -e -f a.pub >k`, "key.public"},
	{"puttygen", `: >none; puttygen -q -t rsa -b 2048 --new-passphrase none -o k`, "PuTTY"},
	{"puttygen, version 2", `: >none; puttygen -q -t rsa -b 2048 --new-passphrase none --ppk-param version=2 -o k`, "PuTTY"},
	{"puttygen with a passphrase", `printf secret >pw; puttygen -q -t rsa -b 2048 --new-passphrase pw -o k`, "key.putty"},
	{"puttygen, Ed25519", `: >none; puttygen -q -t ed25519 --new-passphrase none -o k`, "key.kind"},
	{"keytool, JKS", `keytool -genkeypair -alias x -keyalg RSA -dname CN=x -storetype JKS -keystore k -storepass secret -keypass secret`, "key.keystore"},
	{"keytool, JCEKS", `keytool -genkeypair -alias x -keyalg RSA -dname CN=x -storetype JCEKS -keystore k -storepass secret -keypass secret`, "key.keystore"},
	{"keytool, PKCS#12", `keytool -genkeypair -alias x -keyalg RSA -dname CN=x -storetype PKCS12 -keystore k -storepass secret`, "key.pkcs12"},
	{"node, JWK", `node -e '` + nodeKey + `fs.writeFileSync("k",JSON.stringify(k.export({format:"jwk"})))'`, "JWK"},
	{"node, console.log", `node -e '` + nodeKey + `console.log(k.export({format:"jwk"}))' >k`, "JWK"},
	{"node, JSON", `node -e '` + nodeKey + `fs.writeFileSync("k",JSON.stringify({private_key:k.export({format:"pem",type:"pkcs8"})},null,2))'`, "PKCS#8 escaped_newlines embedded"},
	{"node, encrypted", `node -e '` + nodeKey + `fs.writeFileSync("k",k.export({format:"pem",type:"pkcs8",cipher:"aes-256-cbc",passphrase:"secret"}))'`, "key.encrypted"},
	{"gpg", `mkdir -m 700 h && gpg --homedir h --batch --quiet --passphrase "" --quick-generate-key x rsa2048 && gpg --homedir h --armor --export-secret-keys >k; gpgconf --homedir h --kill all`, "key.kind"},
	{"MSBLOB", `openssl genrsa 2048 | openssl rsa -outform MSBLOB -out k`, "key.microsoft"},
	{"PVK", `openssl genrsa 2048 | openssl rsa -outform PVK -pvk-none -out k`, "key.microsoft"},
	{"zip", `python3 -m zipfile -c k /etc/hostname`, "key.other_file"},
	{"gzip", `openssl genrsa 2048 | gzip >k`, "key.other_file"},
}

// withPassphrase answers what the programs would ask.
var withPassphrase = strings.NewReplacer("openssl pkcs8 ", "openssl pkcs8 -passin pass:secret ", "openssl pkcs12 ", "openssl pkcs12 -passin pass:secret ",
	"ssh-keygen -p ", "ssh-keygen -q -p -P secret ", "puttygen ", "puttygen --old-passphrase pw ",
	"-importkeystore ", "-importkeystore -srcstorepass secret -deststorepass secret ")

// A key of another program is imported, or named with the command that makes a key of it which
// is imported.
func TestFilesOfOtherProgramsAreImportedOrConverted(t *testing.T) {
	t.Parallel()
	for _, m := range madeByTools {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			shell(t, dir, m.script)
			got, commands := read(t, filepath.Join(dir, "k"))
			if got != m.want {
				t.Fatalf("it is %q, want %q", got, m.want)
			}
			if strings.Contains("key.encrypted key.encrypted_der key.pkcs12 key.keystore key.putty key.openssh_encrypted key.microsoft", got) && commands == nil {
				t.Error("no command converts it")
			}
			for round := 0; len(commands) > 0; round++ {
				command := commands[0]
				words := strings.Fields(command)
				shell(t, dir, withPassphrase.Replace(command))
				if got, commands = read(t, strings.ReplaceAll(words[len(words)-1], "'", "")); round == 3 {
					t.Fatalf("it is still %q after %s", got, command)
				}
			}
			if strings.HasPrefix(m.want, "key.") && !strings.HasPrefix(got, "PKCS#") && got != m.want {
				t.Errorf("it has become %q", got)
			}
		})
	}
}

// read describes a file, with the commands that convert it.
func read(t *testing.T, path string) (is string, commands []string) {
	t.Helper()
	key, err := keygen.Load(path)
	if err == nil {
		return describe(key), nil
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		t.Fatal(err)
	}
	for _, line := range f.Fixes(i18n.English) {
		if first, _, _ := strings.Cut(line, " "); first == "openssl" || first == "tr" || first == "cp" || first == "keytool" || first == "puttygen" {
			commands = append(commands, line)
		}
	}
	return f.ID, commands
}

// shell runs a script in a folder, or skips the test where a program is not there.
func shell(t *testing.T, dir, script string) {
	t.Helper()
	for _, program := range []string{"openssl", "ssh-keygen", "puttygen", "keytool", "node", "gpg", "python3"} {
		if _, err := exec.LookPath(program); err != nil && strings.Contains(script, program+" ") {
			t.Skipf("%s is not installed here", program)
		}
	}
	cmd := exec.Command("sh", "-ec", script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TERM=dumb")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}
