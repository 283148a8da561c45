package cloudwatchlogs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// office is a plane with a clock that stands, and its administrator's client.
type office struct {
	*cloudwatchlogs.Client
	t     testing.TB
	plane *apitest.Plane
	clk   *clock.Frozen
}

func open(t testing.TB) *office {
	t.Helper()
	clk := clock.NewFrozen(time.Now())
	p := apitest.Start(t, apitest.Options{Clock: clk})
	return &office{cloudwatchlogs.NewFromConfig(p.Config()), t, p, clk}
}

// connection is the name that the desks' Terraform gives its group.
const connection = "/aws/workspaces/connection"

func (o *office) group(name string) {
	o.t.Helper()
	_, err := o.CreateLogGroup(o.t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	done(o.t, "create group "+name, err)
}

func (o *office) stream(group, name string) {
	o.t.Helper()
	_, err := o.CreateLogStream(o.t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &name})
	done(o.t, "create stream "+name, err)
}

// at is a time so long ago, in milliseconds.
func (o *office) at(ago time.Duration) int64 { return o.clk.Now().Add(-ago).UnixMilli() }

func line(at int64, message string) types.InputLogEvent {
	return types.InputLogEvent{Timestamp: &at, Message: &message}
}

func (o *office) put(group, stream string, list ...types.InputLogEvent) *cloudwatchlogs.PutLogEventsOutput {
	o.t.Helper()
	out, err := o.PutLogEvents(o.t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: &stream, LogEvents: list})
	done(o.t, "put events", err)
	return out
}

// described is the group of a name as DescribeLogGroups shows it, or nil.
func (o *office) described(name string) *types.LogGroup {
	o.t.Helper()
	out, err := o.DescribeLogGroups(o.t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
	done(o.t, "describe groups", err)
	for _, g := range out.LogGroups {
		if *g.LogGroupName == name {
			return &g
		}
	}
	return nil
}

func (o *office) upkeep() {
	o.t.Helper()
	done(o.t, "upkeep", o.plane.Upkeep(o.t.Context()))
}

func done(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func messages(list []types.OutputLogEvent) string {
	var out []string
	for _, e := range list {
		out = append(out, *e.Message)
	}
	return strings.Join(out, " ")
}

func TestStreamsAndTheirEvents(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	o.stream(connection, "b")
	o.stream(connection, "a")
	_, err := o.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("a")})
	apitest.Refused(t, "a stream twice", err, "ResourceAlreadyExistsException", "The specified log stream already exists")
	_, err = o.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("none"), LogStreamName: aws.String("a")})
	apitest.Refused(t, "a stream of no group", err, "ResourceNotFoundException", "The specified log group does not exist.")
	out := o.put(connection, "a", line(o.at(3*time.Minute), "one"), line(o.at(time.Minute), "two"), line(o.at(time.Minute), "three"))
	if out.RejectedLogEventsInfo != nil || out.NextSequenceToken == nil {
		t.Errorf("want all accepted and a token, got %+v", out)
	}
	o.put(connection, "a", line(o.at(2*time.Minute), "between"))
	o.put(connection, "b", line(o.at(0), "other"))
	read := func(in cloudwatchlogs.GetLogEventsInput) *cloudwatchlogs.GetLogEventsOutput {
		t.Helper()
		in.LogGroupName, in.LogStreamName = aws.String(connection), aws.String("a")
		got, err := o.GetLogEvents(ctx, &in)
		done(t, "get events", err)
		return got
	}
	if got := messages(read(cloudwatchlogs.GetLogEventsInput{}).Events); got != "one between two three" {
		t.Errorf("want the events by time, got %q", got)
	}
	var seen []string
	p := read(cloudwatchlogs.GetLogEventsInput{StartFromHead: aws.Bool(true), Limit: aws.Int32(3)})
	for {
		seen = append(seen, messages(p.Events))
		token := *p.NextForwardToken
		p = read(cloudwatchlogs.GetLogEventsInput{StartFromHead: aws.Bool(true), Limit: aws.Int32(3), NextToken: &token})
		if *p.NextForwardToken == token {
			break
		}
	}
	if got := strings.Join(seen, "|"); got != "one between two|three" {
		t.Errorf("want two pages forward, got %q", got)
	}
	p = read(cloudwatchlogs.GetLogEventsInput{Limit: aws.Int32(3)})
	back := read(cloudwatchlogs.GetLogEventsInput{Limit: aws.Int32(3), NextToken: p.NextBackwardToken})
	if got := messages(p.Events) + "|" + messages(back.Events); got != "between two three|one" {
		t.Errorf("want two pages backward, got %q", got)
	}
	if end := read(cloudwatchlogs.GetLogEventsInput{NextToken: back.NextBackwardToken}); *end.NextBackwardToken != *back.NextBackwardToken || len(end.Events) != 0 {
		t.Errorf("want the same token at the beginning, got %+v", end)
	}
	if got := messages(read(cloudwatchlogs.GetLogEventsInput{StartTime: aws.Int64(o.at(2 * time.Minute)), EndTime: aws.Int64(o.at(time.Minute))}).Events); got != "between" {
		t.Errorf("want the start in and the end out, got %q", got)
	}
	o.put(connection, "a", line(o.at(0), "four"))
	if got := messages(read(cloudwatchlogs.GetLogEventsInput{StartFromHead: aws.Bool(true), NextToken: p.NextForwardToken}).Events); got != "four" {
		t.Errorf("want what came since behind the token, got %q", got)
	}
	_, err = o.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("a"), NextToken: aws.String("f/1")})
	apitest.Refused(t, "a token made up", err, "InvalidParameterException", "The specified nextToken is invalid.")
	_, err = o.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("c")})
	apitest.Refused(t, "no stream", err, "ResourceNotFoundException", "The specified log stream does not exist.")
}
