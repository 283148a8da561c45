package route

import (
	"encoding/json"
	"net/netip"
	"strings"
	"time"

	"tamachi/internal/desk/account"
)

// Change is what the trail says of a network: who called which operation when.
type Change struct {
	Event string    `json:"event"`
	Time  time.Time `json:"time"`
	By    string    `json:"by"`
	ARN   string    `json:"arn,omitempty"` // of By, where the trail has it

	in request
}

// request are the members that operations about networks name.
type request struct {
	RouteTableID               string
	DestinationCidrBlock       string
	GatewayID                  string
	NatGatewayID               string
	VpcPeeringConnectionID     string
	TransitGatewayID           string
	NetworkInterfaceID         string
	TransitGatewayRouteTableID string
	TransitGatewayAttachmentID string
	GroupID                    string
	IPPermissions              list[permission]
	NetworkACLID               string
	RuleNumber                 int
	Egress                     bool
	Protocol                   string
	ACLProtocol                string
	RuleAction                 string
	CidrBlock                  string
	PortRange                  struct{ From, To int }
	InternetGatewayID          string
	VpnGatewayID               string
	VpnConnectionID            string
	ResolverRuleID             string
	ResolverEndpointID         string
	VpcID                      string
}

// permission is what a security group permits.
type permission struct {
	IPProtocol       string
	FromPort, ToPort int
	IPRanges         list[struct{ CidrIP string }]
}

// list is a list as CloudTrail writes EC2's, {"items": [...]}, or plain.
type list[T any] []T

// UnmarshalJSON reads both.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var wrapped struct{ Items []T }
		err := json.Unmarshal(b, &wrapped)
		*l = wrapped.Items
		return err
	}
	return json.Unmarshal(b, (*[]T)(l))
}

// revoked is a rule in the answer to a revocation.
type revoked struct {
	GroupID          string
	IsEgress         bool
	IPProtocol       string
	FromPort, ToPort int
	CidrIpv4         string
}

// parse reads a record of the trail; ok is false for a call that failed or that
// cannot be read. The newer operations of EC2 wrap their request in a member
// named after it.
func parse(name, text string, at time.Time) (c Change, ok bool) {
	var r struct {
		account.Record
		RequestParameters map[string]json.RawMessage
		ResponseElements  struct{ RevokedSecurityGroupRules list[revoked] }
	}
	if json.Unmarshal([]byte(text), &r) != nil || r.ErrorCode != "" {
		return c, false
	}
	raw, err := json.Marshal(r.RequestParameters)
	for key, inner := range r.RequestParameters {
		if strings.HasSuffix(key, "Request") && len(r.RequestParameters) == 1 {
			raw = inner
		}
	}
	c = Change{Event: name, Time: at, By: r.Who(), ARN: r.UserIdentity.ARN}
	if err != nil || json.Unmarshal(raw, &c.in) != nil {
		return c, false
	}
	if c.in.Protocol == "" {
		c.in.Protocol = c.in.ACLProtocol
	}
	if len(c.in.IPPermissions) == 0 {
		for _, rule := range r.ResponseElements.RevokedSecurityGroupRules {
			one := permission{IPProtocol: rule.IPProtocol, FromPort: rule.FromPort, ToPort: rule.ToPort}
			one.IPRanges = append(one.IPRanges, struct{ CidrIP string }{rule.CidrIpv4})
			c.in.IPPermissions = append(c.in.IPPermissions, one)
		}
	}
	return c, true
}

// target is what a route of the request leads to.
func (r request) target() string {
	for _, id := range []string{r.VpcPeeringConnectionID, r.NatGatewayID, r.TransitGatewayID, r.GatewayID, r.NetworkInterfaceID, r.TransitGatewayAttachmentID} {
		if id != "" {
			return id
		}
	}
	return ""
}

// covers tells whether a range holds an address.
func covers(cidr string, a netip.Addr) bool {
	p, err := netip.ParsePrefix(cidr)
	return err == nil && p.Contains(a)
}
