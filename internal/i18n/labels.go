package i18n

import "strings"

// A label is what the console calls something. The English console has no Chinese labels and the
// Chinese one no English ones, so that a text for both names the English first and the Chinese in
// brackets: Create new app (创建新应用).
type label struct{ zh, en, id string }

// labels are those that texts name: what the console says in Chinese and in English, by its own
// word list (studio-i18n-resource of coze-dev/coze-studio, 2026-03), and the text of the sandbox's
// console that repeats it, "" for none. The English of those without a source in the list is the
// official guide's.
var labels = []label{
	{"创建新应用", "Create new app", "create"},
	{"应用类型", "App type", "type"},
	{"普通", "Normal", "type.normal"},
	{"渠道", "Connector", "type.channel"},
	{"企业特权应用", "Enterprise privilege app", ""},
	{"客户端类型", "Client type", "client"},
	{"服务类应用", "Service app", "client.service"},
	{"创建并继续", "Create and continue", "create_continue"},
	{"公钥和私钥", "Public & Private Keys", "keys"},
	{"创建 Key", "Generate Key", "create_key"},
	{"公钥指纹", "Public key", "fingerprint"},
	{"安装并授权 {app}", "Install and Authorize {app}", "install"},
	{"授权", "Authorize", "authorize"},
	{"应用 ID", "App ID", "app_id"},
	{"下载示例文件", "Download DEMO file", "demo"},
	{"分享应用的授权链接", "Share the authorization link", "share"},
	{"全选", "Select all", "select_all"},
	{"权限", "Permissions", "permissions"},
	{"确定", "OK", "ok"},
	{"操作", "Actions", "actions"},
	{"配置", "Configuration", "title.app"},
	{"OAuth 应用", "OAuth apps", "title.apps"},
	{"禁用", "Disable", "disable"},
}

// international removes the Chinese labels from an English text.
func international(text string) string {
	if !strings.Contains(text, " (") {
		return text
	}
	for _, l := range labels {
		text = strings.ReplaceAll(text, " ("+l.zh+")", "")
	}
	return text
}
