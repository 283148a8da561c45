package people

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/plan"
)

// The actions of this package. What stands behind the slash tells apart what
// one operation is used for.
const (
	createUser  = "ds-data:CreateUser"
	deleteUser  = "ds-data:DeleteUser"
	enableUser  = "ds:ResetUserPassword/Enable"
	disableUser = "ds-data:DisableUser"
)

// user is the input of the actions about an account.
type user struct {
	Directory string `json:"directory"`
	Account   string `json:"account"`
	Given     string `json:"given,omitempty"`
	Surname   string `json:"surname,omitempty"`
	Email     string `json:"email,omitempty"`
}

// Actions are the actions of this package.
func Actions(random io.Reader) plan.Actions {
	read := []string{"ds:AccessDSData", "ds-data:DescribeUser"}
	return plan.Join(plan.Actions{
		createUser:  plan.One(seeCreated, doCreate).Needs(read, []string{"ds-data:CreateUser"}),
		deleteUser:  plan.One(seeDeleted, doDelete).Needs(read, []string{"ds-data:DeleteUser"}),
		enableUser:  plan.One(seeEnabled(true), doEnable(random)).Needs(read, []string{"ds:ResetUserPassword"}),
		disableUser: plan.One(seeEnabled(false), doDisable).Needs(read, []string{"ds-data:DisableUser"}),
	}, desktopActions())
}

// find reads an account; nil where there is none.
func find(ctx context.Context, a *account.Account, u user) (*dsdata.DescribeUserOutput, error) {
	return account.FindUser(ctx, a.People, u.Directory, u.Account)
}

func seeCreated(ctx context.Context, a *account.Account, ask plan.Ask[user]) (plan.Seen, error) {
	got, err := find(ctx, a, ask.Input)
	switch {
	case err != nil:
		return plan.Seen{}, err
	case got == nil:
		return plan.Seen{State: plan.Todo}, nil
	case got.GivenName != ask.Input.Given || got.Surname != ask.Input.Surname:
		return plan.Seen{State: plan.Drifted, Note: "there is a " + ask.Input.Account + " of another name: " + strings.TrimSpace(got.Surname+" "+got.GivenName)}, nil
	}
	return plan.Seen{State: plan.Done}, nil
}

func doCreate(ctx context.Context, a *account.Account, ask plan.Ask[user]) error {
	u := ask.Input
	_, err := a.People.CreateUser(ctx, &dsdata.CreateUserInput{
		ClientToken: ask.Token, DirectoryID: u.Directory, SAMAccountName: u.Account, GivenName: u.Given, Surname: u.Surname, EmailAddress: u.Email,
	})
	return explained("ds-data:CreateUser", err)
}

func seeDeleted(ctx context.Context, a *account.Account, ask plan.Ask[user]) (plan.Seen, error) {
	got, err := find(ctx, a, ask.Input)
	if err != nil || got != nil {
		return plan.Seen{State: plan.Todo}, err
	}
	return plan.Seen{State: plan.Done}, nil
}

func doDelete(ctx context.Context, a *account.Account, ask plan.Ask[user]) error {
	return explained("ds-data:DeleteUser", a.People.DeleteUser(ctx, &dsdata.DeleteUserInput{
		ClientToken: ask.Token, DirectoryID: ask.Input.Directory, SAMAccountName: ask.Input.Account,
	}))
}

func seeEnabled(want bool) func(context.Context, *account.Account, plan.Ask[user]) (plan.Seen, error) {
	return func(ctx context.Context, a *account.Account, ask plan.Ask[user]) (plan.Seen, error) {
		got, err := find(ctx, a, ask.Input)
		switch {
		case err != nil:
			return plan.Seen{}, err
		case got == nil && want:
			return plan.Seen{State: plan.Drifted, Note: "the user is gone"}, nil
		case got == nil || aws.ToBool(got.Enabled) == want:
			return plan.Seen{State: plan.Done}, nil
		}
		return plan.Seen{State: plan.Todo}, nil
	}
}

// doEnable switches an account on by a password that nobody knows.
// Source: Directory Service API Reference, ResetUserPassword ("any user that
// is disabled ... becomes enabled").
func doEnable(random io.Reader) func(context.Context, *account.Account, plan.Ask[user]) error {
	return func(ctx context.Context, a *account.Account, ask plan.Ask[user]) error {
		secret, err := account.Password(random)
		if err != nil {
			return err
		}
		_, err = a.Directories.ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{
			DirectoryId: &ask.Input.Directory, UserName: &ask.Input.Account, NewPassword: &secret,
		})
		return explained("ds:ResetUserPassword", err)
	}
}

func doDisable(ctx context.Context, a *account.Account, ask plan.Ask[user]) error {
	return explained("ds-data:DisableUser", a.People.DisableUser(ctx, &dsdata.DisableUserInput{
		ClientToken: ask.Token, DirectoryID: ask.Input.Directory, SAMAccountName: ask.Input.Account,
	}))
}

// groupsOf reads the groups of an account; none where there is no such account.
func groupsOf(ctx context.Context, p Directory, directory, name string) ([]string, error) {
	var all []string
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := p.ListGroupsForMember(ctx, &dsdata.ListGroupsForMemberInput{DirectoryID: directory, SAMAccountName: name, NextToken: aws.ToString(token)})
		if err != nil {
			return nil, err
		}
		for _, g := range out.Groups {
			all = append(all, g.SAMAccountName)
		}
		return &out.NextToken, nil
	})
	if err == nil {
		return all, nil
	}
	if problem := account.Explain("ds-data:ListGroupsForMember", err); problem.Kind != account.Missing {
		return nil, problem
	}
	return nil, nil
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// explained is a call's error with its action; nil stays nil.
func explained(action string, err error) error {
	if err == nil {
		return nil
	}
	return account.Explain(action, err)
}

// line writes an AWS CLI line.
func line(words ...string) string { return plan.Shell(append([]string{"aws"}, words...)...) }

// named is how a user is called where the name is known.
func named(u user) string {
	return cmp.Or(strings.TrimSpace(u.Surname+" "+u.Given), u.Account) + fmt.Sprintf(" (%s)", u.Account)
}
