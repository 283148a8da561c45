package organizations

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// member is an account of an organization.
type member struct {
	Account      string
	Organization string
	Name         string
	Email        string
	Joined       time.Time
	Created      bool // by the organization, rather than there before it
	Role         string
	Tags         map[string]string
	Parent       string `json:",omitempty"` // a unit; empty for the root
	Closed       bool   `json:",omitempty"`
}

var members = store.Table[member]{
	Name:  "organizations.members",
	Reach: store.Plane,
	Key:   func(m *member) string { return m.Account },
	Indexes: map[string]func(*member) string{
		"organization": func(m *member) string { return m.Organization },
		"email":        func(m *member) string { return strings.ToLower(m.Email) },
	},
}

func (m *member) shown(o *organization) *types.Account {
	how := types.AccountJoinedMethodInvited // as AWS says of the management account
	if m.Created {
		how = types.AccountJoinedMethodCreated
	}
	status, state := types.AccountStatusActive, types.AccountStateActive
	if m.Closed {
		status, state = types.AccountStatusSuspended, types.AccountStateSuspended
	}
	return &types.Account{
		Id: aws.String(m.Account), Arn: aws.String(o.arn("account", m.Account)), Name: aws.String(m.Name), Email: aws.String(m.Email),
		JoinedMethod: how, JoinedTimestamp: aws.Time(m.Joined),
		Status: status, State: state,
	}
}

// parent is where an account lies in the tree.
func (m *member) parent(o *organization) string {
	if m.Parent == "" {
		return o.Root
	}
	return m.Parent
}

// memberOf returns an account of the organization, or nil.
func memberOf(tx *store.Tx, o *organization, account string) (*member, error) {
	m, err := members.Get(tx, store.Scope{}, account)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.Organization != o.ID {
		return nil, nil
	}
	return m, err
}

// wantMember is memberOf with the error of operations on accounts.
func wantMember(tx *store.Tx, o *organization, account string) (*member, error) {
	m, err := memberOf(tx, o, account)
	if err == nil && m == nil {
		err = &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
	}
	return m, err
}

// leave takes an account out of the organization; it stays on the plane. Nobody
// waits for its consent to all features any more.
func (m *member) leave(tx *store.Tx, o *organization, now time.Time) error {
	if m.Account == o.Management {
		return &types.MasterCannotLeaveOrganizationException{Message: aws.String("You can't remove the master account from the organization.")}
	}
	trusted, err := delegatesOf(tx, o, m.Account)
	if err != nil {
		return err
	}
	if len(trusted) > 0 {
		return violation(types.ConstraintViolationExceptionReasonCannotRemoveDelegatedAdministratorFromOrg,
			"You can't remove an account that is registered as a delegated administrator for a service.")
	}
	if err := errors.Join(detachAll(tx, o, m.Account), members.Delete(tx, store.Scope{}, m.Account)); err != nil {
		return err
	}
	pending, err := o.migration(tx, now)
	if err != nil || pending == nil {
		return err
	}
	return pending.settle(tx)
}

// of lists the accounts of an organization in the order of their numbers.
func of(tx *store.Tx, o *organization) ([]*member, error) {
	return members.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
}

// Closed tells whether an account was closed.
func (s *Service) Closed(ctx context.Context, account string) (bool, error) {
	closed, known, round := s.closed.Get(account)
	if known {
		return closed, nil
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := members.Get(tx, store.Scope{}, account)
		if errors.Is(err, store.ErrNotFound) {
			closed = false
			return nil
		}
		if err == nil {
			closed = m.Closed
		}
		return err
	})
	if err == nil {
		s.closed.Keep(account, closed, round)
	}
	return closed, err
}
