package cloudwatchlogs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/apitest"
)

// found are the messages of all pages.
func (o *office) found(in cloudwatchlogs.FilterLogEventsInput) string {
	o.t.Helper()
	in.LogGroupName = aws.String(connection)
	var out []string
	ids := map[string]bool{}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(o, &in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(o.t.Context())
		done(o.t, "filter events", err)
		for _, e := range page.Events {
			out = append(out, *e.LogStreamName+":"+*e.Message)
			ids[*e.EventId] = true
		}
	}
	if len(ids) != len(out) {
		o.t.Errorf("want an id for each event, got %d for %d", len(ids), len(out))
	}
	return strings.Join(out, " ")
}

func TestFilterLogEvents(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	for _, name := range []string{"pc/1", "pc/2", "other"} {
		o.stream(connection, name)
	}
	o.put(connection, "pc/1", line(o.at(50*time.Minute), "a1"), line(o.at(10*time.Minute), "d1"))
	o.put(connection, "pc/2", line(o.at(40*time.Minute), "b2"), line(o.at(10*time.Minute), "d2"))
	o.put(connection, "other", line(o.at(30*time.Minute), "c3"))
	type in = cloudwatchlogs.FilterLogEventsInput
	for _, row := range []struct {
		name, want string
		in         in
	}{
		{"all streams in the order of time", "pc/1:a1 pc/2:b2 other:c3", in{EndTime: aws.Int64(o.at(30 * time.Minute))}},
		{"some streams", "pc/1:a1 other:c3 pc/1:d1", in{LogStreamNames: []string{"pc/1", "other"}}},
		{"a prefix", "pc/1:a1 pc/2:b2", in{LogStreamNamePrefix: aws.String("pc/"), EndTime: aws.Int64(o.at(20 * time.Minute))}},
		{"a prefix of none", "", in{LogStreamNamePrefix: aws.String("none")}},
		{"a pattern", "pc/2:b2", in{FilterPattern: aws.String("b2")}},
		{"a range", "pc/2:b2 other:c3", in{StartTime: aws.Int64(o.at(40 * time.Minute)), EndTime: aws.Int64(o.at(11 * time.Minute))}},
		{"small pages", "pc/1:a1 pc/2:b2 other:c3", in{Limit: aws.Int32(1), EndTime: aws.Int64(o.at(11 * time.Minute))}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := o.found(row.in); got != row.want {
				t.Errorf("want %q, got %q", row.want, got)
			}
		})
	}
	name := aws.String(connection)
	for what, bad := range map[string]in{
		"Invalid filter pattern": {LogGroupName: name, FilterPattern: aws.String("{ $.a }")},
		"mutually exclusive":     {LogGroupName: name, LogStreamNames: []string{"other"}, LogStreamNamePrefix: aws.String("o")},
		"startTime must be less": {LogGroupName: name, StartTime: aws.Int64(2), EndTime: aws.Int64(1)},
		"is required":            {},
		"nextToken is invalid":   {LogGroupName: name, NextToken: aws.String("x")},
	} {
		_, err := o.Client.FilterLogEvents(ctx, &bad)
		apitest.Refused(t, what, err, "InvalidParameterException", what)
	}
	_, err := o.Client.FilterLogEvents(ctx, &in{LogGroupName: name, LogStreamNames: []string{"none"}})
	apitest.Refused(t, "no stream", err, "ResourceNotFoundException", "The specified log stream does not exist.")
	_, err = o.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: name, LogStreamName: aws.String("pc/1")})
	done(t, "delete a stream", err)
	if got := o.found(in{}); strings.Contains(got, "pc/1") {
		t.Errorf("want the events of a deleted stream invisible at once, got %q", got)
	}
	_, err = o.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: name, LogStreamName: aws.String("pc/1")})
	apitest.Refused(t, "a stream that is gone", err, "ResourceNotFoundException", "The specified log stream does not exist.")
	o.stream(connection, "pc/1")
	o.upkeep()
	if got, g := o.found(in{}), o.described(connection); got != "pc/2:b2 other:c3 pc/2:d2" || *g.StoredBytes != 3*(2+26) {
		t.Errorf("want the new stream of the name empty, and its bytes gone, got %q and %d bytes", got, *g.StoredBytes)
	}
}

// Many streams and events, in pages; what comes is what was put, once and in
// order.
func TestManyEventsInPages(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	const each, count = 1500, 4
	for s := range count {
		name := fmt.Sprint("s", s)
		o.stream(connection, name)
		var list []types.InputLogEvent
		for i := range each {
			list = append(list, line(o.at(time.Hour)+int64(i*400+s*3), fmt.Sprintf("%s-%d", name, i)))
		}
		o.put(connection, name, list[:each/2]...)
		o.put(connection, name, list[each/2:]...)
	}
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(connection), Limit: aws.Int32(700)}
	last, n := int64(0), 0
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(o, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		done(t, "filter", err)
		for _, e := range page.Events {
			if *e.Timestamp < last {
				t.Fatalf("want the order of time, got %d after %d", *e.Timestamp, last)
			}
			last, n = *e.Timestamp, n+1
		}
	}
	if n != each*count {
		t.Errorf("want %d events, got %d", each*count, n)
	}
	var token *string
	next := each
	for {
		page, err := o.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupIdentifier: aws.String(connection), LogStreamName: aws.String("s1"), Limit: aws.Int32(400), NextToken: token})
		done(t, "get", err)
		if token != nil && *page.NextBackwardToken == *token {
			break
		}
		for _, e := range slices.Backward(page.Events) {
			next--
			if want := fmt.Sprintf("s1-%d", next); *e.Message != want {
				t.Fatalf("want %s, got %s", want, *e.Message)
			}
		}
		token = page.NextBackwardToken
	}
	if next != 0 {
		t.Errorf("want all events backward, %d are missing", next)
	}
}

func TestMetricFilterIsTested(t *testing.T) {
	o, ctx := open(t), t.Context()
	got, err := o.TestMetricFilter(ctx, &cloudwatchlogs.TestMetricFilterInput{
		FilterPattern: aws.String("[ip, ..., status=4*, size>1000]"), LogEventMessages: []string{"1.1.1.1 - 200 5000", "2.2.2.2 - 404 5000", "3.3.3.3 - 404 5"},
	})
	done(t, "test a filter", err)
	if len(got.Matches) != 1 || got.Matches[0].EventNumber != 2 || got.Matches[0].ExtractedValues["$ip"] != "2.2.2.2" {
		t.Errorf("want the second message, got %+v", got.Matches)
	}
	_, err = o.TestMetricFilter(ctx, &cloudwatchlogs.TestMetricFilterInput{FilterPattern: aws.String("a:b"), LogEventMessages: []string{"x"}})
	apitest.Refused(t, "a colon", err, "InvalidParameterException", "Invalid character(s) in term 'a:b'")
}
