package bulk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Order is what somebody wants done.
type Order struct {
	Verb     Verb
	Desktops []string // ids, and users: all desktops of theirs
	Minutes  int32    // of AutoStop; 0 is an hour
	Reason   string
}

// Most is how many desktops an order names.
const Most = 1000

const hour = 60

// Check tells what is wrong with an order, in the reader's language.
func (o *Order) Check(lang report.Lang) error {
	switch {
	case len(o.Desktops) > Most:
		return errors.New(text.TooMany.In(lang, "n", Most))
	case o.Minutes < 0 || o.Minutes%hour != 0:
		return errors.New(text.WhyMinutes.In(lang))
	case o.Verb.Destroys() && strings.TrimSpace(o.Reason) == "":
		return errors.New(text.NeedReason.In(lang))
	}
	return nil
}

// Seat is a desktop as the plan found it: its evidence.
type Seat struct {
	Desktop  string    `json:"desktop"`
	User     string    `json:"user"`
	State    string    `json:"state"`
	Mode     string    `json:"runningMode,omitempty"`
	Minutes  int32     `json:"autoStopMinutes,omitempty"`
	InUse    bool      `json:"inUse,omitempty"`
	LastUse  time.Time `json:"lastUse,omitzero"`
	Snapshot time.Time `json:"snapshot,omitzero"` // the newest that brings both volumes back
	UserSnap time.Time `json:"userSnapshot,omitzero"`
	Unknown  bool      `json:"useUnknown,omitempty"` // nobody said whether it is in use
}

// found is what an order's desktops are, and the names of which there is none.
type found struct {
	at      time.Time
	since   time.Time // the same by the account's clock
	seats   []Seat
	missing []string
	unknown []*account.Problem // what the caller may not see
	blind   bool               // snapshots are not known
}

// gather reads the desktops of an order.
func gather(ctx context.Context, a *account.Account, o Order, now time.Time) (*found, error) {
	f := &found{at: now}
	var err error
	if f.since, err = a.Theirs(ctx, now); err != nil {
		return nil, err
	}
	if err := f.find(ctx, a, o.Desktops); err != nil {
		return nil, err
	}
	if err := f.missed(f.uses(ctx, a)); err != nil {
		return nil, err
	}
	if o.Verb == Restore || o.Verb == Rebuild {
		before := len(f.unknown)
		if err := f.missed(f.snapshots(ctx, a)); err != nil {
			return nil, err
		}
		f.blind = len(f.unknown) > before
	}
	return f, nil
}

// missed notes what a caller may not see; other errors end it.
func (f *found) missed(err error) error {
	p, ok := errors.AsType[*account.Problem](err)
	if !ok || p.Ends() || p.Kind != account.Denied {
		return err
	}
	f.unknown = append(f.unknown, p)
	return nil
}

// find reads desktops by id together, and those of users one after the other.
func (f *found) find(ctx context.Context, a *account.Account, names []string) error {
	var ids []string
	for _, n := range names {
		if strings.HasPrefix(n, "ws-") && !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
	}
	byID, err := account.DesktopsByID(ctx, a.Desktops, ids)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	add := func(all []types.Workspace) {
		for _, w := range all {
			if id := aws.ToString(w.WorkspaceId); !there[id] {
				there[id] = true
				f.seats = append(f.seats, seatOf(w))
			}
		}
	}
	add(byID)
	for _, n := range names {
		if strings.HasPrefix(n, "ws-") {
			if !there[n] && !slices.Contains(f.missing, n) {
				f.missing = append(f.missing, n)
			}
			continue
		}
		theirs, err := account.Find(ctx, a.Desktops, n)
		if err != nil {
			return err
		}
		if len(theirs) == 0 {
			f.missing = append(f.missing, n)
		}
		add(theirs)
	}
	return nil
}

func seatOf(w types.Workspace) Seat {
	s := Seat{Desktop: aws.ToString(w.WorkspaceId), User: aws.ToString(w.UserName), State: string(w.State)}
	if p := w.WorkspaceProperties; p != nil {
		s.Mode, s.Minutes = string(p.RunningMode), aws.ToInt32(p.RunningModeAutoStopTimeoutInMinutes)
	}
	return s
}

// uses reads who works where now, and who did last.
func (f *found) uses(ctx context.Context, a *account.Account) error {
	at := map[string]int{}
	var ids []string
	for i := range f.seats {
		f.seats[i].Unknown = true
		at[f.seats[i].Desktop] = i
		ids = append(ids, f.seats[i].Desktop)
	}
	for chunk := range slices.Chunk(ids, account.Batch) {
		out, err := a.Desktops.DescribeWorkspacesConnectionStatus(ctx, &workspaces.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: chunk})
		if err != nil {
			return account.Explain("workspaces:DescribeWorkspacesConnectionStatus", err)
		}
		for _, c := range out.WorkspacesConnectionStatus {
			if i, ok := at[aws.ToString(c.WorkspaceId)]; ok {
				f.seats[i].Unknown = c.ConnectionState == types.ConnectionStateUnknown
				f.seats[i].InUse = c.ConnectionState == types.ConnectionStateConnected
				f.seats[i].LastUse = aws.ToTime(c.LastKnownUserConnectionTimestamp).UTC()
			}
		}
	}
	return nil
}

// snapshots reads what there is to go back to.
func (f *found) snapshots(ctx context.Context, a *account.Account) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for i := range f.seats {
		g.Go(func() error {
			out, err := a.Desktops.DescribeWorkspaceSnapshots(ctx, &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &f.seats[i].Desktop})
			if err != nil {
				return account.Explain("workspaces:DescribeWorkspaceSnapshots", err)
			}
			f.seats[i].Snapshot, f.seats[i].UserSnap = account.NewestSnapshot(out.RestoreSnapshots), account.NewestSnapshot(out.RebuildSnapshots)
			return nil
		})
	}
	return g.Wait()
}
