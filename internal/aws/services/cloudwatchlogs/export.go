package cloudwatchlogs

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

// export is the stored form of an export task. Status moves from PENDING to
// RUNNING to COMPLETED or FAILED; or, when it is cancelled before, to
// PENDING_CANCEL and CANCELLED.
type export struct {
	ID        string
	Name      string `json:",omitempty"`
	Account   string
	Region    string
	Group     string // its name
	GroupID   string
	Streams   string `json:",omitempty"` // prefix of their names
	From, To  int64  // the end is part of the range
	Bucket    string
	Prefix    string
	Status    types.ExportTaskStatusCode
	Message   string `json:",omitempty"`
	Created   int64
	Completed int64 `json:",omitempty"`
	// Stream is the one that is being written, Part the number of its next file
	// and Cut where that begins; so a crash writes one file again.
	Stream string `json:",omitempty"`
	Part   int    `json:",omitempty"`
	Cut    string `json:",omitempty"`
}

var exports = store.Table[export]{
	Name: "logs.exports", Reach: store.Regional,
	Key: func(x *export) string { return x.ID },
	Indexes: map[string]func(*export) string{"Active": func(x *export) string {
		if x.active() {
			return "yes"
		}
		return ""
	}},
}

// active tells whether the task still has something to do.
func (x *export) active() bool {
	switch x.Status {
	case types.ExportTaskStatusCodePending, types.ExportTaskStatusCodeRunning, types.ExportTaskStatusCodePendingCancel:
		return true
	}
	return false
}

func (x *export) scope() store.Scope { return store.In(x.Account, x.Region) }

// end ends the task.
func (x *export) end(status types.ExportTaskStatusCode, message string, now time.Time) {
	x.Status, x.Message, x.Completed = status, message, now.UnixMilli()
	x.Stream, x.Cut, x.Part = "", "", 0
}

// object is a file of the task.
func (x *export) object(key string, body []byte) Object {
	return Object{
		Account: x.Account, Region: x.Region, Group: groupARN(x.Account, x.Region, x.Group).String() + ":*",
		Bucket: x.Bucket, Key: x.Prefix + "/" + key, Body: body,
	}
}

func (x *export) duty(now time.Time) *duty {
	return &duty{At: now.UnixMilli(), Kind: dutyExport, Account: x.Account, Region: x.Region, Group: x.GroupID, Ref: x.ID}
}

// shown is the task as DescribeExportTasks has it.
func (x *export) shown() types.ExportTask {
	out := types.ExportTask{
		TaskId: &x.ID, LogGroupName: &x.Group, From: &x.From, To: &x.To, Destination: &x.Bucket, DestinationPrefix: &x.Prefix,
		Status:        &types.ExportTaskStatus{Code: x.Status, Message: &x.Message},
		ExecutionInfo: &types.ExportTaskExecutionInfo{CreationTime: &x.Created},
	}
	if x.Name != "" {
		out.TaskName = &x.Name
	}
	if x.Completed != 0 {
		out.ExecutionInfo.CompletionTime = &x.Completed
	}
	return out
}

// exportStep moves a task on by one file: what it is to hold is read, then it
// is written, then that is noted, unless the task was cancelled meanwhile.
func (s *Service) exportStep(ctx context.Context, d *duty) error {
	var x *export
	var f *exportFile
	var seen progress
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if x, err = exports.Get(tx, d.scope(), d.Ref); err != nil {
			return err
		}
		if seen = x.progress(); x.Status == types.ExportTaskStatusCodeRunning {
			f, err = x.next(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	failure := ""
	if f != nil && len(f.body) > 0 {
		err := s.ports.Bucket.Deliver(ctx, x.object(f.key, f.body))
		if refused, ok := errors.AsType[smithy.APIError](err); ok {
			failure = "Failed to write to the bucket " + x.Bucket + ": " + refused.ErrorCode()
		} else if err != nil {
			return err
		}
	}
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		x, err := exports.Get(tx, d.scope(), d.Ref)
		if err != nil || x.progress() != seen {
			return err // another did this step
		}
		x.move(f, failure, now)
		if err := errors.Join(exports.Put(tx, x.scope(), x), forget(tx, d.key())); err != nil || !x.active() {
			return err
		}
		return x.duty(now).put(tx)
	})
}

// progress is how far a task has come. That it is to be cancelled is no
// progress.
type progress struct {
	pending bool
	stream  string
	part    int
	cut     string
	ended   int64
}

func (x *export) progress() progress {
	return progress{x.Status == types.ExportTaskStatusCodePending, x.Stream, x.Part, x.Cut, x.Completed}
}

// move notes a step.
func (x *export) move(f *exportFile, failure string, now time.Time) {
	switch {
	case x.Status == types.ExportTaskStatusCodePendingCancel:
		x.end(types.ExportTaskStatusCodeCancelled, "Cancelled by user", now)
	case failure != "":
		x.end(types.ExportTaskStatusCodeFailed, failure, now)
	case x.Status == types.ExportTaskStatusCodePending:
		x.Status, x.Message = types.ExportTaskStatusCodeRunning, "Started successfully"
	case f == nil:
		x.end(types.ExportTaskStatusCodeCompleted, "Completed successfully", now)
	default:
		x.Stream, x.Part, x.Cut = f.stream, f.part, f.cut
	}
}

// exportFile is the next file of a task, and where the task is behind it.
type exportFile struct {
	key  string
	body []byte // empty for a stream that has no events in the range

	stream string
	part   int
	cut    string
}

// mostExported is how much a file of an export holds before it is packed.
const mostExported = 8 << 20

// next makes the next file, or nil when all are written.
func (x *export) next(tx *store.Tx) (*exportFile, error) {
	g, err := groups.Get(tx, x.scope(), x.Group)
	if errors.Is(err, store.ErrNotFound) || err == nil && g.ID != x.GroupID {
		return nil, nil // deleted meanwhile: there is nothing left to write
	}
	if err != nil {
		return nil, err
	}
	st, from, err := x.current(tx, g)
	if err != nil || st == nil {
		return nil, err
	}
	f := &exportFile{stream: st.Name, part: x.Part + 1, key: fmt.Sprintf("%s/%s/%06d.gz", x.ID, strings.ReplaceAll(st.Name, "/", "-"), x.Part)}
	var text bytes.Buffer
	err = span{g, []string{st.ID}, x.To + 1}.forward(tx, from, func(e event) bool {
		if text.Len() >= mostExported {
			f.cut = e.place.String()
			return false
		}
		at := time.UnixMilli(e.At).UTC().Format("2006-01-02T15:04:05.000Z")
		fmt.Fprintf(&text, "%s %s\n", at, strings.TrimSuffix(e.Message, "\n"))
		return true
	})
	if err != nil || text.Len() == 0 {
		return f, err
	}
	f.body, err = packed(text.Bytes())
	return f, err
}

// current is the stream of the next file and the place from which it is read;
// nil behind the last stream.
func (x *export) current(tx *store.Tx, g *group) (*stream, place, error) {
	if cut, ok := parsePlace(x.Cut); ok {
		st, err := streams.Get(tx, g.scope(), streamKey(g.ID, x.Stream))
		if err == nil {
			return st, cut, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, place{}, err
		}
	}
	p := withPrefix(streamKey(g.ID, x.Streams))
	if p.Limit = 1; x.Stream != "" {
		p.After = streamKey(g.ID, x.Stream)
	}
	x.Part = 0
	list, err := streams.List(tx, g.scope(), p)
	if err != nil || len(list) == 0 {
		return nil, place{}, err
	}
	return list[0], place{At: x.From}, nil
}

func packed(text []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// tryBucket does what AWS does before it takes a task: it asks for the bucket's
// ACL and writes a file.
// Source: CloudWatch Logs User Guide, "Export log data to Amazon S3".
func (s *Service) tryBucket(ctx context.Context, x *export) error {
	refused := func(call string, err error) error {
		fault, ok := errors.AsType[smithy.APIError](err)
		switch {
		case !ok:
			return err
		case fault.ErrorCode() == "NoSuchBucket":
			return missing("The specified bucket does not exist: " + x.Bucket)
		}
		return invalid(call + " call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.")
	}
	probe := x.object("aws-logs-write-test", []byte("Permission Check Successful"))
	if err := s.ports.Bucket.Probe(ctx, probe); err != nil {
		return refused("GetBucketAcl", err)
	}
	if err := s.ports.Bucket.Deliver(ctx, probe); err != nil {
		return refused("PutObject", err)
	}
	return nil
}

// prefixOf is the prefix of the keys of a task.
func prefixOf(given *string) string {
	if text := strings.Trim(aws.ToString(given), "/"); text != "" {
		return text
	}
	return "exportedlogs"
}
