package change

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// The actions that put a new desktop in the place of a broken one. They are two
// steps of one group: a user can have one desktop in a directory, so the old one
// must be gone before the new one is asked for.
const (
	EndOld    = "workspaces:TerminateWorkspaces/Replaced"
	CreateNew = "workspaces:CreateWorkspaces/Replacement"
)

// Old is the input of EndOld.
type Old struct {
	Desktop string `json:"desktop"`
	State   string `json:"state,omitempty"` // it is ended only in this one; "" is any
}

// New is the input of CreateNew.
type New struct {
	Old     string  `json:"old"` // not to be taken for the new one
	Request Request `json:"request"`
}

// Request is what a desktop is created with.
type Request struct {
	Directory       string            `json:"directory"`
	User            string            `json:"user"`
	Bundle          string            `json:"bundle"`
	RunningMode     string            `json:"runningMode,omitempty"`
	AutoStopMinutes int32             `json:"autoStopMinutes,omitempty"`
	ComputeType     string            `json:"computeType,omitempty"`
	RootGiB         int32             `json:"rootGiB,omitempty"`
	UserGiB         int32             `json:"userGiB,omitempty"`
	Protocols       []string          `json:"protocols,omitempty"`
	Key             string            `json:"key,omitempty"` // ARN of the volumes' KMS key
	EncryptRoot     bool              `json:"encryptRoot,omitempty"`
	EncryptUser     bool              `json:"encryptUser,omitempty"`
	Name            string            `json:"name,omitempty"`
	Tags            map[string]string `json:"tags,omitempty"`
}

// Like is the request for a desktop like another, without its tags.
func Like(w types.Workspace) Request {
	r := Request{
		Directory: aws.ToString(w.DirectoryId), User: aws.ToString(w.UserName), Bundle: aws.ToString(w.BundleId),
		Key: aws.ToString(w.VolumeEncryptionKey), EncryptRoot: aws.ToBool(w.RootVolumeEncryptionEnabled),
		EncryptUser: aws.ToBool(w.UserVolumeEncryptionEnabled), Name: aws.ToString(w.WorkspaceName),
	}
	if p := w.WorkspaceProperties; p != nil {
		r.RunningMode, r.ComputeType = string(p.RunningMode), string(p.ComputeTypeName)
		r.RootGiB, r.UserGiB = aws.ToInt32(p.RootVolumeSizeGib), aws.ToInt32(p.UserVolumeSizeGib)
		for _, protocol := range p.Protocols {
			r.Protocols = append(r.Protocols, string(protocol))
		}
		if p.RunningMode == types.RunningModeAutoStop {
			r.AutoStopMinutes = aws.ToInt32(p.RunningModeAutoStopTimeoutInMinutes)
		}
	}
	return r
}

func replacements() plan.Actions {
	read := []string{"workspaces:DescribeWorkspaces"}
	return plan.Actions{
		EndOld:    plan.Many(account.Batch, seeOld, endOld).Needs(read, []string{"workspaces:TerminateWorkspaces"}),
		CreateNew: plan.Many(account.Batch, seeNew, createNew).Needs(read, []string{"workspaces:CreateTags", "workspaces:CreateWorkspaces"}),
	}
}

func seeOld(ctx context.Context, a *account.Account, asks []plan.Ask[Old]) ([]plan.Seen, error) {
	ids := make([]string, len(asks))
	for i, ask := range asks {
		ids[i] = ask.Input.Desktop
	}
	now, err := account.DesktopsByID(ctx, a.Desktops, ids)
	if err != nil {
		return nil, err
	}
	state := map[string]types.WorkspaceState{}
	for _, w := range now {
		state[aws.ToString(w.WorkspaceId)] = w.State
	}
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		switch s := state[ask.Input.Desktop]; {
		case s == "" || s == types.WorkspaceStateTerminated:
			seen[i] = plan.Seen{State: plan.Done}
		case s == types.WorkspaceStateTerminating:
			seen[i] = plan.Seen{State: plan.Moving, Note: "the desktop is TERMINATING"}
		case ask.Input.State != "" && ask.Input.State != string(s):
			seen[i] = plan.Seen{State: plan.Drifted, Note: "the desktop is " + string(s) + " now, not in " + ask.Input.State}
		default:
			seen[i] = plan.Seen{State: plan.Todo}
		}
	}
	return seen, nil
}

func endOld(ctx context.Context, a *account.Account, asks []plan.Ask[Old]) []error {
	ends := make([]plan.Ask[Desktop], len(asks))
	for i, ask := range asks {
		ends[i].Input.Desktop = ask.Input.Desktop
	}
	return terminate(ctx, a, ends)
}

// seeNew looks for the users' desktops: CreateWorkspaces has no client token, so
// that one which came of a call whose answer was lost is known by its user.
func seeNew(ctx context.Context, a *account.Account, asks []plan.Ask[New]) ([]plan.Seen, error) {
	seen := make([]plan.Seen, len(asks))
	for i, ask := range asks {
		q := ask.Input.Request
		out, err := a.Desktops.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{DirectoryId: &q.Directory, UserName: &q.User})
		if err != nil {
			return nil, account.Explain("workspaces:DescribeWorkspaces", err)
		}
		seen[i] = compareNew(out.Workspaces, ask.Input)
	}
	return seen, nil
}

func compareNew(found []types.Workspace, n New) plan.Seen {
	i := slices.IndexFunc(found, func(w types.Workspace) bool {
		return aws.ToString(w.WorkspaceId) != n.Old && w.State != types.WorkspaceStateTerminated && w.State != types.WorkspaceStateTerminating
	})
	if i < 0 {
		return plan.Seen{State: plan.Todo}
	}
	w := found[i]
	note := aws.ToString(w.WorkspaceId) + " is " + string(w.State)
	switch w.State {
	case types.WorkspaceStateError:
		note += ": " + strings.TrimPrefix(aws.ToString(w.ErrorCode)+": "+aws.ToString(w.ErrorMessage), ": ")
		return plan.Seen{State: plan.Moving, Note: note, Failed: true}
	case types.WorkspaceStateAvailable, types.WorkspaceStateStopped:
		got := Like(w)
		if got.Bundle != n.Request.Bundle || n.Request.RunningMode != "" && got.RunningMode != n.Request.RunningMode {
			return plan.Seen{State: plan.Drifted, Note: fmt.Sprintf("%s: not as asked: bundle %s, %s", note, got.Bundle, got.RunningMode)}
		}
		return plan.Seen{State: plan.Done, Note: note}
	default:
		return plan.Seen{State: plan.Moving, Note: note}
	}
}

func createNew(ctx context.Context, a *account.Account, asks []plan.Ask[New]) []error {
	in := &workspaces.CreateWorkspacesInput{}
	for _, ask := range asks {
		in.Workspaces = append(in.Workspaces, ask.Input.Request.sdk())
	}
	out, err := a.Desktops.CreateWorkspaces(ctx, in)
	if err != nil {
		return slices.Repeat([]error{account.Explain("workspaces:CreateWorkspaces", err)}, len(asks))
	}
	errs := make([]error, len(asks))
	for _, f := range out.FailedRequests {
		for i, ask := range asks {
			q := ask.Input.Request
			if r := f.WorkspaceRequest; r != nil && aws.ToString(r.DirectoryId) == q.Directory && strings.EqualFold(aws.ToString(r.UserName), q.User) {
				errs[i] = fmt.Errorf("%s: %s", cmp.Or(aws.ToString(f.ErrorCode), "refused"), aws.ToString(f.ErrorMessage))
			}
		}
	}
	return errs
}

// sdk is the request as CreateWorkspaces takes it.
func (q Request) sdk() types.WorkspaceRequest {
	r := types.WorkspaceRequest{
		DirectoryId: aws.String(q.Directory), UserName: aws.String(q.User), BundleId: aws.String(q.Bundle),
		WorkspaceProperties: &types.WorkspaceProperties{
			RunningMode: types.RunningMode(q.RunningMode), ComputeTypeName: types.Compute(q.ComputeType),
		},
	}
	if q.AutoStopMinutes > 0 {
		r.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = aws.Int32(q.AutoStopMinutes)
	}
	if q.RootGiB > 0 && q.UserGiB > 0 {
		r.WorkspaceProperties.RootVolumeSizeGib, r.WorkspaceProperties.UserVolumeSizeGib = aws.Int32(q.RootGiB), aws.Int32(q.UserGiB)
	}
	for _, p := range q.Protocols {
		r.WorkspaceProperties.Protocols = append(r.WorkspaceProperties.Protocols, types.Protocol(p))
	}
	if q.Key != "" {
		r.VolumeEncryptionKey = aws.String(q.Key)
		r.RootVolumeEncryptionEnabled, r.UserVolumeEncryptionEnabled = aws.Bool(q.EncryptRoot), aws.Bool(q.EncryptUser)
	}
	if q.Name != "" {
		r.WorkspaceName = aws.String(q.Name)
	}
	for _, k := range slices.Sorted(maps.Keys(q.Tags)) {
		r.Tags = append(r.Tags, types.Tag{Key: aws.String(k), Value: aws.String(q.Tags[k])})
	}
	return r
}

// CLI is the same by the AWS CLI.
func (o Old) CLI() string {
	return plan.Shell("aws", "workspaces", "terminate-workspaces", "--terminate-workspace-requests", o.Desktop)
}
