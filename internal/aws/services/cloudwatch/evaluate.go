package cloudwatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/services/cloudwatch/rule"
	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// settling is how long after the end of a period it is looked at: until then
// its points are on their way.
const settling = 5

// watchman remembers when alarms were looked at. It is not stored: what was
// missed while the plane was down is not made up for, as the state of a later
// moment is truer.
type watchman struct {
	mu     sync.Mutex
	last   map[string]int64 // guarded by mu; end of the periods that were last looked at, by pace
	many   map[string]int   // guarded by mu; alarms that there were then
	cursor store.Cursor     // guarded by mu; of the changes of alarms that composite alarms have seen
	resume time.Time        // guarded by mu; when actions of composite alarms rest no longer; zero for none
}

// due are the alarms of a pace that were not looked at since the last end of a
// period, and when that was.
func (w *watchman) due(pace string, step, now int64) (end int64, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	end = series.Floor(now-settling, step)
	if w.last[pace] >= end {
		return end, false
	}
	w.last[pace] = end
	return end, true
}

func (w *watchman) had(pace string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.many[pace] = n
}

func (w *watchman) has(pace string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.many[pace] > 0
}

// evaluate looks at the alarms whose time has come, and returns when the next
// have theirs; the zero time when there are none.
func (s *Service) evaluate(ctx context.Context) (next time.Time, err error) {
	now := s.clock.Now().Unix()
	for pace, step := range map[string]int64{paceFast: 10, paceMinute: minute, paceHour: hour} {
		end, due := s.watch.due(pace, step, now)
		if due {
			n, err := s.lookAll(ctx, pace, end)
			if err != nil {
				return next, err
			}
			s.watch.had(pace, n)
		}
		if at := time.Unix(end+step+settling, 0); s.watch.has(pace) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	at, err := s.composites(ctx)
	if next.IsZero() || !at.IsZero() && at.Before(next) {
		next = at
	}
	return next, err
}

// lookAll looks at the alarms of a pace and returns how many there are.
func (s *Service) lookAll(ctx context.Context, pace string, end int64) (int, error) {
	var found []store.Row[alarm]
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = alarms.Everywhere(tx, "Pace", pace)
		return err
	})
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return len(found), s.look(ctx, found, end)
}

// look judges metric alarms and changes those whose state is another.
func (s *Service) look(ctx context.Context, found []store.Row[alarm], end int64) error {
	changed := map[int]verdict{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for i := range found {
			v, err := found[i].Record.judged(tx, end)
			if err != nil {
				return fmt.Errorf("evaluate alarm %s: %w", found[i].Record.Name, err)
			}
			if v.state != "" && v.state != found[i].Record.Status.Value {
				changed[i] = v
			}
		}
		return nil
	})
	if err != nil || len(changed) == 0 {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for i, v := range changed {
			a, err := findAlarm(tx, found[i].Scope, found[i].Record.Name)
			if err != nil {
				return err
			}
			if a == nil || !a.Configured.Equal(found[i].Record.Configured) {
				continue // another alarm by now
			}
			if err := s.move(tx, a, v, s.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// judged is the verdict over the periods that end at a time.
func (a *alarm) judged(tx *store.Tx, end int64) (verdict, error) {
	w := a.Watch
	from := end - w.period()*int64(w.Periods+further)
	readings, err := w.read(tx, a.scope(), from, end)
	if err != nil {
		return verdict{}, err
	}
	return w.judge(readings, end), nil
}

// lowSamples is below how many samples a percentile says little: 10 beyond it.
// Source: CloudWatch User Guide, "Percentile-based alarms and low data samples".
func lowSamples(p float64) float64 {
	if p <= 0 || p >= 100 {
		return 0
	}
	if p >= 50 {
		return 10 / (1 - p/100)
	}
	return 10 / (p / 100)
}

// read returns the statistic of each period that has one.
func (w *watch) read(tx *store.Tx, sc store.Scope, from, to int64) ([]reading, error) {
	c := newCalculation(tx, sc, time.Unix(to, 0), time.Unix(from, 0), time.Unix(to, 0), w.Queries)
	c.exact = true
	if w.Metric == nil {
		return c.readings(w.watched())
	}
	points, st, err := c.points(w.Metric, w.Unit, w.Statistic, w.period())
	if err != nil {
		return nil, err
	}
	var out []reading
	for _, p := range points {
		if w.LowSamples == missingIgnore && p.Count < lowSamples(st.Percent()) {
			continue
		}
		if v, ok := st.Of(&p); ok {
			out = append(out, reading{p.At, v, p.Count})
		}
	}
	return out, nil
}

// readings are the values of an expression. One that cannot be evaluated has
// none: the alarm then says that data is missing.
func (c *calculation) readings(q *dataQuery) ([]reading, error) {
	list, err := c.results(q)
	if c.broken != nil {
		return nil, c.broken
	}
	var out []reading
	if err == nil && len(list) == 1 {
		for _, p := range list[0].Points {
			out = append(out, reading{at: p.At, value: p.V})
		}
	}
	return out, nil
}

// composites looks at the composite alarms when alarms have changed, or actions
// rested for long enough; it returns when the next do.
func (s *Service) composites(ctx context.Context) (next time.Time, err error) {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	for range depth {
		rested := !s.watch.resume.IsZero() && !s.clock.Now().Before(s.watch.resume)
		if moved, err := s.moved(ctx); err != nil || !moved && !rested {
			return s.watch.resume, err
		}
		var there int
		var head store.Cursor
		err := s.store.View(ctx, func(tx *store.Tx) error {
			list, err := alarms.Everywhere(tx, "Pace", paceComposite)
			if err != nil {
				return err
			}
			there = len(list)
			head, err = tx.Head()
			return err
		})
		s.watch.resume = time.Time{}
		if err == nil && there > 0 {
			err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
				s.watch.resume, err = s.compose(tx)
				return err
			})
		}
		if err != nil {
			return next, err
		}
		s.watch.cursor = head
	}
	return s.watch.resume, nil
}

// moved tells whether alarms changed since the composite alarms were looked at.
func (s *Service) moved(ctx context.Context) (bool, error) {
	if s.watch.cursor == "" {
		return true, nil
	}
	changes, err := s.store.Changes(ctx, s.watch.cursor, 1, alarms.Name)
	if errors.Is(err, store.ErrTrimmed) {
		return true, nil
	}
	return len(changes) > 0, err
}

// depth bounds how far a change goes through composite alarms at once; those in
// a circle would never end.
const depth = 20

// compose moves the composite alarms whose rule says another state, and returns
// when the next actions rest no longer.
func (s *Service) compose(tx *store.Tx) (next time.Time, err error) {
	found, err := alarms.Everywhere(tx, "Pace", paceComposite)
	if err != nil {
		return next, err
	}
	for _, row := range found {
		a := row.Record
		r, err := rule.Parse(a.Rule)
		if err != nil {
			return next, fmt.Errorf("rule of alarm %s: %w", a.Name, err)
		}
		states, err := statesOf(tx, row.Scope, r)
		if err != nil {
			return next, err
		}
		if err := s.move(tx, a, composed(a, r, states), s.clock.Now()); err != nil {
			return next, err
		}
		if err := a.resume(tx, s.clock.Now()); err != nil {
			return next, err
		}
		if p := a.Suppress; p != nil && !p.Until.IsZero() && (next.IsZero() || p.Until.Before(next)) {
			next = p.Until
		}
	}
	return next, nil
}

// statesOf are the states of the alarms in a rule.
func statesOf(tx *store.Tx, sc store.Scope, r *rule.Rule) (map[string]*alarm, error) {
	out := map[string]*alarm{}
	for _, name := range r.Alarms() {
		child, err := findNamed(tx, sc, name)
		if err != nil {
			return nil, err
		}
		if child != nil {
			out[name] = child
		}
	}
	return out, nil
}

// composed is the verdict of a rule over the states of its alarms.
func composed(a *alarm, r *rule.Rule, states map[string]*alarm) verdict {
	v := verdict{state: types.StateValueOk}
	met := r.True(func(name string) string {
		if c := states[name]; c != nil {
			return string(c.Status.Value)
		}
		return ""
	})
	if met {
		v.state = types.StateValueAlarm
	}
	var last *alarm // the one that changed
	for _, name := range r.Alarms() {
		if c := states[name]; c != nil && (last == nil || c.Status.Transitioned.After(last.Status.Transitioned)) {
			last = c
		}
	}
	if last == nil {
		v.reason = fmt.Sprintf("%s was evaluated to %s", a.arn(), v.state)
		return v
	}
	v.reason = fmt.Sprintf("%s transitioned to %s at %s", last.arn(), last.Status.Value, last.Status.Transitioned.UTC().Format("Monday 02 January, 2006 15:04:05 MST"))
	v.data = triggering(last)
	return v
}

// triggering names the alarm that moved a composite alarm.
func triggering(a *alarm) string {
	b, _ := json.Marshal(map[string]any{"triggeringAlarms": []any{map[string]any{ // plain values
		"arn": a.arn(), "state": map[string]any{"value": a.Status.Value, "timestamp": stamp(a.Status.Transitioned)},
	}}})
	return string(b)
}
