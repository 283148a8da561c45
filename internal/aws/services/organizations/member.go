package organizations

import (
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
	return &types.Account{
		Id: aws.String(m.Account), Arn: aws.String(o.arn("account", m.Account)), Name: aws.String(m.Name), Email: aws.String(m.Email),
		JoinedMethod: how, JoinedTimestamp: aws.Time(m.Joined),
		Status: types.AccountStatusActive, State: types.AccountStateActive,
	}
}

// of lists the accounts of an organization in the order of their numbers.
func of(tx *store.Tx, o *organization) ([]*member, error) {
	return members.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
}
