package house_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/agent/simulator"
)

// A reply is said again when its acknowledgement was lost, in words or in its
// file of the day: each is acknowledged, and the first counts.
func (p *pitfall) repliesTwice() {
	c := p.open()
	command, job := p.send()
	p.ack(c, p.hear(c, "agent_job"), "200")
	p.taken(c, onceID, reply(job, "Success", oneStep))
	p.taken(c, onceID, reply(job, "Success", oneStep))
	p.taken(c, twiceID, reply(job, "Failed", "{}"))
	p.taken(c, onceID, reply(job, "InProgress", "null"))
	p.wants(command, "Success", "kept")
}

// A job whose acknowledgement was lost comes again as the same job, and the
// agent's word that it has it already is no failure.
func (p *pitfall) lostAck() {
	c := p.open()
	command, job := p.send()
	p.hear(c, "agent_job")
	c = p.reopened(c)
	again := p.hearsLater(c, "agent_job")
	if got := p.read(again).JobID; got != job {
		p.t.Fatalf("the job came again as %s, want %s", got, job)
	}
	p.ack(c, again, "51405")
	p.taken(c, onceID, reply(job, "Success", oneStep))
	p.wants(command, "Success", "kept")
}

// reopened is another channel, two seconds later: what the plane has just sent
// it takes for sent to the new one. The plane sends to a node again only once it
// has noted when it last did, so it is made to first.
func (p *pitfall) reopened(c *simulator.Channel) *simulator.Channel {
	p.t.Helper()
	_, job := p.send()
	for {
		f := p.hear(c, "agent_job")
		if p.read(f).JobID == job {
			p.ack(c, f, "200")
			break
		}
		p.ack(c, f, "51402") // the job before came again: still no room
	}
	p.taken(c, restID, reply(job, "Success", oneStep))
	p.must(c.Close())
	p.clk.Advance(2 * time.Second)
	return p.open()
}

// hearsLater hears what comes once time has passed: how much depends on when the
// plane noted that it had sent it before.
func (p *pitfall) hearsLater(c *simulator.Channel, kind string) agent.Frame {
	p.t.Helper()
	heard := make(chan struct{})
	var passing sync.WaitGroup
	passing.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-heard:
				return
			case <-tick.C:
				p.clk.Advance(time.Second)
			}
		}
	})
	defer passing.Wait()
	defer close(heard)
	return p.hear(c, kind)
}

// A node that has no room is asked again later, and has not failed.
func (p *pitfall) bufferFull() {
	c := p.open()
	command, job := p.send()
	p.ack(c, p.hear(c, "agent_job"), "51402")
	p.eventually("the command to be delayed", func() bool { s, _ := p.result(command); return s == "Delayed" })
	c = p.reopened(c)
	p.ack(c, p.hearsLater(c, "agent_job"), "200")
	p.taken(c, onceID, reply(job, "Success", oneStep))
	p.wants(command, "Success", "kept")
}

func (p *pitfall) replyBeforeAck() {
	c := p.open()
	command, job := p.send()
	f := p.hear(c, "agent_job")
	p.taken(c, onceID, reply(job, "InProgress", "null"))
	p.wants(command, "InProgress", "")
	p.taken(c, twiceID, reply(job, "Success", oneStep))
	p.ack(c, f, "200")
	p.taken(c, twiceID, reply(job, "Success", oneStep)) // after the late acknowledgement
	p.wants(command, "Success", "kept")
}

// both is a session with its two sides.
func (p *pitfall) both() (id string, control, node, client *simulator.Channel) {
	p.t.Helper()
	control = p.open()
	session := p.session(nil)
	p.hear(control, "interactive_shell")
	node, err := p.node.OpenSession(p.t.Context(), *session.SessionId)
	p.must(err)
	client, err = p.world.Visit(p.t.Context(), *session.StreamUrl, *session.TokenValue)
	p.must(err)
	return *session.SessionId, control, p.guard(node), p.guard(client)
}

func (p *pitfall) acknowledges(c *simulator.Channel, f agent.Frame) {
	p.t.Helper()
	p.must(c.Write("acknowledge", "", map[string]any{
		"AcknowledgedMessageType": f.Type, "AcknowledgedMessageId": f.ID, "AcknowledgedMessageSequenceNumber": f.Sequence, "IsSequentialMessage": true,
	}))
}

// The acknowledgement of a message reached the agent before it had queued that
// message, and the plugin says nothing to a repetition: the plane must say it
// again, and must not forward.
func (p *pitfall) ackRace() {
	_, _, node, client := p.both()
	line := agent.Frame{Type: "output_stream_data", ID: onceID, PayloadType: 1, Payload: []byte("one")}
	p.must(node.Say(line))
	p.acknowledges(client, p.hear(client, "output_stream_data"))
	for range 3 {
		var got struct {
			Number int64 `json:"AcknowledgedMessageSequenceNumber"`
			ID     string
		}
		p.must(json.Unmarshal(p.hear(node, "acknowledge").Payload, &got))
		if got.Number != 0 {
			p.t.Errorf("acknowledged %d, want 0", got.Number)
		}
		p.must(node.Say(line)) // as if the acknowledgement had come too early
	}
	p.must(node.Say(agent.Frame{Type: "output_stream_data", ID: twiceID, Sequence: 1, PayloadType: 1, Payload: []byte("two")}))
	if got := p.hear(client, "output_stream_data"); got.Sequence != 1 || string(got.Payload) != "two" {
		p.t.Errorf("the client got %d %q, want 1 \"two\"", got.Sequence, got.Payload)
	}
}

// The state is for the plane alone; the end is acknowledged, or the agent says
// it again, and told to the plugin, or it hangs.
func (p *pitfall) endOfSession() {
	id, control, node, client := p.both()
	p.must(node.Write("agent_session_state", "", map[string]any{"SchemaVersion": 1, "SessionState": "Terminating", "SessionId": id}))
	p.must(node.Close())
	p.must(control.Write("agent_task_complete", onceID, map[string]any{
		"SchemaVersion": 1, "TaskId": id, "Topic": "agent_task_complete", "FinalTaskStatus": "Success", "Output": "bye",
	}))
	if got := p.hear(control, "agent_task_acknowledge"); !strings.Contains(string(got.Payload), onceID) || !strings.Contains(string(got.Payload), id) {
		p.t.Errorf("acknowledged with %s", got.Payload)
	}
	for {
		f, err := client.Read()
		if err != nil || f.Type == "agent_session_state" {
			p.t.Fatalf("the client heard %s (%v), want the end", f.Type, err)
		}
		if f.Type != "channel_closed" { // it may be told first that the node is away
			continue
		}
		if !strings.Contains(string(f.Payload), `"Output":"bye"`) {
			p.t.Errorf("the client was told %s", f.Payload)
		}
		return
	}
}

// The plugin takes no token for the end.
func (p *pitfall) resumedToken() {
	p.open()
	session := p.session(nil)
	again, err := p.client.ResumeSession(p.t.Context(), &ssm.ResumeSessionInput{SessionId: session.SessionId})
	p.must(err)
	if len(aws.ToString(again.TokenValue)) < 40 || *again.TokenValue == *session.TokenValue || *again.StreamUrl == "" {
		p.t.Errorf("got %q at %q", *again.TokenValue, *again.StreamUrl)
	}
}

// Of associations every parameter is a list, whatever its type.
func (p *pitfall) associationLists() {
	p.open()
	_, err := p.client.CreateAssociation(p.t.Context(), &ssm.CreateAssociationInput{
		Name: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}, "executionTimeout": {"60"}},
		Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{p.node.ID}}},
	})
	p.must(err)
	p.eventually("the association to reach the node", func() bool {
		var out struct {
			Associations []struct{ Parameters map[string][]string }
		}
		p.must(p.node.Call(p.t.Context(), "ssm", "AmazonSSM.ListInstanceAssociations", map[string]any{"InstanceId": p.node.ID, "MaxResults": 20}, &out))
		return len(out.Associations) == 1 && slices.Equal(out.Associations[0].Parameters["executionTimeout"], []string{"60"})
	})
}

// An unchanged item comes as its hash; one whose content the plane does not
// have is asked for.
func (p *pitfall) inventoryHash() {
	put := func(item map[string]any) string {
		item["TypeName"], item["SchemaVersion"], item["CaptureTime"], item["ContentHash"] = "AWS:Application", "1.1", "2026-11-22T10:00:00Z", "aaaa"
		return refusal(p.node.Call(p.t.Context(), "ssm", "AmazonSSM.PutInventory", map[string]any{"InstanceId": p.node.ID, "Items": []any{item}}, nil))
	}
	if got := put(map[string]any{}); got != "InvalidItemContentException" && got != "ItemContentMismatchException" {
		p.t.Errorf("a hash that the plane does not know: got %s", got)
	}
	if got := put(map[string]any{"Content": []any{map[string]string{"Name": "bash", "Version": "5"}}}); got != "<nil>" {
		p.t.Errorf("its content: got %s", got)
	}
	if got := put(map[string]any{}); got != "<nil>" {
		p.t.Errorf("the same hash: got %s", got)
	}
	out, err := p.client.ListInventoryEntries(p.t.Context(), &ssm.ListInventoryEntriesInput{InstanceId: &p.node.ID, TypeName: aws.String("AWS:Application")})
	if err != nil || len(out.Entries) != 1 || out.Entries[0]["Name"] != "bash" {
		p.t.Errorf("got %v (%v)", out, err)
	}
}

// This refusal makes the agent ask for the document of a package.
func (p *pitfall) manifest() {
	got := refusal(p.node.Call(p.t.Context(), "ssm", "AmazonSSM.GetManifest", map[string]any{"PackageName": "tool", "PackageVersion": "latest"}, nil))
	if got != "ResourceNotFoundException" {
		p.t.Errorf("got %s", got)
	}
}

// Without the header the agent looks for the bucket at Amazon.
func (p *pitfall) bucketRegion() {
	p.yard.bucket("trap-output")
	_, err := iam.NewFromConfig(p.Config()).PutRolePolicy(p.t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("TestNode"), PolicyName: aws.String("output"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`),
	})
	p.must(err)
	if got := p.request(p.node, http.MethodHead, "s3", "/trap-output", ""); got.Header.Get("X-Amz-Bucket-Region") != p.Access().Region {
		p.t.Errorf("got %d %v", got.Status, got.Header)
	}
}

// A node that came back before the plane saw it leave has one channel.
func (p *pitfall) newestWins() {
	older := p.open()
	p.session(nil)
	newer := p.open()
	for {
		if _, err := older.Read(); err != nil {
			break
		}
	}
	p.send()
	p.hear(newer, "agent_job")
}
