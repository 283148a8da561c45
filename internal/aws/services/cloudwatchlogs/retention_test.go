package cloudwatchlogs

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// put stores events, each so long ago.
func (r *room) put(message string, ago time.Duration) {
	r.t.Helper()
	_, err := r.PutLogEvents(r.ctx(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: aws.String("g"), LogStreamName: aws.String("s"),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(r.clk.Now().Add(-ago).UnixMilli()), Message: &message}},
	})
	r.must(err)
}

// shows are the messages that the group shows.
func (r *room) shows() string {
	r.t.Helper()
	out, err := r.FilterLogEvents(r.ctx(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g")})
	r.must(err)
	var list []string
	for _, e := range out.Events {
		list = append(list, *e.Message)
	}
	return strings.Join(list, " ")
}

func (r *room) bytes() int64 {
	r.t.Helper()
	out, err := r.DescribeLogGroups(r.ctx(), &cloudwatchlogs.DescribeLogGroupsInput{})
	r.must(err)
	return *out.LogGroups[0].StoredBytes
}

func (r *room) retention(days int32) {
	r.t.Helper()
	_, err := r.PutRetentionPolicy(r.ctx(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: &days})
	r.must(err)
}

func (r *room) upkeep() time.Time {
	r.t.Helper()
	next, err := r.Upkeep(r.t.Context())
	r.must(err)
	return next
}

func TestRetentionDeletes(t *testing.T) {
	r := alone(t)
	_, err := r.CreateLogGroup(r.ctx(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})
	r.must(err)
	_, err = r.CreateLogStream(r.ctx(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
	r.must(err)
	look := func() types.LogStream {
		t.Helper()
		out, err := r.DescribeLogStreams(r.ctx(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String("g")})
		r.must(err)
		return out.LogStreams[0]
	}
	last := r.clk.Now().UnixMilli()
	r.put("third", 0)
	r.put("second", 9*time.Hour)
	r.put("first", 10*time.Hour)
	if st := look(); *st.FirstEventTimestamp != last-(10*time.Hour).Milliseconds() || *st.LastEventTimestamp != last || *st.LastIngestionTime != last {
		t.Errorf("want the times of the events, got %+v", st)
	}
	r.clk.Advance(40 * time.Hour)
	if next := r.upkeep(); !next.IsZero() || r.shows() != "first second third" {
		t.Errorf("want all kept without a policy, got %q, next %v", r.shows(), next)
	}
	r.retention(3)
	if next, want := r.upkeep(), r.clk.Now().Add(22*time.Hour+time.Minute); !next.Equal(want) || r.bytes() != 3*26+16 {
		t.Errorf("want to be called when the first event's minute is over, %v, got %v and %d bytes", want, next, r.bytes())
	}
	r.clk.Advance(23 * time.Hour)
	if got := r.shows(); got != "third" && got != "second third" {
		t.Errorf("want what is past its days hidden at once, got %q", got)
	}
	r.clk.Advance(time.Minute)
	if next, want := r.upkeep(), time.UnixMilli(last).Add(3*day+time.Minute); !next.Equal(want) || r.bytes() != 26+5 {
		t.Errorf("want one event left until %v, got %v and %d bytes", want, next, r.bytes())
	}
	if st := look(); *st.FirstEventTimestamp != last || *st.LastEventTimestamp != last {
		t.Errorf("want the third event first, got %+v", st)
	}
	// No policy brings back what is gone.
	_, err = r.DeleteRetentionPolicy(r.ctx(), &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: aws.String("g")})
	r.must(err)
	if next := r.upkeep(); r.shows() != "third" || !next.IsZero() {
		t.Errorf("want the third kept for ever, got %q, next %v", r.shows(), next)
	}
	r.retention(1)
	if next := r.upkeep(); r.bytes() != 0 || !next.IsZero() {
		t.Errorf("want nothing left, got %d bytes, next %v", r.bytes(), next)
	}
	r.put("fourth", 0)
	r.clk.Advance(25 * time.Hour)
	if next := r.upkeep(); r.bytes() != 0 || !next.IsZero() {
		t.Errorf("want what came after the policy gone in its time, got %d bytes, next %v", r.bytes(), next)
	}
}
