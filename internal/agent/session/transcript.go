package session

import (
	"context"
)

// tape keeps what a session showed.
type tape struct{}

func (t *talk) record(context.Context) error { return nil }

func (t *tape) write(context.Context, []byte) {}

func (t *tape) finish(context.Context, *Outcome) {}
