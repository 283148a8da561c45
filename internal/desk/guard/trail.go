package guard

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
)

// lookers is how many pages of LookupEvents are asked for at a time. AWS answers
// two a second; the desk's client slows down by itself.
const lookers = 4

// stretch is a part of the past, both ends with their whole second.
type stretch struct{ from, to time.Time }

// lookup replays what LookupEvents tells. A page comes only after the one before
// it, so the time is shared out: whoever has nothing to read gets the older half
// of what another has still before it.
type lookup struct {
	api      account.Trail
	progress func(read int)
	read     atomic.Int64
	give     chan stretch
	open     sync.WaitGroup // stretches that are not read to their end
}

// FromTrail replays what LookupEvents tells of a time. progress hears how many
// were read.
func FromTrail(ctx context.Context, api account.Trail, since, until time.Time, p *Proposal, target Target, progress func(read int)) (*Trial, error) {
	l := &lookup{api: api, progress: progress, give: make(chan stretch)}
	all, trials := newTrial(p, target), make([]*Trial, lookers)
	g, ctx := errgroup.WithContext(ctx)
	for i := range trials {
		trials[i] = newTrial(p, target)
		g.Go(func() error { return l.look(ctx, trials[i]) })
	}
	l.open.Add(1)
	g.Go(func() error {
		l.give <- stretch{since.Truncate(time.Second), until.Truncate(time.Second)}
		l.open.Wait()
		close(l.give)
		return nil
	})
	err := g.Wait()
	for _, t := range trials {
		all.Join(t)
	}
	return all, err
}

// look reads stretches until there are no more. After a failure it goes on taking
// them, for those who wait, and reads none.
func (l *lookup) look(ctx context.Context, t *Trial) (err error) {
	for s := range l.give {
		if err == nil {
			err = l.stretch(ctx, s, t)
		}
		l.open.Done()
	}
	return err
}

// stretch reads one, the newest events first, and gives its older half away when
// somebody waits for work.
func (l *lookup) stretch(ctx context.Context, s stretch, t *Trial) error {
	in := &cloudtrail.LookupEventsInput{StartTime: aws.Time(s.from), EndTime: aws.Time(s.to), MaxResults: aws.Int32(50)}
	from, names := s.from, scan{names: map[string]string{}}
	return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := l.api.LookupEvents(ctx, in)
		if err != nil {
			return nil, account.Explain("cloudtrail:LookupEvents", err)
		}
		oldest := s.to
		for _, e := range out.Events {
			names.b, names.i = []byte(aws.ToString(e.CloudTrailEvent)), 0
			r, err := names.record()
			if err != nil {
				return nil, fmt.Errorf("record %s: %w", aws.ToString(e.EventId), err)
			}
			if oldest = r.EventTime; oldest.Before(from) {
				return nil, nil // another has it
			}
			t.Add(r)
		}
		l.progress(int(l.read.Add(int64(len(out.Events)))))
		from = l.share(from, oldest)
		return out.NextToken, nil
	})
}

// share gives the older half of a stretch to somebody who waits, and returns
// where the rest begins.
func (l *lookup) share(from, to time.Time) time.Time {
	half := to.Sub(from) / 2
	if half < 2*time.Second {
		return from
	}
	middle := from.Add(half).Truncate(time.Second)
	l.open.Add(1)
	select {
	case l.give <- stretch{from, middle.Add(-time.Second)}:
		return middle
	default:
		l.open.Done()
		return from
	}
}
