package duties

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	wstypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/linetest"
)

// Over a bad line a change is made once: what nobody knows of is looked at before
// it is asked for again.
func changesOverABadLine(t *testing.T, p *profiles) {
	faults := append([]linetest.Fault{linetest.None}, linetest.All...)
	f := open(t, 2+len(applies)*len(faults))
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	type run struct {
		deed
		fault            linetest.Fault
		subject, profile string
		got              said
	}
	var runs []*run
	for i, c := range applies {
		for k, fault := range faults {
			n := 1 + i*len(faults) + k
			r := &run{deed: c, fault: fault, subject: user(n), profile: fmt.Sprintf("line-%d", n)}
			if c.name == "joiner" {
				r.subject = fmt.Sprintf("new.%02d", n)
			}
			f.ready(c.name, r.subject)
			p.add(r.profile, keys, f.Config().Region, linetest.Between(t, *f.Config().BaseEndpoint, fault).URL)
			runs = append(runs, r)
		}
	}
	f.moved()
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for _, r := range runs {
		args := append(r.args(f, r.subject), "--profile", r.profile)
		args = append(args, patience(r.fault)...)
		all.Go(func() { r.got = desk{home: t.TempDir(), now: clock.Real{}}.run(ctx, args...) })
	}
	all.Wait()
	f.follow(f.settle(workspaces.NewFromConfig(f.Config())))
	asked := f.asked(began)
	for _, r := range runs {
		t.Run(r.name+", the line "+string(r.fault), func(t *testing.T) {
			if r.fault == linetest.Circle && strings.Contains(r.got.out+r.got.errs, "lead in a circle") {
				if r.got.code == 0 {
					t.Errorf("want exit 1 of a list that was not read, got %s", r.got)
				}
				return
			}
			if r.got.code != 0 {
				t.Errorf("want it done, got %s", r.got)
			}
			for _, operation := range r.writes {
				if n := asked[operation+" "+r.subject]; n != 1 {
					t.Errorf("want %s once, got it %d times: %s", operation, n, r.got)
				}
			}
		})
	}
}

// ready makes of a subject what the duty looks for: somebody who can sign in, or
// whose desktop's days are over.
func (f *fleet) ready(name, user string) {
	f.t.Helper()
	switch name {
	case "leaver":
		f.must(directoryservice.NewFromConfig(f.Config()).ResetUserPassword(f.t.Context(), &directoryservice.ResetUserPasswordInput{
			DirectoryId: &f.directory, UserName: &user, NewPassword: aws.String("Secret-1234"),
		}))
	case "leaver who is over":
		f.over(user)
	case "cost sweep":
		f.late(user)
	case "exception grant, printing":
		f.group("Printing-Allowed")
	case "exception grant, wallpaper":
		f.group("Wallpaper-Free")
	case "image rollout":
		f.imaged(user)
	case "diagnose path":
		f.cut(user)
	case "diagnose desktop, repair", "diagnose slow":
		f.manage(user)
	case "desktop stop", "desktop always-on":
		f.sparing(user)
	case "desktop start":
		f.asleep(user)
	case "diagnose desktop, restore", "desktop restore":
		f.pictured(user)
	}
}

// sparing lets a user's desktop stop by itself as early as the company wants.
func (f *fleet) sparing(user string) {
	f.t.Helper()
	_, err := workspaces.NewFromConfig(f.Config()).ModifyWorkspaceProperties(f.t.Context(), &workspaces.ModifyWorkspacePropertiesInput{
		WorkspaceId: aws.String(f.desktop[user]), WorkspaceProperties: &wstypes.WorkspaceProperties{
			RunningMode: wstypes.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(60),
		},
	})
	f.must(nil, err)
}

// asleep stops a user's desktop.
func (f *fleet) asleep(user string) {
	f.t.Helper()
	f.sparing(user)
	client := workspaces.NewFromConfig(f.Config())
	out, err := client.StopWorkspaces(f.t.Context(), &workspaces.StopWorkspacesInput{StopWorkspaceRequests: []wstypes.StopRequest{{WorkspaceId: aws.String(f.desktop[user])}}})
	f.must(out, err)
	apitest.Eventually(f.t, "the desktop to stop", func() bool {
		found, err := client.DescribeWorkspaces(f.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{f.desktop[user]}})
		f.must(found, err)
		return found.Workspaces[0].State == wstypes.WorkspaceStateStopped
	})
}

// pictured waits until there is a snapshot of a user's desktop.
func (f *fleet) pictured(user string) {
	f.t.Helper()
	apitest.Eventually(f.t, "a snapshot", func() bool {
		out, err := workspaces.NewFromConfig(f.Config()).DescribeWorkspaceSnapshots(f.t.Context(), &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: aws.String(f.desktop[user])})
		f.must(out, err)
		return len(out.RestoreSnapshots) > 0
	})
}

// late lets a user's desktop stop by itself later than the company wants.
func (f *fleet) late(user string) {
	f.t.Helper()
	ctx, client, desktop := f.t.Context(), workspaces.NewFromConfig(f.Config()), f.desktop[user]
	_, err := client.ModifyWorkspaceProperties(ctx, &workspaces.ModifyWorkspacePropertiesInput{WorkspaceId: &desktop, WorkspaceProperties: &wstypes.WorkspaceProperties{
		RunningMode: wstypes.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(120),
	}})
	f.must(nil, err)
	_, err = client.CreateTags(ctx, &workspaces.CreateTagsInput{ResourceId: &desktop, Tags: []wstypes.Tag{{Key: aws.String("sweeper"), Value: &user}}})
	f.must(nil, err)
	f.swept = append(f.swept, user)
}

// over lets the days of a leaver's desktop be over.
func (f *fleet) over(user string) {
	f.t.Helper()
	_, err := workspaces.NewFromConfig(f.Config()).CreateTags(f.t.Context(), &workspaces.CreateTagsInput{
		ResourceId: aws.String(f.desktop[user]), Tags: []wstypes.Tag{{Key: aws.String("tamachi:kept-until"), Value: aws.String("2020-01-01")}},
	})
	f.must(nil, err)
}

// things are a user's name and what is the user's alone.
func (f *fleet) things(user string) []string {
	out := []string{user, f.desktop[user], f.named[user], f.nodes[user]}
	for was, whose := range f.former {
		if whose == user {
			out = append(out, was)
		}
	}
	return slices.DeleteFunc(out, func(thing string) bool { return thing == "" })
}

// asked counts the calls of the trail that changed something, by operation and
// user.
func (f *fleet) asked(since time.Time) map[string]int {
	f.t.Helper()
	out := map[string]int{}
	list := cloudtrail.NewLookupEventsPaginator(cloudtrail.NewFromConfig(f.Config()), &cloudtrail.LookupEventsInput{
		StartTime:        aws.Time(since.Add(-time.Second)),
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyReadOnly, AttributeValue: aws.String("false")}},
	})
	for list.HasMorePages() {
		page, err := list.NextPage(f.t.Context())
		f.must(page, err)
		for _, e := range page.Events {
			var r struct {
				EventName, ErrorCode string
				RequestParameters    json.RawMessage
			}
			f.must(nil, json.Unmarshal([]byte(*e.CloudTrailEvent), &r))
			if r.ErrorCode != "" || e.EventTime.Before(since.Truncate(time.Second)) {
				continue
			}
			in := string(r.RequestParameters)
			if r.EventName == "SendCommand" && !strings.Contains(in, `"tamachi repair `) {
				continue // it looks
			}
			for user := range f.desktop {
				if slices.ContainsFunc(f.things(user), func(thing string) bool { return strings.Contains(in, `"`+thing+`"`) }) {
					out[r.EventName+" "+user]++
				}
			}
		}
	}
	return out
}
