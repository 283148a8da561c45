package vpc

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// InternetGateway leads from a network to the internet.
type InternetGateway struct {
	Head
	VPC string `json:",omitempty"` // empty while it is attached to none
}

var internetGateways = store.Table[InternetGateway]{
	Name: "ec2.internetgateways", Reach: store.Regional, Key: func(g *InternetGateway) string { return g.ID },
	Indexes: map[string]func(*InternetGateway) string{"vpc": func(g *InternetGateway) string { return g.VPC }},
}

var internetGatewayNoun = noun[InternetGateway]{
	table: &internetGateways, prefix: "igw", arn: "internet-gateway", code: "InvalidInternetGatewayID.", text: "The internetGateway ID '%s' does not exist",
	head: func(g *InternetGateway) *Head { return &g.Head }, facts: internetGatewayFacts,
}

func internetGatewayFacts(_ look, g *InternetGateway, filter string) ([]string, bool, error) {
	switch filter {
	case "internet-gateway-id":
		return []string{g.ID}, true, nil
	case "attachment.vpc-id":
		return given(g.VPC), true, nil
	case "attachment.state":
		if g.VPC == "" {
			return nil, true, nil
		}
		return []string{"available"}, true, nil
	}
	return nil, false, nil
}

func (g *InternetGateway) describe(l look) types.InternetGateway {
	out := types.InternetGateway{InternetGatewayId: &g.ID, OwnerId: &l.sc.Account, Tags: tagList(g.Tags), Attachments: []types.InternetGatewayAttachment{}}
	if g.VPC != "" {
		out.Attachments = append(out.Attachments, types.InternetGatewayAttachment{VpcId: &g.VPC, State: "available"})
	}
	return out
}

// given is a list of one text, or of none.
func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
