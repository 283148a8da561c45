package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/nodes"
)

// handle passes a message on. What cannot be read or taken is not
// acknowledged, and the node says it again; it never ends the channel. Types
// that the gateway does not know are let be, as agents add some.
func (g *Gateway) handle(ctx context.Context, c *channel, m message) {
	var err error
	switch m.Type {
	case agentJobAck:
		err = g.handleAck(ctx, c, m)
	case agentJobReply:
		err = g.handleReply(ctx, c, m)
	case agentOutput:
		err = g.handleOutput(ctx, c, m)
	case agentTaskComplete:
		err = g.handleTask(ctx, c, m)
	default:
		g.log.Debug("message of an unknown type", slog.String("node", c.node))
	}
	if err != nil {
		g.log.Warn("message of a node was not taken", slog.String("node", c.node), slog.Any("err", err))
	}
}

func (g *Gateway) handleAck(ctx context.Context, c *channel, m message) error {
	var ack struct {
		JobID      string `json:"jobId"`
		StatusCode any    `json:"statusCode"` // text from the SSM Agent
	}
	if err := json.Unmarshal(m.Payload, &ack); err != nil {
		return fmt.Errorf("read %s: %w", m.Type, err)
	}
	status, err := strconv.Atoi(fmt.Sprint(ack.StatusCode))
	if err != nil {
		return fmt.Errorf("read %s: %w", m.Type, err)
	}
	if err := owns(c.node, ack.JobID); err != nil {
		return err
	}
	return g.reports.JobAcknowledged(ctx, c.node, ack.JobID, nodes.AckStatus(status))
}

// handleReply acknowledges a reply once Reports has taken it.
func (g *Gateway) handleReply(ctx context.Context, c *channel, m message) error {
	reply, err := readReply(m.Payload)
	if err != nil {
		return fmt.Errorf("read %s: %w", m.Type, err)
	}
	if err := owns(c.node, reply.JobID); err != nil {
		return err
	}
	if err := g.reports.JobReplied(ctx, c.node, reply); err != nil {
		return err
	}
	payload, err := json.Marshal(struct {
		JobID     string `json:"jobId"`
		MessageID string `json:"acknowledgedMessageId"`
	}{reply.JobID, m.uuid()})
	if err != nil {
		return err
	}
	c.queue(ws.OpBinary, g.frame(agentJobReplyAck, payload))
	return nil
}

// owns refuses what a node says of another node's job.
func owns(node, job string) error {
	if !strings.HasSuffix(job, "."+node) {
		return fmt.Errorf("job %q is not one of this node", job)
	}
	return nil
}

// readReply reads an agent_job_reply. Its content is JSON inside a string.
func readReply(payload []byte) (nodes.Reply, error) {
	var outer struct {
		JobID   string `json:"jobId"`
		Content string `json:"content"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil {
		return nodes.Reply{}, err
	}
	return readContent(outer.JobID, []byte(outer.Content))
}

// readContent reads what an agent says of a job.
func readContent(job string, content []byte) (nodes.Reply, error) {
	var inner struct {
		Status string `json:"documentStatus"`
		Trace  string `json:"documentTraceOutput"`
		Steps  map[string]struct {
			Plugin string `json:"name"`
			Status string `json:"status"`
			Code   int    `json:"code"`
			Output any    `json:"output"` // text, but for a few plugins
			Began  string `json:"startDateTime"`
			Ended  string `json:"endDateTime"`
			Stdout string `json:"standardOutput"`
			Stderr string `json:"standardError"`
		} `json:"runtimeStatus"`
	}
	if err := json.Unmarshal(content, &inner); err != nil {
		return nodes.Reply{}, err
	}
	if inner.Status == "" {
		return nodes.Reply{}, fmt.Errorf("no documentStatus")
	}
	reply := nodes.Reply{JobID: job, Status: inner.Status, Trace: inner.Trace, Steps: make(map[string]nodes.Step, len(inner.Steps))}
	for name, s := range inner.Steps {
		text, ok := s.Output.(string)
		if !ok && s.Output != nil {
			b, err := json.Marshal(s.Output)
			if err != nil {
				return nodes.Reply{}, err
			}
			text = string(b)
		}
		reply.Steps[name] = nodes.Step{
			Name: name, Plugin: s.Plugin, Status: s.Status, Code: s.Code, Output: text, Stdout: s.Stdout, Stderr: s.Stderr,
			StartedAt: instant(s.Began), FinishedAt: instant(s.Ended),
		}
	}
	return reply, nil
}

// instant reads an agent's time; unreadable is the zero time, since a clock of
// a node is no reason to lose its result.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
