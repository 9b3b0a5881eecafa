package main

import "testing"

func TestLinesBreakBetweenWordsAndStandWhereTheyBegan(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"✗ one two three four five six", "✗ one two three four\nfive six"},
		{"    one two three four five", "    one two three four\n    five"},
		{"one\n\ntwo", "one\n\ntwo"},
	} {
		if got := wrapped(row.text, 22); got != row.want {
			t.Errorf("%q becomes\n%s, want\n%s", row.text, got, row.want)
		}
	}
}

func TestParagraphsFillTheWidth(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"one two\nthree four\n\nfive", "one two three four\n\nfive"},
		{"一二三\n四五", "一二三四五"},
		{"写入 .env\n然后", "写入 .env 然后"},
		{"完成，\nAPI 地址", "完成，API 地址"},
		{"list:\n  a\n  b", "list:\n  a\n  b"},
	} {
		if got := reflowed(row.text, 40); got != row.want {
			t.Errorf("%q becomes\n%s, want\n%s", row.text, got, row.want)
		}
	}
}
