package workspaces

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// usage is what a desktop used in a month. A month is UTC's, as AWS's bills are
// renewed at 00:00 UTC on the first (Amazon WorkSpaces FAQs, billing and
// pricing).
type usage struct {
	Month       string // 2026-11
	Desktop     string
	DirectoryID string
	UserName    string
	BundleID    string
	Compute     string
	RootGiB     int
	UserGiB     int
	Running     time.Duration            `json:",omitempty"`
	Hourly      map[string]time.Duration `json:",omitempty"` // by compute type
	MonthlyFrom time.Time                `json:",omitzero"`
	HourlyFrom  time.Time                `json:",omitzero"`
}

var usages = store.Table[usage]{
	Name: "workspaces.usage", Reach: store.Regional,
	Key: func(u *usage) string { return u.Month + "/" + u.Desktop },
}

const monthForm = "2006-01"

// monthOf is the begin of a moment's month.
func monthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// meter adds the time since the last change to the months that it fell into. It
// begins when a desktop is there for the first time.
func (d *Desktop) meter(tx *store.Tx, sc store.Scope, old *Desktop, now time.Time) error {
	if old == nil || old.MeteredAt.IsZero() {
		if d.runs() {
			d.MeteredAt = now
		}
		return nil
	}
	for from := old.MeteredAt; from.Before(now); {
		month := monthOf(from)
		to := earlier(month.AddDate(0, 1, 0), now)
		u, err := old.usageOf(tx, sc, month)
		if err != nil {
			return err
		}
		u.add(old, from, to)
		if err := usages.Put(tx, sc, u); err != nil {
			return err
		}
		from = to
	}
	if d.MeteredAt.Before(now) { // a clock that was set back adds nothing twice
		d.MeteredAt = now
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// runs tells whether a desktop is there for its user, or would be but for the
// moment. It is not while it is being made, started, rebuilt, restored or
// terminated.
func (d *Desktop) runs() bool {
	switch d.State {
	case Available, Unhealthy, Rebooting, Stopping, Suspended, AdminMaintenance:
		return true
	case Updating:
		return d.Change != nil && d.Change.From == Available
	default:
		return false
	}
}

func (d *Desktop) usageOf(tx *store.Tx, sc store.Scope, month time.Time) (*usage, error) {
	u, err := usages.Get(tx, sc, month.Format(monthForm)+"/"+d.ID)
	if errors.Is(err, store.ErrNotFound) {
		return &usage{Month: month.Format(monthForm), Desktop: d.ID}, nil
	}
	return u, err
}

// add adds a stretch of the month in which the desktop did not change.
//
// ALWAYS_ON is paid by the month from the day on which it was first seen in it;
// the other modes by a smaller fee of the month and by the hour. Whoever leaves
// ALWAYS_ON has paid for the month: no hours are added in the rest of it (Amazon
// WorkSpaces FAQs, "Can I switch between hourly and monthly billing?").
func (u *usage) add(d *Desktop, from, to time.Time) {
	u.DirectoryID, u.UserName, u.BundleID = d.DirectoryID, d.UserName, d.BundleID
	u.Compute, u.RootGiB, u.UserGiB = d.Compute, d.RootGiB, d.UserGiB
	switch {
	case d.RunningMode == string(types.RunningModeAlwaysOn):
		if u.MonthlyFrom.IsZero() {
			u.MonthlyFrom = from
		}
	case u.MonthlyFrom.IsZero() && u.HourlyFrom.IsZero():
		u.HourlyFrom = from
	}
	if !d.runs() {
		return
	}
	u.Running += to.Sub(from)
	if u.MonthlyFrom.IsZero() {
		if u.Hourly == nil {
			u.Hourly = map[string]time.Duration{}
		}
		u.Hourly[d.Compute] += to.Sub(from)
	}
}

// Usage lists what desktops used in a month, those that are gone too, in the
// order of their ids: one of them, or those after a place.
func (s *Service) Usage(ctx context.Context, account, region string, month time.Time, id, place string, limit int) (out []desktops.MonthOfUse, next string, err error) {
	sc, now := store.In(account, region), s.clock.Now()
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out, next = nil, ""
		closed, open, last, err := metered(tx, sc, month, id, place, limit+1)
		if err != nil {
			return err
		}
		ids := slices.Sorted(maps.Keys(closed))
		for id := range open {
			if closed[id] == nil {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			u, going := closed[id], false
			if d := open[id]; d != nil {
				u, going = d.until(u, month, now)
			}
			if u == nil {
				continue
			}
			if len(out) == limit {
				next = out[limit-1].Desktop
				break
			}
			out = append(out, u.show(going))
		}
		if next == "" {
			next = last
		}
		return nil
	})
	return out, next, err
}

// metered finds the month's records and the desktops that may have more to add
// to it, by their ids. They are all there up to last, "" for the end.
func metered(tx *store.Tx, sc store.Scope, month time.Time, id, place string, limit int) (closed map[string]*usage, open map[string]*Desktop, last string, err error) {
	prefix := month.Format(monthForm) + "/"
	rows, page := store.Page{After: prefix + place, Max: month.Format(monthForm) + "0", Limit: limit}, store.Page{After: place, Limit: limit}
	if id != "" {
		rows = store.Page{Min: prefix + id, Max: prefix + id + "\x01"}
		page = store.Page{Min: id, Max: id + "\x01"}
	}
	list, err := usages.List(tx, sc, rows)
	if err != nil {
		return nil, nil, "", err
	}
	there, err := desktopTable.List(tx, sc, page)
	if err != nil {
		return nil, nil, "", err
	}
	closed, open = map[string]*usage{}, map[string]*Desktop{}
	// A list that was cut tells nothing of what comes after its end.
	if len(list) == limit {
		last = list[limit-1].Desktop
	}
	if len(there) == limit && (last == "" || there[limit-1].ID < last) {
		last = there[limit-1].ID
	}
	for _, u := range list {
		if last == "" || u.Desktop <= last {
			closed[u.Desktop] = u
		}
	}
	for _, d := range there {
		if last == "" || d.ID <= last {
			open[d.ID] = d
		}
	}
	return closed, open, last, nil
}

// until adds the stretch since the last change, as far as it lies in the month.
func (d *Desktop) until(u *usage, month, now time.Time) (whole *usage, going bool) {
	from, end := d.MeteredAt, month.AddDate(0, 1, 0)
	if from.Before(month) {
		from = month
	}
	to := earlier(end, now)
	if d.MeteredAt.IsZero() || !from.Before(to) {
		return u, false
	}
	if u == nil {
		u = &usage{Month: month.Format(monthForm), Desktop: d.ID}
	}
	u.add(d, from, to)
	return u, now.Before(end)
}

func (u *usage) show(going bool) desktops.MonthOfUse {
	return desktops.MonthOfUse{
		Month: u.Month, Desktop: u.Desktop, DirectoryID: u.DirectoryID, UserName: u.UserName, BundleID: u.BundleID, Compute: u.Compute,
		RootGiB: u.RootGiB, UserGiB: u.UserGiB, Running: u.Running, Hourly: u.Hourly, MonthlyFrom: u.MonthlyFrom, HourlyFrom: u.HourlyFrom, Open: going,
	}
}
