package notice

import (
	"context"
	"time"

	"tamachi/internal/desk/account"
)

// often is how often the keeper looks, and seldom how often where nothing goes: a
// server that is away is not knocked at all day.
const (
	often  = time.Minute
	seldom = time.Hour
)

// Keep sends, until the context ends, what could not go before, and the digest
// once the quiet hours are over. The settings are read each time, and what goes
// wrong is said once, until it goes wrong otherwise.
func Keep(ctx context.Context, w account.World, ways Ways, log func(string)) {
	pause, before := often, ""
	for {
		now := ""
		if err := once(ctx, w, ways); err != nil {
			now = err.Error()
		}
		if now != before && now != "" {
			log(now)
		}
		pause, before = rest(pause, now == ""), now
		if account.Pause(ctx, pause) != nil {
			return
		}
	}
}

// rest is the pause after a look, which grows while nothing goes.
func rest(before time.Duration, well bool) time.Duration {
	if well {
		return often
	}
	return min(2*before, seldom)
}

// once is a look by the settings of now.
func once(ctx context.Context, w account.World, ways Ways) error {
	d, err := Open(w, ways)
	if err != nil || d.Senders == (Senders{}) {
		return err
	}
	return d.tend(ctx)
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
