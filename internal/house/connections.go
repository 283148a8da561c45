package house

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/store"
	"tamachi/internal/webaccess"
)

// screens tells how desktops are to the room of the plane's own service.
type screens struct {
	room  *workspaces.Service
	image *atomic.Pointer[desktops.Progress] // nil inside once desktops can be made
}

// State returns a WorkSpace's state, desktops.ErrNotFound if there is none.
func (s screens) State(ctx context.Context, account, region, workspaceID string) (string, error) {
	v, err := s.Look(ctx, account, region, workspaceID)
	return v.State, err
}

// Extend counts as a use of a WorkSpace now.
func (s screens) Extend(ctx context.Context, account, region, workspaceID string, now time.Time) (time.Time, error) {
	return s.room.Extend(ctx, account, region, workspaceID, now)
}

// Newcomer returns what an invitation to a WorkSpace says.
func (s screens) Newcomer(ctx context.Context, account, region, workspaceID string) (desktops.Newcomer, error) {
	return s.room.Newcomer(ctx, account, region, workspaceID)
}

// Look returns what a visit needs to know of a WorkSpace.
func (s screens) Look(ctx context.Context, account, region, workspaceID string) (desktops.Visit, error) {
	job, found, err := s.room.Job(ctx, account, region, workspaceID)
	if err == nil && !found {
		err = desktops.ErrNotFound
	}
	v := desktops.Visit{State: job.State, StateSince: job.Since, DirectoryID: job.DirectoryID, UserName: job.Spec.UserName}
	if p := s.image.Load(); p != nil && (v.State == "PENDING" || v.State == "STARTING" || v.State == "REBUILDING") {
		v.Step, v.Percent = p.Step, p.Percent
	}
	return v, err
}

// entry asks the room of the desktops who may look from where, and the
// directory whether a person still may.
type entry struct {
	room        *workspaces.Service
	directories *directories
}

var _ webaccess.Entry = entry{}

// Admit returns a desktops.Barred for who may not look.
func (e entry) Admit(ctx context.Context, v desktops.Visit, from string) error {
	if err := e.room.Admit(ctx, v, from); err != nil {
		return err
	}
	if v.Person.UserName == "" {
		return nil // an administrator, by a ticket
	}
	account, _, err := e.directories.person(ctx, store.In(v.Person.Account, v.Person.Region), v.Person.DirectoryID, v.Person.UserName)
	if errors.Is(err, directory.ErrUnreachable) {
		return nil // who came in stays while the customer's directory is away
	}
	if errors.Is(err, directory.ErrNoUser) || errors.Is(err, directory.ErrNoDirectory) || err == nil && !account.Enabled {
		return &desktops.Barred{Why: desktops.Disabled, Detail: v.Person.UserName + " is disabled, or gone"}
	}
	return err
}

// connections keeps who looks at which desktop, and tells the room of the
// desktops, who measures them, and operators.
type connections struct {
	room     *workspaces.Service
	own      *tamachi.Service
	measures *metrics.Engine
	log      *slog.Logger
}

var _ webaccess.Sessions = connections{}

func (h *House) connections() connections {
	return connections{h.rooms.workspaces, h.rooms.tamachi, h.rooms.measures, h.o.Log}
}

// Began keeps the begin of a session.
func (c connections) Began(ctx context.Context, s desktops.Session) (desktops.Session, error) {
	s, err := c.own.Began(ctx, s)
	if err != nil {
		return s, err
	}
	c.log.InfoContext(ctx, "desktop session begins", "account", s.Account, "resource", s.ID)
	if s.ViewOnly {
		return s, nil // no user is connected
	}
	c.measures.Connected(s.ID)
	c.told(ctx, s, c.room.Connected(ctx, s))
	return s, nil
}

// Ended keeps its end.
func (c connections) Ended(ctx context.Context, s desktops.Session) {
	c.log.InfoContext(ctx, "desktop session ends", "account", s.Account, "resource", s.ID, "action", string(s.End))
	c.told(ctx, s, c.own.Ended(ctx, s))
	if s.ViewOnly {
		return
	}
	if !s.Shown.IsZero() {
		c.measures.Launched(s.ID, s.Shown.Sub(s.Wished()))
	}
	c.measures.Disconnected(s.ID)
	c.told(ctx, s, c.room.Disconnected(ctx, s))
}

// Measured notes the latency of an open session.
func (c connections) Measured(s desktops.Session, latency time.Duration) {
	c.measures.Latency(s.ID, latency)
}

// Failed keeps a try that was in vain.
func (c connections) Failed(ctx context.Context, s desktops.Session) {
	c.log.WarnContext(ctx, "desktop session refused", "account", s.Account, "resource", s.ID, "action", string(s.End))
	c.measures.Failed(s.ID)
	c.told(ctx, s, c.own.Failed(ctx, s))
}

func (c connections) told(ctx context.Context, s desktops.Session, err error) {
	if err != nil {
		c.log.WarnContext(ctx, "a fact of a desktop session not stored", "account", s.Account, "resource", s.ID, "err", err)
	}
}

// passage tells what may pass between a browser and a desktop, by what was said
// of its directory's streams and by the policies for its user; what neither
// said may.
type passage struct {
	room *workspaces.Service
	own  *tamachi.Service // keeps the policies
}

var _ webaccess.Rules = passage{}

// Rules returns the resultant rules of a visit.
func (p passage) Rules(ctx context.Context, v desktops.Visit) (desktops.Rules, error) {
	r := desktops.AllAllowed()
	said, err := p.room.Passes(ctx, v.Account, v.Region, v.DirectoryID)
	if err != nil && !errors.Is(err, desktops.ErrNotFound) { // of whom nothing was said
		return r, err
	}
	decided, err := p.decided(ctx, v)
	if err != nil {
		return r, err
	}
	may := func(action types.UserSettingActionEnum) (bool, int) {
		p, ok := said[string(action)]
		return !ok || p.Permission == string(types.UserSettingPermissionEnumEnabled), p.Longest
	}
	r.ClipboardIn, r.LongestIn = may(types.UserSettingActionEnumClipboardCopyFromLocalDevice)
	r.ClipboardOut, r.LongestOut = may(types.UserSettingActionEnumClipboardCopyToLocalDevice)
	r.Printing, _ = may(types.UserSettingActionEnumPrintingToLocalDevice)
	r.ClipboardIn = r.ClipboardIn && decided.ClipboardIn
	r.ClipboardOut = r.ClipboardOut && decided.ClipboardOut
	r.Printing = r.Printing && decided.Printing
	r.Sound, r.Microphone = decided.Sound, decided.Microphone
	return r, nil
}

// decided are the rules that policies make for a desktop's user. A directory
// that cannot be asked who is in which group lets nothing pass.
func (p passage) decided(ctx context.Context, v desktops.Visit) (desktops.Rules, error) {
	r, err := p.own.Rules(ctx, v.Account, v.Region, v.DirectoryID, v.UserName)
	switch {
	case errors.Is(err, directory.ErrNoUser), errors.Is(err, directory.ErrNoDirectory):
		return desktops.AllAllowed(), nil // nobody for whom a policy could be
	case errors.Is(err, directory.ErrUnreachable):
		return desktops.Rules{}, nil
	}
	return r, err
}
