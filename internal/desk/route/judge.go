package route

import (
	"slices"
	"strings"

	"tamachi/internal/netpath"
)

// Step is one thing that the packet meets.
type Step struct {
	What   string `json:"what"`
	ID     string `json:"id"`
	Rule   string `json:"rule"`
	Passes bool   `json:"passes"`
}

// Plan is the diagnosis.
type Plan struct {
	*Facts
	Steps  []Step `json:"steps"`
	Broken *Break `json:"broken,omitempty"`
}

// judge goes the way of the packet.
func judge(f *Facts) *Plan {
	p := &Plan{Facts: f, Steps: append(f.Naming.steps(), f.way()...)}
	if i := slices.IndexFunc(p.Steps, func(s Step) bool { return !s.Passes }); i >= 0 {
		p.Broken = &Break{Step: p.Steps[i], Answer: answer(p.Steps[:i+1])}
	}
	return p
}

// way is what the packet meets; nothing where only a name was asked for.
func (f *Facts) way() (steps []Step) {
	if !f.To.Address.IsValid() {
		return nil
	}
	for _, s := range netpath.Find(&f.World, f.packet()) {
		if !slices.Contains(f.Unseen, s.ID) {
			steps = append(steps, Step(s))
		}
	}
	if len(steps) > 0 && steps[len(steps)-1].Passes && f.network(f.To.Address) == nil {
		steps = f.beyond(steps)
	}
	return steps
}

// answer tells whether the last of the steps is about the packet that comes
// back: the way there meets two network ACLs and no route back.
func answer(steps []Step) bool {
	lists := 0
	for _, s := range steps {
		if strings.HasPrefix(s.What, "network ACL") {
			lists++
		}
	}
	return lists > 2 || slices.ContainsFunc(steps, func(s Step) bool { return s.What == "route back" })
}

// What netpath calls a hop, and what is called so here.
const (
	hopRoute     = "route"
	hopRouteBack = "route back"
	hopPeering   = "peering connection"
	hopTransit   = "transit gateway"
	hopNAT       = "NAT gateway"
	hopInternet  = "internet gateway"
	hopVPN       = "VPN"
	hopTunnel    = "VPN tunnel"
)

// leads is the target of a route's rule, which is written RANGE -> TARGET.
func leads(rule string) string {
	_, target, _ := strings.Cut(rule, " -> ")
	target, _, _ = strings.Cut(target, " ")
	return target
}

// beyond goes on where the networks end.
func (f *Facts) beyond(steps []Step) []Step {
	last := &steps[len(steps)-1]
	target := leads(last.Rule)
	g := f.gate(target)
	switch kind, _, _ := strings.Cut(target, "-"); kind {
	case "igw", "nat":
		if f.To.Address.IsPrivate() {
			last.Passes = false
			last.Rule += " leads to the internet, which carries no private address"
			return steps
		}
		return append(steps, f.outside(target, g)...)
	case "vgw":
		return append(steps, f.vpn(last, g)...)
	case "tgw":
		if g != nil && strings.HasPrefix(g.Behind, "vpn-") {
			return append(steps, tunnels(f.connection(g.Behind))...)
		}
	}
	return steps
}

// outside asks a NAT or internet gateway.
func (f *Facts) outside(id string, g *Gate) []Step {
	what := hopInternet
	if strings.HasPrefix(id, "nat-") {
		what = hopNAT
	}
	switch {
	case g == nil:
		return nil // it could not be read
	case what == hopNAT && g.State != "available":
		return []Step{{what, id, strings.TrimSpace("it is " + g.State + " " + g.Reason), false}}
	case what == hopInternet && g.Network == "":
		return []Step{{what, id, "it is attached to no network", false}}
	case what == hopInternet && f.From.Interface != "" && !f.From.Public:
		return []Step{{what, id, f.From.Interface + " has no public address, so no answer finds it", false}}
	}
	return []Step{{what, id, g.State, true}}
}
