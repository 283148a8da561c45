package notice

import (
	"context"
	"net/http"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// Ways are what the program has to send and to be answered by; the desk knows no
// provider.
type Ways struct {
	Open   func(*settings.Settings) (Senders, error)
	Clicks func(r *http.Request, secret string) ([]notify.Click, error)
	// Doors are what other duties take at the same server, by their patterns.
	Doors func(account.World, *settings.Settings, shelf.Shelf, func(log string)) (map[string]http.Handler, error)
}

// Open makes the desk of notices of the settings.
func Open(w account.World, ways Ways) (*Desk, error) {
	conf, err := settings.Load(w.Getenv)
	if err != nil {
		return nil, err
	}
	senders, err := ways.Open(conf)
	if err != nil {
		return nil, err
	}
	s, err := shelf.In(w.Getenv)
	if err != nil {
		return nil, err
	}
	return &Desk{Settings: conf, Senders: senders, Shelf: s, Clock: w.Clock}, nil
}

// Tell is how duties speak to people; see account.World.
func Tell(w account.World, ways Ways) func(context.Context, notify.Post) error {
	return func(ctx context.Context, p notify.Post) error {
		d, err := Open(w, ways)
		if err != nil {
			return err
		}
		if d.Senders == (Senders{}) {
			return nil // this site speaks to nobody
		}
		return d.Send(ctx, p)
	}
}
