package keygen_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cozejwt/internal/secret"
	"cozejwt/internal/testkey"
	"cozejwt/keygen"
)

// A written key is one way in which people have a key. The text is made of its PKCS#8 PEM.
type written struct {
	name string
	make func(pem string) string
	want string // form and flaws
}

func replaced(old, with string) func(string) string {
	return func(pem string) string { return strings.ReplaceAll(pem, old, with) }
}

func around(before, after string) func(string) string {
	return func(pem string) string { return before + pem + after }
}

func both(first, second func(string) string) func(string) string {
	return func(pem string) string { return second(first(pem)) }
}

func wide(size int, big, mark bool) func(string) string {
	return func(pem string) string {
		if mark {
			pem = "\ufeff" + pem
		}
		var out strings.Builder
		for _, unit := range utf16.Encode([]rune(pem)) {
			bytes := []byte{byte(unit), byte(unit >> 8), 0, 0}[:size]
			if big {
				slices.Reverse(bytes)
			}
			out.Write(bytes)
		}
		return out.String()
	}
}

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// wrapped breaks a text into lines.
func wrapped(length int, text string) string {
	var lines []string
	for len(text) > length {
		lines, text = append(lines, text[:length]), text[length:]
	}
	return strings.Join(append(lines, text), "\n")
}

// eachLine writes something around each line.
// between puts a text into the middle of the lines.
func between(text string) func(string) string {
	return func(pem string) string {
		lines := strings.SplitAfter(pem, "\n")
		return strings.Join(lines[:9], "") + text + strings.Join(lines[9:], "")
	}
}

// numberedLines formats each line with its number.
func numberedLines(format string) func(string) string {
	return func(pem string) string {
		out := ""
		for i, line := range strings.Split(strings.TrimSpace(pem), "\n") {
			out += fmt.Sprintf(format, i+1, line)
		}
		return out
	}
}

func eachLine(before, after string) func(string) string {
	return func(pem string) string {
		lines := strings.Split(strings.TrimSpace(pem), "\n")
		return before + strings.Join(lines, after+"\n"+before) + after + "\n"
	}
}

func trimmed(pem string) string { return strings.TrimSpace(pem) }

// noLine drops the line that begins so.
func noLine(start string) func(string) string {
	return func(pem string) string {
		return strings.Join(slices.DeleteFunc(strings.Split(pem, "\n"), func(l string) bool { return strings.HasPrefix(l, start) }), "\n")
	}
}

// replacedEach changes each line.
func replacedEach(text string, change func(line string) string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = change(lines[i])
	}
	return strings.Join(lines, "\n")
}

// dumped writes lines of bytes in hex, after their offset and before them as text.
func dumped(offset string, width int, text string) func(string) string {
	return func(data string) string {
		var out strings.Builder
		for i := 0; i < len(data); i += width {
			row := data[i:min(len(data), i+width)]
			fmt.Fprintf(&out, offset, i)
			fmt.Fprintf(&out, "%-*s", width*3, fmt.Sprintf("% x", row))
			if text != "" {
				plain := strings.Map(func(c rune) rune { return max(c, '.') }, strings.ToValidUTF8(row, "."))
				fmt.Fprintf(&out, text, plain)
			}
			out.WriteString("\n")
		}
		return out.String()
	}
}

func bodyOf(pem string) string { return noLine("-----")(pem) }

func derOf(pem string) string {
	der, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(bodyOf(pem), "\n", ""))
	return string(der)
}

func asJSON(pem string) string {
	text, _ := json.Marshal(map[string]string{"client_id": "1", "private_key": pem, "public_key_id": "x"})
	return string(text)
}

// rsaOf returns the key of a PKCS#8 PEM.
func rsaOf(pem string) *rsa.PrivateKey {
	key, err := x509.ParsePKCS8PrivateKey([]byte(derOf(pem)))
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

// jwkOf writes a key as RFC 7518 §6.3 says, with the members that are asked for.
func jwkOf(members ...string) func(string) string {
	return func(pem string) string {
		out := map[string]string{"kty": "RSA", "use": "sig"}
		for name, number := range numbersOf(rsaOf(pem)) {
			if slices.Contains(members, name) {
				out[name] = base64.RawURLEncoding.EncodeToString(number.Bytes())
			}
		}
		text, _ := json.MarshalIndent(out, "", "  ")
		return string(text)
	}
}

func numbersOf(key *rsa.PrivateKey) map[string]*big.Int {
	return map[string]*big.Int{
		"n": key.N, "e": big.NewInt(int64(key.E)), "d": key.D, "p": key.Primes[0], "q": key.Primes[1],
		"dp": key.Precomputed.Dp, "dq": key.Precomputed.Dq, "qi": key.Precomputed.Qinv,
	}
}

func xmlOf(pem string) string {
	text, numbers := "<RSAKeyValue>", numbersOf(rsaOf(pem))
	for _, m := range [][2]string{{"Modulus", "n"}, {"Exponent", "e"}, {"P", "p"}, {"Q", "q"}, {"DP", "dp"}, {"DQ", "dq"}, {"InverseQ", "qi"}, {"D", "d"}} {
		text += "<" + m[0] + ">" + base64.StdEncoding.EncodeToString(numbers[m[1]].Bytes()) + "</" + m[0] + ">"
	}
	return text + "</RSAKeyValue>"
}

// printed is what openssl rsa -text writes.
func printed(pem string) string {
	numbers := numbersOf(rsaOf(pem))
	text := "Private-Key: (2048 bit, 2 primes)\n"
	for _, m := range [][2]string{{"modulus", "n"}, {"publicExponent", "e"}, {"privateExponent", "d"}, {"prime1", "p"}, {"prime2", "q"}, {"exponent1", "dp"}} {
		if m[1] == "e" {
			text += "publicExponent: 65537 (0x10001)\n"
			continue
		}
		digits := "00" + hex.EncodeToString(numbers[m[1]].Bytes())
		text += m[0] + ":\n"
		for i := 0; i < len(digits); i += 30 {
			line := digits[i:min(len(digits), i+30)]
			text += "    " + strings.TrimSuffix(strings.Join(strings.SplitAfter(wrapped(2, line), "\n"), ""), "\n") + ":\n"
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\x00"), "\x00", "\n")
}

// inForms are those that are imported.
var inForms = []written{
	{"PKCS#8", trimmed, "PKCS#8"},
	// The bytes of the file.
	{"DER", derOf, "PKCS#8 binary"},
	{"DER and a line end", both(derOf, around("", "\n")), "PKCS#8 binary"},
	{"UTF-16LE with a mark", wide(2, false, true), "PKCS#8 utf16"},
	{"UTF-16LE without a mark", wide(2, false, false), "PKCS#8 utf16"},
	{"UTF-16BE with a mark", wide(2, true, true), "PKCS#8 utf16"},
	{"UTF-16BE without a mark", wide(2, true, false), "PKCS#8 utf16"},
	{"UTF-32LE with a mark", wide(4, false, true), "PKCS#8 utf16"},
	{"UTF-32BE with a mark", wide(4, true, true), "PKCS#8 utf16"},
	{"UTF-32LE without a mark", wide(4, false, false), "PKCS#8 utf16"},
	{"UTF-32BE without a mark", wide(4, true, false), "PKCS#8 utf16"},
	{"of PowerShell: UTF-16LE, CR LF", both(replaced("\n", "\r\n"), wide(2, false, true)), "PKCS#8 utf16 windows_lines"},
	{"two byte order marks", around("\ufeff\ufeff", ""), "PKCS#8 bom"},
	{"CR CR LF", replaced("\n", "\r\r\n"), "PKCS#8 windows_lines"},
	{"NULs after it", around("", "\x00\x00\x00"), "PKCS#8 layout"},
	// Its characters.
	{"no-break spaces", replaced(" ", "\u00a0"), "PKCS#8 characters"},
	{"zero-width spaces", replaced("\n", "\u200b\n"), "PKCS#8 characters"},
	{"line separators", replaced("\n", "\u2028"), "PKCS#8 characters"},
	{"full width", replaced("-", "－"), "PKCS#8 characters"},
	{"em dashes", replaced("-----", "—"), "PKCS#8 markers"},
	{"en dashes", replaced("--", "–"), "PKCS#8 markers"},
	{"four dashes", replaced("-----", "----"), "PKCS#8 markers"},
	{"six dashes and a space", both(replaced("-----B", "------ B"), replaced("Y-----", "Y ------")), "PKCS#8 markers"},
	{"dashes of Windows-1252", replaced("--", "\x96"), "PKCS#8 characters markers"},
	{"without dashes", replaced("-----", ""), "PKCS#8 markers"},
	{"without BEGIN", noLine("-----BEGIN"), "PKCS#8 markers"},
	{"without END", noLine("-----END"), "PKCS#8 markers"},
	{"without both", bodyOf, "PKCS#8 markers"},
	{"END of another label", replaced("END PRIVATE", "END RSA PRIVATE"), "PKCS#8 markers"},
	{"the label of a public key", replaced("PRIVATE", "PUBLIC"), "PKCS#8 label"},
	{"tabs and spaces at the ends of lines", replaced("\n", " \t\n"), "PKCS#8"},
	{"empty lines", replaced("\n", "\n\n"), "PKCS#8"},
	{"indented", eachLine("    ", ""), "PKCS#8 indented"},
	{"in a comment", eachLine("# ", ""), "PKCS#8 indented extra_text"},
	{"quoted in a mail", eachLine("> ", ""), "PKCS#8 indented extra_text"},
	{"added in a diff", eachLine("+", ""), "PKCS#8 indented extra_text"},
	{"with line numbers", numberedLines("%6d\t%s\n"), "PKCS#8 indented extra_text"},
	// Its quotes and escapes.
	{"curly quotes", both(trimmed, around("“", "”\n")), "PKCS#8 quoted"},
	{"single quotes", both(trimmed, around("'", "'")), "PKCS#8 quoted"},
	{"backquotes", around("```\n", "```\n"), "PKCS#8 quoted"},
	{"trailing backslashes", replaced("\n", "\\\n"), "PKCS#8 quoted"},
	{`\\n`, replaced("\n", `\\n`), "PKCS#8 escaped_newlines"},
	{`\\r\\n`, replaced("\n", `\\r\\n`), "PKCS#8 escaped_newlines"},
	{`\u000a and \u003d`, both(replaced("\n", `\u000a`), replaced("=", `\u003d`)), "PKCS#8 escaped_newlines"},
	{`\/ of PHP`, both(replaced("\n", `\n`), replaced("/", `\/`)), "PKCS#8 escaped_newlines"},
	{`\u002b and \u002F`, both(replaced("+", `\u002b`), replaced("/", `\u002F`)), "PKCS#8 escaped_newlines"},
	{"`n of PowerShell", replaced("\n", "`n"), "PKCS#8 escaped_newlines"},
	{"&#10;", replaced("\n", "&#10;"), "PKCS#8 encoded"},
	{"&#xA; &#x2B; &amp;#47; &equals;", both(replaced("\n", "&#xA;"), both(replaced("+", "&#x2B;"), both(replaced("/", "&amp;#47;"), replaced("=", "&equals;")))), "PKCS#8 encoded"},
	{"%0A", replaced("\n", "%0A"), "PKCS#8 encoded"},
	{"a URL's query", url.QueryEscape, "PKCS#8 encoded markers"},
	{"a URL's query twice", both(url.QueryEscape, url.QueryEscape), "PKCS#8 encoded markers"},
	{"a URL's path", url.PathEscape, "PKCS#8 encoded markers"},
	{"lines in quotes and commas", both(eachLine(`  "`, `",`), around("[\n", "]\n")), "PKCS#8 quoted extra_text"},
	{"lines of a program", eachLine(`  "`, `\n" +`), "PKCS#8 quoted escaped_newlines extra_text"},
	{"lines of PHP", both(eachLine(`  '`, `' . "\n" .`), around("$key =\n", ";")), "PKCS#8 quoted escaped_newlines embedded"},
	{"n for line ends", replaced("\n", "n"), "PKCS#8 escaped_newlines extra_text"},
	{"+ made a space", replaced("+", " "), "PKCS#8 encoded"},
	{"em dashes in another encoding", replaced("-----", "â€”"), "PKCS#8 markers extra_text"},
	{"BEGIN twice", around("-----BEGIN PRIVATE KEY-----\n", ""), "PKCS#8 extra_text"},
	{"one line without spaces", both(replaced("\n", ""), replaced(" ", "")), "PKCS#8 one_line markers"},
	{"tabs for line ends", replaced("\n", "\t"), "PKCS#8 one_line"},
	// The file around it.
	{".env", both(replaced("\n", `\n`), around("COZE_CLIENT_ID=1\nCOZE_PRIVATE_KEY=\"", "\"\nOTHER=x\n")), "PKCS#8 escaped_newlines embedded"},
	{".env without an end", around("COZE_PRIVATE_KEY=\"", ""), "PKCS#8 embedded"},
	{"export", both(trimmed, around("export COZE_PRIVATE_KEY='", "'\n")), "PKCS#8 embedded"},
	{"export $''", both(replaced("\n", `\n`), around("export KEY=$'", "'\n")), "PKCS#8 escaped_newlines embedded"},
	{"PowerShell", both(trimmed, around("$env:KEY = \"", "\"\r\n")), "PKCS#8 windows_lines embedded"},
	{"JSON", asJSON, "PKCS#8 escaped_newlines embedded"},
	{"JSON in JSON", func(pem string) string { out, _ := json.Marshal(asJSON(pem)); return string(out) }, "PKCS#8 escaped_newlines embedded"},
	{"YAML", both(eachLine("    ", ""), around("coze:\n  private_key: |\n", "  kid: x\n")), "PKCS#8 indented embedded"},
	{"YAML, folded", both(both(trimmed, replaced("\n", "\n\n  ")), around("key: >-\n  ", "\n")), "PKCS#8 indented embedded"},
	{"TOML", around("[coze]\nprivate_key = '''\n", "'''\nkid = \"x\"\n"), "PKCS#8 embedded"},
	{"properties", both(replaced("\n", "\\n\\\n    "), around("coze.private.key=", "\n")), "PKCS#8 quoted escaped_newlines indented embedded"},
	{"XML", both(trimmed, around("<key>", "</key>")), "PKCS#8 extra_text"},
	{"HTML", func(pem string) string {
		return "<!doctype html><pre>" + strings.ReplaceAll(html.EscapeString(trimmed(pem)), "\n", "<br>\n") + "</pre>"
	}, "PKCS#8 encoded extra_text"},
	{"a data URL", func(pem string) string { return "data:application/x-pem-file;base64," + inBase64(pem) }, "PKCS#8 base64 extra_text"},
	{"a data URL with %", func(pem string) string { return "data:text/plain," + url.PathEscape(pem) }, "PKCS#8 encoded markers extra_text"},
	{"logs of Compose", eachLine("app-1  | ", ""), "PKCS#8 indented extra_text"},
	{"a log with times", func(pem string) string {
		n := 0
		return replacedEach(trimmed(pem), func(line string) string {
			n++
			return fmt.Sprintf("2026-11-27T10:%02d:00Z INFO [main] %s", n, line)
		})
	}, "PKCS#8 indented extra_text"},
	// With other text between its lines, or beside each.
	{"a deleted file in a diff", eachLine("-", ""), "PKCS#8 indented markers"},
	{"found by grep", numberedLines("key.pem:%d:%s\n"), "PKCS#8 indented embedded"},
	{"pages of a PDF", between("\n\fPage 2 of 3 - Coze handbook\n\n"), "PKCS#8 characters extra_text"},
	{"a chat in two messages", between("\nLi Lei  10:42 AM (edited)\n"), "PKCS#8 extra_text"},
	{"a chat in two messages, with times", between("\r\n李雷 2026/3/4 10:42:07\r\n"), "PKCS#8 windows_lines extra_text"},
	{"a conflict of git", func(pem string) string {
		return "<<<<<<< HEAD\n" + pem + "=======\n" + strings.ReplaceAll(pem, "\n", "  \n") + ">>>>>>> main\n"
	}, "PKCS#8 extra_text"},
	{"lines that were copied twice", func(pem string) string {
		lines := strings.SplitAfter(pem, "\n")
		return strings.Join(lines[:12], "") + "--More--\n" + strings.Join(lines[9:], "")
	}, "PKCS#8 extra_text"},
	{"a batch file", both(eachLine("", "^"), around("set KEY=", "")), "PKCS#8 markers extra_text embedded"},
	{"a batch file of echo", eachLine("echo ", ">>key.pem"), "PKCS#8 indented markers extra_text"},
	{"a query of SQL", eachLine("  || '", "' || CHR(10)"), "PKCS#8 indented extra_text"},
	{"lines of VBA", eachLine(`s = s & "`, `" & vbCrLf`), "PKCS#8 indented embedded"},
	{"a table of psql", eachLine(" | ", "+"), "PKCS#8 indented extra_text"},
	{"a log of Docker", eachLine(`{"log":"`, `\n","stream":"stdout","time":"2026-03-04T05:06:07.123456789Z"}`), "PKCS#8 indented embedded"},
	{"coloured by a pager", eachLine("\x1b[38;5;246m  12 │\x1b[0m \x1b[38;5;231m", "\x1b[0m"), "PKCS#8 indented extra_text"},
	{"a chat", eachLine("[10:00] 张三: ", ""), "PKCS#8 indented extra_text"},
	{"RTF of TextEdit", both(replaced("\n", "\\\n"), around("{\\rtf1\\ansi\\cocoartf2761\n{\\fonttbl\\f0 Helvetica;}\n{\\*\\x;}\n\\pard\\tx720\n\n\\f0\\fs24 \\cf0 ", "}")), "PKCS#8 encoded"},
	{"RTF of WordPad", both(replaced("\n", "\\par\r\n"), around("{\\rtf1{\\fonttbl{\\f0 Calibri;}}\r\n\\pard\\lang9 ", "}")), "PKCS#8 encoded windows_lines"},
	// Base64 and hex.
	{"Base64 of PEM", inBase64, "PKCS#8 base64"},
	{"Base64 of PEM in lines of 76", func(pem string) string { return wrapped(76, inBase64(pem)) }, "PKCS#8 base64"},
	{"Base64 of PEM in lines of 5", func(pem string) string { return wrapped(5, inBase64(pem)) }, "PKCS#8 base64"},
	{"Base64 of PEM with CR LF", both(replaced("\n", "\r\n"), inBase64), "PKCS#8 base64 windows_lines"},
	{"Base64 of UTF-16", both(wide(2, false, true), inBase64), "PKCS#8 base64 utf16"},
	{"base64url of PEM", func(pem string) string { return base64.RawURLEncoding.EncodeToString([]byte(pem)) }, "PKCS#8 base64"},
	{"Base64 twice", both(inBase64, inBase64), "PKCS#8 base64"},
	{"Base64 of Base64 of DER", both(derOf, both(inBase64, inBase64)), "PKCS#8 base64 markers"},
	{"Base64 of DER", both(derOf, inBase64), "PKCS#8 markers"},
	{"Base64 of DER in lines of 76", func(pem string) string { return wrapped(76, inBase64(derOf(pem))) }, "PKCS#8 markers"},
	{"base64url of DER", func(pem string) string { return base64.RawURLEncoding.EncodeToString([]byte(derOf(pem))) }, "PKCS#8 markers"},
	{"Base64 of PEM in a .env", func(pem string) string { return "A=1\nKEY_BASE64=" + inBase64(pem) + "\nB=2\n" }, "PKCS#8 base64 embedded"},
	{"Base64 of DER in JSON", func(pem string) string { return `{"kid": "x", "key": "` + inBase64(derOf(pem)) + `"}` }, "PKCS#8 markers embedded"},
	{"certutil -encode", func(pem string) string {
		return strings.ReplaceAll(strings.ReplaceAll(pem, "PRIVATE KEY", "CERTIFICATE"), "\n", "\r\n")
	}, "PKCS#8 windows_lines label"},
	{"hex of DER", func(pem string) string { return hex.EncodeToString([]byte(derOf(pem))) }, "PKCS#8 hex"},
	{"hex of DER with colons", func(pem string) string {
		return strings.ToUpper(strings.ReplaceAll(wrapped(2, hex.EncodeToString([]byte(derOf(pem)))), "\n", ":"))
	}, "PKCS#8 hex"},
	{"hex of DER with 0x", func(pem string) string { return "0x" + hex.EncodeToString([]byte(derOf(pem))) }, "PKCS#8 hex"},
	{"decimal bytes of DER", func(pem string) string { return strings.Trim(fmt.Sprint([]byte(derOf(pem))), "[]") }, "PKCS#8 decimal"},
	{"decimal bytes of Java, with signs", func(pem string) string {
		var signed []int8
		for _, b := range []byte(derOf(pem)) {
			signed = append(signed, int8(b))
		}
		return "byte[] k = {" + strings.ReplaceAll(strings.Trim(fmt.Sprint(signed), "[]"), " ", ", ") + "};"
	}, "PKCS#8 decimal extra_text"},
	{"JSON of a Buffer of Node", func(pem string) string {
		return `{"type":"Buffer","data":` + strings.ReplaceAll(fmt.Sprint([]byte(pem)), " ", ",") + `}`
	}, "PKCS#8 decimal embedded"},
	{"xxd", dumped("%08x: ", 16, "  %s"), "PKCS#8 hex"},
	{"xxd -c 32", dumped("%08x: ", 32, "  %s"), "PKCS#8 hex"},
	{"od", dumped("%07o ", 16, ""), "PKCS#8 hex"},
	{"xxd of DER", both(derOf, dumped("%08x: ", 16, "  %s")), "PKCS#8 hex"},
	{"hex of PEM", func(pem string) string { return hex.EncodeToString([]byte(pem)) }, "PKCS#8 hex"},
	// Other forms.
	{"PKCS#1 under the label of PKCS#8", func(pem string) string { return block("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaOf(pem))) }, "PKCS#1 label"},
	{"DER of PKCS#1", func(pem string) string { return string(x509.MarshalPKCS1PrivateKey(rsaOf(pem))) }, "PKCS#1 binary"},
	{"the key twice", func(pem string) string { return pem + pem }, "PKCS#8 extra_text"},
	{"JWK", jwkOf("n", "e", "d", "p", "q", "dp", "dq", "qi"), "JWK"},
	{"JWK without primes", jwkOf("n", "e", "d"), "JWK"},
	{"JWK with empty primes", both(jwkOf("n", "e", "d"), replaced(`"kty"`, `"p": "AA", "q": "AA", "kty"`)), "JWK"},
	{"JWK in a set", both(jwkOf("n", "e", "d", "p", "q"), around(`{"keys":[`, "]}")), "JWK embedded"},
	{"JWK in a string", func(pem string) string {
		out, _ := json.Marshal(jwkOf("n", "e", "d", "p", "q")(pem))
		return string(out)
	}, "JWK"},
	{"JWK in JavaScript", both(jwkOf("n", "e", "d"), func(s string) string {
		return "const jwk = " + strings.NewReplacer(`"kty"`, "kty", `"n"`, "n", `"e"`, "e", `"d"`, "d", `"`, "'").Replace(s)
	}), "JWK embedded"},
	{"XML of .NET", xmlOf, "XML"},
	{"RSAParameters in JSON", func(pem string) string {
		return strings.NewReplacer(`"n"`, `"Modulus"`, `"e"`, `"Exponent"`, `"d"`, `"D"`, `"p"`, `"P"`, `"q"`, `"Q"`, `"kty": "RSA",`, "").Replace(jwkOf("n", "e", "d", "p", "q")(pem))
	}, "RSAParameters"},
	{"heredoc", around("private_key = <<EOF\n", "EOF\n"), "PKCS#8 embedded"},
	{"Secret of Kubernetes", func(pem string) string { return "kind: Secret\ndata:\n  private_key.pem: " + inBase64(pem) + "\n" }, "PKCS#8 base64 embedded"},
	{"beside a setting", around("", "client_id = 1\n"), "PKCS#8 embedded"},
	{"XML of .NET in lines", both(xmlOf, replaced("><", ">\n  <")), "XML"},
	{"XML of .NET in HTML", both(xmlOf, html.EscapeString), "XML"},
	{"openssl rsa -text", printed, "OpenSSL text extra_text"},
}

func describe(key *keygen.Key) string {
	words := []string{string(key.Form)}
	for _, f := range key.Flaws {
		words = append(words, string(f))
	}
	return strings.Join(words, " ")
}

func TestEachFormIsImported(t *testing.T) {
	pem := string(keygen.EncodePrivate(testkey.RSA()))
	for _, w := range inForms {
		t.Run(w.name, func(t *testing.T) {
			key, err := keygen.Parse([]byte(w.make(pem)))
			if err != nil {
				t.Fatal(err)
			}
			if !key.Private.PublicKey.Equal(&testkey.RSA().PublicKey) || key.Private.D.Cmp(testkey.RSA().D) != 0 {
				t.Error("another key came out")
			}
			if got := describe(key); got != w.want {
				t.Errorf("it is %q, want %q", got, w.want)
			}
		})
	}
}

// What the reader reads, the detector hides: a new form has to be known to both.
func TestEachFormIsKnownToTheDetector(t *testing.T) {
	pem := string(keygen.EncodePrivate(testkey.RSA()))
	texts := map[string]string{"OpenSSH": opensshRSA(), "PuTTY": puttyRSA("none")}
	for _, w := range inForms {
		texts[w.name] = w.make(pem)
	}
	delete(texts, "Base64 of PEM in lines of 5") // nothing in it is long enough
	for name, text := range texts {
		if !strings.Contains(text, "\x00") && !strings.Contains(text, "\x30\x82") && (secret.In(text) != secret.Key || secret.In(secret.Hidden(text, "…")) != secret.None) {
			t.Errorf("%s: not known, or not hidden: %.80q", name, text)
		}
	}
}

func TestPaddingMayBeQuotedPrintable(t *testing.T) {
	for _, padding := range []string{"=3D", "=3D=3D", ""} {
		pem := strings.Replace(strings.ReplaceAll(string(keygen.EncodePrivate(testkey.RSA())), "=", ""), "\n-----END", padding+"\n-----END", 1)
		if _, err := keygen.Parse([]byte(pem)); err != nil {
			t.Errorf("%s: %v", padding, err)
		}
	}
}
