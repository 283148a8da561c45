package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"tamachi/internal/agent"
)

// Behaviour says what a node does with jobs; the zero value answers each at
// once with Success.
type Behaviour struct {
	Output   string        // standard output of each job; default "ok"
	Delay    time.Duration // between a job and its result
	Silent   bool          // takes jobs and says nothing
	NoAck    bool          // does not acknowledge jobs, but answers
	Twice    bool          // sends each final reply twice
	LiesAs   string        // names another node's job in its replies
	ResendIn time.Duration // a reply without acknowledgement is sent again after; default 10 s
	// On is told of events: "online", "job", "acked" (a final reply). It may be nil.
	On func(n *Node, event string)
}

// Run keeps a node online until ctx ends: credentials, channel, answers. What
// was not acknowledged outlives the channel.
func (n *Node) Run(ctx context.Context, b Behaviour) error {
	if b.Output == "" {
		b.Output = "ok"
	}
	if b.ResendIn == 0 {
		b.ResendIn = 10 * time.Second
	}
	if b.On == nil {
		b.On = func(*Node, string) {}
	}
	r := &runner{n: n, b: b, waiting: map[string]reply{}, seen: map[string]bool{}}
	for try := 0; ctx.Err() == nil; try++ {
		began := n.w.cfg.Clock.Now()
		err := r.converse(ctx)
		if ctx.Err() == nil && fatal(err) {
			return err
		}
		if n.w.cfg.Clock.Now().Sub(began) > 10*time.Second {
			try = 0
		}
		_ = pause(ctx, n.delay(try)) // the loop looks at ctx
	}
	return nil //nolint:nilerr // ctx ended it
}

// fatal tells whether trying again makes no sense.
func fatal(err error) bool {
	no, ok := errors.AsType[*Refusal](err)
	return ok && no.Status == 400 && no.Code != "ThrottlingException"
}

// delay spreads the attempts as the SSM Agent does after a lost connection: up
// to 2.5 s at first, doubling to 20 s.
func (n *Node) delay(try int) time.Duration {
	most := min(2500*time.Millisecond<<min(try, 3), 20*time.Second)
	b := n.w.cfg.IDs.Bytes(2)
	return time.Duration(int64(most) * (int64(b[0])<<8 | int64(b[1])) / 0xffff)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reply is a final reply that waits for its acknowledgement.
type reply struct{ id, job string }

// runner is a node that is online, or tries to be.
type runner struct {
	n *Node
	b Behaviour

	mu      sync.Mutex
	ch      *Channel         // guarded by mu; nil while offline
	waiting map[string]reply // guarded by mu; by frame id
	seen    map[string]bool  // guarded by mu; jobs that were taken
}

func (r *runner) converse(ctx context.Context) error {
	n := r.n
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if n.w.cfg.Clock.Now().Add(time.Minute).After(n.Credentials.Expires) {
		if _, err := n.Renew(within); err != nil {
			return err
		}
		if err := n.Inform(within); err != nil {
			return err
		}
	}
	ch, err := n.Open(within)
	if no, ok := errors.AsType[*Refusal](err); ok && (no.Status == 400 || no.Status == 403) {
		n.Credentials = agent.Credentials{} // perhaps the plane does not know them any more
		return errors.New(err.Error())
	}
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = ch.Close() })()
	defer ch.Close()
	r.attach(ch)
	defer r.attach(nil)
	r.b.On(n, "online")
	for {
		f, err := ch.Read()
		if err != nil {
			return err
		}
		r.receive(ctx, ch, f)
	}
}

// attach changes the channel and says again what waits for an acknowledgement.
func (r *runner) attach(ch *Channel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ch = ch
	if ch == nil {
		return
	}
	for _, one := range r.waiting {
		_ = r.say(ch, one.id, one.job, "Success", true)
	}
}

func (r *runner) receive(ctx context.Context, ch *Channel, f agent.Frame) {
	switch f.Type {
	case "agent_job":
		var job struct {
			JobID string `json:"JobId"`
			Topic string
		}
		if json.Unmarshal(f.Payload, &job) == nil {
			r.take(ctx, ch, f.ID, job.JobID)
		}
	case "agent_job_reply_ack":
		var ack struct {
			ID string `json:"acknowledgedMessageId"`
		}
		if json.Unmarshal(f.Payload, &ack) != nil {
			return
		}
		r.mu.Lock()
		_, waited := r.waiting[ack.ID]
		delete(r.waiting, ack.ID)
		r.mu.Unlock()
		if waited {
			r.b.On(r.n, "acked")
		}
	}
}

// take answers a job. The channel is written under the lock.
func (r *runner) take(ctx context.Context, ch *Channel, frame, job string) {
	r.b.On(r.n, "job")
	r.mu.Lock()
	known := r.seen[job]
	r.seen[job] = true
	status := "200"
	if known {
		status = "51405"
	}
	if !r.b.NoAck && !r.b.Silent {
		_ = ch.Write("agent_job_ack", "", map[string]any{
			"jobId": job, "acknowledgedMessageId": frame, "createdDate": r.n.w.cfg.Clock.Now().UTC(), "statusCode": status, "errorMessage": "",
		})
	}
	r.mu.Unlock()
	if known || r.b.Silent {
		return
	}
	if r.b.Delay > 0 {
		time.AfterFunc(r.b.Delay, func() { r.finish(ctx, job) })
		return
	}
	r.finish(ctx, job)
}

func (r *runner) finish(ctx context.Context, job string) {
	if ctx.Err() != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	one := reply{id: r.n.w.cfg.IDs.UUID(), job: job}
	r.waiting[one.id] = one
	if r.ch == nil {
		return
	}
	_ = r.say(r.ch, r.n.w.cfg.IDs.UUID(), job, "InProgress", false)
	_ = r.say(r.ch, one.id, job, "Success", true)
	if r.b.Twice {
		_ = r.say(r.ch, one.id, job, "Success", true)
	}
	time.AfterFunc(r.b.ResendIn, func() { r.resend(ctx, one) })
}

// resend says a reply again that was not acknowledged.
func (r *runner) resend(ctx context.Context, one reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, waits := r.waiting[one.id]; !waits || ctx.Err() != nil {
		return
	}
	if r.ch != nil {
		_ = r.say(r.ch, one.id, one.job, "Success", true)
	}
	time.AfterFunc(r.b.ResendIn, func() { r.resend(ctx, one) })
}

// say writes a reply; the caller holds mu.
func (r *runner) say(ch *Channel, id, job, status string, done bool) error {
	if r.b.LiesAs != "" {
		job = job[:len(job)-len(r.n.ID)] + r.b.LiesAs
	}
	steps := map[string]any{}
	if done {
		now := r.n.w.cfg.Clock.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		steps["aws:runShellScript"] = map[string]any{
			"status": status, "code": 0, "name": "aws:runShellScript", "output": r.b.Output, "standardOutput": r.b.Output,
			"standardError": "", "startDateTime": now, "endDateTime": now, "stepName": "",
		}
	}
	content, err := json.Marshal(map[string]any{"documentStatus": status, "runtimeStatus": steps})
	if err != nil {
		return err
	}
	return ch.Write("agent_job_reply", id, map[string]any{
		"schemaVersion": 1, "jobId": job, "content": string(content), "topic": "aws.ssm.sendCommand",
	})
}
