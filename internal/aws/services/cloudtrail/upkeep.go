package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

const (
	// retryAfter is when a delivery that the bucket refused is tried again.
	retryAfter = time.Minute
	// mostDigests bounds how many hours that were missed are made up for at once.
	mostDigests = 48
	trimEvery   = time.Hour
	trimAtOnce  = 1000
)

// Upkeep delivers what is due, and removes events that are older than the
// retention. A bucket that refuses is no error: the trail's status tells it.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now()
	next, err = s.trim(ctx, now)
	var active []store.Row[delivery]
	verr := s.store.View(ctx, func(tx *store.Tx) (err error) {
		active, err = deliveries.Everywhere(tx, "Active", "yes")
		return err
	})
	err = errors.Join(err, verr)
	for _, row := range active {
		when, derr := s.tend(ctx, row.Scope, row.Record.Trail, now)
		if errors.Is(derr, errOvertaken) {
			when, derr = now, nil
		}
		if derr != nil {
			err = errors.Join(err, fmt.Errorf("deliver trail %s: %w", row.Record.Trail, derr))
		}
		if !when.IsZero() && when.Before(next) {
			next = when
		}
	}
	return next, err
}

// trim removes events that are too old, some at a time.
func (s *Service) trim(ctx context.Context, now time.Time) (next time.Time, err error) {
	s.mu.Lock()
	next = s.trimmed.Add(trimEvery)
	s.mu.Unlock()
	if now.Before(next) {
		return next, nil
	}
	old := false
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, err := journal.After(tx, 0, 1)
		old = len(list) > 0 && list[0].At.Before(now.Add(-s.retention))
		return err
	})
	n := 0
	if old && err == nil {
		n, err = s.trimSome(ctx, now)
	}
	if err != nil {
		return now, fmt.Errorf("trim the trail: %w", err)
	}
	if n == trimAtOnce {
		return now, nil
	}
	s.mu.Lock()
	s.trimmed = now
	s.mu.Unlock()
	return now.Add(trimEvery), nil
}

func (s *Service) trimSome(ctx context.Context, now time.Time) (n int, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		n, err = journal.Trim(tx, now.Add(-s.retention), trimAtOnce)
		return err
	})
	return n, err
}

// errOvertaken ends a work whose result nobody waits for.
var errOvertaken = errors.New("the delivery moved on meanwhile")

// work is one trail at one time.
type work struct {
	*Service
	sc  store.Scope
	now time.Time
	t   *trail
	d   *delivery
}

// tend does what is due for one trail and says when it will have something to
// do again.
func (s *Service) tend(ctx context.Context, sc store.Scope, key string, now time.Time) (next time.Time, err error) {
	w := &work{Service: s, sc: sc, now: now}
	if err := w.load(ctx, key); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return time.Time{}, nil // deleted meanwhile
		}
		return time.Time{}, err
	}
	if len(w.d.Windows) > 0 && !now.Before(w.d.Due) {
		if err := w.deliver(ctx); err != nil {
			return time.Time{}, err
		}
	}
	if err := w.prepare(ctx); err != nil {
		return time.Time{}, err
	}
	for range mostDigests {
		region := w.ripe()
		if region == "" {
			break
		}
		if err := w.digest(ctx, region); err != nil {
			return time.Time{}, err
		}
	}
	return w.next(), nil
}

func (w *work) load(ctx context.Context, key string) error {
	return w.store.View(ctx, func(tx *store.Tx) (err error) {
		if w.t, err = trails.Get(tx, w.sc, key); err != nil {
			return err
		}
		w.d, err = deliveries.Get(tx, w.sc, key)
		return err
	})
}

// next is the earliest of the next delivery and the digests' ends.
func (w *work) next() time.Time {
	var out time.Time
	earlier := func(t time.Time) {
		if out.IsZero() || t.Before(out) {
			out = t
		}
	}
	if len(w.d.Windows) > 0 {
		earlier(w.d.Due)
	}
	for _, c := range w.d.Digests {
		if !c.Ended {
			earlier(later(c.end(), w.d.DigestDue))
		}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// change changes the delivery's record, if it still is where this work began.
// Otherwise the trail was deleted, or made anew, or another did the work: then
// nothing is to be noted.
func (w *work) change(ctx context.Context, change func(d *delivery)) error {
	var changed *delivery
	err := w.store.Update(ctx, func(tx *store.Tx) error { // may run twice, so w stays as it is until the end
		d, err := deliveries.Get(tx, w.sc, w.d.Trail)
		if errors.Is(err, store.ErrNotFound) || err == nil && !d.sameAs(w.d) {
			return errOvertaken
		}
		if err != nil {
			return err
		}
		change(d)
		changed = d
		return deliveries.Put(tx, w.sc, d)
	})
	if err == nil {
		w.d = changed
	}
	return err
}

// deliver writes the log files that are due: first their names are kept, then
// they are written, then the cursor moves. After a crash in between, the same
// files are written again.
func (w *work) deliver(ctx context.Context) error {
	if w.d.Pending == nil {
		if err := w.plan(ctx); err != nil || w.d.Pending == nil {
			return err
		}
	}
	p := w.d.Pending
	var b *batch
	err := w.store.View(ctx, func(tx *store.Tx) (err error) {
		b, err = gather(tx, w.t, w.d, w.now, p.To)
		return err
	})
	if err != nil {
		return err
	}
	var files []file
	var regions []string
	for _, region := range b.names() {
		if p.Names[region] == "" {
			continue // wanted by a change of the trail since the plan
		}
		f, failure, err := w.write(ctx, region, b.regions[region])
		if err != nil {
			return err
		}
		if failure != "" {
			return w.change(ctx, func(d *delivery) {
				d.Attempted, d.Failure, d.Due = w.now, failure, w.now.Add(retryAfter)
			})
		}
		files, regions = append(files, f), append(regions, region)
	}
	return w.change(ctx, func(d *delivery) {
		d.advance(p.To)
		d.Attempted, d.Delivered, d.Failure = w.now, w.now, ""
		d.Due = w.now.Add(w.every)
		if p.More {
			d.Due = w.now
		}
		for i, f := range files {
			w.t.note(d, regions[i], f)
		}
	})
}

// note adds a file to the chain of its Region. A Region's chain begins with its
// first file, beside that of the home Region.
func (t *trail) note(d *delivery, region string, f file) {
	if !t.Validation {
		return
	}
	at := f.At
	if home := d.Digests[t.Region]; home != nil && !home.Ended {
		at = home.Start
	}
	c := d.begin(region, at)
	c.Files = append(c.Files, f)
}

// plan names the files that are to be written. Where there is nothing for the
// trail the cursor moves at once.
func (w *work) plan(ctx context.Context) error {
	var b *batch
	err := w.store.View(ctx, func(tx *store.Tx) (err error) {
		b, err = gather(tx, w.t, w.d, w.now, 0)
		return err
	})
	if err != nil {
		return err
	}
	p := &pending{To: b.to, At: w.now, More: b.more, Names: map[string]string{}}
	for _, region := range b.names() {
		p.Names[region] = w.ids.Upper(16)
	}
	return w.change(ctx, func(d *delivery) {
		if len(p.Names) > 0 {
			d.Pending = p
			return
		}
		d.advance(b.to)
		d.Due = w.now.Add(w.every)
		if b.more {
			d.Due = w.now
		}
	})
}

// write writes one log file; failure is what the bucket said.
func (w *work) write(ctx context.Context, region string, f *logFile) (out file, failure string, err error) {
	body, hash, err := packed(map[string]any{"Records": f.records})
	if err != nil {
		return file{}, "", err
	}
	p := w.d.Pending
	out = file{
		At: p.At, Bucket: w.t.Bucket, Key: w.t.logKey(region, p.At, p.Names[region]),
		Hash: hash, Oldest: f.oldest, Newest: f.newest,
	}
	failure, err = w.send(ctx, w.t.object(out.Key, body))
	return out, failure, err
}

// send writes an object. What the bucket's owner can mend comes as the code of
// the failure.
func (w *work) send(ctx context.Context, o Object) (failure string, err error) {
	err = w.ports.Bucket.Deliver(ctx, o)
	if refused, ok := errors.AsType[smithy.APIError](err); ok {
		return refused.ErrorCode(), nil
	}
	return "", err
}

// prepare makes the keys of chains that have begun, so that who validates
// before the first digest learns that there is none yet, not that there are no
// keys.
func (w *work) prepare(ctx context.Context) error {
	for _, region := range slices.Sorted(maps.Keys(w.d.Digests)) {
		c := w.d.Digests[region]
		if c.Ready || c.Ended {
			continue
		}
		if _, err := w.keyFor(ctx, region, c.Start, c.end()); err != nil {
			return err
		}
		if err := w.change(ctx, func(d *delivery) { d.Digests[region].Ready = true }); err != nil {
			return err
		}
	}
	return nil
}

// ripe is a Region whose next digest is due, else empty.
func (w *work) ripe() string {
	for _, region := range slices.Sorted(maps.Keys(w.d.Digests)) {
		if c := w.d.Digests[region]; !c.Ended && !w.now.Before(c.end()) && !w.now.Before(w.d.DigestDue) {
			return region
		}
	}
	return ""
}

// digest writes the next digest file of a Region; a bucket that refuses is
// asked again later.
func (w *work) digest(ctx context.Context, region string) error {
	c := w.d.Digests[region]
	k, err := w.keyFor(ctx, region, c.Start, c.end())
	if err != nil {
		return err
	}
	private, err := w.private(k)
	if err != nil {
		return err
	}
	o, to, err := c.next(w.t, region, k.Fingerprint, private)
	if err != nil {
		return err
	}
	failure, err := w.send(ctx, o)
	if err != nil {
		return err
	}
	return w.change(ctx, func(d *delivery) {
		d.DigestFailure, d.DigestDue = failure, w.now.Add(retryAfter)
		if failure == "" {
			d.DigestDue = time.Time{}
			d.Digested = w.now
			d.Digests[region].move(to, !w.t.Validation || len(d.Windows) == 0)
		}
	})
}
