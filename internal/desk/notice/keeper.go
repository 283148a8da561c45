package notice

import (
	"context"
	"time"

	"tamachi/internal/desk/account"
)

// often is how often the keeper looks.
const often = time.Minute

// Keep sends, until the context ends, what could not go before, and the digest
// once the quiet hours are over.
func (d *Desk) Keep(ctx context.Context, log func(string)) {
	for {
		if err := d.tend(ctx); err != nil {
			log(err.Error())
		}
		if account.Pause(ctx, often) != nil {
			return
		}
	}
}

// tend is one look of the keeper.
func (d *Desk) tend(ctx context.Context) error {
	l, err := d.look()
	if err != nil {
		return err
	}
	switch {
	case len(l.open(waits)) > 0 && !d.Settings.QuietAt(d.Clock.Now()):
		_, err = d.Digest(ctx)
	case len(l.open(owed)) > 0:
		_, err = d.Retry(ctx)
	}
	return err
}
