package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The acknowledgement's status codes.
const (
	ackAccepted   = 200
	ackBusy       = 51402
	ackTopic      = 51403
	ackDuplicate  = 51405
	ackDocument   = 51406
	ackUnreadable = 51408
	ackUnexpected = 51499
)

// The topics of a job.
const (
	topicSend   = "aws.ssm.sendCommand"
	topicCancel = "aws.ssm.cancelCommand"
)

// receiveJob takes a job or says why not. The job is durable before its
// acknowledgement leaves.
func (a *agent) receiveJob(ctx context.Context, f frame) {
	var in struct {
		Content, JobId, Topic string
	}
	if err := json.Unmarshal(f.Payload, &in); err != nil || in.JobId == "" {
		a.acknowledge(ctx, f, in.JobId, ackUnreadable, "the job cannot be read")
		return
	}
	switch {
	case strings.HasPrefix(in.Topic, topicSend):
		a.receiveCommand(ctx, f, in.JobId, in.Content)
	case strings.HasPrefix(in.Topic, topicCancel):
		a.receiveCancel(ctx, f, in.JobId, in.Content)
	default:
		a.acknowledge(ctx, f, in.JobId, ackTopic, "the topic is not known to this agent")
	}
}

func (a *agent) receiveCommand(ctx context.Context, f frame, id, content string) {
	steps, err := readOrder(content)
	if err != nil {
		code := ackDocument
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			code = ackUnreadable
		}
		a.acknowledge(ctx, f, id, code, err.Error())
		return
	}
	one := &job{record: record{Job: id, Topic: topicSend, Received: a.cfg.Clock.Now()}, steps: steps, content: content}
	for _, s := range steps {
		one.Steps = append(one.Steps, stepKey{s.Key, s.Plugin})
	}
	switch err := a.jobs.accept(one); {
	case errors.Is(err, errDuplicate):
		a.acknowledge(ctx, f, id, ackDuplicate, err.Error())
		for _, r := range a.outbox.unacknowledged() { // the plane may have lost it
			if r.Job == id {
				a.transmit(ctx, r)
			}
		}
	case errors.Is(err, errBusy):
		a.acknowledge(ctx, f, id, ackBusy, err.Error())
	case err != nil:
		a.acknowledge(ctx, f, id, ackUnexpected, err.Error())
	default:
		a.acknowledge(ctx, f, id, ackAccepted, "")
		a.jobs.queue <- one // has room for every accepted job
	}
}

func (a *agent) receiveCancel(ctx context.Context, f frame, id, content string) {
	var in struct{ CancelMessageId string }
	if err := json.Unmarshal([]byte(content), &in); err != nil || in.CancelMessageId == "" {
		a.acknowledge(ctx, f, id, ackUnreadable, "the cancel cannot be read")
		return
	}
	a.acknowledge(ctx, f, id, ackAccepted, "")
	// The SSM Agent answers a cancel itself once, with an InProgress.
	a.transmit(ctx, a.newReply(id, topicCancel, statusInProgress, nil, ""))
	one, suspended := a.jobs.stop(in.CancelMessageId)
	if one == nil {
		a.log.Debug("nothing to cancel", slog.String("node", a.id.Node))
	}
	if suspended {
		maps.DeleteFunc(one.ended, func(_ string, o outcome) bool { return o.Again != restartNothing })
		a.end(ctx, one, result{Status: statusCancelled, Steps: one.ended}, errCancelled.Error())
	}
}

// acknowledge answers a job.
func (a *agent) acknowledge(ctx context.Context, f frame, id string, code int, why string) {
	payload, err := json.Marshal(struct {
		JobID        string `json:"jobId"`
		MessageID    string `json:"acknowledgedMessageId"`
		CreatedDate  string `json:"createdDate"`
		StatusCode   string `json:"statusCode"`
		ErrorMessage string `json:"errorMessage"`
	}{id, f.ID, stamp(a.cfg.Clock.Now()), strconv.Itoa(code), clip(why, 1000)})
	if err != nil {
		return // five strings
	}
	a.send(ctx, frame{Type: typeJobAck, ID: a.cfg.IDs.UUID(), Payload: payload})
}

// acknowledged forgets a reply that the plane has.
func (a *agent) acknowledged(id string) {
	r, ok := a.outbox.settle(id)
	if !ok {
		return
	}
	if err := a.jobs.settle(r); err != nil {
		a.log.Warn("settled reply stays on disk", slog.String("node", a.id.Node), slog.Any("err", err))
	}
}

// work runs accepted jobs, five at a time, until ctx ends and all of them have
// ended too.
func (a *agent) work(ctx context.Context) error {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				select {
				case one := <-a.jobs.queue:
					a.perform(ctx, one)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// perform runs a job's steps and keeps its result until the plane has it.
func (a *agent) perform(ctx context.Context, one *job) {
	a.transmit(ctx, a.newReply(one.Job, topicSend, statusInProgress, nil, ""))
	// Not a child of ctx: the end of the agent is a cause of its own.
	running, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(errStopped) })()
	a.jobs.begin(one, stop)
	out := &outputs{a: a, job: one.Job, dest: readDestination(one.content)}
	r, err := a.runOf(ctx, one, out)
	if err != nil {
		a.log.Error("job cannot be run", slog.String("node", a.id.Node), slog.Any("err", err))
		a.end(ctx, one, result{Status: statusFailed}, err.Error())
		return
	}
	res := a.runDocument(running, r)
	if res.Again != restartNothing && context.Cause(running) == nil {
		if err := a.jobs.suspend(one, res.Steps); err == nil {
			a.askRestart(res.Again)
			return
		}
		res.Status = statusFailed // it would be forgotten
	}
	trace := ""
	if cause := context.Cause(running); cause != nil && (res.Status == statusSuccess || res.Again != restartNothing) {
		res.Status, trace = statusFailed, cause.Error()
		if errors.Is(cause, errCancelled) {
			res.Status = statusCancelled
		}
	}
	if said := out.trace(); said != "" {
		trace = strings.TrimPrefix(trace+"\n"+said, "\n")
	}
	a.end(ctx, one, res, trace)
}

// runOf is a job's run. In a document of several steps, each is reported when
// it ends, because the last reply may be too small for all.
func (a *agent) runOf(ctx context.Context, one *job, out *outputs) (*run, error) {
	r := &run{Job: one.Job, Steps: one.steps, Folder: a.jobs.workFolder(one.Job), Ended: one.ended}
	r.output = func(s step) (stdout, stderr io.Writer, done func()) { return out.open(ctx, s) }
	if len(one.steps) > 1 {
		r.report = func(ctx context.Context, key string, all map[string]outcome) {
			a.deliver(context.WithoutCancel(ctx), one, a.newReply(one.Job, topicSend, statusInProgress, a.described(one, all, key), ""), false)
		}
	}
	return r, os.MkdirAll(r.Folder, 0o700)
}

// end delivers a job's last reply.
func (a *agent) end(ctx context.Context, one *job, res result, trace string) {
	defer a.jobs.finished()
	_ = os.RemoveAll(a.jobs.workFolder(one.Job)) // what stays is removed by the next start
	a.deliver(ctx, one, a.newReply(one.Job, topicSend, res.Status, a.described(one, res.Steps, ""), trace), true)
}

// deliver puts a reply on disk, into the outbox and on the wire.
func (a *agent) deliver(ctx context.Context, one *job, r reply, done bool) {
	if err := a.jobs.keep(one, r, done); err != nil {
		// It is still sent, and sent again while this agent lives.
		a.log.Error("result is not on disk", slog.String("node", a.id.Node), slog.Any("err", err))
	}
	a.outbox.keep(r)
	a.transmit(ctx, r)
}

// recover brings the jobs of an earlier run to an end: results that were not
// acknowledged are sent again, and a job that was under way is Failed, because
// its outcome is not known.
func (a *agent) recover() error {
	found, err := a.jobs.load()
	if err != nil {
		return err
	}
	for _, one := range found {
		a.outbox.keep(one.Replies...)
		if one.Done || a.resume(one) {
			continue
		}
		const why = "the agent was restarted before the command ended; how it went is not known"
		lost := map[string]outcome{}
		for _, s := range one.Steps {
			lost[s.Key] = outcome{Status: statusFailed, Code: 1, Stderr: why, Began: one.Received, Ended: a.cfg.Clock.Now()}
		}
		for _, r := range one.Replies { // steps that ended are known
			for key := range readSteps(r.Content) {
				delete(lost, key)
			}
		}
		r := a.newReply(one.Job, topicSend, statusFailed, a.described(one, lost, ""), why)
		if err := a.jobs.keep(one, r, true); err != nil {
			return fmt.Errorf("end the job of an earlier run: %w", err)
		}
		a.outbox.keep(r)
	}
	return nil
}

func readSteps(content string) map[string]stepReport {
	var c struct {
		RuntimeStatus map[string]stepReport `json:"runtimeStatus"`
	}
	if json.Unmarshal([]byte(content), &c) != nil {
		return nil
	}
	return c.RuntimeStatus
}

// stepReport is a step in a reply.
type stepReport struct {
	Status         string `json:"status"`
	Code           int    `json:"code"`
	Name           string `json:"name"`
	Output         string `json:"output"`
	StartDateTime  string `json:"startDateTime"`
	EndDateTime    string `json:"endDateTime"`
	Bucket         string `json:"outputS3BucketName"`
	KeyPrefix      string `json:"outputS3KeyPrefix"`
	StepName       string `json:"stepName"`
	StandardOutput string `json:"standardOutput"`
	StandardError  string `json:"standardError"`
}

// mostDescribed bounds a final reply: when its steps do not fit, it carries
// none, as with the SSM Agent; each was reported when it ended.
const mostDescribed = 300_000

// described writes results for the wire: all of them, or one step's.
func (a *agent) described(one *job, results map[string]outcome, only string) map[string]stepReport {
	out, dest := map[string]stepReport{}, readDestination(one.content)
	size := 0
	for _, s := range one.Steps {
		r, ok := results[s.Key]
		if !ok || (only != "" && only != s.Key) {
			continue
		}
		d := stepReport{
			Status: r.Status, Code: r.Code, Name: s.Plugin, Output: combined(r.Stdout, r.Stderr),
			StartDateTime: stamp(r.Began), EndDateTime: stamp(r.Ended),
			StandardOutput: clip(r.Stdout, mostStdout), StandardError: clip(r.Stderr, mostStderr),
		}
		if s.Key != s.Plugin {
			d.StepName = s.Key
		}
		if dest.OutputS3BucketName != "" {
			d.Bucket, d.KeyPrefix = dest.OutputS3BucketName, dest.keyPrefix(a.id.Node, s.Plugin)
		}
		out[s.Key] = d
		b, err := json.Marshal(d)
		if err == nil {
			size += len(b)
		}
	}
	if len(out) > 1 && size > mostDescribed {
		return map[string]stepReport{}
	}
	return out
}

// newReply composes an agent_job_reply.
func (a *agent) newReply(id, topic, status string, steps map[string]stepReport, trace string) reply {
	counts := map[string]int{}
	for _, s := range steps {
		counts[s.Status]++
	}
	content, err := json.Marshal(map[string]any{
		"additionalInfo": map[string]any{
			"agent": map[string]string{
				"lang": "en-US", "name": "tamachi-agent", "os": runtime.GOOS, "osver": "1", "ver": a.cfg.Version,
			},
			"dateTime": stamp(a.cfg.Clock.Now()), "runId": "", "runtimeStatusCounts": counts,
		},
		"documentStatus": status, "documentTraceOutput": trace, "runtimeStatus": steps,
	})
	if err != nil {
		a.log.Error("reply cannot be written", slog.String("node", a.id.Node), slog.Any("err", err))
	}
	return reply{ID: a.cfg.IDs.UUID(), Job: id, Topic: topic, Content: string(content)}
}

// worse is the status of a document of which one more step ended badly.
func worse(now, next string) string {
	order := map[string]int{statusSuccess: 0, statusFailed: 1, statusTimedOut: 2, statusCancelled: 3}
	if order[next] > order[now] {
		return next
	}
	return now
}

// stamp is the protocol's time format.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
