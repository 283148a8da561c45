package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/report"
)

// night is the batch after which two desktops are in ERROR. It runs once; one
// that was broken off is taken up again.
func (o *office) night(ctx context.Context) error {
	have, err := o.desktops(ctx)
	if err != nil {
		return err
	}
	missing := without(byNight, have)
	if o.record.Night == nightOver && len(missing) == 0 || o.record.Night == "" && len(missing) == 0 {
		o.talk.step(text.NightKept)
		return nil
	}
	o.talk.step(text.NightSession, "name", nightName)
	batch, err := o.session(ctx)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		if err := o.nightCreate(ctx, batch, missing); err != nil {
			return err
		}
	}
	if err := o.awaitErrors(ctx, batch, slices.Concat(missing, in(have, byNight))); err != nil {
		return err
	}
	o.talk.step(text.NightReset, "account", serviceAccount)
	if err := o.resetPassword(ctx, batch.Directories, serviceAccount); err != nil {
		return err
	}
	return o.remember(func(r *record) { r.Night = nightOver })
}

// in lists the users whose desktop was there and is in ERROR or on its way.
func in(have map[string]types.Workspace, users []string) []string {
	var out []string
	for _, u := range users {
		if w, ok := have[u]; ok && (w.State == types.WorkspaceStateError || w.State == types.WorkspaceStatePending) {
			out = append(out, u)
		}
	}
	return out
}

func (o *office) nightCreate(ctx context.Context, batch Hands, users []string) error {
	if err := o.remember(func(r *record) { r.Night = nightBegun }); err != nil {
		return err
	}
	o.talk.step(text.NightDisable, "account", serviceAccount)
	err := batch.People.DisableUser(ctx, &dsdata.DisableUserInput{DirectoryID: o.directory, SAMAccountName: serviceAccount})
	if err != nil && account.Explain("", err).Code != conflict {
		return account.Explain("ds-data:DisableUser", err)
	}
	o.talk.step(text.NightCreate, "users", strings.Join(users, ", "))
	return o.create(ctx, batch.Desktops, users)
}

// awaitErrors waits until the desktops of users are in ERROR. One that becomes
// AVAILABLE was not joined by the disabled account, and that is said.
func (o *office) awaitErrors(ctx context.Context, batch Hands, users []string) error {
	return o.watch(ctx, func() (report.Message, []any, bool, error) {
		all, err := account.AllDesktops(ctx, batch.Desktops, nil)
		if err != nil {
			return report.Message{}, nil, false, err
		}
		var states []string
		left := len(users)
		for _, w := range all {
			user := strings.ToLower(aws.ToString(w.UserName))
			if aws.ToString(w.DirectoryId) != o.directory || !slices.Contains(users, user) {
				continue
			}
			states = append(states, user+" "+string(w.State))
			switch w.State {
			case types.WorkspaceStateError:
				left--
			case types.WorkspaceStateAvailable:
				return report.Message{}, nil, false, errors.New(text.NotInError.In(o.talk.lang,
					"user", user, "state", string(w.State), "account", serviceAccount))
			default: // still on its way
			}
		}
		return text.NightWait, []any{"states", strings.Join(states, ", ")}, left == 0, nil
	})
}

// session makes the batch's credentials, so that the trail says who did it.
func (o *office) session(ctx context.Context) (Hands, error) {
	who, err := o.hands.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Hands{}, account.Explain("sts:GetCallerIdentity", err)
	}
	document, err := o.nightPolicy(aws.ToString(who.Account))
	if err != nil {
		return Hands{}, err
	}
	out, err := o.hands.Identity.GetFederationToken(ctx, &sts.GetFederationTokenInput{
		Name: aws.String(nightName), Policy: &document, DurationSeconds: aws.Int32(3600),
	})
	if err != nil {
		return Hands{}, account.Explain("sts:GetFederationToken", err)
	}
	return o.hands.As(out.Credentials), nil
}

// nightPolicy allows exactly what the batch does.
func (o *office) nightPolicy(accountID string) (string, error) {
	type statement struct {
		Effect   string
		Action   []string
		Resource []string
	}
	on := func(service, resource string) string {
		return arn.New(service, o.target.Region, accountID, resource).String()
	}
	b, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{
		{"Allow", []string{"ds:AccessDSData", "ds-data:DisableUser", "ds:ResetUserPassword"}, []string{on("ds", "directory/"+o.directory)}},
		{"Allow", []string{"workspaces:CreateWorkspaces", "workspaces:CreateTags"}, []string{
			on("workspaces", "directory/"+o.directory), on("workspaces", "workspacebundle/"+o.bundle), on("workspaces", "workspace/*"),
		}},
		{"Allow", []string{"workspaces:DescribeWorkspaces"}, []string{"*"}},
	}})
	if err != nil {
		return "", fmt.Errorf("write the batch's policy: %w", err)
	}
	return string(b), nil
}
