package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/policy"
)

// house is a plane in memory: a join is refused while the joining account is
// off, and a session may do what its policy says.
type house struct {
	t         *testing.T
	directory *dstypes.DirectoryDescription
	state     types.WorkspaceDirectoryState
	users     map[string]*user
	desktops  []*types.Workspace
	next      int
	changes   []string // who did what, in order
	lacks     []string // operations that this plane does not have
	fault     func(operation string) error
	lost      string // the operation whose next answer is lost; what it does is done
	joinsNot  bool   // a plane that does not join desktops at all
}

type user struct{ enabled, password bool }

// caller is the house seen by one caller.
type caller struct {
	*house
	name   string
	policy *policy.Document
}

func newHouse(t *testing.T) *house { return &house{t: t, users: map[string]*user{}} }

func (h *house) hands(c caller) Hands {
	return Hands{Identity: c, Directories: c, People: c, Desktops: c, As: func(s *ststypes.Credentials) Hands {
		d, err := policy.Parse(*s.SessionToken)
		if err != nil {
			h.t.Fatalf("the session's policy: %v", err)
		}
		return h.hands(caller{h, *s.AccessKeyId, d})
	}}
}

// enter refuses what the plane lacks or the caller may not do.
func (c caller) enter(action string, change bool, resources ...string) error {
	_, operation, _ := strings.Cut(action, ":")
	if c.fault != nil {
		if err := c.fault(operation); err != nil {
			return err
		}
	}
	if slices.Contains(c.lacks, operation) {
		return &smithy.GenericAPIError{Code: "UnknownOperationException"}
	}
	for _, r := range resources {
		if c.policy != nil && !allowed(c.policy, action, r) {
			return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: c.name + " may not " + action + " on " + r}
		}
	}
	if change {
		c.house.changes = append(c.house.changes, c.name+" "+operation)
	}
	return nil
}

func (c caller) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{Account: aws.String("111122223333")}, nil
}

func (c caller) GetFederationToken(_ context.Context, in *sts.GetFederationTokenInput, _ ...func(*sts.Options)) (*sts.GetFederationTokenOutput, error) {
	if len(*in.Policy) > 2048 {
		return nil, &smithy.GenericAPIError{Code: "PackedPolicyTooLarge"}
	}
	return &sts.GetFederationTokenOutput{Credentials: &ststypes.Credentials{AccessKeyId: in.Name, SessionToken: in.Policy}}, c.enter("sts:GetFederationToken", false)
}

func (c caller) DescribeDirectories(context.Context, *directoryservice.DescribeDirectoriesInput, ...func(*directoryservice.Options)) (*directoryservice.DescribeDirectoriesOutput, error) {
	out := &directoryservice.DescribeDirectoriesOutput{}
	if d := c.house.directory; d != nil {
		out.DirectoryDescriptions = []dstypes.DirectoryDescription{*d}
		if d.Stage == dstypes.DirectoryStageDeleting { // the next look sees it gone, or active
			c.house.directory = nil
		}
		d.Stage = dstypes.DirectoryStageActive
	}
	return out, c.enter("ds:DescribeDirectories", false)
}

func (c caller) CreateDirectory(_ context.Context, in *directoryservice.CreateDirectoryInput, _ ...func(*directoryservice.Options)) (*directoryservice.CreateDirectoryOutput, error) {
	if err := c.enter("ds:CreateDirectory", true); err != nil {
		return nil, err
	}
	c.directory = &dstypes.DirectoryDescription{
		DirectoryId: aws.String("d-9067012345"), Name: in.Name, Description: in.Description, Stage: dstypes.DirectoryStageCreating,
	}
	c.house.directory = c.directory
	return &directoryservice.CreateDirectoryOutput{DirectoryId: c.directory.DirectoryId}, nil
}

func (c caller) DeleteDirectory(_ context.Context, in *directoryservice.DeleteDirectoryInput, _ ...func(*directoryservice.Options)) (*directoryservice.DeleteDirectoryOutput, error) {
	if err := c.enter("ds:DeleteDirectory", true); err != nil {
		return nil, err
	}
	switch d := c.house.directory; {
	case d == nil || *d.DirectoryId != *in.DirectoryId || d.Stage == dstypes.DirectoryStageDeleting:
		return nil, &smithy.GenericAPIError{Code: "EntityDoesNotExistException"}
	case c.house.state != "":
		return nil, &smithy.GenericAPIError{Code: "ClientException", Message: "it still has authorized applications"}
	default:
		d.Stage, c.house.users = dstypes.DirectoryStageDeleting, map[string]*user{}
	}
	return &directoryservice.DeleteDirectoryOutput{}, c.answer("DeleteDirectory")
}

// answer loses the answer that was to be lost.
func (c caller) answer(operation string) error {
	if c.house.lost != operation {
		return nil
	}
	c.house.lost = ""
	return errors.New("the line broke")
}

const dsARN = "arn:aws:ds:ap-northeast-1:111122223333:directory/d-9067012345"

func (c caller) ResetUserPassword(_ context.Context, in *directoryservice.ResetUserPasswordInput, _ ...func(*directoryservice.Options)) (*directoryservice.ResetUserPasswordOutput, error) {
	if err := c.enter("ds:ResetUserPassword", true, dsARN); err != nil {
		return nil, err
	}
	u := c.users[*in.UserName]
	if u == nil {
		return nil, &smithy.GenericAPIError{Code: "UserDoesNotExistException"}
	}
	if len(*in.NewPassword) < 20 {
		c.t.Errorf("want a long password, got %d characters", len(*in.NewPassword))
	}
	u.enabled, u.password = true, true
	return &directoryservice.ResetUserPasswordOutput{}, nil
}

func (c caller) CreateUser(_ context.Context, in *dsdata.CreateUserInput) (*dsdata.CreateUserOutput, error) {
	if err := c.enter("ds-data:CreateUser", true); err != nil {
		return nil, err
	}
	if c.users[in.SAMAccountName] != nil {
		return nil, &smithy.GenericAPIError{Code: "ConflictException"}
	}
	c.users[in.SAMAccountName] = &user{}
	return &dsdata.CreateUserOutput{}, nil
}

func (c caller) DescribeUser(_ context.Context, in *dsdata.DescribeUserInput) (*dsdata.DescribeUserOutput, error) {
	u := c.users[in.SAMAccountName]
	if u == nil {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException"}
	}
	return &dsdata.DescribeUserOutput{Enabled: &u.enabled}, nil
}

func (c caller) DisableUser(_ context.Context, in *dsdata.DisableUserInput) error {
	if err := c.enter("ds-data:DisableUser", true, dsARN); err != nil {
		return err
	}
	u := c.users[in.SAMAccountName]
	if !u.enabled {
		return &smithy.GenericAPIError{Code: "ConflictException"}
	}
	u.enabled = false
	return nil
}

func (c caller) DescribeWorkspaceDirectories(context.Context, *workspaces.DescribeWorkspaceDirectoriesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceDirectoriesOutput, error) {
	out := &workspaces.DescribeWorkspaceDirectoriesOutput{}
	if c.house.state != "" {
		out.Directories = []types.WorkspaceDirectory{{DirectoryId: c.house.directory.DirectoryId, State: c.house.state}}
	}
	if c.house.state == types.WorkspaceDirectoryStateDeregistering {
		c.house.state = ""
	}
	return out, nil
}

func (c caller) RegisterWorkspaceDirectory(context.Context, *workspaces.RegisterWorkspaceDirectoryInput, ...func(*workspaces.Options)) (*workspaces.RegisterWorkspaceDirectoryOutput, error) {
	if err := c.enter("workspaces:RegisterWorkspaceDirectory", true); err != nil {
		return nil, err
	}
	c.house.state = types.WorkspaceDirectoryStateRegistered
	c.users[serviceAccount] = &user{enabled: true, password: true}
	return &workspaces.RegisterWorkspaceDirectoryOutput{}, nil
}

func (c caller) DeregisterWorkspaceDirectory(_ context.Context, in *workspaces.DeregisterWorkspaceDirectoryInput, _ ...func(*workspaces.Options)) (*workspaces.DeregisterWorkspaceDirectoryOutput, error) {
	if err := c.enter("workspaces:DeregisterWorkspaceDirectory", true); err != nil {
		return nil, err
	}
	if c.house.state != types.WorkspaceDirectoryStateRegistered {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException"}
	}
	if slices.ContainsFunc(c.house.desktops, func(w *types.Workspace) bool { return *w.DirectoryId == *in.DirectoryId }) {
		return nil, &smithy.GenericAPIError{Code: "OperationNotSupportedException", Message: "it still has WorkSpaces"}
	}
	c.house.state = types.WorkspaceDirectoryStateDeregistering
	delete(c.house.users, serviceAccount)
	return &workspaces.DeregisterWorkspaceDirectoryOutput{}, c.answer("DeregisterWorkspaceDirectory")
}

func (c caller) DescribeWorkspaceBundles(context.Context, *workspaces.DescribeWorkspaceBundlesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceBundlesOutput, error) {
	b := func(id string, c types.Compute) types.WorkspaceBundle {
		return types.WorkspaceBundle{BundleId: &id, ComputeType: &types.ComputeType{Name: c}}
	}
	return &workspaces.DescribeWorkspaceBundlesOutput{Bundles: []types.WorkspaceBundle{
		b("wsb-power", types.ComputePower), b("wsb-value", types.ComputeValue), b("wsb-standard", types.ComputeStandard),
	}}, nil
}

func (c caller) CreateWorkspaces(_ context.Context, in *workspaces.CreateWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.CreateWorkspacesOutput, error) {
	const on = "arn:aws:workspaces:ap-northeast-1:111122223333:"
	if err := c.enter("workspaces:CreateWorkspaces", true, on+"directory/d-9067012345", on+"workspacebundle/wsb-value", on+"workspace/*"); err != nil {
		return nil, err
	}
	out := &workspaces.CreateWorkspacesOutput{}
	for _, r := range in.Workspaces {
		if c.users[*r.UserName] == nil || slices.ContainsFunc(c.house.desktops, func(w *types.Workspace) bool { return *w.UserName == *r.UserName }) {
			out.FailedRequests = append(out.FailedRequests, types.FailedCreateWorkspaceRequest{WorkspaceRequest: &r, ErrorCode: aws.String("No")})
			continue
		}
		c.house.next++
		w := &types.Workspace{
			WorkspaceId: aws.String(fmt.Sprintf("ws-%09d", c.house.next)), DirectoryId: r.DirectoryId, UserName: r.UserName,
			BundleId: r.BundleId, State: types.WorkspaceStatePending,
		}
		c.house.desktops = append(c.house.desktops, w)
		out.PendingRequests = append(out.PendingRequests, *w)
	}
	return out, nil
}

func (c caller) DescribeWorkspaces(_ context.Context, in *workspaces.DescribeWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesOutput, error) {
	if err := c.enter("workspaces:DescribeWorkspaces", false, "*"); err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspacesOutput{}
	for _, w := range c.house.desktops {
		if in.WorkspaceIds == nil || slices.Contains(in.WorkspaceIds, *w.WorkspaceId) {
			out.Workspaces = append(out.Workspaces, *w)
		}
	}
	c.house.desktops = slices.DeleteFunc(c.house.desktops, func(w *types.Workspace) bool { return w.State == types.WorkspaceStateTerminating })
	for _, w := range c.house.desktops {
		if w.State == types.WorkspaceStatePending {
			w.State = types.WorkspaceStateAvailable
			if !c.users[serviceAccount].enabled && !c.joinsNot {
				w.State = types.WorkspaceStateError
			}
		}
	}
	return out, nil
}

func (c caller) TerminateWorkspaces(_ context.Context, in *workspaces.TerminateWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.TerminateWorkspacesOutput, error) {
	if err := c.enter("workspaces:TerminateWorkspaces", true); err != nil {
		return nil, err
	}
	for _, r := range in.TerminateWorkspaceRequests {
		for _, w := range c.house.desktops {
			if *w.WorkspaceId == *r.WorkspaceId {
				w.State = types.WorkspaceStateTerminating
			}
		}
	}
	return &workspaces.TerminateWorkspacesOutput{}, c.answer("TerminateWorkspaces")
}
