package sns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/store"
)

// delivery is a message on its way to an endpoint.
type delivery struct {
	Due          time.Time
	ID           string // of the message
	Kind         string // its type
	Topic        string
	Subscription string // its ARN
	Endpoint     string
	ContentType  string
	Raw          bool `json:",omitempty"`
	Body         string
	Retries      retries
	Tried        int `json:",omitempty"`
}

var deliveries = store.Table[delivery]{Name: "sns.deliveries", Reach: store.Plane, Key: (*delivery).key}

func (d *delivery) key() string {
	return fmt.Sprintf("%014d/%s/%s", d.Due.UnixMilli(), d.ID, d.Subscription)
}

const (
	// patience is how long an endpoint may take. Source: SNS Developer Guide,
	// "Amazon SNS message delivery retries".
	patience = 15 * time.Second
	// atOnce is how many deliveries run at the same time, ofOne how many of them
	// to one listener: a slow one must not keep the others waiting.
	atOnce = 16
	ofOne  = 2
	// looked is how many due deliveries are read for a round.
	looked = 200
)

// Upkeep delivers what is due, and forgets subscriptions that nobody confirmed.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	next, err = s.deliver(ctx)
	if err != nil {
		return next, err
	}
	at, err := s.expire(ctx)
	if err == nil && !at.IsZero() && (next.IsZero() || at.Before(next)) {
		next = at
	}
	return next, err
}

// deliver makes one round.
func (s *Service) deliver(ctx context.Context) (next time.Time, err error) {
	var list []*delivery
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = deliveries.List(tx, store.Scope{}, store.Page{Limit: looked})
		return err
	})
	if err != nil || len(list) == 0 {
		return next, err
	}
	now := s.clock.Now()
	var round []*delivery
	each := map[string]int{}
	for _, d := range list {
		if d.Due.After(now) {
			next = d.Due
			break
		}
		if len(round) == atOnce || each[d.Subscription] == ofOne {
			next = now // there is more
			continue
		}
		each[d.Subscription]++
		round = append(round, d)
	}
	g, inner := errgroup.WithContext(ctx)
	for _, d := range round {
		g.Go(func() error { return s.attempt(inner, d) })
	}
	return next, g.Wait()
}

// attempt posts a message once and notes what came of it.
func (s *Service) attempt(ctx context.Context, d *delivery) error {
	gone, err := s.ended(ctx, d)
	if err != nil {
		return err
	}
	again := false
	if !gone {
		status, err := s.ports.Web.Post(ctx, d.Endpoint, d.header(), []byte(d.Body), patience)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		again = err != nil || repeatable(status)
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := deliveries.Delete(tx, store.Scope{}, d.key()); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		}
		later := *d
		later.Tried++
		wait, ok := d.Retries.pause(later.Tried)
		if !again || !ok {
			return nil
		}
		later.Due = s.clock.Now().Add(wait)
		return deliveries.Put(tx, store.Scope{}, &later)
	})
}

// ended tells whether nobody waits for the message any more.
func (s *Service) ended(ctx context.Context, d *delivery) (gone bool, err error) {
	if d.Kind == typeFarewell {
		return false, nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		one, err := subscriptions.Get(tx, store.Scope{}, d.Subscription)
		if errors.Is(err, store.ErrNotFound) {
			gone = true
			return nil
		}
		if err == nil {
			gone = one.State == stateEnded || d.Kind == typeConfirmation && one.State == stateConfirmed
		}
		return err
	})
	return gone, err
}

// repeatable tells whether another attempt may help. Source: SNS Developer
// Guide, "Amazon SNS message delivery retries".
func repeatable(status int) bool { return status < 200 || status == 429 || status >= 500 }

// header is what goes with a message. Source: SNS Developer Guide, "HTTP/HTTPS
// headers".
func (d *delivery) header() map[string]string {
	h := map[string]string{
		"Content-Type": d.ContentType, "User-Agent": "Amazon Simple Notification Service Agent",
		"X-Amz-Sns-Message-Type": d.Kind, "X-Amz-Sns-Message-Id": d.ID, "X-Amz-Sns-Topic-Arn": d.Topic,
	}
	if d.Kind != typeConfirmation {
		h["X-Amz-Sns-Subscription-Arn"] = d.Subscription
	}
	if d.Raw {
		h["X-Amz-Sns-Rawdelivery"] = "true"
	}
	return h
}

// expire forgets what was not confirmed, or not restored, in time.
func (s *Service) expire(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	var over []*subscription
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := subscriptions.Everywhere(tx, "fleeting", "yes")
		for _, r := range rows {
			switch at := r.Record.Expires; {
			case !at.After(now):
				over = append(over, r.Record)
			case next.IsZero() || at.Before(next):
				next = at
			}
		}
		return err
	})
	if err != nil || len(over) == 0 {
		return next, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		for _, one := range over {
			now, err := subscriptions.Get(tx, store.Scope{}, one.arn())
			if errors.Is(err, store.ErrNotFound) || err == nil && now.State == stateConfirmed {
				continue
			}
			if err != nil {
				return err
			}
			if err := subscriptions.Delete(tx, store.Scope{}, one.arn()); err != nil {
				return err
			}
		}
		return nil
	})
	return next, err
}

// isWeb tells which protocols are delivered to by POST.
func isWeb(protocol string) bool { return strings.HasPrefix(protocol, "http") }
