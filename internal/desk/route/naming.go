package route

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
)

// Naming is what the resolver of a network does with a name.
type Naming struct {
	Name     string     `json:"name"`
	Network  string     `json:"network"`           // whose resolver is asked
	Servers  []string   `json:"servers,omitempty"` // DNS servers that a desktop is expected to ask
	Rules    []NameRule `json:"rules,omitempty"`   // that fit the name, the most specific first
	Endpoint *Forwarder `json:"endpoint,omitempty"`
	Ways     []Way      `json:"ways,omitempty"`
	Unasked  bool       `json:"unasked,omitempty"` // the endpoint has no Route 53 Resolver
	Unread   bool       `json:"unread,omitempty"`  // it did not answer about its rules
}

// NameRule is a rule of Route 53 Resolver.
type NameRule struct {
	ID       string               `json:"id"`
	Domain   string               `json:"domain"` // "." is every name
	Type     types.RuleTypeOption `json:"type"`
	Endpoint string               `json:"endpoint,omitempty"`
	Targets  []Target             `json:"targets,omitempty"`
	State    string               `json:"state,omitempty"` // of its association with the network; "" is none
}

// Target is a DNS server that a rule forwards to.
type Target struct {
	Address  netip.Addr `json:"address"`
	Port     int        `json:"port"`
	Protocol string     `json:"protocol"`
}

// Forwarder is an outbound endpoint of Route 53 Resolver.
type Forwarder struct {
	ID       string                       `json:"id"`
	State    types.ResolverEndpointStatus `json:"state"`
	Reason   string                       `json:"reason,omitempty"`
	Attached int                          `json:"attached"` // how many of its addresses work
	Of       int                          `json:"of"`
}

// Way is how a query goes from an address of the endpoint to a DNS server.
type Way struct {
	From   string `json:"from"`
	Target Target `json:"to"`
	Stops  *Step  `json:"stops,omitempty"`
}

const (
	hopRule      = "resolver rule"
	hopForwarder = "resolver endpoint"
	hopServers   = "DNS servers"
)

// String is the server as people write it.
func (t Target) String() string {
	if t.Port == 53 {
		return t.Address.String()
	}
	return netip.AddrPortFrom(t.Address, uint16(t.Port)).String()
}

// String is the rule as people write it.
func (r NameRule) String() string {
	if r.Type != types.RuleTypeOptionForward {
		return fmt.Sprintf("%s is %s: the resolver of the network answers by itself", r.Domain, r.Type)
	}
	var all []string
	for _, t := range r.Targets {
		all = append(all, t.String())
	}
	return r.Domain + " forwards to " + strings.Join(all, ", ")
}

// counts tells whether the rule is associated with the network.
func (r NameRule) counts() bool {
	return r.State == string(types.ResolverRuleAssociationStatusComplete)
}

// absolute is a name without its last dot, as names are compared.
func absolute(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// labels is how specific a domain is.
func labels(domain string) int {
	if domain = absolute(domain); domain == "" {
		return 0
	}
	return strings.Count(domain, ".") + 1
}

// fits tells whether a rule is about a name: its own, or one below it.
// Source: Route 53 Developer Guide, "How Resolver determines whether the domain
// name in a query matches any rules".
func fits(domain, name string) bool {
	domain, name = absolute(domain), absolute(name)
	return domain == "" || name == domain || strings.HasSuffix(name, "."+domain)
}

// domainName tells whether what was asked for can be the name of a machine, as the
// name of a user with one dot cannot.
func domainName(s string) bool {
	all := strings.Split(strings.TrimSuffix(s, "."), ".")
	if len(all) < 2 || len(all) == 2 && !strings.HasSuffix(s, ".") || len(s) > 254 || strings.Trim(all[len(all)-1], "0123456789") == "" {
		return false // the last is an address that was misspelt
	}
	return !slices.ContainsFunc(all, func(label string) bool {
		return label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != ""
	})
}

// sort puts the most specific rule first, of two for one domain the one that counts.
func (n *Naming) sort() {
	slices.SortStableFunc(n.Rules, func(a, b NameRule) int {
		if d := labels(b.Domain) - labels(a.Domain); d != 0 {
			return d
		}
		switch {
		case a.counts() == b.counts():
			return strings.Compare(a.ID, b.ID)
		case a.counts():
			return -1
		}
		return 1
	})
}

// decides is the rule that the resolver goes by, nil where none fits; loose is a
// forwarding rule that fits better and is not associated with the network.
func (n *Naming) decides() (rule, loose *NameRule) {
	for i := range n.Rules {
		switch r := &n.Rules[i]; {
		case r.counts():
			return r, loose
		case r.Type == types.RuleTypeOptionForward && loose == nil:
			loose = r
		}
	}
	return nil, loose
}

// expected tells whether a DNS server is one that desktops ask themselves.
func (n *Naming) expected(t Target) bool { return slices.Contains(n.Servers, t.Address.String()) }

// elsewhere is the rule that forwards to none of the expected DNS servers, nil
// where there is none.
func (n *Naming) elsewhere() *NameRule {
	r, _ := n.decides()
	if r == nil || r.Type != types.RuleTypeOptionForward || len(n.Servers) == 0 || slices.ContainsFunc(r.Targets, n.expected) {
		return nil
	}
	return r
}

// steps are what a query for the name meets.
func (n *Naming) steps() []Step {
	if n == nil || n.Unasked || n.Unread {
		return nil
	}
	rule, loose := n.decides()
	if loose != nil && (rule == nil || rule.Type == types.RuleTypeOptionRecursive) && !slices.ContainsFunc(loose.Targets, n.expected) {
		why := "is not associated with " + n.Network
		if loose.State != "" {
			why = "its association with " + n.Network + " is " + loose.State
		}
		return []Step{{hopRule, loose.ID, loose.String() + ", and " + why, false}}
	}
	if rule == nil {
		return []Step{{hopRule, n.Network, "no rule is about " + n.Name + ": the resolver of the network answers by itself", true}}
	}
	said := rule.String()
	if loose != nil {
		said += "; " + loose.ID + " for " + loose.Domain + " fits better and is not associated"
	}
	out := []Step{{hopRule, rule.ID, said, true}}
	if rule.Type != types.RuleTypeOptionForward || n.Endpoint == nil {
		return out
	}
	e := n.Endpoint
	works := slices.Contains([]types.ResolverEndpointStatus{types.ResolverEndpointStatusOperational, types.ResolverEndpointStatusUpdating, types.ResolverEndpointStatusAutoRecovering}, e.State)
	says := fmt.Sprintf("it is %s, %d of %d addresses are attached", e.State, e.Attached, e.Of)
	if !works && e.Reason != "" {
		says += ": " + e.Reason
	}
	out = append(out, Step{hopForwarder, e.ID, says, works && e.Attached > 0})
	if works && len(n.Ways) > 0 {
		out = append(out, n.servers(e.ID))
	}
	return out
}

// servers is whether a query arrives at one of the DNS servers at least.
func (n *Naming) servers(endpoint string) Step {
	s := Step{What: hopServers, ID: endpoint}
	var says []string
	for _, w := range n.Ways {
		if w.Stops == nil {
			s.Passes = true
			says = append(says, w.From+" reaches "+w.Target.String())
			continue
		}
		says = append(says, fmt.Sprintf("%s to %s stops at %s %s: %s", w.From, w.Target, w.Stops.What, w.Stops.ID, w.Stops.Rule))
	}
	s.Rule = strings.Join(says, "; ")
	return s
}

// closer is what to ask next about a DNS server that is not reached.
func (n *Naming) closer() string {
	for _, w := range n.Ways {
		if w.Stops != nil {
			return Asked{From: w.From, To: w.Target.Address.String(), Protocol: w.Target.Protocol, Port: w.Target.Port}.command()
		}
	}
	return ""
}
