package change

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/plan"
)

// The names of the actions that put a user into a group of a directory, and
// take one out.
const (
	AddMember    = "ds-data:AddGroupMember"
	RemoveMember = "ds-data:RemoveGroupMember"
)

// Membership is the input of both.
type Membership struct {
	Directory string `json:"directory"`
	Group     string `json:"group"`
	User      string `json:"user"`
}

// AddCLI is adding by the AWS CLI.
func (m Membership) AddCLI() string { return m.cli("add-group-member") }

// RemoveCLI is removing by the AWS CLI.
func (m Membership) RemoveCLI() string { return m.cli("remove-group-member") }

func (m Membership) cli(verb string) string {
	return plan.Shell("aws", "ds-data", verb, "--directory-id", m.Directory, "--group-name", m.Group, "--member-name", m.User)
}

func memberships() plan.Actions {
	read := []string{"ds-data:ListGroupMembers", "ds:AccessDSData"}
	return plan.Actions{
		AddMember: plan.One(func(ctx context.Context, a *account.Account, ask plan.Ask[Membership]) (plan.Seen, error) {
			return seeMember(ctx, a, ask.Input, true)
		}, func(ctx context.Context, a *account.Account, ask plan.Ask[Membership]) error {
			return explained("ds-data:AddGroupMember", a.People.AddGroupMember(ctx, ask.Input.call(ask.Token)))
		}).Needs(read, []string{"ds-data:AddGroupMember"}),
		RemoveMember: plan.One(func(ctx context.Context, a *account.Account, ask plan.Ask[Membership]) (plan.Seen, error) {
			return seeMember(ctx, a, ask.Input, false)
		}, func(ctx context.Context, a *account.Account, ask plan.Ask[Membership]) error {
			return explained("ds-data:RemoveGroupMember", a.People.RemoveGroupMember(ctx, ask.Input.call(ask.Token)))
		}).Needs(read, []string{"ds-data:RemoveGroupMember"}),
	}
}

func (m Membership) call(token string) *dsdata.GroupMemberInput {
	return &dsdata.GroupMemberInput{ClientToken: token, DirectoryID: m.Directory, GroupName: m.Group, MemberName: m.User}
}

func explained(action string, err error) error {
	if err == nil {
		return nil
	}
	return account.Explain(action, err)
}

// seeMember reads the group's members until the user is among them.
func seeMember(ctx context.Context, a *account.Account, m Membership, want bool) (plan.Seen, error) {
	is := false
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := a.People.ListGroupMembers(ctx, &dsdata.ListGroupMembersInput{
			DirectoryID: m.Directory, SAMAccountName: m.Group, NextToken: aws.ToString(token),
		})
		if err != nil {
			return nil, err
		}
		for _, one := range out.Members {
			is = is || strings.EqualFold(one.SAMAccountName, m.User)
		}
		if is {
			return nil, nil //nolint:nilnil // no further page is wanted
		}
		return &out.NextToken, nil
	})
	if err != nil {
		p := account.Explain("ds-data:ListGroupMembers", err)
		if p.Kind == account.Missing {
			return plan.Seen{State: plan.Drifted, Note: "there is no group " + m.Group + " in " + m.Directory}, nil
		}
		return plan.Seen{}, p
	}
	if is == want {
		return plan.Seen{State: plan.Done}, nil
	}
	return plan.Seen{State: plan.Todo}, nil
}
