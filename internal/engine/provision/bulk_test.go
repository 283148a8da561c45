package provision_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// TestAHundredAtOnce asks four times at once for 25 desktops, and each time again
// because the answer was lost on its way, while the plane ends and starts. All
// hundred are there in the end, none twice (requirement VDI-17).
func TestAHundredAtOnce(t *testing.T) {
	p := open(t)
	p.run()
	answers := make(chan *sdk.CreateWorkspacesOutput, 8)
	var asked sync.WaitGroup
	for part := range 4 {
		var requests []types.WorkspaceRequest
		for n := range 25 {
			requests = append(requests, types.WorkspaceRequest{
				DirectoryId: new(corp), BundleId: new("wsb-d12value0"), UserName: new(fmt.Sprintf("user%d", part*25+n)),
				WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
			})
		}
		for range 2 { // the client does not know that the first one was done
			ctx := p.call()
			asked.Go(func() {
				out, err := p.room.CreateWorkspaces(ctx, &sdk.CreateWorkspacesInput{Workspaces: requests})
				if err != nil {
					t.Error(err)
					return
				}
				answers <- out
			})
		}
	}
	p.stop()
	p.run()
	asked.Wait()
	close(answers)
	pending, twice := 0, 0
	for out := range answers {
		pending += len(out.PendingRequests)
		for _, f := range out.FailedRequests {
			if *f.ErrorCode != "ResourceExists.WorkSpace" {
				t.Errorf("%s: %s", *f.WorkspaceRequest.UserName, *f.ErrorCode)
			}
			twice++
		}
	}
	if pending != 100 || twice != 100 {
		t.Errorf("%d desktops made and %d refused as there already, want 100 and 100", pending, twice)
	}
	users := map[string]bool{}
	for _, id := range p.everybody() {
		w := p.becomes(id, "AVAILABLE")
		if users[*w.UserName] {
			t.Errorf("%s has two desktops", *w.UserName)
		}
		users[*w.UserName] = true
	}
	made, err := p.ports.Provider.List(t.Context())
	if err != nil || len(made) != 100 || len(users) != 100 {
		t.Errorf("the provider has %d desktops for %d users, %v; want 100", len(made), len(users), err)
	}
}

// everybody lists the ids of all desktops, page by page.
func (p *plane) everybody() (ids []string) {
	p.t.Helper()
	in := &sdk.DescribeWorkspacesInput{}
	for {
		out, err := p.room.DescribeWorkspaces(p.call(), in)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, w := range out.Workspaces {
			ids = append(ids, *w.WorkspaceId)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return ids
		}
	}
}

// TestThePlaneEndsWithTwentyDesktopsUp loses none of them: they run on, and are
// found again as they were (drill of the design, section 8).
func TestThePlaneEndsWithTwentyDesktopsUp(t *testing.T) {
	p := open(t)
	p.run()
	var users []string
	for n := range 20 {
		users = append(users, fmt.Sprintf("user%d", n))
	}
	ids := p.create(users...)
	for _, id := range ids {
		p.becomes(id, "AVAILABLE")
	}
	p.stop()
	if err := p.world.KillAll(ids[3]); err != nil { // this one dies while nobody looks
		t.Fatal(err)
	}
	p.clock.Advance(time.Hour)
	p.run()
	p.becomes(ids[3], "UNHEALTHY")
	for i, id := range ids {
		if i == 3 {
			continue
		}
		if w := p.look(id); w.State != types.WorkspaceStateAvailable {
			t.Errorf("%s is %s, want AVAILABLE as before", id, w.State)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if made, err := p.ports.Provider.List(ctx); err != nil || len(made) != 20 {
		t.Errorf("the provider has %d desktops, %v; want 20", len(made), err)
	}
	usage, _, err := p.room.Usage(ctx, account, region, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), "", "", 100)
	if err != nil || len(usage) != 20 {
		t.Errorf("the meter knows %d desktops, %v; want 20", len(usage), err)
	}
	for _, u := range usage {
		if u.Running != time.Hour {
			t.Errorf("%s ran %s, want the hour in which the plane was away", u.Desktop, u.Running)
		}
	}
	p.ask("reboot", ids[3])
	p.becomes(ids[3], "AVAILABLE")
}
