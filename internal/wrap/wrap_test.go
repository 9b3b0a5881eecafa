package wrap_test

import (
	"testing"

	"cozejwt/internal/wrap"
)

func TestTextIsWrappedWhereUnicodeAllowsIt(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		width int
		want  string
	}{
		"short":                {"one two", 20, "one two"},
		"just fits":            {"one two", 7, "one two"},
		"between words":        {"one two three", 8, "one two\nthree"},
		"a word too long":      {"a-bcdefghijklmnop q", 8, "a-\nbcdefghi\njklmnop\nq"},
		"a long word first":    {"abcdefghijk l", 8, "abcdefgh\nijk l"},
		"a word just as long":  {"abcdefgh ijklmnop", 8, "abcdefgh\nijklmnop"},
		"Chinese":              {"中文可以在字之间断开。", 10, "中文可以在\n字之间\n断开。"},
		"a last character":     {"重新开始一二三四五六七", 20, "重新开始一二三四五\n六七"},
		"one that is not last": {"一二三四五六七八九十。\n二", 20, "一二三四五六七八\n九十。\n二"},
		"a last two":           {"一二三四五六七八九十一二", 20, "一二三四五六七八九十\n一二"},
		"a word before it":     {"一二三四五六七 API 开。", 20, "一二三四五六七\nAPI 开。"},
		"alone by its line":    {"一\n二", 20, "一\n二"},
		"no room for another":  {"「一二三四五」六", 14, "「一二三四五」\n六"},
		"lines":                {"one\ntwo", 8, "one\ntwo"},
		"a numbered point":     {"1. one two three", 11, "1. one two\n   three"},
		"a numbered point 9":   {"9. one two three", 11, "9. one two\n   three"},
		"no point":             {"0. one two three", 11, "0. one two\nthree"},
		"a number in the text": {"12 one two three", 11, "12 one two\nthree"},
		"too narrow":           {"one two three", 3, "one two\nthree"},
		"a mark alone":         {"1. ", 8, "1."},
		"nothing":              {"", 8, ""},
		"set in":               {"    one two three four five", 22, "    one two three four\n    five"},
		"a URL":                {"at http://127.0.0.1:80/a it", 20, "at\nhttp://127.0.0.1:80/\na it"},
		"a URL that fits":      {"see it at http://a.b/c-d?e", 18, "see it at\nhttp://a.b/c-d?e"},
		"a path":               {"key config/private_key.pem", 24, "key\nconfig/private_key.pem"},
		"a flag":               {"with --env-file it", 12, "with\n--env-file\nit"},
		"a command":            {"运行：cozejwt sandbox --open 然后", 24, "运行：\ncozejwt sandbox --open\n然后"},
		"a command, too long":  {"cozejwt verify --dir /tmp/a", 16, "cozejwt verify\n--dir /tmp/a"},
		"a label":              {"点「OAuth 应用」。", 16, "点\n「OAuth 应用」。"},
		"a label in English":   {"Click [Create new app] now", 20, "Click\n[Create new app] now"},
		"an empty line":        {"one\n\ntwo", 8, "one\n\ntwo"},
		"kana":                 {"すべてのファイルを", 10, "すべての\nファイルを"},
		"hangul":               {"모든 파일을 읽는다", 12, "모든 파일을\n읽는다"},
	} {
		if got := wrap.Text(test.text, test.width); got != test.want {
			t.Errorf("%s: it is %q, want %q", name, got, test.want)
		}
	}
}

func TestParagraphsFillTheWidth(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"one two\nthree four\n\nfive", "one two three four\n\nfive"},
		{"一二三\n四五", "一二三四五"},
		{"すべての\nファイル", "すべてのファイル"},
		{"모든\n파일", "모든 파일"},
		{"写入 .env\n然后", "写入 .env 然后"},
		{"完成，\nAPI 地址", "完成，API 地址"},
		{"list:\n  a\n  b", "list:\n  a\n  b"},
	} {
		if got := wrap.Paragraphs(row.text, 40); got != row.want {
			t.Errorf("%q becomes\n%s, want\n%s", row.text, got, row.want)
		}
	}
}
