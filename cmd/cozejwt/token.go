package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cozejwt/internal/coze"
	"cozejwt/internal/doctor"
	"cozejwt/internal/fault"
	"cozejwt/internal/setup"
	"cozejwt/keygen"
)

type tokenOptions struct {
	ttl                     int
	permissions, bots       []string
	session                 string
	accountID, enterpriseID string
}

func (a *app) tokenCommand() *cobra.Command {
	var o tokenOptions
	cmd := &cobra.Command{
		Use:     "token",
		Short:   a.lang.Text("cmd.token.short"),
		Long:    a.lang.Text("cmd.token.long"),
		Example: a.lang.Text("cmd.token.example"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runToken(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.ttl, "ttl", int(coze.DefaultTTL/time.Second), a.lang.Text("flag.ttl"))
	f.StringArrayVar(&o.permissions, "permission", nil, a.lang.Text("flag.permission"))
	f.StringArrayVar(&o.bots, "bot-id", nil, a.lang.Text("flag.bot_id"))
	f.StringVar(&o.session, "session-name", "", a.lang.Text("flag.session_name"))
	f.StringVar(&o.accountID, "account-id", "", a.lang.Text("flag.account_id"))
	f.StringVar(&o.enterpriseID, "enterprise-id", "", a.lang.Text("flag.enterprise_id"))
	return cmd
}

func (a *app) runToken(ctx context.Context, o tokenOptions) error {
	if o.ttl < 1 || o.ttl > int(coze.MaxTTL/time.Second) {
		return fault.Usage("token.ttl", "ttl", fmt.Sprint(o.ttl))
	}
	set, err := a.existingSet(ctx)
	if err != nil {
		return err
	}
	key, err := keygen.Load(set.KeyFile(a.envPath()))
	if err != nil {
		return err
	}
	base, err := coze.ParseBase(set.APIBase)
	if err != nil {
		return err
	}
	if base, err = a.practice.ready(ctx, base); err != nil {
		return err
	}
	token, err := setup.Exchange(ctx, a.env(), base,
		coze.Assertion{AppID: set.AppID, KeyID: set.KeyID, SessionName: o.session}, key.Private,
		coze.Request{
			TTL:          time.Duration(o.ttl) * time.Second,
			Scope:        coze.NewScope(o.permissions, o.bots),
			AccountID:    o.accountID,
			EnterpriseID: o.enterpriseID,
		})
	if err != nil {
		return diagnosed{doctor.Diagnose(err, doctor.Facts{
			Region: coze.RegionOf(base), Base: base, AppID: set.AppID, KeyID: set.KeyID, Now: time.Now(),
		})}
	}
	if a.json {
		printJSON(a.out, map[string]string{
			"access_token": token.AccessToken, "expires_at": rfc3339(token.ExpiresAt), "log_id": token.LogID,
		})
		return nil
	}
	_, err = fmt.Fprintln(a.out, token.AccessToken)
	return err // a script must not take an empty token for one
}
