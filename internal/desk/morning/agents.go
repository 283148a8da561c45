package morning

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
)

// Nodes reads managed nodes, and what was run on them.
type Nodes interface {
	DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error)
	ListCommands(context.Context, *ssm.ListCommandsInput, ...func(*ssm.Options)) (*ssm.ListCommandsOutput, error)
	ListCommandInvocations(context.Context, *ssm.ListCommandInvocationsInput, ...func(*ssm.Options)) (*ssm.ListCommandInvocationsOutput, error)
	DescribeInstancePatchStates(context.Context, *ssm.DescribeInstancePatchStatesInput, ...func(*ssm.Options)) (*ssm.DescribeInstancePatchStatesOutput, error)
	DescribeMaintenanceWindows(context.Context, *ssm.DescribeMaintenanceWindowsInput, ...func(*ssm.Options)) (*ssm.DescribeMaintenanceWindowsOutput, error)
}

// Machines reads instances of EC2.
type Machines interface {
	DescribeInstances(context.Context, *ec2.DescribeInstancesInput, ...func(*ec2.Options)) (*ec2.DescribeInstancesOutput, error)
}

var (
	_ Nodes    = (*ssm.Client)(nil)
	_ Machines = (*ec2.Client)(nil)
)

// Node is a managed node as Systems Manager knows it, and the desktop that it
// is, as far as that can be told.
type Node struct {
	ID       string    `json:"id"`
	Name     string    `json:"name,omitempty"`
	Address  string    `json:"address,omitempty"`
	Source   string    `json:"source,omitempty"`   // id of what it came from
	Platform string    `json:"platform,omitempty"` // Windows, Linux, MacOS
	LastPing time.Time `json:"lastPing,omitzero"`
	Desktop  string    `json:"desktop,omitempty"` // Judge finds it
	User     string    `json:"user,omitempty"`
	Link     string    `json:"link,omitempty"`
}

// nodes reads the managed nodes of a filter.
func (e Eyes) nodes(ctx context.Context, key string, values ...string) ([]Node, error) {
	var all []Node
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Nodes.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			NextToken: token, MaxResults: aws.Int32(50),
			Filters: []types.InstanceInformationStringFilter{{Key: &key, Values: values}},
		})
		if err != nil {
			return nil, err
		}
		for _, i := range out.InstanceInformationList {
			all = append(all, Node{
				ID: aws.ToString(i.InstanceId), Name: aws.ToString(i.ComputerName), Address: aws.ToString(i.IPAddress), Source: aws.ToString(i.SourceId),
				Platform: string(i.PlatformType), LastPing: aws.ToTime(i.LastPingDateTime),
			})
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, account.Explain("ssm:DescribeInstanceInformation", err)
	}
	return all, nil
}

// lost reads the nodes whose agent does not answer any more, but for instances
// that somebody stopped.
func (e Eyes) lost(ctx context.Context, n *account.Notebook[Facts]) error {
	all, err := e.nodes(ctx, "PingStatus", string(types.PingStatusConnectionLost))
	if err != nil {
		return n.Missed(err)
	}
	var machines []string
	for _, node := range all {
		if strings.HasPrefix(node.ID, "i-") {
			machines = append(machines, node.ID)
		}
	}
	off := map[string]bool{}
	for chunk := range slices.Chunk(machines, 100) {
		if err := e.stopped(ctx, chunk, off); err != nil {
			if err := n.Missed(account.Explain("ec2:DescribeInstances", err)); err != nil {
				return err
			}
			break
		}
	}
	all = slices.DeleteFunc(all, func(node Node) bool { return off[node.ID] })
	n.Note(func(f *Facts) { f.Lost = all })
	return nil
}

// stopped marks instances that do not run. Those that are not known any more
// are answered by a filter with nothing, and are gone.
func (e Eyes) stopped(ctx context.Context, ids []string, off map[string]bool) error {
	running := map[string]bool{}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Machines.DescribeInstances(ctx, &ec2.DescribeInstancesInput{
			NextToken: token, Filters: []ec2types.Filter{{Name: aws.String("instance-id"), Values: ids}},
		})
		if err != nil {
			return nil, err
		}
		for _, r := range out.Reservations {
			for _, i := range r.Instances {
				running[aws.ToString(i.InstanceId)] = i.State != nil && i.State.Name == ec2types.InstanceStateNameRunning
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		off[id] = !running[id]
	}
	return nil
}

// desktopOfNode finds the desktop that a node is: the one that it came from,
// else the only one of its computer name, else the only one of its address.
func (c *file) desktopOfNode(n Node) (d Desktop, known bool) {
	if strings.HasPrefix(n.Source, "ws-") {
		d, known = c.byID[n.Source]
		return d, known
	}
	host, _, _ := strings.Cut(strings.ToLower(n.Name), ".")
	for _, hits := range [][]Desktop{c.byComputer[host], c.byAddress[n.Address]} {
		if len(hits) == 1 {
			return hits[0], true
		}
	}
	return Desktop{}, false
}

// silence is how long an agent may say nothing: it tells every five minutes that
// it is there, and a desktop that was just made anew takes some to begin.
// Source: Systems Manager User Guide, "Checking SSM Agent status".
const silence = 10 * time.Minute

// agentsLost lists nodes that do not answer though they should. The node of a
// desktop that is stopped, on its way or in ERROR is silent for a reason that is
// told elsewhere; one of a desktop that is gone is a leftover.
func (c *file) agentsLost() []Finding {
	f := Finding{Kind: AgentsLost}
	for _, n := range c.Lost {
		d, known := c.desktopOfNode(n)
		if strings.HasPrefix(n.Source, "ws-") && !known || known && d.State != "AVAILABLE" || c.At.Sub(n.LastPing) < silence {
			continue
		}
		n.Desktop, n.User = d.ID, d.User
		f.Nodes = append(f.Nodes, n)
	}
	if f.Nodes == nil {
		return nil
	}
	slices.SortFunc(f.Nodes, func(a, b Node) int { return cmp.Or(b.LastPing.Compare(a.LastPing), cmp.Compare(a.ID, b.ID)) })
	return []Finding{f}
}

func (g *page) agents(f *Finding) {
	var names, ids []string
	for _, n := range f.Nodes {
		name := cmp.Or(n.User, n.Name, n.ID)
		if !n.LastPing.IsZero() {
			name = g.say(text.AgentSince, "name", name, "time", g.clock(n.LastPing))
		}
		names, ids = append(names, name), append(ids, n.ID)
	}
	g.line("", g.say(text.AgentsLost, "n", len(f.Nodes), "names", g.list(names)))
	g.line(g.say(text.Next), g.say(text.AgentsNext, "ids", strings.Join(ids[:min(len(ids), 3)], ",")))
}
