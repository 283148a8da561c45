package morning

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/plan"
)

// cloud is an AWS in memory, as far as the morning check sees it. A desktop
// passes from one state to the next as it is looked at.
type cloud struct {
	mu       sync.Mutex
	clock    clock.Clock
	desktops []*desktop
	events   []trailtypes.Event // newest first
	off      map[string]bool    // accounts that are disabled
	next     int
	calls    map[string]int
	// fault is asked before each call and may refuse it; after is asked when
	// the call has had its effect.
	fault, after func(operation string, n int) error
	ops          ops
	shiftPages   bool // a desktop moves to the next page while they are read
	console      bool // it has one, as a plane has
}

type desktop struct {
	types.Workspace
	looks int // until it passes on
	tags  []types.Tag
}

func (c *cloud) enter(operation string) (func() error, error) {
	c.mu.Lock()
	c.calls[operation]++
	n := c.calls[operation]
	if c.fault != nil {
		if err := c.fault(operation, n); err != nil {
			c.mu.Unlock()
			return nil, &smithy.OperationError{ServiceID: "test", OperationName: operation, Err: err}
		}
	}
	return func() error {
		defer c.mu.Unlock()
		if c.after != nil {
			return c.after(operation, n)
		}
		return nil
	}, nil
}

func (c *cloud) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	leave, err := c.enter("GetCallerIdentity")
	if err != nil {
		return nil, err
	}
	return &sts.GetCallerIdentityOutput{Account: aws.String("111122223333"), Arn: aws.String("arn:aws:iam::111122223333:user/administrator")}, leave()
}

func (c *cloud) DescribeWorkspaceDirectories(context.Context, *workspaces.DescribeWorkspaceDirectoriesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceDirectoriesOutput, error) {
	leave, err := c.enter("DescribeWorkspaceDirectories")
	if err != nil {
		return nil, err
	}
	return &workspaces.DescribeWorkspaceDirectoriesOutput{Directories: []types.WorkspaceDirectory{{
		DirectoryId: aws.String(directoryID), DirectoryName: aws.String("office.tamachi.example"), State: types.WorkspaceDirectoryStateRegistered,
	}}}, leave()
}

func (c *cloud) DescribeDirectories(context.Context, *directoryservice.DescribeDirectoriesInput, ...func(*directoryservice.Options)) (*directoryservice.DescribeDirectoriesOutput, error) {
	leave, err := c.enter("DescribeDirectories")
	if err != nil {
		return nil, err
	}
	return &directoryservice.DescribeDirectoriesOutput{DirectoryDescriptions: []dstypes.DirectoryDescription{{
		DirectoryId: aws.String(directoryID), Name: aws.String("office.tamachi.example"), Stage: dstypes.DirectoryStageActive,
	}}}, leave()
}

func (c *cloud) DescribeWorkspacesConnectionStatus(context.Context, *workspaces.DescribeWorkspacesConnectionStatusInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesConnectionStatusOutput, error) {
	leave, err := c.enter("DescribeWorkspacesConnectionStatus")
	if err != nil {
		return nil, err
	}
	return &workspaces.DescribeWorkspacesConnectionStatusOutput{}, leave()
}

func (c *cloud) DescribeTags(_ context.Context, in *workspaces.DescribeTagsInput, _ ...func(*workspaces.Options)) (*workspaces.DescribeTagsOutput, error) {
	leave, err := c.enter("DescribeTags")
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeTagsOutput{}
	for _, d := range c.desktops {
		if *d.WorkspaceId == *in.ResourceId {
			out.TagList = d.tags
		}
	}
	return out, leave()
}

func (c *cloud) DescribeUser(_ context.Context, in *dsdata.DescribeUserInput) (*dsdata.DescribeUserOutput, error) {
	leave, err := c.enter("DescribeUser")
	if err != nil {
		return nil, err
	}
	return &dsdata.DescribeUserOutput{SAMAccountName: in.SAMAccountName, Enabled: aws.Bool(!c.off[in.SAMAccountName])}, leave()
}

func (c *cloud) LookupEvents(_ context.Context, in *cloudtrail.LookupEventsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	leave, err := c.enter("LookupEvents")
	if err != nil {
		return nil, err
	}
	var found []trailtypes.Event
	for _, e := range c.events {
		if *e.EventName == *in.LookupAttributes[0].AttributeValue && !e.EventTime.Before(*in.StartTime) {
			found = append(found, e)
		}
	}
	page, next := slicePage(found, in.NextToken, int(*in.MaxResults))
	return &cloudtrail.LookupEventsOutput{Events: page, NextToken: next}, leave()
}

func slicePage[T any](all []T, token *string, size int) ([]T, *string) {
	from, _ := strconv.Atoi(aws.ToString(token))
	to := min(from+size, len(all))
	if to == len(all) {
		return all[from:], nil
	}
	return all[from:to], aws.String(strconv.Itoa(to))
}

func (c *cloud) DescribeWorkspaces(_ context.Context, in *workspaces.DescribeWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesOutput, error) {
	leave, err := c.enter("DescribeWorkspaces")
	if err != nil {
		return nil, err
	}
	if len(in.WorkspaceIds) > account.Batch {
		return nil, fmt.Errorf("%d ids in one call", len(in.WorkspaceIds))
	}
	var found []types.Workspace
	for _, d := range c.desktops {
		if in.WorkspaceIds != nil && !slices.Contains(in.WorkspaceIds, *d.WorkspaceId) ||
			in.UserName != nil && *in.UserName != *d.UserName {
			continue
		}
		found = append(found, d.Workspace)
		d.looks--
	}
	c.pass()
	page, next := slicePage(found, in.NextToken, 25)
	if c.shiftPages && next != nil {
		page = append([]types.Workspace{found[len(found)-1]}, page...)
	}
	return &workspaces.DescribeWorkspacesOutput{Workspaces: page, NextToken: next}, leave()
}

// pass moves desktops on that were looked at often enough.
func (c *cloud) pass() {
	c.desktops = slices.DeleteFunc(c.desktops, func(d *desktop) bool {
		return d.State == types.WorkspaceStateTerminating && d.looks <= 0
	})
	for _, d := range c.desktops {
		if d.State != types.WorkspaceStatePending || d.looks > 0 {
			continue
		}
		d.State = types.WorkspaceStateAvailable
		if c.off["svc-workspaces"] {
			d.State = types.WorkspaceStateError
			d.ErrorCode = aws.String("DomainJoin.ServiceAccountRefused")
			d.ErrorMessage = aws.String("joining directory " + directoryID + " failed: bind as svc-workspaces refused")
		}
	}
}

func (c *cloud) TerminateWorkspaces(_ context.Context, in *workspaces.TerminateWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.TerminateWorkspacesOutput, error) {
	leave, err := c.enter("TerminateWorkspaces")
	if err != nil {
		return nil, err
	}
	if len(in.TerminateWorkspaceRequests) > account.Batch {
		return nil, fmt.Errorf("%d requests in one call", len(in.TerminateWorkspaceRequests))
	}
	for _, r := range in.TerminateWorkspaceRequests {
		for _, d := range c.desktops {
			if *d.WorkspaceId == *r.WorkspaceId {
				d.State, d.looks = types.WorkspaceStateTerminating, 3
			}
		}
	}
	return &workspaces.TerminateWorkspacesOutput{}, leave()
}

func (c *cloud) CreateWorkspaces(_ context.Context, in *workspaces.CreateWorkspacesInput, _ ...func(*workspaces.Options)) (*workspaces.CreateWorkspacesOutput, error) {
	leave, err := c.enter("CreateWorkspaces")
	if err != nil {
		return nil, err
	}
	if len(in.Workspaces) > account.Batch {
		return nil, fmt.Errorf("%d requests in one call", len(in.Workspaces))
	}
	out := &workspaces.CreateWorkspacesOutput{}
	for _, r := range in.Workspaces {
		if slices.ContainsFunc(c.desktops, func(d *desktop) bool { return *d.UserName == *r.UserName }) {
			out.FailedRequests = append(out.FailedRequests, types.FailedCreateWorkspaceRequest{
				WorkspaceRequest: &r, ErrorCode: aws.String("ResourceExists.WorkSpace"), ErrorMessage: aws.String("the user has a WorkSpace"),
			})
			continue
		}
		out.PendingRequests = append(out.PendingRequests, c.add(r).Workspace)
	}
	c.record("CreateWorkspaces", map[string]any{"workspaces": lower(in.Workspaces)}, map[string]any{"pendingRequests": lower(out.PendingRequests)})
	return out, leave()
}

func (c *cloud) add(r types.WorkspaceRequest) *desktop {
	c.next++
	d := &desktop{Workspace: types.Workspace{
		WorkspaceId: aws.String(fmt.Sprintf("ws-%09d", c.next)), DirectoryId: r.DirectoryId, UserName: r.UserName,
		BundleId: r.BundleId, State: types.WorkspaceStatePending, WorkspaceProperties: r.WorkspaceProperties,
	}, looks: 2, tags: r.Tags}
	c.desktops = append(c.desktops, d)
	return d
}

// lower writes what a record of the trail needs of a list, as CloudTrail does.
func lower[T any](list []T) []map[string]any {
	var out []map[string]any
	for _, v := range list {
		b, _ := json.Marshal(v)
		var m map[string]any
		_ = json.Unmarshal(b, &m)
		low := map[string]any{}
		for k, v := range m {
			if s, ok := v.(string); ok {
				low[strings.ToLower(k[:1])+k[1:]] = s
			}
		}
		out = append(out, low)
	}
	return out
}

// record writes an event as CloudTrail does.
func (c *cloud) record(name string, request, response any) {
	c.next++
	body, _ := json.Marshal(map[string]any{
		"eventVersion": "1.11", "eventTime": c.clock.Now().Format(time.RFC3339), "eventSource": "test.amazonaws.com",
		"eventName": name, "requestID": fmt.Sprintf("00000000-0000-4000-8000-%012d", c.next),
		"userIdentity":      map[string]any{"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/office-night"},
		"requestParameters": request, "responseElements": response,
	})
	c.events = append([]trailtypes.Event{{
		EventId: aws.String(strconv.Itoa(c.next)), EventName: &name, EventTime: aws.Time(c.clock.Now()),
		CloudTrailEvent: aws.String(string(body)),
	}}, c.events...)
}

// newCloud is the office after its night: users without a healthy desktop are
// those of the batch.
func newCloud(c clock.Clock, users ...string) *cloud {
	w := &cloud{clock: c, off: map[string]bool{}, calls: map[string]int{}}
	svc := map[string]any{"directoryId": directoryID, "sAMAccountName": "svc-workspaces"}
	w.record("DisableUser", svc, nil)
	w.off["svc-workspaces"] = true
	var requests []types.WorkspaceRequest
	for _, u := range users {
		requests = append(requests, types.WorkspaceRequest{
			DirectoryId: aws.String(directoryID), UserName: aws.String(u), BundleId: aws.String(bundleID),
			WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(60)},
			Tags:                []types.Tag{{Key: aws.String("team"), Value: aws.String("sales")}},
		})
	}
	for batch := range slices.Chunk(requests, account.Batch) {
		if _, err := w.CreateWorkspaces(context.Background(), &workspaces.CreateWorkspacesInput{Workspaces: batch}); err != nil {
			panic(err)
		}
	}
	for _, d := range w.desktops {
		d.looks = 0
	}
	w.pass()
	w.off["svc-workspaces"] = false
	w.record("ResetUserPassword", map[string]any{"directoryId": directoryID, "userName": "svc-workspaces"}, nil)
	w.calls = map[string]int{}
	return w
}

// shop is one place from which the command is run again and again.
type shop struct {
	t     *testing.T
	cloud *cloud
	world account.World
}

func newShop(t *testing.T, users ...string) *shop {
	dir := t.TempDir()
	return &shop{t: t, cloud: newCloud(clock.Real{}, users...), world: account.World{
		Getenv: func(k string) string { return map[string]string{"XDG_STATE_HOME": dir}[k] },
		Clock:  clock.Real{}, Location: time.UTC,
	}}
}

// run is the command after its flags were read.
func (s *shop) run(ctx context.Context, f Flags, in string) (code int, stdout, stderr string) {
	s.t.Helper()
	if f.StuckAfter == 0 {
		f.StuckAfter = 45 * time.Minute
	}
	if f.Timeout == 0 {
		f.Timeout = time.Hour
	}
	var out, errs bytes.Buffer
	d := &desk{world: s.world, streams: plan.Streams{In: strings.NewReader(in), Out: &out, Err: &errs}, flags: f}
	if err := d.options(); err != nil {
		s.t.Fatal(err)
	}
	c := s.cloud
	at := account.Place{Region: "ap-northeast-1", Eyes: c.account()}
	err := d.check(ctx, at, Eyes{
		Who: c, Desktops: c, DesktopDirectories: c, Connections: c, Directories: c, Trail: c, People: c,
		Alarms: c, Nodes: c, Machines: c, Metrics: c, Repeats: 7 * 24 * time.Hour, AtOnce: 5,
		Clock: s.world.Clock, Region: "ap-northeast-1", Endpoint: "http://127.0.0.1:4566",
	})
	if err != nil {
		code = err.(interface{ ExitCode() int }).ExitCode()
		errs.WriteString(err.Error())
	}
	return code, out.String(), errs.String()
}

func (s *shop) states() map[string]string {
	out := map[string]string{}
	for _, d := range s.cloud.desktops {
		out[*d.UserName] = string(d.State)
	}
	return out
}

func apiError(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: "told so by the test"}
}
