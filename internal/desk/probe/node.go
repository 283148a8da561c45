package probe

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Nodes lists managed nodes and runs commands on them.
type Nodes interface {
	DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error)
	SendCommand(context.Context, *ssm.SendCommandInput, ...func(*ssm.Options)) (*ssm.SendCommandOutput, error)
	GetCommandInvocation(context.Context, *ssm.GetCommandInvocationInput, ...func(*ssm.Options)) (*ssm.GetCommandInvocationOutput, error)
}

var _ Nodes = (*ssm.Client)(nil)

// Node is the managed node that a desktop is, and by what it was found: Systems
// Manager knows nothing of WorkSpaces ids.
type Node struct {
	Desktop string `json:"desktop"`
	ID      string `json:"id"`
	By      string `json:"by"` // source id, computer name, address
	Online  bool   `json:"online"`
	Windows bool   `json:"windows"`
}

// NoNode is a desktop that is no managed node, or of which nobody can tell which.
type NoNode struct {
	Desktop string
	Several []string
}

// Error says it in English.
func (n *NoNode) Error() string { return n.Line().In(report.English) }

// Translate finds the node of a desktop: the one that came from it, else the
// only one with its computer name, else the only one with its address.
func Translate(ctx context.Context, api Nodes, d workspaces.Workspace) (*Node, error) {
	var all []types.InstanceInformation
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			NextToken: token, MaxResults: aws.Int32(50),
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("ResourceType"), Values: []string{"ManagedInstance"}}},
		})
		if err != nil {
			return nil, err
		}
		all = append(all, out.InstanceInformationList...)
		return out.NextToken, nil
	})
	if err != nil {
		return nil, account.Explain("ssm:DescribeInstanceInformation", err)
	}
	return choose(all, d)
}

func choose(all []types.InstanceInformation, d workspaces.Workspace) (*Node, error) {
	id, name, address := aws.ToString(d.WorkspaceId), aws.ToString(d.ComputerName), aws.ToString(d.IpAddress)
	for _, way := range []struct {
		by   string
		fits func(types.InstanceInformation) bool
	}{
		{"source id", func(i types.InstanceInformation) bool { return aws.ToString(i.SourceId) == id }},
		{"computer name", func(i types.InstanceInformation) bool {
			host, _, _ := strings.Cut(aws.ToString(i.ComputerName), ".") // a node of a domain tells the whole name
			return name != "" && strings.EqualFold(host, name)
		}},
		{"address", func(i types.InstanceInformation) bool { return address != "" && aws.ToString(i.IPAddress) == address }},
	} {
		var hits []types.InstanceInformation
		for _, i := range all {
			if way.fits(i) {
				hits = append(hits, i)
			}
		}
		if len(hits) > 1 {
			hits = online(hits) // a desktop that was made anew leaves its old node behind
		}
		if len(hits) > 1 {
			none := &NoNode{Desktop: id}
			for _, h := range hits {
				none.Several = append(none.Several, aws.ToString(h.InstanceId))
			}
			return nil, none
		}
		if len(hits) == 1 {
			h := hits[0]
			return &Node{id, aws.ToString(h.InstanceId), way.by, h.PingStatus == types.PingStatusOnline, h.PlatformType == types.PlatformTypeWindows}, nil
		}
	}
	return nil, &NoNode{Desktop: id}
}

// online are those that answer; all where none does.
func online(hits []types.InstanceInformation) []types.InstanceInformation {
	var out []types.InstanceInformation
	for _, h := range hits {
		if h.PingStatus == types.PingStatusOnline {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return hits
	}
	return out
}
