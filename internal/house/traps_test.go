package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/agent/simulator"
)

// TestTraps replays, by the simulator and over sockets, each trap that the
// unmodified amazon-ssm-agent and session-manager-plugin set a server. The
// rows have the names that the design of nodes gives them.
func TestTraps(t *testing.T) {
	y := openYard(t)
	for _, row := range []struct {
		trap   string
		replay func(p *pitfall)
	}{
		{"swapped UUID halves", (*pitfall).swappedHalves},
		{"empty final runtimeStatus", (*pitfall).emptyFinalStatus},
		{"ack race", (*pitfall).ackRace},
		{"201 status", (*pitfall).createdStatus},
		{"scalar parameters", (*pitfall).scalarParameters},
		{"AccessDenied text", (*pitfall).accessDeniedText},
		{"missing UpdateKeyPair", (*pitfall).updateKeyPair},
		{"type padded with NUL", (*pitfall).paddedType},
		{"unknown message types", (*pitfall).unknownTypes},
		{"replies twice", (*pitfall).repliesTwice},
		{"lost ack of a job", (*pitfall).lostAck},
		{"buffer full", (*pitfall).bufferFull},
		{"reply before the ack", (*pitfall).replyBeforeAck},
		{"another fingerprint", (*pitfall).anotherFingerprint},
		{"health probe", (*pitfall).healthProbe},
		{"end of a session", (*pitfall).endOfSession},
		{"resume with an empty token", (*pitfall).resumedToken},
		{"parameters of associations are lists", (*pitfall).associationLists},
		{"inventory without content", (*pitfall).inventoryHash},
		{"GetManifest", (*pitfall).manifest},
		{"region of a bucket", (*pitfall).bucketRegion},
		{"newest connection wins", (*pitfall).newestWins},
	} {
		t.Run(row.trap, func(t *testing.T) {
			mine := *y
			mine.t = t
			row.replay(&pitfall{yard: &mine, t: t, node: mine.node(), client: ssm.NewFromConfig(y.Config())})
		})
	}
}

// pitfall is a node that falls into one.
type pitfall struct {
	*yard
	t      *testing.T
	node   *simulator.Node
	client *ssm.Client
}

func (p *pitfall) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// open opens the control channel; it ends with the test, and after a minute in
// which what the test waits for did not come.
func (p *pitfall) open() *simulator.Channel {
	p.t.Helper()
	c, err := p.node.Open(p.t.Context())
	p.must(err)
	return p.guard(c)
}

func (p *pitfall) guard(c *simulator.Channel) *simulator.Channel {
	late := time.AfterFunc(time.Minute, func() { c.Close() })
	p.t.Cleanup(func() { late.Stop(); c.Close() })
	return c
}

// hear is the next message of a type.
func (p *pitfall) hear(c *simulator.Channel, kind string) agent.Frame {
	p.t.Helper()
	for {
		f, err := c.Read()
		if err != nil {
			p.t.Fatalf("waiting for %s: %v", kind, err)
		}
		if f.Type == kind {
			return f
		}
	}
}

// send sends a command and returns its id and its job.
func (p *pitfall) send() (command, job string) {
	p.t.Helper()
	out, err := p.client.SendCommand(p.t.Context(), &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{p.node.ID},
		Parameters: map[string][]string{"commands": {"echo one", "echo two"}, "executionTimeout": {"5"}},
	})
	p.must(err)
	return *out.Command.CommandId, "aws.ssm." + *out.Command.CommandId + "." + p.node.ID
}

// job is a job's message as an agent reads it.
type job struct {
	JobID   string `json:"JobId"`
	Topic   string
	Content string
}

func (p *pitfall) read(f agent.Frame) (j job) {
	p.t.Helper()
	p.must(json.Unmarshal(f.Payload, &j))
	return j
}

func (p *pitfall) ack(c *simulator.Channel, f agent.Frame, code string) {
	p.t.Helper()
	p.must(c.Write("agent_job_ack", "", map[string]any{
		"jobId": p.read(f).JobID, "acknowledgedMessageId": f.ID, "createdDate": "2026-11-22T10:00:00.000Z", "statusCode": code, "errorMessage": "",
	}))
}

func reply(job, status, steps string) map[string]any {
	return map[string]any{"schemaVersion": 1, "jobId": job, "topic": "aws.ssm.sendCommand", "content": `{"documentStatus":"` + status + `","runtimeStatus":` + steps + `}`}
}

const oneStep = `{"aws:runShellScript":{"status":"Success","code":0,"name":"aws:runShellScript","output":"kept","standardOutput":"kept"}}`

// taken says something under an id and waits until that id is acknowledged.
func (p *pitfall) taken(c *simulator.Channel, id string, what map[string]any) {
	p.t.Helper()
	p.must(c.Write("agent_job_reply", id, what))
	p.acknowledged(c, id)
}

func (p *pitfall) acknowledged(c *simulator.Channel, id string) {
	p.t.Helper()
	var got struct {
		ID string `json:"acknowledgedMessageId"`
	}
	p.must(json.Unmarshal(p.hear(c, "agent_job_reply_ack").Payload, &got))
	if got.ID != id {
		p.t.Errorf("acknowledged %s, want %s", got.ID, id)
	}
}

// result is what the plane shows of a command.
func (p *pitfall) result(command string) (status, output string) {
	p.t.Helper()
	got, err := p.client.GetCommandInvocation(p.t.Context(), &ssm.GetCommandInvocationInput{CommandId: &command, InstanceId: &p.node.ID})
	p.must(err)
	return *got.StatusDetails, *got.StandardOutputContent
}

func (p *pitfall) wants(command, status, output string) {
	p.t.Helper()
	if s, out := p.result(command); s != status || out != output {
		p.t.Errorf("the command is %s with %q, want %s with %q", s, out, status, output)
	}
}

const (
	onceID  = "d7397525-ae47-4a70-ac87-d781663bfc76"
	twiceID = "11111111-2222-4333-8444-555555555555"
	restID  = "66666666-2222-4333-8444-555555555555"
)

// The halves of a message's id are swapped on the wire; the plane names the
// message by its id.
func (p *pitfall) swappedHalves() {
	c := p.open()
	command, job := p.send()
	p.ack(c, p.hear(c, "agent_job"), "200")
	b, err := agent.Frame{Type: "agent_job_reply", ID: onceID, Created: p.clk.Now(), Payload: p.text(reply(job, "Success", oneStep))}.Encode()
	p.must(err)
	if want := []byte{0xac, 0x87, 0xd7, 0x81, 0x66, 0x3b, 0xfc, 0x76, 0xd7, 0x39, 0x75, 0x25, 0xae, 0x47, 0x4a, 0x70}; !bytes.Equal(b[64:80], want) {
		p.t.Fatalf("the id on the wire is %x, want %x", b[64:80], want)
	}
	p.must(c.WriteRaw(b))
	p.acknowledged(c, onceID)
	p.wants(command, "Success", "kept")
}

func (p *pitfall) text(v any) []byte {
	p.t.Helper()
	b, err := json.Marshal(v)
	p.must(err)
	return b
}

// The last reply of a document with several steps carries none of them.
func (p *pitfall) emptyFinalStatus() {
	c := p.open()
	command, job := p.send()
	p.ack(c, p.hear(c, "agent_job"), "200")
	p.taken(c, onceID, reply(job, "InProgress", oneStep))
	p.taken(c, twiceID, reply(job, "Success", "{}"))
	p.wants(command, "Success", "kept")
}

// The agent takes any other status for an error.
func (p *pitfall) createdStatus() {
	p.open()
	for _, path := range []string{"/v1/control-channel/" + p.node.ID, "/v1/data-channel/" + *p.session(nil).SessionId} {
		got := p.request(p.node, http.MethodPost, "ssmmessages", path, `{"MessageSchemaVersion":"1.0","RequestId":"1","ClientId":""}`)
		if got.Status != http.StatusCreated || !strings.Contains(got.Body, "<TokenValue>") {
			p.t.Errorf("%s: got %d %s", path, got.Status, got.Body)
		}
	}
}

// Of commands, a list stays one and anything else is no list; a switch is text.
// Of sessions, nothing is a list.
func (p *pitfall) scalarParameters() {
	c := p.open()
	p.send()
	var content struct {
		Parameters              map[string]any
		CloudWatchOutputEnabled any
	}
	p.must(json.Unmarshal([]byte(p.read(p.hear(c, "agent_job")).Content), &content))
	lines, ok := content.Parameters["commands"].([]any)
	if !ok || len(lines) != 2 || content.Parameters["executionTimeout"] != "5" || content.CloudWatchOutputEnabled != "false" {
		p.t.Errorf("the command's parameters: got %v, output %v", content.Parameters, content.CloudWatchOutputEnabled)
	}
	p.session(map[string][]string{"portNumber": {"18480"}})
	var shell struct {
		Parameters      map[string]any
		DocumentContent struct{ Properties map[string]any }
	}
	p.must(json.Unmarshal([]byte(p.read(p.hear(c, "interactive_shell")).Content), &shell))
	if shell.Parameters["portNumber"] != "18480" {
		p.t.Errorf("the session's parameters: got %v", shell.Parameters)
	}
}

// The agent looks for these words to know that it may not.
func (p *pitfall) accessDeniedText() {
	other := p.yard.node()
	got := p.request(p.node, http.MethodPost, "ssmmessages", "/v1/control-channel/"+other.ID, `{"MessageSchemaVersion":"1.0","RequestId":"1"}`)
	if got.Status == http.StatusCreated || !strings.Contains(got.Body, "<AccessDeniedException>") {
		p.t.Errorf("got %d %s", got.Status, got.Body)
	}
}

// The agent dereferences it without a look; it reads seconds as a number.
func (p *pitfall) updateKeyPair() {
	var out map[string]any
	p.must(p.node.CallWithKey(p.t.Context(), "AmazonSSM.RequestManagedInstanceRoleToken", map[string]string{"Fingerprint": p.node.Fingerprint}, &out))
	if _, ok := out["UpdateKeyPair"].(bool); !ok {
		p.t.Errorf("UpdateKeyPair: got %v", out["UpdateKeyPair"])
	}
	if _, ok := out["TokenExpirationDate"].(float64); !ok {
		p.t.Errorf("TokenExpirationDate: got %v", out["TokenExpirationDate"])
	}
}

// Some writers pad a message's type with zeros and not with blanks.
func (p *pitfall) paddedType() {
	c := p.open()
	command, job := p.send()
	p.ack(c, p.hear(c, "agent_job"), "200")
	b, err := agent.Frame{Type: "agent_job_reply", ID: onceID, Created: p.clk.Now(), Payload: p.text(reply(job, "Success", oneStep))}.Encode()
	p.must(err)
	copy(b[4+len("agent_job_reply"):36], make([]byte, 32))
	p.must(c.WriteRaw(b))
	p.acknowledged(c, onceID)
	p.wants(command, "Success", "kept")
}

// What a later agent says must not end its channel.
func (p *pitfall) unknownTypes() {
	c := p.open()
	for _, kind := range []string{"agent_telemetry", "agent_update_result", "something_new"} {
		p.must(c.Write(kind, "", map[string]any{"x": 1}))
	}
	p.send()
	p.hear(c, "agent_job")
}

func (p *pitfall) anotherFingerprint() {
	other := *p.node
	other.Fingerprint = twiceID
	if _, err := other.Renew(p.t.Context()); refusal(err) != "MachineFingerprintDoesNotMatch" {
		p.t.Errorf("got %v", err)
	}
	if _, err := p.node.Renew(p.t.Context()); err != nil {
		p.t.Errorf("with its own: got %v", err)
	}
}

// The small form of the first report; anything but {} hibernates the agent.
func (p *pitfall) healthProbe() {
	var out map[string]any
	p.must(p.node.Call(p.t.Context(), "ssm", "AmazonSSM.UpdateInstanceInformation", map[string]string{
		"InstanceId": p.node.ID, "AgentName": "amazon-ssm-agent", "AgentVersion": "3.3.987.0", "PlatformType": "Linux",
	}, &out))
	if len(out) != 0 {
		p.t.Errorf("got %v, want {}", out)
	}
}

// session starts one; parameters make it a forwarded port.
func (p *pitfall) session(parameters map[string][]string) (out *ssm.StartSessionOutput) {
	p.t.Helper()
	in := &ssm.StartSessionInput{Target: &p.node.ID, Parameters: parameters}
	if parameters != nil {
		in.DocumentName = aws.String("AWS-StartPortForwardingSession")
	}
	p.eventually("a session", func() bool { // once the plane has noted the channel
		var err error
		out, err = p.client.StartSession(p.t.Context(), in)
		if _, early := errors.AsType[*types.TargetNotConnected](err); early {
			return false
		}
		p.must(err)
		return true
	})
	return out
}
