package runcommand

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// fussy lets callers send to some nodes, and knows one bucket.
type fussy struct{ may []string }

func (f fussy) Allowed(_ context.Context, checks []api.Check) ([]bool, error) {
	out := make([]bool, len(checks))
	for i, c := range checks {
		out[i] = slices.ContainsFunc(f.may, func(id string) bool { return strings.HasSuffix(c.Resource, id) })
	}
	return out, nil
}

func (fussy) Exists(_ context.Context, bucket string) (bool, error) { return bucket == "there", nil }

func (fussy) URL(region, bucket, key string) string {
	return "https://s3." + region + ".example/" + bucket + "/" + key
}

// change makes the room's neighbours others.
func (r *room) change(move func(f floor, p *Ports)) {
	move(r.ports.Nodes.(floor), &r.ports)
}

func byTag(in *ssm.SendCommandInput) {
	in.InstanceIds, in.Targets = nil, []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}}
}

// chores does the work that SendCommand left to the engine.
func (r *room) chores() {
	r.t.Helper()
	for {
		keys, err := r.Chores(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		if len(keys) == 0 {
			return
		}
		if err := r.Chore(r.t.Context(), keys[0]); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *room) details(c string) string {
	r.t.Helper()
	out, err := r.ListCommandInvocations(r.call(), &ssm.ListCommandInvocationsInput{CommandId: &c})
	if err != nil {
		r.t.Fatal(err)
	}
	var got []string
	for _, i := range out.CommandInvocations {
		got = append(got, string(i.Status)+"/"+*i.StatusDetails)
	}
	slices.Sort(got)
	return strings.Join(slices.Compact(got), " ")
}

// The statuses of "Understanding command statuses" that are no node's word.
func TestStatusesThatThePlaneFinds(t *testing.T) {
	for _, row := range []struct {
		name        string
		before      func(f floor, p *Ports)
		send        func(in *ssm.SendCommandInput)
		live        func(r *room, c string)
		command     string
		invocations string
	}{
		{
			"no node has the tag", nil,
			func(in *ssm.SendCommandInput) {
				byTag(in)
				in.Targets[0].Values = []string{"9"}
			}, nil, "Failed/NoInstancesInTag", "",
		},
		{
			"a target that names no node", nil,
			func(in *ssm.SendCommandInput) {
				in.InstanceIds, in.Targets = nil, []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"mi-none"}}}
			}, nil, "Failed/Undeliverable", "Failed/Undeliverable",
		},
		{
			"undeliverable ones say nothing of the others", nil,
			func(in *ssm.SendCommandInput) {
				in.InstanceIds, in.Targets = nil, []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"mi-none", nodeID(1)}}}
			},
			func(r *room, c string) { r.reply(c, 1, "Success") },
			"Success/Success", "Failed/Undeliverable Success/Success",
		},
		{
			"a node that was deregistered before it had it", nil, nil,
			func(r *room, c string) {
				o := r.orders()[nodeID(0)]
				if err := r.Lost(r.t.Context(), []nodes.OrderKey{{Account: o.Account, Region: o.Region, Key: o.Key}}); err != nil {
					r.t.Fatal(err)
				}
			},
			"Failed/Undeliverable", "Failed/Undeliverable",
		},
		{
			"tags find a node of another platform",
			func(f floor, p *Ports) {
				p.Documents = forLinux{}
				for n := range 2 {
					f[nodeID(n)] = Node{ID: nodeID(n), Platform: []string{"Windows", "Linux"}[n], Tags: map[string]string{"Floor": "8"}}
				}
			},
			func(in *ssm.SendCommandInput) { byTag(in); in.Targets[0].Values = []string{"8"} },
			func(r *room, c string) { r.reply(c, 1, "Success") },
			"Failed/Incomplete", "Failed/InvalidPlatform Success/Success",
		},
		{
			"tags find nodes that the caller may not send to",
			func(_ floor, p *Ports) { p.Access = fussy{may: []string{nodeID(4)}} }, byTag,
			func(r *room, c string) { r.reply(c, 4, "Success") },
			"Success/Success", "Failed/AccessDenied Success/Success",
		},
		{
			"the node is away", func(f floor, _ *Ports) { f[nodeID(0)] = Node{ID: nodeID(0), Name: "away"} }, nil, nil,
			"Pending/Delayed", "Delayed/Delayed",
		},
		{
			"the node is away for too long", func(f floor, _ *Ports) { f[nodeID(0)] = Node{ID: nodeID(0), Name: "away"} }, nil,
			func(r *room, _ string) { r.clk.Advance(time.Hour); r.giveUp() },
			"TimedOut/DeliveryTimedOut", "TimedOut/DeliveryTimedOut",
		},
		{
			"cancelled while nodes wait for their turn", nil, byTag,
			func(r *room, c string) { r.cancel(c) },
			"Cancelled/Cancelled", "Cancelled/Cancelled",
		},
		{
			"being cancelled", nil, byTag,
			func(r *room, c string) { r.ack(c, 0, 200); r.cancel(c) },
			"Cancelling/Cancelling", "Cancelled/Cancelled Cancelling/Cancelling",
		},
		{
			"stopped by an error", nil, byTag,
			func(r *room, c string) { r.reply(c, 0, "Failed") },
			"Failed/Failed", "Cancelled/Terminated Failed/Failed",
		},
		{
			"errors within what is allowed", nil,
			func(in *ssm.SendCommandInput) { byTag(in); in.MaxErrors = aws.String("1") },
			func(r *room, c string) {
				for n := range 10 {
					r.reply(c, n, map[bool]string{true: "Failed", false: "Success"}[n == 3])
				}
			},
			"Failed/Incomplete", "Failed/Failed Success/Success",
		},
	} {
		r := newRoom(t)
		if row.before != nil {
			r.change(row.before)
		}
		c := r.send(1, row.send)
		r.chores()
		if row.live != nil {
			row.live(r, c)
		}
		got := r.command(c)
		if said := string(got.Status) + "/" + *got.StatusDetails; said != row.command {
			t.Errorf("%s: the command is %s, want %s", row.name, said, row.command)
		}
		if said := r.details(c); said != row.invocations {
			t.Errorf("%s: the invocations are %s, want %s", row.name, said, row.invocations)
		}
	}
}

// With targets the command goes to one node, then to two more, then to four.
func TestTargetsAreReachedInGrowingNumbers(t *testing.T) {
	r := newRoom(t)
	c := r.send(0, func(in *ssm.SendCommandInput) { byTag(in); in.MaxConcurrency = aws.String("3") })
	var seen []int
	for done := range 10 {
		waiting := 0
		for _, o := range r.orders() {
			if o.State == nodes.Waiting {
				waiting++
			}
		}
		seen = append(seen, waiting)
		r.reply(c, done, "Success")
	}
	if want := []int{1, 2, 3, 3, 3, 3, 3, 3, 2, 1}; !slices.Equal(seen, want) {
		t.Errorf("at a time: %v, want %v", seen, want)
	}
	if got := r.command(c); *got.StatusDetails != "Success" || got.CompletedCount != 10 {
		t.Errorf("the command is %s with %d done", *got.StatusDetails, got.CompletedCount)
	}
}

// A fleet is written down after the answer, in parts, and a kill in between
// loses nothing.
func TestFleetIsWrittenDownInParts(t *testing.T) {
	r := newRoom(t)
	r.change(func(_ floor, p *Ports) { p.Nodes = crowd(1200) })
	c := r.send(0, func(in *ssm.SendCommandInput) { byTag(in); in.MaxConcurrency = aws.String("100%") })
	if got := r.command(c); got.TargetCount != 1200 || *got.StatusDetails != "Pending" {
		t.Errorf("at first: %d targets, %s", got.TargetCount, *got.StatusDetails)
	}
	keys, err := r.Chores(t.Context())
	if err != nil || len(keys) != 5 {
		t.Fatalf("got %d chores and %v, want 5", len(keys), err)
	}
	for _, k := range append(keys[:2:2], keys[0]) { // one of them twice
		if err := r.Chore(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	r.cancel(c)
	r.chores()
	if got := r.command(c); got.CompletedCount != 1200 || *got.StatusDetails != "Cancelled" {
		t.Errorf("cancelled half way: %d done, %s", got.CompletedCount, *got.StatusDetails)
	}
	if open := r.orders(); len(open) > 0 {
		t.Errorf("%d orders are left", len(open))
	}
}

// crowd is so many nodes with every tag.
type crowd int

func (c crowd) Resolve(*store.Tx, store.Scope, string) (Node, bool, error) { return Node{}, false, nil }
func (c crowd) CheckTargets([]Target) error                                { return nil }
func (c crowd) FindsBucket(*store.Tx, store.Scope, string, string) (bool, error) {
	return true, nil
}
func (c crowd) Online(string) bool { return true }

func (c crowd) Targets(*store.Tx, store.Scope, []Target) ([]Node, error) {
	out := make([]Node, 0, c)
	for n := range int(c) {
		out = append(out, Node{ID: nodeID(n)})
	}
	return out, nil
}

func TestTooManyPendingInvocationsAreRefused(t *testing.T) {
	r := newRoom(t)
	r.change(func(_ floor, p *Ports) { p.Nodes = crowd(mostPending + 1) })
	c := r.send(0, byTag)
	if got := r.command(c); got.Status != types.CommandStatusFailed || *got.StatusDetails != "RateExceeded" || got.TargetCount != 0 {
		t.Errorf("got %s, %s, %d targets", got.Status, *got.StatusDetails, got.TargetCount)
	}
	out, err := r.ListCommands(r.call(), &ssm.ListCommandsInput{Filters: []types.CommandFilter{{Key: "Status", Value: aws.String("LimitExceeded")}}})
	if err != nil || len(out.Commands) != 1 {
		t.Errorf("the filter LimitExceeded finds %v (%v)", out, err)
	}
}

func TestSendCommandRefusals(t *testing.T) {
	windows := Node{ID: nodeID(0), Platform: "Windows"}
	blind := Node{ID: nodeID(9), Name: "blind"}
	for _, row := range []struct {
		name   string
		change func(in *ssm.SendCommandInput)
		want   string
	}{
		{"a bucket that is not there", func(in *ssm.SendCommandInput) { in.OutputS3BucketName = aws.String("nowhere") }, "InvalidOutputFolder"},
		{"a bucket that a node does not find", func(in *ssm.SendCommandInput) {
			in.OutputS3BucketName, in.InstanceIds = aws.String("there"), []string{nodeID(1), blind.ID}
		}, "InvalidOutputFolder"},
		{"a bucket that a targeted node does not find", func(in *ssm.SendCommandInput) {
			in.OutputS3BucketName, in.InstanceIds = aws.String("there"), nil
			in.Targets = []types.Target{{Key: aws.String("InstanceIds"), Values: []string{blind.ID}}}
		}, "InvalidOutputFolder"},
		{"a topic without a role", func(in *ssm.SendCommandInput) {
			in.NotificationConfig = &types.NotificationConfig{NotificationArn: aws.String("arn:aws:sns:eu-west-1:111122223333:t")}
		}, "InvalidRole"},
		{"what is no topic", func(in *ssm.SendCommandInput) {
			in.ServiceRoleArn = aws.String("arn:aws:iam::111122223333:role/r")
			in.NotificationConfig = &types.NotificationConfig{NotificationArn: aws.String("topic")}
		}, "InvalidNotificationConfig"},
		{"notifications without a topic", func(in *ssm.SendCommandInput) {
			in.NotificationConfig = &types.NotificationConfig{NotificationType: types.NotificationTypeCommand}
		}, "InvalidNotificationConfig"},
		{"a role of another account", func(in *ssm.SendCommandInput) { in.ServiceRoleArn = aws.String("arn:aws:iam::999922223333:role/r") }, "InvalidRole"},
		{"a node named twice", func(in *ssm.SendCommandInput) { in.InstanceIds = []string{nodeID(1), nodeID(1)} }, "DuplicateInstanceId"},
		{"a desktop and its node", func(in *ssm.SendCommandInput) { in.InstanceIds = []string{"ws-aaaaaaaaa", nodeID(0)} }, "DuplicateInstanceId"},
		{"an unknown node", func(in *ssm.SendCommandInput) { in.InstanceIds = []string{"mi-none"} }, "InvalidInstanceId"},
		{"a node of another platform", func(in *ssm.SendCommandInput) { in.InstanceIds = []string{windows.ID} }, "UnsupportedPlatformType"},
		{"neither nodes nor targets", func(in *ssm.SendCommandInput) { in.InstanceIds = nil }, "ValidationException"},
		{"all nodes", func(in *ssm.SendCommandInput) {
			in.InstanceIds, in.Targets = nil, []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"*"}}}
		}, "ValidationException"},
		{"a target that nobody knows", func(in *ssm.SendCommandInput) {
			in.InstanceIds, in.Targets = nil, []types.Target{{Key: aws.String("Colour"), Values: []string{"g"}}}
		}, "ValidationException"},
		{"an unknown parameter", func(in *ssm.SendCommandInput) { in.Parameters["colour"] = []string{"red"} }, "InvalidParameters"},
		{"no parameters", func(in *ssm.SendCommandInput) { in.Parameters = nil }, "InvalidParameters"},
		{"a timeout that does not fit its pattern", func(in *ssm.SendCommandInput) { in.Parameters["executionTimeout"] = []string{"soon"} }, "InvalidParameters"},
		{"two timeouts", func(in *ssm.SendCommandInput) { in.Parameters["executionTimeout"] = []string{"1", "2"} }, "InvalidParameters"},
		{"an unknown document", func(in *ssm.SendCommandInput) { in.DocumentName = aws.String("nothing") }, "InvalidDocument"},
		{"a wrong hash", func(in *ssm.SendCommandInput) { in.DocumentHash = aws.String("00") }, "InvalidDocument"},
	} {
		r := newRoom(t)
		r.change(func(f floor, p *Ports) { f[windows.ID], f[blind.ID], p.Output = windows, blind, fussy{} })
		r.ports.Documents = forLinux{}
		in := &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}}, InstanceIds: []string{nodeID(1)},
		}
		row.change(in)
		_, err := r.SendCommand(r.call(), in)
		fault, ok := err.(smithy.APIError) //nolint:errorlint // operations return it bare
		if !ok || fault.ErrorCode() != row.want {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}

// forLinux are Amazon's documents as those of Linux.
type forLinux struct{ ofAmazon }

func (f forLinux) Document(tx *store.Tx, scope store.Scope, name string, version *string) (Document, error) {
	d, err := f.ofAmazon.Document(tx, scope, name, version)
	d.Platforms = []string{"Linux"}
	return d, err
}

func TestWhereTheOutputIs(t *testing.T) {
	r := newRoom(t)
	r.change(func(_ floor, p *Ports) { p.Output = fussy{} })
	c := r.send(1, func(in *ssm.SendCommandInput) {
		in.OutputS3BucketName, in.OutputS3KeyPrefix = aws.String("there"), aws.String("a/b")
		in.CloudWatchOutputConfig = &types.CloudWatchOutputConfig{CloudWatchOutputEnabled: true}
	})
	said := string(r.orders()[nodeID(0)].Job.Content)
	for _, want := range []string{`"OutputS3BucketName":"there"`, `"OutputS3KeyPrefix":"a/b"`, `"CloudWatchLogGroupName":"/aws/ssm/AWS-RunShellScript"`, `"CloudWatchOutputEnabled":"true"`} {
		if !strings.Contains(said, want) {
			t.Errorf("a node is sent %s, want %s in it", said, want)
		}
	}
	s := step("Success", 0)
	s.Plugin = s.Name
	r.reply(c, 0, "Success", s)
	base := fmt.Sprintf("https://s3.%s.example/there/a/b/%s/%s/awsrunShellScript/0.awsrunShellScript/", region, c, nodeID(0))
	got := r.invocation(c, 0)
	if *got.StandardOutputUrl != base+"stdout" || *got.StandardErrorUrl != base+"stderr" || *got.CloudWatchOutputConfig.CloudWatchLogGroupName != "/aws/ssm/AWS-RunShellScript" {
		t.Errorf("got %s, %s and %v", *got.StandardOutputUrl, *got.StandardErrorUrl, got.CloudWatchOutputConfig)
	}
	out, err := r.ListCommandInvocations(r.call(), &ssm.ListCommandInvocationsInput{CommandId: &c, Details: true})
	if err != nil {
		t.Fatal(err)
	}
	p := out.CommandInvocations[0].CommandPlugins[0]
	if *p.StandardOutputUrl != base+"stdout" || *p.OutputS3BucketName != "there" || *p.OutputS3KeyPrefix != fmt.Sprintf("a/b/%s/%s/awsrunShellScript", c, nodeID(0)) {
		t.Errorf("the plugin says %s, %s, %s", *p.StandardOutputUrl, *p.OutputS3BucketName, *p.OutputS3KeyPrefix)
	}
}

func TestOldCommandsAreForgotten(t *testing.T) {
	r := newRoom(t)
	old := r.send(3, nil)
	r.clk.Advance(24 * time.Hour)
	young := r.send(2, nil)
	if next, err := r.Upkeep(t.Context()); err != nil || !next.After(r.clk.Now()) {
		t.Fatalf("got %v and %v", next, err)
	}
	r.clk.Advance(29*24*time.Hour + time.Minute)
	if _, err := r.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ListCommands(r.call(), &ssm.ListCommandsInput{CommandId: &old}); err == nil {
		t.Error("a command of 30 days is there")
	}
	out, err := r.ListCommandInvocations(r.call(), &ssm.ListCommandInvocationsInput{})
	if err != nil || len(out.CommandInvocations) != 2 || *out.CommandInvocations[0].CommandId != young {
		t.Errorf("got %v (%v), want the two of the younger command", out, err)
	}
	r.reply(old, 0, "Success") // late, and about nothing
}
