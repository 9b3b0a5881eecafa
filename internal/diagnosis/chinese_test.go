package diagnosis_test

import (
	"strings"
	"testing"

	"cozejwt/internal/diagnosis"
)

// What people type from memory in Chinese is known by itself, and stays unexplained within a
// sentence about something else.
func TestShortChineseMessagesAreKnown(t *testing.T) {
	for first, texts := range map[string]string{
		"app.unauthorised": "应用未授权 应用没有授权 应用尚未授权 「应用未被授权」",
		"token.permission": "权限不足 无权限 没有权限 无访问权限 缺少权限 权限校验失败 报错：权限不足",
		"signature.pair":   "签名错误 签名无效 签名验证失败 验签失败 提示：签名错误。",
		"token.expired":    "令牌过期 令牌已过期 访问令牌已过期 token已过期 过期的令牌 无效的token",
		"kid.not_uploaded": "公钥不存在 公钥指纹不存在",
		"client.ids":       "应用不存在 应用ID错误",
	} {
		for text := range strings.SplitSeq(texts, " ") {
			e := diagnosis.Explain(text, now)
			if got := strings.Fields(strings.ReplaceAll(order(e.Causes), "*", "")); len(got) == 0 || got[0] != first {
				t.Errorf("%s: causes are %v, want %s first", text, got, first)
			}
		}
	}
	for text := range strings.SplitSeq("微信支付签名错误 MySQL权限不足 今天没有权限问题需要处理 文件/tmp/x权限不足 用户没有权限时隐藏按钮", " ") {
		if e := diagnosis.Explain(text, now); e.Known() {
			t.Errorf("%s is explained: %s", text, order(e.Causes))
		}
	}
}
