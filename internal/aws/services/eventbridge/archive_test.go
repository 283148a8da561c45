package eventbridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// archived is how many events an archive holds.
func (f *fixture) archived(name string) int64 {
	f.t.Helper()
	out, err := f.DescribeArchive(f.t.Context(), &eventbridge.DescribeArchiveInput{ArchiveName: &name})
	done(f.t, "describe the archive", err)
	return out.EventCount
}

func (f *fixture) bus() *string {
	return aws.String("arn:aws:events:" + f.plane.Config().Region + ":" + f.plane.Access().Account + ":event-bus/default")
}

// TestWhatAnArchiveKeptIsReplayed: the events of its pattern, within the times, to
// the rules that are named, after a restart; and not into the archive.
func TestWhatAnArchiveKeptIsReplayed(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, bus := t.Context(), f.bus()
	made, err := f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("orders"), EventSourceArn: bus, EventPattern: aws.String(`{"source":["orders"]}`)})
	done(t, "create", err)
	_, err = f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("orders"), EventSourceArn: bus})
	apitest.Refused(t, "a second one", err, "ResourceAlreadyExistsException", "orders")
	_, err = f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("x"), EventSourceArn: bus, EventPattern: aws.String(`{"source":1}`)})
	apitest.Refused(t, "a bad pattern", err, "InvalidEventPatternException", "")
	_, err = f.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: aws.String("x")})
	apitest.Refused(t, "an archive that is not", err, "ResourceNotFoundException", "x")

	noon := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	for n := range 4 { // before there is a rule; each a minute later
		e := entry("orders", fmt.Sprintf(`{"n":%d}`, n))
		e.Time = aws.Time(noon.Add(time.Duration(n) * time.Minute))
		f.put(e, entry("other", `{}`))
	}
	if n := f.archived("orders"); n != 4 {
		t.Errorf("want 4 events in the archive, got %d", n)
	}
	group, silent := f.group("orders"), f.group("silent")
	rule := f.rule("orders", `{"source":["orders"]}`, "", types.Target{Arn: &group})
	f.rule("silent", `{"source":["orders"]}`, "", types.Target{Arn: &silent})
	order := &eventbridge.StartReplayInput{
		ReplayName: aws.String("again"), EventSourceArn: made.ArchiveArn, EventStartTime: aws.Time(noon.Add(time.Minute)), EventEndTime: aws.Time(noon.Add(3 * time.Minute)),
		Destination: &types.ReplayDestination{Arn: bus, FilterArns: []string{rule}},
	}
	other := *order
	other.Destination = &types.ReplayDestination{Arn: aws.String(strings.Replace(*bus, "default", "else", 1))}
	_, err = f.StartReplay(ctx, &other)
	apitest.Refused(t, "another bus", err, "ValidationException", "different event bus")
	other = *order
	other.EventEndTime = other.EventStartTime
	_, err = f.StartReplay(ctx, &other)
	apitest.Refused(t, "no time", err, "ValidationException", "before")
	_, err = f.StartReplay(ctx, order)
	done(t, "start", err)
	_, err = f.StartReplay(ctx, order)
	apitest.Refused(t, "the same again", err, "ResourceAlreadyExistsException", "again")
	f.plane.Restart()
	f.Client = eventbridge.NewFromConfig(f.plane.Config())

	lines := f.logged("orders", 2)
	for n := range 2 {
		if all := strings.Join(lines, "\n"); strings.Count(all, fmt.Sprintf(`{"n":%d}`, n+1)) != 1 || strings.Count(all, `"replay-name":"again"`) != 2 {
			t.Errorf("want event %d of the replay, got %s", n+1, all)
		}
	}
	apitest.Eventually(t, "the end of the replay", func() bool { return f.played("again").State == types.ReplayStateCompleted })
	if r := f.played("again"); !r.EventLastReplayedTime.Equal(noon.Add(2*time.Minute)) || r.ReplayEndTime == nil || r.Destination.FilterArns[0] != rule {
		t.Errorf("got %+v", r)
	}
	if n := f.archived("orders"); n != 4 || len(lines) != 2 || len(f.lines("silent")) != 0 {
		t.Errorf("want 4 archived, 2 and 0 sent, got %d, %d, %d", n, len(lines), len(f.lines("silent")))
	}
	_, err = f.CancelReplay(ctx, &eventbridge.CancelReplayInput{ReplayName: aws.String("again")})
	apitest.Refused(t, "to cancel what is over", err, "IllegalStatusException", "again")
	f.listsOfArchives(bus)
}

func (f *fixture) played(name string) *eventbridge.DescribeReplayOutput {
	f.t.Helper()
	out, err := f.DescribeReplay(f.t.Context(), &eventbridge.DescribeReplayInput{ReplayName: &name})
	done(f.t, "describe the replay", err)
	return out
}

// listsOfArchives looks at lists, then deletes.
func (f *fixture) listsOfArchives(bus *string) {
	t, ctx := f.t, f.t.Context()
	_, err := f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("all"), EventSourceArn: bus})
	done(t, "create", err)
	first, err := f.ListArchives(ctx, &eventbridge.ListArchivesInput{Limit: aws.Int32(1)})
	done(t, "list", err)
	second, err := f.ListArchives(ctx, &eventbridge.ListArchivesInput{Limit: aws.Int32(1), NextToken: first.NextToken})
	done(t, "list", err)
	if len(first.Archives) != 1 || len(second.Archives) != 1 || *first.Archives[0].ArchiveName != "all" || second.Archives[0].EventCount != 4 || second.NextToken != nil {
		t.Errorf("got %+v, %+v", first, second)
	}
	_, err = f.ListArchives(ctx, &eventbridge.ListArchivesInput{NamePrefix: aws.String("a"), EventSourceArn: bus})
	apitest.Refused(t, "two filters", err, "ValidationException", "one filter")
	list, err := f.ListReplays(ctx, &eventbridge.ListReplaysInput{State: types.ReplayStateCompleted})
	if err != nil || len(list.Replays) != 1 || *list.Replays[0].ReplayName != "again" {
		t.Errorf("got %+v, %v", list, err)
	}
	_, err = f.ListReplays(ctx, &eventbridge.ListReplaysInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a bad token", err, "ValidationException", "Token")
	_, err = f.DescribeReplay(ctx, &eventbridge.DescribeReplayInput{ReplayName: aws.String("x")})
	apitest.Refused(t, "a replay that is not", err, "ResourceNotFoundException", "x")
	_, err = f.DeleteArchive(ctx, &eventbridge.DeleteArchiveInput{ArchiveName: aws.String("orders")})
	done(t, "delete", err)
	_, err = f.DeleteArchive(ctx, &eventbridge.DeleteArchiveInput{ArchiveName: aws.String("orders")})
	apitest.Refused(t, "to delete it again", err, "ResourceNotFoundException", "orders")
	left, err := f.ListArchives(ctx, &eventbridge.ListArchivesInput{NamePrefix: aws.String("orders")})
	if err != nil || len(left.Archives) != 0 {
		t.Errorf("want it gone, got %+v, %v", left, err)
	}
	_, err = f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("orders"), EventSourceArn: bus})
	done(t, "one of the name once more", err)
	if n := f.archived("orders"); n != 0 {
		t.Errorf("want a new archive, got one with %d events", n)
	}
}

// TestAnArchiveForgets what is older than its days; a replay is cancelled before
// it begins.
func TestAnArchiveForgets(t *testing.T) {
	clk := clock.NewFrozen(time.Now().UTC())
	f := start(t, apitest.Options{Clock: clk})
	ctx, bus := t.Context(), f.bus()
	made, err := f.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("short"), EventSourceArn: bus})
	done(t, "create", err)
	changed, err := f.UpdateArchive(ctx, &eventbridge.UpdateArchiveInput{ArchiveName: aws.String("short"), RetentionDays: aws.Int32(2), Description: aws.String("d")})
	if err != nil || *changed.ArchiveArn != *made.ArchiveArn {
		t.Fatalf("got %+v, %v", changed, err)
	}
	_, err = f.UpdateArchive(ctx, &eventbridge.UpdateArchiveInput{ArchiveName: aws.String("x")})
	apitest.Refused(t, "to change what is not", err, "ResourceNotFoundException", "x")
	old, fresh := entry("a", `{}`), entry("a", `{}`)
	old.Time = aws.Time(clk.Now().AddDate(0, 0, -3))
	f.put(old, fresh)
	done(t, "upkeep", f.plane.Upkeep(ctx))
	out, err := f.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: aws.String("short")})
	if err != nil || out.EventCount != 1 || *out.RetentionDays != 2 || *out.Description != "d" {
		t.Errorf("want the fresh event alone, got %+v, %v", out, err)
	}

	_, err = f.StartReplay(ctx, &eventbridge.StartReplayInput{
		ReplayName: aws.String("early"), EventSourceArn: made.ArchiveArn, EventStartTime: aws.Time(clk.Now().Add(-time.Hour)), EventEndTime: aws.Time(clk.Now().Add(time.Hour)),
		Destination: &types.ReplayDestination{Arn: bus},
	})
	done(t, "start", err)
	ended, err := f.CancelReplay(ctx, &eventbridge.CancelReplayInput{ReplayName: aws.String("early")})
	if err != nil || ended.State != types.ReplayStateCancelling {
		t.Fatalf("got %+v, %v", ended, err)
	}
	done(t, "upkeep", f.plane.Upkeep(ctx))
	if r := f.played("early"); r.State != types.ReplayStateCancelled || r.EventLastReplayedTime != nil {
		t.Errorf("want nothing replayed, got %+v", r)
	}
}
