package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// fakeBucket keeps the keys of what is delivered, and can refuse it.
type fakeBucket struct {
	keys   []string
	refuse string // code of S3
	broken error  // no answer of S3
}

func (b *fakeBucket) Probe(context.Context, Object) error { return nil }

func (b *fakeBucket) Deliver(_ context.Context, o Object) error {
	switch {
	case b.broken != nil:
		return b.broken
	case b.refuse != "":
		return &smithy.GenericAPIError{Code: b.refuse}
	}
	b.keys = append(b.keys, o.Key)
	return nil
}

// room is a Service alone, whose upkeep runs only when it is called.
type room struct {
	*Service
	t      *testing.T
	st     *store.Store
	clk    *clock.Frozen
	bucket *fakeBucket
}

func alone(t *testing.T) *room {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))
	b := &fakeBucket{}
	return &room{New(st, id.Seeded(1), clk, Ports{Bucket: b}), t, st, clk, b}
}

func (r *room) ctx() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{Account: "111122223333", Region: "ap-northeast-1", Time: r.clk.Now()})
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// fill makes a group with streams of one event a minute.
func (r *room) fill(group string, count, events int) {
	r.t.Helper()
	_, err := r.CreateLogGroup(r.ctx(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
	r.must(err)
	for i := range count {
		name := fmt.Sprint("s", i)
		_, err := r.CreateLogStream(r.ctx(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &name})
		r.must(err)
		var list []types.InputLogEvent
		for m := events; m > 0; m-- {
			list = append(list, types.InputLogEvent{Timestamp: aws.Int64(r.clk.Now().UnixMilli() - int64(m)*minute), Message: aws.String("x")})
		}
		_, err = r.PutLogEvents(r.ctx(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: &name, LogEvents: list})
		r.must(err)
	}
}

func (r *room) export() *string {
	r.t.Helper()
	out, err := r.CreateExportTask(r.ctx(), &cloudwatchlogs.CreateExportTaskInput{LogGroupName: aws.String("g"), From: aws.Int64(0), To: aws.Int64(r.clk.Now().UnixMilli()), Destination: aws.String("b")})
	r.must(err)
	r.clk.Advance(exportDelay)
	return out.TaskId
}

func (r *room) status(id *string) string {
	r.t.Helper()
	out, err := r.DescribeExportTasks(r.ctx(), &cloudwatchlogs.DescribeExportTasksInput{TaskId: id})
	r.must(err)
	return string(out.ExportTasks[0].Status.Code) + " " + *out.ExportTasks[0].Status.Message
}

func (r *room) step() {
	r.t.Helper()
	var first []*duty
	r.must(r.st.View(r.t.Context(), func(tx *store.Tx) (err error) {
		first, err = duties.List(tx, store.Scope{}, store.Page{Limit: 1})
		return err
	}))
	if len(first) == 0 {
		r.t.Fatal("want something to do, got nothing")
	}
	r.must(r.attend(r.t.Context(), first[0]))
}

func TestExportTasksMove(t *testing.T) {
	r := alone(t)
	r.fill("g", 3, 2)
	id := r.export()
	if got := r.status(id); got != "PENDING Pending" {
		t.Errorf("got %s", got)
	}
	_, err := r.CreateExportTask(r.ctx(), &cloudwatchlogs.CreateExportTaskInput{LogGroupName: aws.String("g"), From: aws.Int64(0), To: aws.Int64(r.clk.Now().UnixMilli()), Destination: aws.String("b")})
	if _, ok := errors.AsType[*types.LimitExceededException](err); !ok {
		t.Errorf("want a second task refused, got %v", err)
	}
	r.step()
	r.step()
	if got := r.status(id); got != "RUNNING Started successfully" {
		t.Errorf("got %s", got)
	}
	// S3 does not answer: the same file is written later.
	r.bucket.broken = errors.New("no answer")
	if _, err := r.Upkeep(t.Context()); err == nil {
		t.Error("want the failure told")
	}
	r.bucket.broken = nil
	if next, err := r.Upkeep(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("want it done, got %v, %v", next, err)
	}
	if got := r.status(id); got != "COMPLETED Completed successfully" {
		t.Errorf("got %s", got)
	}
	want := fmt.Sprintf("exportedlogs/aws-logs-write-test exportedlogs/%[1]s/s0/000000.gz exportedlogs/%[1]s/s1/000000.gz exportedlogs/%[1]s/s2/000000.gz", *id)
	if got := strings.Join(r.bucket.keys, " "); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

func TestExportTasksFail(t *testing.T) {
	r := alone(t)
	r.fill("g", 1, 1)
	id := r.export()
	r.bucket.refuse = "AccessDenied"
	_, err := r.Upkeep(t.Context())
	r.must(err)
	if got := r.status(id); got != "FAILED Failed to write to the bucket b: AccessDenied" {
		t.Errorf("got %s", got)
	}
	r.bucket.refuse = ""
	r.export() // a task that failed is in nobody's way
}

func TestExportTasksAreCancelled(t *testing.T) {
	for _, steps := range []int{0, 1, 2} {
		r := alone(t)
		r.fill("g", 3, 1)
		id := r.export()
		for range steps {
			r.step()
		}
		_, err := r.CancelExportTask(r.ctx(), &cloudwatchlogs.CancelExportTaskInput{TaskId: id})
		r.must(err)
		if got := r.status(id); !strings.HasPrefix(got, "PENDING_CANCEL") {
			t.Errorf("after %d steps: got %s", steps, got)
		}
		_, err = r.Upkeep(t.Context())
		r.must(err)
		if got := r.status(id); !strings.HasPrefix(got, "CANCELLED") {
			t.Errorf("after %d steps: got %s", steps, got)
		}
	}
}

// An export goes on where it was when a group is deleted under it: there is
// nothing left.
func TestExportOfADeletedGroupEnds(t *testing.T) {
	r := alone(t)
	r.fill("g", 2, 1)
	id := r.export()
	r.step()
	_, err := r.DeleteLogGroup(r.ctx(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
	r.must(err)
	_, err = r.Upkeep(t.Context())
	r.must(err)
	if got := r.status(id); !strings.HasPrefix(got, "COMPLETED") || len(r.bucket.keys) != 1 {
		t.Errorf("got %s, %v", got, r.bucket.keys)
	}
}

func TestWhatIsDeletedLeavesNothing(t *testing.T) {
	r := alone(t)
	r.fill("g", 3, 90) // more chunks than a step removes
	_, err := r.DeleteLogStream(r.ctx(), &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s1")})
	r.must(err)
	_, err = r.PutRetentionPolicy(r.ctx(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(1)})
	r.must(err)
	count := func() (n int) {
		r.must(r.st.View(t.Context(), func(tx *store.Tx) error {
			a, err1 := chunks.Everywhere(tx, "", "")
			b, err2 := streams.Everywhere(tx, "", "")
			c, err3 := usages.Everywhere(tx, "", "")
			n = len(a) + len(b) + len(c)
			return errors.Join(err1, err2, err3)
		}))
		return n
	}
	_, err = r.Upkeep(t.Context())
	r.must(err)
	if got, want := count(), 180+2+1; got != want {
		t.Errorf("want the chunks and streams that are left, %d records, got %d", want, got)
	}
	_, err = r.DeleteLogGroup(r.ctx(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
	r.must(err)
	if next, err := r.Upkeep(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("want nothing left to do, got %v, %v", next, err)
	}
	if got := count(); got != 0 {
		t.Errorf("want nothing left, got %d records", got)
	}
}
