package gateway

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gobwas/ws"

	"tamachi/internal/nodes"
)

// The message types by which agents of this house send what a step writes while
// it runs. Agents of AWS know neither.
const (
	agentOutput    = "tamachi_output"
	agentOutputAck = "tamachi_output_ack"
)

// handleOutput passes a piece of output on, and tells the node which is wanted
// next.
func (g *Gateway) handleOutput(ctx context.Context, c *channel, m message) error {
	o, err := readOutput(m.Payload)
	if err != nil {
		return fmt.Errorf("read %s: %w", m.Type, err)
	}
	if err := owns(c.node, o.JobID); err != nil {
		return err
	}
	taker, ok := g.reports.(nodes.OutputReports)
	if !ok {
		return nil
	}
	next, full, err := taker.JobOutput(ctx, c.node, o)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(struct {
		JobID  string `json:"jobId"`
		Step   string `json:"step"`
		Stream string `json:"stream"`
		Next   int64  `json:"next"`
		Full   bool   `json:"full"`
	}{o.JobID, o.Step, o.Stream, next, full})
	if err != nil {
		return err
	}
	c.queue(ws.OpBinary, g.frame(agentOutputAck, payload))
	return nil
}

func readOutput(payload []byte) (nodes.Output, error) {
	var in struct {
		JobID  string `json:"jobId"`
		Step   string `json:"step"`
		Stream string `json:"stream"`
		Offset int64  `json:"offset"`
		Data   []byte `json:"data"`
	}
	if err := json.Unmarshal(payload, &in); err != nil {
		return nodes.Output{}, err
	}
	if in.Step == "" || (in.Stream != "stdout" && in.Stream != "stderr") || in.Offset < 0 || len(in.Data) == 0 {
		return nodes.Output{}, fmt.Errorf("it is no piece of output")
	}
	return nodes.Output(in), nil
}
