package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/store"
)

type appointment struct {
	Minute int
	Name   string
}

var appointments = store.Table[appointment]{
	Name: "store.appointments", Reach: store.Plane,
	Key:     func(a *appointment) string { return fmt.Sprintf("%06d/%s", a.Minute, a.Name) },
	Indexes: map[string]func(*appointment) string{"name": func(a *appointment) string { return a.Name }},
}

var midnight = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func appointed(a *appointment) (time.Time, error) {
	if a.Minute < 0 {
		return time.Time{}, errors.New("no such minute")
	}
	return midnight.Add(time.Duration(a.Minute) * time.Minute), nil
}

func TestAnAgendaIsAttendedInItsOrder(t *testing.T) {
	missed := errors.New("missed")
	many := make([]appointment, 150)
	for i := range many {
		many[i] = appointment{Minute: 1, Name: fmt.Sprint(1000 + i)}
	}
	for name, c := range map[string]struct {
		due  []appointment
		fail string
		done int
		next time.Time
		err  error
	}{
		"nothing":                      {},
		"all that is due":              {due: []appointment{{2, "b"}, {1, "a"}}, done: 2},
		"the rest waits for its time":  {due: []appointment{{1, "a"}, {10, "b"}, {11, "c"}}, done: 2, next: midnight.Add(11 * time.Minute)},
		"a failure ends the call":      {due: []appointment{{1, "a"}, {2, "b"}, {3, "c"}}, fail: "b", done: 1, err: missed},
		"more than fits into one call": {due: many, done: 100, next: midnight.Add(10 * time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, store.Options{}, &appointments)
			var want []string
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				want = nil
				for _, a := range c.due {
					if err := appointments.Put(tx, store.Scope{}, &a); err != nil {
						return err
					}
					want = append(want, appointments.Key(&a))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(want)
			var done []string
			agenda := store.Agenda[appointment]{Table: &appointments, At: appointed}
			next, err := agenda.Attend(t.Context(), s, clock.NewFrozen(midnight.Add(10*time.Minute)), func(ctx context.Context, a *appointment) error {
				if a.Name == c.fail {
					return missed
				}
				done = append(done, appointments.Key(a))
				return s.Update(ctx, func(tx *store.Tx) error { return appointments.Delete(tx, store.Scope{}, appointments.Key(a)) })
			})
			if !errors.Is(err, c.err) || !next.Equal(c.next) {
				t.Errorf("got %v, %v; want %v, %v", next, err, c.next, c.err)
			}
			if !slices.Equal(done, want[:c.done]) {
				t.Errorf("done is %v, want %v", done, want[:c.done])
			}
		})
	}
}

func TestAnEntryWithoutATimeIsAnError(t *testing.T) {
	s := open(t, store.Options{}, &appointments)
	err := s.Update(t.Context(), func(tx *store.Tx) error { return appointments.Put(tx, store.Scope{}, &appointment{Minute: -1}) })
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Agenda[appointment]{Table: &appointments, At: appointed}.Attend(t.Context(), s, clock.Real{}, func(context.Context, *appointment) error {
		t.Error("it was attended")
		return nil
	})
	if err == nil {
		t.Error("want an error")
	}
}

func TestTheFirstOfAnIndex(t *testing.T) {
	s := open(t, store.Options{}, &appointments)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(
			appointments.Put(tx, store.Scope{}, &appointment{3, "a"}),
			appointments.Put(tx, store.Scope{}, &appointment{2, "a"}),
			appointments.Put(tx, store.Scope{}, &appointment{1, "b"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *store.Tx) error {
		if a, err := appointments.First(tx, store.Scope{}, "name", "a"); err != nil || a.Minute != 2 {
			t.Errorf("the first a: got %+v, %v; want that of minute 2", a, err)
		}
		if a, err := appointments.First(tx, store.Scope{}, "name", "c"); a != nil || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the first c: got %+v, %v; want store.ErrNotFound", a, err)
		}
		if _, err := appointments.First(tx, store.Scope{}, "names", "a"); err == nil || errors.Is(err, store.ErrNotFound) {
			t.Errorf("an index that is none: got %v, want an error of its own", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
