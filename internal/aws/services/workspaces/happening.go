package workspaces

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// happening is a change of a desktop that somebody may ask for later, with what
// the desktop was after it.
type happening struct {
	Desktop      string
	Number       int
	At           time.Time
	State        State
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
	By           string `json:",omitempty"` // empty: the service itself
	RequestID    string `json:",omitempty"`
	RunningMode  string
	Compute      string
	RootGiB      int
	UserGiB      int
}

var happenings = store.Table[happening]{
	Name: "workspaces.happenings", Reach: store.Regional, Key: (*happening).key,
}

func (h *happening) key() string { return happeningKey(h.Desktop, h.Number) }

func happeningKey(desktop string, n int) string { return fmt.Sprintf("%s/%09d", desktop, n) }

// maxTold is how many changes of a desktop are kept at least: a year of one that
// stops and starts every working day. Every sweepEvery changes older ones go.
const (
	maxTold    = 1000
	sweepEvery = 100
)

// terminated is the state that only the history shows.
const terminated State = "TERMINATED"

// put stores a desktop with what the change means for its history and for the
// meter, all or nothing. The call is nil when the service moved it.
func (d *Desktop) put(tx *store.Tx, sc store.Scope, call *api.Call, now time.Time) error {
	old, err := desktopTable.Get(tx, sc, d.ID)
	if errors.Is(err, store.ErrNotFound) {
		old, err = nil, nil
	}
	if err != nil {
		return err
	}
	if old == nil || old.differs(d) {
		if err := d.note(tx, sc, call, now); err != nil {
			return err
		}
		if err := d.meter(tx, sc, old, now); err != nil {
			return err
		}
	}
	return desktopTable.Put(tx, sc, d)
}

func (d *Desktop) differs(from *Desktop) bool {
	return d.Move != from.Move || d.RunningMode != from.RunningMode || d.Compute != from.Compute || d.RootGiB != from.RootGiB || d.UserGiB != from.UserGiB
}

// note writes the change into the history.
func (d *Desktop) note(tx *store.Tx, sc store.Scope, call *api.Call, now time.Time) error {
	d.Told++
	h := &happening{
		Desktop: d.ID, Number: d.Told, At: now, State: d.State, ErrorCode: d.ErrorCode, ErrorMessage: d.ErrorMessage,
		RunningMode: d.RunningMode, Compute: d.Compute, RootGiB: d.RootGiB, UserGiB: d.UserGiB,
	}
	if call != nil {
		h.By, h.RequestID = cmp.Or(call.Caller.ARN, call.Caller.Service), call.RequestID
	}
	if d.Told%sweepEvery == 0 && d.Told > maxTold {
		old, err := happenings.List(tx, sc, store.Page{Min: d.ID + "/", Max: happeningKey(d.ID, d.Told-maxTold)})
		if err != nil {
			return err
		}
		for _, o := range old {
			if err := happenings.Delete(tx, sc, o.key()); err != nil {
				return err
			}
		}
	}
	return happenings.Put(tx, sc, h)
}

// bury takes a terminated desktop out of the lists and keeps its history.
func (s *Service) bury(tx *store.Tx, sc store.Scope, d *Desktop) error {
	now, last := s.clock.Now(), *d
	last.State = terminated
	if err := last.note(tx, sc, nil, now); err != nil {
		return err
	}
	if err := last.meter(tx, sc, d, now); err != nil {
		return err
	}
	if err := history.Put(tx, sc, &Past{Desktop: *d, TerminatedAt: now}); err != nil {
		return err
	}
	if err := s.withdraw(tx, sc, d.ID); err != nil {
		return err
	}
	return desktopTable.Delete(tx, sc, d.ID)
}

// Biographies finds a desktop by its id, or all that a user has and had, in the
// order of their making.
func (s *Service) Biographies(ctx context.Context, account, region, id, user string) ([]desktops.Biography, error) {
	sc := store.In(account, region)
	var out []desktops.Biography
	err := s.store.View(ctx, func(tx *store.Tx) error {
		now, gone, err := named(tx, sc, id, user)
		out = nil
		for _, d := range now {
			out = append(out, d.biography())
		}
		for _, p := range gone {
			b := p.Desktop.biography()
			b.State, b.TerminatedAt = string(terminated), p.TerminatedAt
			out = append(out, b)
		}
		return err
	})
	slices.SortFunc(out, func(a, b desktops.Biography) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return out, err
}

// named finds the desktops, there and gone, of an id or else of a user.
func named(tx *store.Tx, sc store.Scope, id, user string) (now []*Desktop, gone []*Past, err error) {
	if id == "" {
		user = strings.ToLower(user)
		now, err = desktopTable.By(tx, sc, "name", user, store.Page{})
		if err == nil {
			gone, err = history.By(tx, sc, "name", user, store.Page{})
		}
		return now, gone, err
	}
	d, err := desktopTable.Get(tx, sc, id)
	if err == nil {
		return []*Desktop{d}, nil, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, nil, err
	}
	p, err := history.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	return nil, []*Past{p}, err
}

func (d *Desktop) biography() desktops.Biography {
	return desktops.Biography{
		ID: d.ID, DirectoryID: d.DirectoryID, UserName: d.UserName, ComputerName: d.ComputerName, BundleID: d.BundleID,
		State: string(d.State), CreatedAt: d.CreatedAt,
	}
}

// Happenings lists what happened to a desktop since a place, "" for the
// beginning of what is kept. next is where to go on; "" is that there is no more.
func (s *Service) Happenings(ctx context.Context, account, region, id, place string, limit int) (out []desktops.Happening, next string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out, next = nil, ""
		list, err := happenings.List(tx, store.In(account, region), store.Page{After: place, Min: id + "/", Max: id + "0", Limit: limit + 1})
		if len(list) > limit {
			list = list[:limit]
			next = list[limit-1].key()
		}
		for _, h := range list {
			out = append(out, desktops.Happening{
				Desktop: h.Desktop, At: h.At, State: string(h.State), ErrorCode: h.ErrorCode, ErrorMessage: h.ErrorMessage, By: h.By,
				RequestID: h.RequestID, RunningMode: h.RunningMode, Compute: h.Compute, RootGiB: h.RootGiB, UserGiB: h.UserGiB,
			})
		}
		return err
	})
	return out, next, err
}
