package tamachi

import (
	"errors"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// invitation is the mail that tells a person of their desktop. There is one of
// each desktop; sent again, it takes the place of the one before, whose link
// ends.
type invitation struct {
	WorkspaceID      string    `json:"workspaceId"`
	DirectoryID      string    `json:"directoryId"`
	UserName         string    `json:"userName"`
	RegistrationCode string    `json:"registrationCode"`
	State            invited   `json:"state"`
	Error            string    `json:"error,omitempty"` // why it failed
	Email            string    `json:"email,omitempty"`
	NoticeID         string    `json:"noticeId,omitempty"`
	Hash             string    `json:"hash,omitempty"` // SHA-256 of the link's secret; none = no link, or a used one
	Asked            time.Time `json:"asked"`
	Next             time.Time `json:"next,omitzero"` // when the directory is asked again
	Expires          time.Time `json:"expires,omitzero"`
	Accepted         time.Time `json:"accepted,omitzero"`
}

// invited is how far an invitation has come.
type invited string

const (
	toWrite  invited = "WAITING"  // its receiver's address is not known yet
	written  invited = "SENT"     // the mail is under way: its notice says how far
	used     invited = "ACCEPTED" // the password was set by its link
	notToBe  invited = "FAILED"   // there is nobody or no address to send it to
	outdated invited = "EXPIRED"  // shown for one whose link was not used in time; never stored
)

// linkLife is how long a link can be used: seven days, as on AWS (WorkSpaces
// Administration Guide, "Send an invitation email").
const linkLife = 7 * 24 * time.Hour

var invitations = store.Table[invitation]{
	Name:  "tamachi.invitations",
	Reach: store.Regional,
	Key:   func(i *invitation) string { return i.WorkspaceID },
	Indexes: map[string]func(*invitation) string{
		"hash": func(i *invitation) string { return i.Hash },
		"waiting": func(i *invitation) string {
			if i.State == toWrite {
				return "yes"
			}
			return ""
		},
	},
}

// Invite asks for an invitation, within the transaction in which the desktop
// becomes ready. It is written by Upkeep, since the directory must be asked for
// the person's address.
func (s *Service) Invite(tx *store.Tx, sc store.Scope, n desktops.Newcomer) error {
	now := s.clk.Now()
	return invitations.Put(tx, sc, &invitation{
		WorkspaceID: n.WorkspaceID, DirectoryID: n.DirectoryID, UserName: n.UserName, RegistrationCode: n.RegistrationCode,
		State: toWrite, Asked: now, Next: now,
	})
}

// Withdraw ends the invitation to a desktop that is gone, and its link; one
// that was never made is no error.
func (s *Service) Withdraw(tx *store.Tx, sc store.Scope, workspaceID string) error {
	err := invitations.Delete(tx, sc, workspaceID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// shown is the state as it is told at a moment.
func (i *invitation) shown(now time.Time) invited {
	if i.State == written && i.Hash != "" && !now.Before(i.Expires) {
		return outdated
	}
	return i.State
}

// write makes the invitation one whose mail is under way.
func (i *invitation) write(to Invitee, noticeID, hash string, now time.Time) {
	i.State, i.Error, i.Next = written, "", time.Time{}
	i.Email, i.NoticeID, i.Hash = to.Email, noticeID, hash
	if hash != "" {
		i.Expires = now.Add(linkLife)
	}
}

// fail ends an invitation that cannot be sent.
func (i *invitation) fail(why string) {
	i.State, i.Error, i.Next, i.Hash = notToBe, why, time.Time{}, ""
}

// accept uses up the link.
func (i *invitation) accept(now time.Time) { i.State, i.Accepted, i.Hash = used, now, "" }
