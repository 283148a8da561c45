package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tamachi/internal/agent/session"
)

// The message types of sessions on the control channel.
const (
	typeShell           = "interactive_shell"
	typeTaskComplete    = "agent_task_complete"
	typeTaskAcknowledge = "agent_task_acknowledge"
	typeChannelClosed   = "channel_closed"
)

const (
	// mostSessions is how many may be held at once.
	mostSessions = 100
	// The end of a session is told three times, a second apart, as the SSM
	// Agent does, and then less often for a while: the plane may be away.
	tellEvery  = time.Second
	tellLater  = 10 * time.Second
	tellWithin = 5 * time.Minute
)

// sessions are those that this node holds.
type sessions struct {
	queue chan sessionOrder

	mu   sync.Mutex
	held map[string]context.CancelCauseFunc // guarded by mu; nil until it has begun
	told map[string]chan struct{}           // guarded by mu; closed by the acknowledgement
}

type sessionOrder struct {
	ID      string
	Content []byte
}

func newSessions() *sessions {
	return &sessions{
		queue: make(chan sessionOrder, mostSessions), held: map[string]context.CancelCauseFunc{}, told: map[string]chan struct{}{},
	}
}

var errSessionClosed = errors.New("the plane closed the session")

// receiveSession takes the order for a session. One that is held already was
// sent twice.
func (a *agent) receiveSession(f frame) {
	var in struct {
		Content, TaskId string
	}
	if err := json.Unmarshal(f.Payload, &in); err != nil || in.TaskId == "" {
		a.log.Warn("order of a session cannot be read", slog.String("node", a.id.Node), slog.Any("err", err))
		return
	}
	s := a.sessions
	s.mu.Lock()
	_, twice := s.held[in.TaskId]
	full := len(s.held) >= mostSessions
	if !twice && !full {
		s.held[in.TaskId] = nil
	}
	s.mu.Unlock()
	switch {
	case full:
		a.log.Warn("as many sessions as this agent takes are held", slog.String("node", a.id.Node))
	case !twice:
		s.queue <- sessionOrder{ID: in.TaskId, Content: []byte(in.Content)} // has room for every held one
	}
}

// holdSessions runs sessions until ctx ends; they end with it.
func (a *agent) holdSessions(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case order := <-a.sessions.queue:
			all.Go(func() { a.holdSession(ctx, order) })
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *agent) holdSession(ctx context.Context, order sessionOrder) {
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := a.sessions
	s.mu.Lock()
	s.held[order.ID] = cancel
	s.mu.Unlock()
	end := session.Run(own, a.sessionOptions(order))
	s.mu.Lock()
	delete(s.held, order.ID)
	s.mu.Unlock()
	a.log.Debug("session ended", slog.String("node", a.id.Node), slog.String("resource", order.ID), slog.String("action", end.Status))
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // once, while the channel is still there
		a.tellEnd(ctx, order.ID, end, 1)
		return
	}
	a.tellEnd(ctx, order.ID, end, int(tellWithin/tellLater))
}

func (a *agent) sessionOptions(order sessionOrder) session.Options {
	return session.Options{
		Session: order.ID, Node: a.id.Node, Region: a.cfg.Region, Content: order.Content,
		Dial:    func(ctx context.Context) (session.Channel, error) { return a.dialSession(ctx, order.ID) },
		Decrypt: a.decryptKey,
		Store:   a.storeTranscript, Logs: a.logTranscript, BucketSealed: a.bucketSealed, GroupSealed: a.groupSealed,
		Environment: a.cfg.Environment, Folder: a.jobs.folder,
		Clock: a.cfg.Clock, IDs: a.cfg.IDs, Log: a.log,
	}
}

// tellEnd reports how a session ended until that is acknowledged, at most so
// often.
func (a *agent) tellEnd(ctx context.Context, id string, end session.Outcome, most int) {
	payload, err := json.Marshal(map[string]any{
		"SchemaVersion": 1, "TaskId": id, "Topic": typeTaskComplete, "FinalTaskStatus": end.Status, "IsRoutingFailure": false,
		"AwsAccountId": "", "InstanceId": a.id.Node, "Output": end.Output, "S3Bucket": end.Bucket, "S3UrlSuffix": end.Key,
		"CwlGroup": end.LogGroup, "CwlStream": end.LogStream, "RetryNumber": 0,
	})
	if err != nil {
		a.log.Error("end of a session cannot be written", slog.String("node", a.id.Node), slog.Any("err", err))
		return
	}
	told := make(chan struct{})
	s := a.sessions
	s.mu.Lock()
	s.told[id] = told
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.told, id)
	}()
	f := frame{Type: typeTaskComplete, ID: a.cfg.IDs.UUID(), Payload: payload}
	for try := range most {
		a.send(ctx, f)
		wait := time.NewTimer(tellEvery)
		if try >= 3 {
			wait.Reset(tellLater)
		}
		select {
		case <-told:
			wait.Stop()
			return
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return
		}
	}
}

// receiveTaskAcknowledge notes that the plane knows how a session ended.
func (a *agent) receiveTaskAcknowledge(f frame) {
	var in struct{ TaskId string }
	if json.Unmarshal(f.Payload, &in) != nil {
		return
	}
	a.sessions.mu.Lock()
	defer a.sessions.mu.Unlock()
	if told, ok := a.sessions.told[in.TaskId]; ok {
		close(told)
		delete(a.sessions.told, in.TaskId)
	}
}

// receiveClosed ends a session that the plane closes over the control channel.
func (a *agent) receiveClosed(f frame) {
	var in struct{ SessionId string }
	if json.Unmarshal(f.Payload, &in) != nil {
		return
	}
	a.sessions.mu.Lock()
	defer a.sessions.mu.Unlock()
	if end := a.sessions.held[in.SessionId]; end != nil {
		end(errSessionClosed)
	}
}

// decryptKey asks KMS for the plaintext of a session's data key.
func (a *agent) decryptKey(ctx context.Context, key string, blob []byte, about map[string]string) ([]byte, error) {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return nil, err
	}
	in := struct {
		KeyId             string
		CiphertextBlob    []byte
		EncryptionContext map[string]string
	}{key, blob, about}
	var out struct{ Plaintext []byte }
	if err := a.plane.callAt(ctx, "kms", "TrentService.Decrypt", in, &out, a.withRole(creds, "kms")); err != nil {
		return nil, fmt.Errorf("ask KMS: %w", err)
	}
	return out.Plaintext, nil
}
