package tui

import (
	"context"
	"errors"

	"cozejwt/internal/i18n"
	"cozejwt/internal/setup"
)

var ErrLeft = errors.New("left")

func Run(ctx context.Context, s *setup.Session, plan setup.Plan, lang i18n.Language) error { return nil }
