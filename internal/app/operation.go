package app

import (
	"context"

	"clientbook/internal/book"
)

// An operation is one command. The process that has the data open does it; any other asks that one through the control socket.
type operation[In, Out any] struct {
	name string // the command's words with a dash between them
	do   func(i *Instance, ctx context.Context, in In, p Progress) (Out, error)
}

// The commands that work beside a server.
var (
	createKey    = operation[KeyRequest, string]{"key-create", (*Instance).createKey}
	listKeys     = operation[None, []book.KeyInfo]{"key-list", (*Instance).keys}
	revokeKey    = operation[string, None]{"key-revoke", (*Instance).revokeKey}
	verify       = operation[VerifyRequest, []book.Report]{"verify", (*Instance).verify}
	backup       = operation[BackupRequest, int64]{"backup", (*Instance).backup}
	listKeepers  = operation[None, []KeeperInfo]{"keeper-list", (*Instance).keepers}
	apply        = operation[ApplyRequest, ApplyReport]{"apply", (*Instance).apply}
	showSettings = operation[KeyRequest, string]{"settings-show", (*Instance).showSettings}
	preview      = operation[PreviewRequest, Preview]{"template-preview", (*Instance).preview}
	addKeeper    = operation[KeeperRequest, KeeperInfo]{"keeper-add", (*Instance).addKeeper}
)

// run does the command where the data is open.
func (o operation[In, Out]) run(ctx context.Context, s *Session, in In, p Progress) (Out, error) {
	if s.instance != nil {
		return o.do(s.instance, ctx, in, p)
	}
	return o.ask(ctx, s.data, in, p)
}
