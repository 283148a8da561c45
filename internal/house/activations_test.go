package house_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trail "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/id"
)

// notes is a log that may be read while it is written.
type notes struct {
	mu  sync.Mutex
	all bytes.Buffer // guarded by mu
}

// Write adds a line.
func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all.Write(b)
}

func (n *notes) say(words string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Contains(n.all.String(), words)
}

// agentOf runs the agent of a desktop, which the fake has none of, until the
// test ends; what it logs is returned.
func (o *office) agentOf(id string, ids *id.Source) *notes {
	o.t.Helper()
	spec, ok := o.World.Spec(id)
	if !ok {
		o.t.Fatalf("the provider has no desktop %s", id)
	}
	log := &notes{}
	o.Hire(agent.Config{
		Region: spec.Node.Region, Domain: spec.Node.Domain, Port: 4566,
		ActivationID: spec.Node.ActivationID, ActivationCode: spec.Node.ActivationCode, IDs: ids,
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	return log
}

// nodes are the ids of the managed nodes, and how they are.
func (o *office) nodes() map[string]string {
	o.t.Helper()
	out, err := ssm.NewFromConfig(o.Config()).DescribeInstanceInformation(o.t.Context(), &ssm.DescribeInstanceInformationInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	found := map[string]string{}
	for _, i := range out.InstanceInformationList {
		found[*i.InstanceId] = string(i.PingStatus)
	}
	return found
}

func (o *office) activations() int {
	o.t.Helper()
	out, err := ssm.NewFromConfig(o.Config()).DescribeActivations(o.t.Context(), &ssm.DescribeActivationsInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(out.ActivationList)
}

// TestATerminatedDesktopLeavesNoNode follows a desktop with a real agent: its
// rebuild keeps the node, its end cuts it off.
func TestATerminatedDesktopLeavesNoNode(t *testing.T) {
	o := open(t)
	desktop := o.desktop()
	o.Becomes(desktop, types.WorkspaceStateAvailable)
	log := o.agentOf(desktop, id.Random())
	online := func() (node string) {
		for n, status := range o.nodes() {
			if status == "Online" {
				node = n
			}
		}
		return node
	}
	o.eventually("node to be online", func() bool { return online() != "" })
	node := online()

	_, err := o.workspaces().RebuildWorkspaces(t.Context(), &workspaces.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &desktop}}})
	if err != nil {
		t.Fatal(err)
	}
	o.Becomes(desktop, types.WorkspaceStateAvailable)
	if got := o.nodes(); len(got) != 1 || got[node] == "" || o.activations() != 1 {
		t.Errorf("after a rebuild: nodes %v, %d activations; want %s kept", got, o.activations(), node)
	}
	if log.say("control channel ended") {
		t.Error("the rebuild cut the node off")
	}

	o.terminate(desktop)
	o.Becomes(desktop, "")
	if got := o.nodes(); len(got) != 0 || o.activations() != 0 {
		t.Errorf("after the end: nodes %v, %d activations; want none", got, o.activations())
	}
	o.eventually("agent to be cut off", func() bool { return log.say("control channel ended") })
	for _, target := range []string{node, desktop} {
		_, err := ssm.NewFromConfig(o.Config()).SendCommand(t.Context(), &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{target}, Parameters: map[string][]string{"commands": {"true"}},
		})
		apitest.Refused(t, "a command for "+target, err, "InvalidInstanceId", "")
	}
	o.wantByService("CreateActivation", "DeleteActivation", "DeregisterManagedInstance")
}

// TestTheRoleOfDesktopsNodesIsMadeAnewAtAStart follows an upgrade: the nodes of
// desktops are older than the room of roles, and name one that nobody made.
func TestTheRoleOfDesktopsNodesIsMadeAnewAtAStart(t *testing.T) {
	o := open(t)
	desktop := o.desktop()
	o.Becomes(desktop, types.WorkspaceStateAvailable)
	roles := iam.NewFromConfig(o.Config())
	name, policy := aws.String("TamachiDesktopNode"), aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
	if _, err := roles.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: policy}); err != nil {
		t.Fatal(err)
	}
	if _, err := roles.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	log := o.agentOf(desktop, id.Random())
	o.eventually("the node to be refused", func() bool { return log.say("Nonexistent role") })
	o.Restart()
	o.eventually("the node to be online", func() bool {
		for _, status := range o.nodes() {
			return status == "Online"
		}
		return false
	})
	got, err := iam.NewFromConfig(o.Config()).ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: name})
	if err != nil || len(got.AttachedPolicies) != 1 || *got.AttachedPolicies[0].PolicyArn != *policy {
		t.Errorf("the role: got %+v (%v)", got, err)
	}
}

// wantByService looks for events in the trail, made by the service of desktops.
func (o *office) wantByService(names ...string) {
	o.t.Helper()
	for _, name := range names {
		out, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(o.t.Context(), &cloudtrail.LookupEventsInput{
			StartTime: aws.Time(time.Now().Add(-time.Hour)), LookupAttributes: []trail.LookupAttribute{{AttributeKey: "EventName", AttributeValue: &name}},
		})
		if err != nil {
			o.t.Fatal(err)
		}
		if len(out.Events) != 1 || !strings.Contains(*out.Events[0].CloudTrailEvent, `"workspaces.amazonaws.com"`) {
			o.t.Errorf("%s in the trail: want one, by workspaces.amazonaws.com, got %+v", name, out.Events)
		}
	}
}

func TestADesktopThatCannotBeMadeLeavesNoActivation(t *testing.T) {
	o := open(t)
	o.World.Fail(fake.Create, 1, desktops.ErrNoSpace)
	desktop := o.desktop()
	if w := o.Becomes(desktop, types.WorkspaceStateError); !strings.Contains(aws.ToString(w.ErrorMessage), "no space left") {
		t.Errorf("message %q, want the cause", aws.ToString(w.ErrorMessage))
	}
	if n := o.activations(); n != 0 {
		t.Errorf("%d activations, want the unused one deleted", n)
	}
	o.wantByService("CreateActivation", "DeleteActivation")
}
