package probe

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/desk/account"
)

// Program is a program that a node has.
type Program struct {
	Name    string    `json:"name"`
	Version string    `json:"version,omitempty"`
	At      time.Time `json:"installed,omitzero"` // where the inventory tells
}

// Inventories reads the inventory of nodes.
type Inventories interface {
	ListInventoryEntries(context.Context, *ssm.ListInventoryEntriesInput, ...func(*ssm.Options)) (*ssm.ListInventoryEntriesOutput, error)
}

var _ Inventories = (*ssm.Client)(nil)

// Programs reads what the inventory knows of a node's programs, and when it was
// gathered; zero where it never was.
func Programs(ctx context.Context, api Inventories, node string) (all []Program, gathered time.Time, err error) {
	in := &ssm.ListInventoryEntriesInput{InstanceId: &node, TypeName: aws.String("AWS:Application"), MaxResults: aws.Int32(50)}
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := api.ListInventoryEntries(ctx, in)
		if err != nil {
			return nil, err
		}
		if at, err := time.Parse(time.RFC3339, aws.ToString(out.CaptureTime)); err == nil {
			gathered = at.UTC()
		}
		for _, e := range out.Entries {
			p := Program{Name: e["Name"], Version: e["Version"]}
			if at, err := time.Parse(time.RFC3339, e["InstalledTime"]); err == nil {
				p.At = at.UTC()
			}
			all = append(all, p)
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, time.Time{}, account.Explain("ssm:ListInventoryEntries", err)
	}
	return all, gathered, nil
}
