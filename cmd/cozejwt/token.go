package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
	"cozejwt/internal/diagnosis"
	"cozejwt/internal/fault"
	"cozejwt/internal/formats"
	"cozejwt/internal/tokencache"
	"cozejwt/internal/tty"
	"cozejwt/keygen"
)

// tokenOptions say what token is wanted.
type tokenOptions struct {
	TTL                int
	Permissions, Bots  []string
	Session            string
	Optional           credentials.Set // in place of what the .env has
	DeviceID, Consumer string
	ConnectorID        string
	cache, yes         bool
	refused            string // a cached token that the API does not accept any more
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
	a.tokenFlags(cmd.Flags(), &o)
	a.waitFlag(cmd.Flags())
	return cmd
}

func (a *app) tokenFlags(f *pflag.FlagSet, o *tokenOptions) {
	f.IntVar(&o.TTL, "ttl", int(coze.DefaultTTL/time.Second), a.lang.Text("flag.ttl"))
	f.StringArrayVar(&o.Permissions, "permission", nil, a.lang.Text("flag.permission"))
	f.StringArrayVar(&o.Bots, "bot-id", nil, a.lang.Text("flag.bot_id"))
	f.StringVar(&o.Session, "session-name", "", a.lang.Text("flag.session_name"))
	a.optionalFlags(f, &o.Optional)
	f.StringVar(&o.DeviceID, "device-id", "", a.lang.Text("flag.device_id"))
	f.StringVar(&o.Consumer, "custom-consumer", "", a.lang.Text("flag.custom_consumer"))
	f.StringVar(&o.ConnectorID, "connector-id", "", a.lang.Text("flag.connector_id"))
	f.BoolVar(&o.cache, "cache", false, a.lang.Text("flag.cache"))
	if f.Lookup("yes") == nil { // as in the plans
		f.BoolVar(&o.yes, "yes", false, a.lang.Text("flag.trust"))
	}
}

func (a *app) runToken(ctx context.Context, o tokenOptions) error {
	token, base, err := a.token(ctx, o)
	if err != nil {
		return err
	}
	if tty.Is(a.streams.err) { // the log of a script stays empty
		a.sayIfSandbox(base)
	}
	if a.json {
		printJSON(a.out.Answer(), map[string]string{
			"access_token": token.AccessToken.Reveal(), "expires_at": rfc3339(token.ExpiresAt), "log_id": token.LogID,
		})
		return nil
	}
	_, err = fmt.Fprintln(a.out.Answer(), token.AccessToken.Reveal())
	return err // a script must not take an empty token for one
}

func tokensDir() string { return filepath.Join(xdg.CacheHome, "cozejwt", "tokens") }

// token returns a token that has what the options ask for, and where it is good.
func (a *app) token(ctx context.Context, o tokenOptions) (token coze.Token, base string, err error) {
	if o.TTL < 1 || o.TTL > int(coze.MaxTTL/time.Second) {
		return token, "", fault.Usage("token.ttl", "ttl", fmt.Sprint(o.TTL))
	}
	override, err := o.Optional.CheckOptional()
	if err != nil {
		return token, "", err
	}
	held, err := a.existing(ctx)
	if err != nil {
		return token, "", err
	}
	set := held.Set
	set.Override(override)
	if held.environment == nil { // whose host no file of the project names
		if err := a.maySign(ctx, o.yes, override.Aud, slices.Values([]credentials.EnvFile{held.written})); err != nil {
			return token, "", err
		}
	}
	key, err := held.key()
	if err != nil {
		return token, "", err
	}
	if base, err = a.env().Resolve(ctx, set.APIBase); err != nil {
		return token, "", err
	}
	o.Optional.Override(set)
	exchange := func(ctx context.Context) (coze.Token, error) { return a.exchange(ctx, o, set, key, base) }
	if o.cache {
		cache := tokencache.Cache{Dir: tokensDir(), Now: clock, Refused: o.refused}
		token, err = cache.Get(ctx, []any{set.AppID, set.KeyID, base, keygen.Fingerprint(&key.Private.PublicKey), o}, exchange)
	} else {
		token, err = exchange(ctx)
	}
	if err != nil {
		worked := a.env().LastWorked(set, &key.Private.PublicKey)
		set.APIBase = base
		facts := diagnosis.OfExchange(a.env().RegionOf(base), set, clock())
		facts.Worked = worked
		if path := formats.NamingOtherRegion(a.dir, a.envPath(), set.AppID, base); path != "" {
			facts.OtherHint = a.show(path)
		}
		err = diagnosed{diagnosis.Diagnose(err, facts)}
	}
	return token, base, err
}

func (a *app) exchange(ctx context.Context, o tokenOptions, set credentials.Set, key *keygen.Key, base string) (coze.Token, error) {
	return a.env().Exchange(ctx, base,
		coze.Assertion{
			AppID: set.AppID, KeyID: set.KeyID, SessionName: o.Session,
			Audience:       set.Aud,
			SessionContext: coze.NewSessionContext(o.DeviceID, o.Consumer, o.ConnectorID),
		}, key.Private,
		coze.Request{
			TTL:          time.Duration(o.TTL) * time.Second,
			Scope:        coze.NewScope(o.Permissions, o.Bots),
			AccountID:    set.AccountID,
			EnterpriseID: set.EnterpriseID,
		})
}
