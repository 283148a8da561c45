package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/store"
	"tamachi/internal/webaccess"
)

// publicURL is where people's browsers reach the plane.
func (h *House) publicURL() string {
	if h.o.Config.URL != "" {
		return h.o.Config.URL
	}
	return h.access.HTTP
}

func (h *House) invitationURL(secret string) string {
	return webaccess.InvitationURL(h.publicURL(), secret)
}

func (h *House) signInURL() string { return webaccess.SignInURL(h.publicURL()) }

// noReply is the sender of invitations: AWS's is no-reply@<directory
// id>.amazonworkspaces.com.
func (h *House) noReply(directoryID string) string {
	return "no-reply@" + directoryID + "." + h.o.Config.SenderDomain()
}

var _ workspaces.Invitations = invites{}

// invites hands the wishes of the room of the desktops to the plane's own,
// which is made after it.
type invites struct{ *rooms }

// Invite asks for an invitation.
func (i invites) Invite(tx *store.Tx, sc store.Scope, n desktops.Newcomer) error {
	return i.tamachi.Invite(tx, sc, n)
}

// Withdraw ends one.
func (i invites) Withdraw(tx *store.Tx, sc store.Scope, id string) error {
	return i.tamachi.Withdraw(tx, sc, id)
}

var _ tamachi.People = (*directories)(nil)

// Invitee returns whom an invitation is for.
func (d *directories) Invitee(ctx context.Context, account, region, directoryID, userName string) (tamachi.Invitee, error) {
	a, elsewhere, err := d.person(ctx, store.In(account, region), directoryID, userName)
	if err != nil {
		return tamachi.Invitee{}, err
	}
	name := strings.TrimSpace(a.Surname + " " + a.GivenName)
	return tamachi.Invitee{Name: name, Email: a.Email, Chooses: !elsewhere}, nil
}

// person returns a user of a directory, whoever keeps it.
func (d *directories) person(ctx context.Context, sc store.Scope, directoryID, name string) (a directory.Account, elsewhere bool, err error) {
	a, elsewhere, err = d.Person(ctx, sc, directoryID, name)
	if err != nil || elsewhere {
		return a, elsewhere, err
	}
	a, err = d.users.Lookup(ctx, directoryID, name)
	return a, false, err
}

// invitations let people in who hold a link.
type invitations struct {
	room *tamachi.Service
	as   gate.Principal // sets the password, in the trail
}

var _ webaccess.Invitations = invitations{}

// Guest says whose a link is.
func (i invitations) Guest(ctx context.Context, secret string) (desktops.Guest, error) {
	return i.room.Guest(ctx, secret)
}

// Accept sets the password in the name of the service.
func (i invitations) Accept(ctx context.Context, g desktops.Guest, secret, password string) error {
	_, err := i.as.Do(ctx, g.Account, g.Region, "tamachi", "AcceptInvitation", &tamachi.AcceptInvitationInput{Token: &secret, Password: &password})
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[smithy.APIError](err); ok {
		switch known.ErrorCode() {
		case "ResourceNotFoundException":
			return desktops.ErrNoPass
		case "InvalidPasswordException", "ValidationException":
			return &desktops.WeakPasswordError{Why: string(cmp.Or(directory.Weakness(password, g.UserName), directory.Unfit))}
		case "InvalidResourceStateException":
			return fmt.Errorf("%w: %w", desktops.ErrKeptOut, err)
		}
	}
	return err
}
