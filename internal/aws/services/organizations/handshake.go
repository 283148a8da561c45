package organizations

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// handshake is what one account asks of another: to join an organization, or to
// agree that its organization enables all features.
type handshake struct {
	ID           string // h-...
	Organization string
	Management   string
	FeatureSet   string
	Account      string // who is asked
	Email        string // how they were named, if by their address
	Notes        string
	State        string
	Requested    time.Time
	Expires      time.Time
	Tags         map[string]string // of the account, once it joins
	Action       string            `json:",omitempty"` // empty for an invitation
	Parent       string            `json:",omitempty"` // the handshake that this one is a part of
}

var handshakes = store.Table[handshake]{
	Name:  "organizations.handshakes",
	Reach: store.Plane,
	Key:   func(h *handshake) string { return h.ID },
	Indexes: map[string]func(*handshake) string{
		"organization": func(h *handshake) string { return h.Organization },
		"account":      func(h *handshake) string { return h.Account },
		"parent":       func(h *handshake) string { return h.Parent },
	},
}

// How long an invitation stands, and how long it can be read after it ended.
// Source: Organizations User Guide, "Managing account invitations".
const (
	invitationStands = 15 * 24 * time.Hour
	invitationKept   = 30 * 24 * time.Hour
)

// at is the state at a time: what waits for an answer expires by itself.
func (h *handshake) at(now time.Time) types.HandshakeState {
	state := types.HandshakeState(h.State)
	if (state == types.HandshakeStateOpen || state == types.HandshakeStateRequested) && !now.Before(h.Expires) {
		return types.HandshakeStateExpired
	}
	return state
}

// action is what the handshake is about.
func (h *handshake) action() types.ActionType {
	if h.Action == "" {
		return types.ActionTypeInviteAccountToOrganization
	}
	return types.ActionType(h.Action)
}

func (h *handshake) arn() string {
	return arnOf(&organization{Management: h.Management}, "handshake/"+h.Organization+"/"+strings.ToLower(string(h.action()))+"/"+h.ID)
}

func (h *handshake) shown(now time.Time) *types.Handshake {
	target := types.HandshakeParty{Id: aws.String(h.Account), Type: types.HandshakePartyTypeAccount}
	resource := types.HandshakeResource{Type: types.HandshakeResourceTypeAccount, Value: aws.String(h.Account)}
	if h.Email != "" {
		target = types.HandshakeParty{Id: aws.String(h.Email), Type: types.HandshakePartyTypeEmail}
		resource = types.HandshakeResource{Type: types.HandshakeResourceTypeEmail, Value: aws.String(h.Email)}
	}
	whole := types.HandshakeResource{Type: types.HandshakeResourceTypeOrganization, Value: aws.String(h.Organization)}
	if h.Action == "" {
		whole.Resources = []types.HandshakeResource{{Type: types.HandshakeResourceTypeOrganizationFeatureSet, Value: aws.String(h.FeatureSet)}}
	}
	out := &types.Handshake{
		Id: aws.String(h.ID), Arn: aws.String(h.arn()), Action: h.action(), State: h.at(now),
		RequestedTimestamp: aws.Time(h.Requested), ExpirationTimestamp: aws.Time(h.Expires),
		Parties:   []types.HandshakeParty{{Id: aws.String(h.Organization[len("o-"):]), Type: types.HandshakePartyTypeOrganization}},
		Resources: []types.HandshakeResource{whole},
	}
	if h.Account != h.Management {
		out.Parties, out.Resources = append(out.Parties, target), append(out.Resources, resource)
	}
	if h.Parent != "" {
		out.Resources = append(out.Resources, types.HandshakeResource{Type: types.HandshakeResourceTypeParentHandshake, Value: aws.String(h.Parent)})
	}
	if h.Notes != "" {
		out.Resources = append(out.Resources, types.HandshakeResource{Type: types.HandshakeResourceTypeNotes, Value: aws.String(h.Notes)})
	}
	return out
}

// wantHandshake returns a handshake that an account is a party of.
func wantHandshake(tx *store.Tx, id, account string) (*handshake, error) {
	h, err := handshakes.Get(tx, store.Scope{}, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && h.Account != account && h.Management != account {
		return nil, &types.HandshakeNotFoundException{Message: aws.String("You specified a handshake that doesn't exist.")}
	}
	return h, err
}

// end moves a handshake that waits to its end. One that still waits for others
// can only be cancelled.
func (h *handshake) end(now time.Time, to types.HandshakeState) error {
	state := h.at(now)
	switch {
	case state == to:
		return &types.HandshakeAlreadyInStateException{Message: aws.String("The specified handshake is already in the requested state.")}
	case state == types.HandshakeStateOpen, state == types.HandshakeStateRequested && to == types.HandshakeStateCanceled:
		h.State = string(to)
		return nil
	}
	return &types.InvalidHandshakeTransitionException{Message: aws.String("You can't perform the operation on the handshake in its current state.")}
}

// acceptGuest tells whether an organization may invite who is named.
func (s *Service) acceptGuest(tx *store.Tx, o *organization, who *types.HandshakeParty, now time.Time) error {
	refuse := func(reason types.InvalidInputExceptionReason, text string) error {
		return &types.InvalidInputException{Message: aws.String(text), Reason: reason}
	}
	switch who.Type {
	case types.HandshakePartyTypeAccount:
	case types.HandshakePartyTypeEmail: // addresses of accounts outside are not known here
		return refuse(types.InvalidInputExceptionReasonInvalidEmailAddressTarget, "You specified an invalid email address for the invited account owner.")
	case types.HandshakePartyTypeOrganization:
		return refuse(types.InvalidInputExceptionReasonInvalidPartyTypeTarget, "You specified the wrong type of entity (account, organization, or email) as a party.")
	}
	pending, err := o.migration(tx, now)
	if err != nil {
		return err
	}
	if pending != nil {
		return constrained(types.HandshakeConstraintViolationExceptionReasonInviteDisabledDuringEnableAllFeatures,
			"You can't issue new invitations to join an organization while it's in the process of enabling all features.")
	}
	account := aws.ToString(who.Id)
	there, err := s.ports.Founder.Founded(tx, account)
	if err != nil {
		return err
	}
	if !there {
		return &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
	}
	_, err = members.Get(tx, store.Scope{}, account)
	if err == nil {
		return alreadyMember()
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	sent, err := handshakes.By(tx, store.Scope{}, "account", account, store.Page{})
	for _, h := range sent {
		if h.Organization == o.ID && h.at(now) == types.HandshakeStateOpen {
			return &types.DuplicateHandshakeException{Message: aws.String("A handshake with the same action and target already exists.")}
		}
	}
	return err
}

func alreadyMember() error {
	return constrained(types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization, "The account is already a member of an organization.")
}

func constrained(reason types.HandshakeConstraintViolationExceptionReason, text string) error {
	return &types.HandshakeConstraintViolationException{Message: aws.String(text), Reason: reason}
}

// shownOf is a page of handshakes that a filter wants and that ended no longer
// ago than they can be read.
func shownOf(operation string, now time.Time, token *string, limit *int32, filter *types.HandshakeFilter, all []*handshake) ([]types.Handshake, *string, error) {
	all = slices.DeleteFunc(all, func(h *handshake) bool { return !h.wanted(filter) || now.After(h.Expires.Add(invitationKept)) })
	shown, next, err := page(operation, token, limit, all, handshakes.Key)
	out := make([]types.Handshake, 0, len(shown))
	for _, h := range shown {
		out = append(out, *h.shown(now))
	}
	return out, next, err
}

// closeHandshake ends a handshake that waits, by one of its sides, with what
// follows from that, and shows it.
func (s *Service) closeHandshake(
	ctx context.Context, id string, side func(*handshake) string, to types.HandshakeState, follow func(*store.Tx, *handshake) error,
) (shown *types.Handshake, err error) {
	call := api.CallFrom(ctx)
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := wantHandshake(tx, id, call.Account)
		if err != nil {
			return err
		}
		if side(h) != call.Account {
			return denied()
		}
		if err := h.end(call.Time, to); err != nil {
			return err
		}
		if err := handshakes.Put(tx, store.Scope{}, h); err != nil {
			return err
		}
		shown = h.shown(call.Time)
		return follow(tx, h)
	})
	return shown, err
}

// asked and asker are the sides of a handshake.
func asked(h *handshake) string { return h.Account }
func asker(h *handshake) string { return h.Management }

// wanted tells whether a filter wants a handshake.
func (h *handshake) wanted(f *types.HandshakeFilter) bool {
	return f == nil || (f.ActionType == "" || f.ActionType == h.action()) && (f.ParentHandshakeId == nil || *f.ParentHandshakeId == h.Parent)
}
