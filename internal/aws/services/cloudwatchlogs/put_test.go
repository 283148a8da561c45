package cloudwatchlogs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/apitest"
)

func TestBatchesAreRefused(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	o.stream(connection, "s")
	half := strings.Repeat("x", 1<<19)
	for _, row := range []struct {
		name, part string
		list       []types.InputLogEvent
	}{
		{"out of order", "must be in chronological order.", []types.InputLogEvent{line(o.at(0), "b"), line(o.at(time.Second), "a")}},
		{"more than a day", "cannot span more than 24 hours.", []types.InputLogEvent{line(o.at(25*time.Hour), "a"), line(o.at(0), "b")}},
		{"more than a megabyte", "Upload too large: 1048628 bytes exceeds limit of 1048576", []types.InputLogEvent{line(o.at(0), half), line(o.at(0), half)}},
		{"an event of more than a megabyte", "Log event too large: 1048577 bytes exceeds limit of 1048576", []types.InputLogEvent{line(o.at(0), half+half+"x")}},
	} {
		_, err := o.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("s"), LogEvents: row.list})
		apitest.Refused(t, row.name, err, "InvalidParameterException", row.part)
	}
	_, err := o.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("none"), LogEvents: []types.InputLogEvent{line(o.at(0), "x")}})
	apitest.Refused(t, "no stream", err, "ResourceNotFoundException", "The specified log stream does not exist.")
	if got := o.found(cloudwatchlogs.FilterLogEventsInput{}); got != "" {
		t.Errorf("want nothing kept of what was refused, got %q", got)
	}
}

func TestOldAndNewEventsAreRejectedAlone(t *testing.T) {
	o := open(t)
	o.group(connection)
	o.stream(connection, "s")
	list := []types.InputLogEvent{
		line(o.at(15*24*time.Hour), "old"), line(o.at(4*24*time.Hour), "expired"), line(o.at(time.Hour), "kept"), line(o.at(-time.Hour), "soon"), line(o.at(-3*time.Hour), "new"),
	}
	_, err := o.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(connection), RetentionInDays: aws.Int32(3)})
	done(t, "retention", err)
	info := o.put(connection, "s", list...).RejectedLogEventsInfo
	if info == nil || aws.ToInt32(info.TooOldLogEventEndIndex) != 1 || aws.ToInt32(info.ExpiredLogEventEndIndex) != 2 || aws.ToInt32(info.TooNewLogEventStartIndex) != 4 {
		t.Errorf("want the ends 1 and 2 and the start 4, got %+v", info)
	}
	if got := o.found(cloudwatchlogs.FilterLogEventsInput{}); got != "s:kept s:soon" {
		t.Errorf("want the two between, got %q", got)
	}
	info = o.put(connection, "s", list[0]).RejectedLogEventsInfo
	if info == nil || aws.ToInt32(info.TooOldLogEventEndIndex) != 1 || info.TooNewLogEventStartIndex != nil {
		t.Errorf("want all too old, got %+v", info)
	}
}

// A batch of 10,000 events is one call, over as many minutes as it may span.
func TestLargestBatch(t *testing.T) {
	o := open(t)
	o.group(connection)
	o.stream(connection, "s")
	var list []types.InputLogEvent
	for i := range 10_000 {
		list = append(list, line(o.at(20*time.Hour)+int64(i)*7000, "session connected"))
	}
	start := time.Now()
	o.put(connection, "s", list...)
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %s", d)
	}
	got, err := o.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: aws.String("s"), StartFromHead: aws.Bool(true)})
	done(t, "get", err)
	if len(got.Events) != 10_000 || *got.Events[9_999].Timestamp != *list[9_999].Timestamp {
		t.Errorf("want all events, got %d", len(got.Events))
	}
}
