package workspaces

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Coded finds the directory that a registration code or a connection alias leads
// to, in any account and Region; found is false when there is none.
func (s *Service) Coded(ctx context.Context, code string) (account, region, directoryID string, found bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := directories.Everywhere(tx, "", "")
		for _, r := range rows {
			if r.Record.RegistrationCode == code {
				account, region, directoryID, found = r.Scope.Account, r.Scope.Region, r.Record.ID, true
			}
		}
		if err != nil || found {
			return err
		}
		sc, id, err := aliased(tx, code)
		account, region, directoryID, found = sc.Account, sc.Region, id, id != ""
		return err
	})
	return account, region, directoryID, found, err
}

// Own lists the desktops of a person.
func (s *Service) Own(ctx context.Context, p desktops.Person) ([]desktops.Own, error) {
	var out []desktops.Own
	err := s.store.View(ctx, func(tx *store.Tx) error {
		out = nil
		list, err := desktopTable.By(tx, store.In(p.Account, p.Region), "user", userKey(p.DirectoryID, p.UserName), store.Page{})
		if err != nil {
			return err
		}
		for _, d := range list {
			own, err := s.own(tx, store.In(p.Account, p.Region), d)
			if err != nil {
				return err
			}
			out = append(out, own)
		}
		return nil
	})
	return out, err
}

// Belongs returns a desktop if it is the person's, and desktops.ErrNotFound if
// it is not, or is none.
func (s *Service) Belongs(ctx context.Context, p desktops.Person, id string) (own desktops.Own, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, store.In(p.Account, p.Region), id)
		if errors.Is(err, store.ErrNotFound) || err == nil && userKey(d.DirectoryID, d.UserName) != userKey(p.DirectoryID, p.UserName) {
			return desktops.ErrNotFound
		}
		if err != nil {
			return err
		}
		own, err = s.own(tx, store.In(p.Account, p.Region), d)
		return err
	})
	return own, err
}

// Held tells whether the user of a desktop is still in the directory.
func (s *Service) Held(ctx context.Context, job desktops.Job) (held bool, err error) {
	sc := store.In(job.Account, job.Region)
	if written, ok, err := s.people.Elsewhere(ctx, sc, job.DirectoryID, []string{job.Spec.UserName}); ok || err != nil {
		return written[job.Spec.UserName] != "", err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		_, held, err = s.people.User(tx, sc, job.DirectoryID, job.Spec.UserName)
		return err
	})
	return held, err
}

// own is a desktop as its user sees it, with what its directory lets them do.
// Source: WorkSpaces Administration Guide, "Enable self-service WorkSpaces
// management capabilities for your users".
func (s *Service) own(tx *store.Tx, sc store.Scope, d *Desktop) (desktops.Own, error) {
	o := desktops.Own{ID: d.ID, State: string(d.State), Since: d.ChangedAt}
	if d.IPAddress != "" {
		o.Name = d.ComputerName
	}
	if d.stopsByItself() {
		o.Minutes = d.AutoStopMinutes
		if !s.open.any(stream{sc, d.ID}) {
			o.StopsAt, o.May = d.stopsAt(s.began), append(o.May, desktops.Extend)
		}
	}
	dir, err := directories.Get(tx, sc, d.DirectoryID)
	if errors.Is(err, store.ErrNotFound) {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	may := dir.Settings.selfService()
	if may.RestartWorkspace == types.ReconnectEnumEnabled && slices.Contains([]State{Available, Unhealthy}, d.State) {
		o.May = append(o.May, desktops.Restart)
	}
	if may.RebuildWorkspace == types.ReconnectEnumEnabled && slices.Contains([]State{Available, Unhealthy, Error, Stopped}, d.State) {
		o.May = append(o.May, desktops.Renew)
	}
	o.Offers = d.offers(may)
	return o, nil
}
