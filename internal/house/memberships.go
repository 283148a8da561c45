package house

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// dsPrincipal is whom the end of a membership is recorded for.
const dsPrincipal = "ds.amazonaws.com"

// groups is who is in which group of a directory, for the plane's own service.
type groups struct{ h *House }

var (
	_ tamachi.Subjects = groups{}
	_ tamachi.Members  = groups{}
)

// Has returns directory.ErrNoDirectory when there is no such directory.
func (g groups) Has(ctx context.Context, account, region, id string) error {
	_, err := g.h.rooms.directories.Facts(ctx, store.In(account, region), id)
	return err
}

// Subject returns a user with all groups.
func (g groups) Subject(ctx context.Context, account, region, id, user string) (who desktops.Subject, err error) {
	err = g.ask(ctx, account, region, id, func(r directory.Roster) error {
		u, err := r.User(ctx, user)
		if err != nil {
			return err
		}
		who.UserName, who.DN = u.SAMAccountName, u.DN
		who.Groups, err = directory.GroupsWithin(ctx, r, u.SAMAccountName)
		return err
	})
	return who, err
}

// Is tells whether somebody is in a group, directly. Who is not there is in
// none; adding says so.
func (g groups) Is(ctx context.Context, account, region, id, group, member string) (is bool, err error) {
	err = g.ask(ctx, account, region, id, func(r directory.Roster) error {
		const some = 250
		for after := ""; ; {
			found, err := r.GroupsOf(ctx, member, after, some)
			if err != nil {
				return err
			}
			if is = slices.ContainsFunc(found, func(f directory.Group) bool { return strings.EqualFold(f.SAMAccountName, group) }); is || len(found) < some {
				return nil
			}
			after = found[some-1].SAMAccountName
		}
	})
	if errors.Is(err, directory.ErrNoMember) || errors.Is(err, directory.ErrNoDirectory) {
		return false, nil
	}
	return is, err
}

func (g groups) ask(ctx context.Context, account, region, id string, ask func(directory.Roster) error) error {
	return g.h.rooms.directories.users.Ask(ctx, store.In(account, region), id, ask)
}

// SessionRules are what may pass in a session of a visit, for tests.
func (h *House) SessionRules(ctx context.Context, v desktops.Visit) (desktops.Rules, error) {
	return passage{h.rooms.workspaces, h.rooms.tamachi}.Rules(ctx, v)
}

// Add calls AddGroupMember in the caller's name.
func (g groups) Add(ctx context.Context, id, group, member string) error {
	_, err := g.h.gate.Via(dsPrincipal).Do(ctx, "ds-data", "AddGroupMember", &directoryservicedata.AddGroupMemberInput{
		DirectoryId: &id, GroupName: &group, MemberName: &member,
	})
	return err
}

// Remove calls RemoveGroupMember as the service.
func (g groups) Remove(ctx context.Context, account, region, id, group, member string) error {
	_, err := g.h.gate.As(dsPrincipal).Do(ctx, account, region, "ds-data", "RemoveGroupMember", &directoryservicedata.RemoveGroupMemberInput{
		DirectoryId: &id, GroupName: &group, MemberName: &member,
	})
	fault, ok := errors.AsType[smithy.APIError](err)
	switch {
	case !ok:
		return err
	case fault.ErrorCode() == "ResourceNotFoundException":
		return directory.ErrNotMember
	case fault.ErrorCode() == "DirectoryUnavailableException":
		return directory.ErrUnreachable
	case fault.ErrorCode() == "AccessDeniedException":
		// Gone, or its data is closed for now: in that case the end waits.
		if g.Has(ctx, account, region, id) != nil {
			return directory.ErrNoDirectory
		}
		return directory.ErrUnreachable
	}
	return err
}
