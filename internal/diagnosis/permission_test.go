package diagnosis_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"cozejwt/internal/coze"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

var noPermission = &coze.Refusal{Status: http.StatusForbidden, Code: "4101", Message: "no permission"}

func TestARefusedCallNamesThePointThatItNeeds(t *testing.T) {
	for call, want := range map[string][2]string{
		"POST /v1/bot/create":           {"POST /v1/bot/create needs createBot, in Bot管理", "POST /v1/bot/create 需要 createBot，在「Bot管理」下"},
		"GET /v3/chat/message/list?x=1": {"GET /v3/chat/message/list needs chat (Bot管理), listMessage", "GET /v3/chat/message/list 需要 chat (Bot管理)、listMessage"},
		"GET /v1/workspaces":            {"GET /v1/workspaces needs listWorkspace", "GET /v1/workspaces 需要 listWorkspace"},
		"POST /v1/bots/7/unpublish":     {"POST /v1/bots/:bot_id/unpublish needs disconnectBot", "需要 disconnectBot"},
		"PUT /v1/connectors/1/bots/7":   {"needs Connector.botUpdateProfile, which only channel apps can have", "只有渠道应用才有"},
		"POST /v1/entities/copy_tasks":  {"needs one of these pairs: Bot.duplicate + Workspace.createBot, Project.copy", "其中一对权限点"},
		"GET /v1/stores/plugins":        {"The token lacks the permission for this call", "令牌没有这次调用需要的权限"},
		"GET /v1/users/me":              {"The token lacks the permission for this call", "令牌没有这次调用需要的权限"},
	} {
		method, path, _ := strings.Cut(call, " ")
		facts := diagnosis.OfCall(coze.CN, coze.CN.Base(), now).Calling(permissions.Of(method, path))
		d := diagnosis.Diagnose(noPermission, facts)
		for i, l := range []i18n.Language{i18n.English, i18n.Chinese} {
			causes, fixes := d.Explain(l)
			if len(causes) != 4 || len(fixes) != 4 || !strings.Contains(causes[0], want[i]) || strings.Contains(causes[0], "Connector.disconnectBot") {
				t.Errorf("%s: %q, want %q first", call, causes, want[i])
			}
		}
	}
}

func TestWhereToLookAfterAMissingPermission(t *testing.T) {
	var ids []string
	for _, c := range diagnosis.Diagnose(noPermission, diagnosis.Facts{}).Causes {
		ids = append(ids, c.ID)
	}
	if want := []string{"token.permission", "app.reauthorize", "bot.access", "token.scope"}; !slices.Equal(ids, want) {
		t.Errorf("the order is %q, want %q", ids, want)
	}
}

func TestExplainFindsTheCallInTheText(t *testing.T) {
	for text, want := range map[string]string{
		`[cozepy][WARNING] request POST#https://api.coze.cn/v1/bot/create failed, logid=20250310014330FAAC9EE199F7, code=4101, msg=no permission`: "(POST /v1/bot/create needs createBot, in Bot管理)",
		`PermissionDeniedError: code: 4101, msg: no permission`:                                                                                   "for this call",
	} {
		e := diagnosis.Explain(text, now)
		if got := e.Causes[0].Text(i18n.English); !strings.HasSuffix(got, want) {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	e := diagnosis.Explain(`request POST#https://api.coze.cn/v3/chat failed, code=4100, msg=authentication is invalid`, now)
	for _, c := range e.Causes {
		if strings.Contains(c.Text(i18n.English), "needs") {
			t.Errorf("another refusal says %q", c.Text(i18n.English))
		}
	}
}
