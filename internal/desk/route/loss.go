package route

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/desk/account"
)

// Loss is the moment at which a tunnel was lost, as its own log has it.
type Loss struct {
	Time    time.Time `json:"time"`
	Details string    `json:"details,omitempty"`
	Phase1  string    `json:"phase1"`
	Phase2  string    `json:"phase2"`
}

const (
	// logBefore and logAfter the fall that the telemetry tells of, the log is read: a
	// peer is declared dead some time after it fell silent (Site-to-Site VPN User
	// Guide, "Tunnel options").
	logBefore, logAfter = 30 * time.Minute, 10 * time.Minute
	// mostPages bounds what is read of one tunnel's log.
	mostPages = 2
)

// losses looks in the logs of the tunnels that are down for the moment.
func (e Eyes) losses(ctx context.Context, p *Plan) error {
	g := p.gate(p.Broken.ID)
	if g == nil {
		return nil
	}
	for i := range g.Tunnels {
		t := &g.Tunnels[i]
		if t.Up || t.Log == "" || t.Since.IsZero() {
			continue
		}
		all, err := e.lines(ctx, g.ID, t)
		if err := p.unanswered("logs:FilterLogEvents", err); err != nil {
			return err
		}
		t.Lost, t.Quiet = lossOf(all), err == nil && len(all) == 0
	}
	return nil
}

// line is one of a tunnel's log.
type line struct {
	at             time.Time
	Details        string
	Phase1, Phase2 string
}

// lines are those of a tunnel around its fall. A stream of the log group is named
// after the connection and the tunnel's outside address.
// Source: Site-to-Site VPN User Guide, "Site-to-Site VPN log contents".
func (e Eyes) lines(ctx context.Context, connection string, t *Tunnel) (all []line, err error) {
	in := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(groupName(t.Log)), LogStreamNamePrefix: &connection,
		StartTime: aws.Int64(t.Since.Add(-logBefore).UnixMilli()), EndTime: aws.Int64(t.Since.Add(logAfter).UnixMilli()),
	}
	for range mostPages {
		out, err := e.Logs.FilterLogEvents(ctx, in)
		if err != nil {
			return nil, account.Explain("logs:FilterLogEvents", err)
		}
		for _, event := range out.Events {
			if l, ok := lineOf(aws.ToString(event.Message)); ok && strings.Contains(aws.ToString(event.LogStreamName), t.Outside) {
				l.at = time.UnixMilli(aws.ToInt64(event.Timestamp))
				all = append(all, l)
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return a.at.Compare(b.at) })
	return all, nil
}

// groupName is the name in the ARN of a log group.
func groupName(arn string) string {
	_, name, _ := strings.Cut(arn, ":log-group:")
	return strings.TrimSuffix(name, ":*")
}

// lineOf reads a line of a log in JSON; ok is false for what is none of a tunnel.
func lineOf(message string) (l line, ok bool) {
	var raw struct {
		Details string `json:"details"`
		Phase1  string `json:"ike_phase1_state"`
		Phase2  string `json:"ike_phase2_state"`
	}
	if json.Unmarshal([]byte(message), &raw) != nil || raw.Phase1 == "" && raw.Phase2 == "" {
		return l, false
	}
	return line{Details: raw.Details, Phase1: strings.ToLower(raw.Phase1), Phase2: strings.ToLower(raw.Phase2)}, true
}

func (l line) down() bool { return l.Phase1 == "down" || l.Phase2 == "down" }

func (l line) up() bool {
	works := []string{"established", "rekeying"}
	return slices.Contains(works, l.Phase1) && slices.Contains(works, l.Phase2)
}

// lossOf is the first line that says down after the last that says up.
func lossOf(all []line) *Loss {
	var loss *Loss
	for _, l := range all {
		switch {
		case l.up():
			loss = nil
		case l.down() && loss == nil:
			loss = &Loss{l.at, l.Details, l.Phase1, l.Phase2}
		}
	}
	return loss
}

// fell is when the last of a connection's tunnels went down.
func (g Gate) fell() (at time.Time) {
	for _, t := range g.Tunnels {
		if t.Since.After(at) {
			at = t.Since
		}
	}
	return at
}

// justBefore tells whether a change came so shortly before a fall that it may have
// made it: a tunnel whose options change is made anew.
func justBefore(change, fall time.Time) bool {
	d := fall.Sub(change)
	return d >= -time.Minute && d <= 15*time.Minute
}
