package reference

import (
	"strings"

	"tamachi/internal/policy"
)

// verdict is what the policies of one type say.
type verdict struct {
	deny    bool
	unknown string // what could not be evaluated
	allow   reach  // the nearest naming of an allow
}

// reach is how an allowing statement names the caller; the nearest is greatest.
type reach int

const (
	nobody  reach = iota
	account       // the account as a whole
	behind        // the role of a session, the user behind a federated session
	itself        // the user or the session, or anyone
)

// Decide answers as policy.Policies do.
func Decide(r *policy.Request, p *policy.Policies) policy.Decision {
	c := &court{p: p, r: r, said: map[policy.Type]verdict{}}
	c.hear()
	for _, t := range explicitOrder {
		v := c.said[t]
		if v.unknown != "" {
			return policy.Decision{Outcome: policy.ExplicitDeny, By: t, Unknown: v.unknown}
		}
	}
	for _, t := range explicitOrder {
		if c.said[t].deny {
			return policy.Decision{Outcome: policy.ExplicitDeny, By: t}
		}
	}
	if t := c.lacking(); t != policy.NoType {
		return policy.Decision{Outcome: policy.ImplicitDeny, By: t}
	}
	return policy.Decision{Outcome: policy.Allow}
}

// explicitOrder is the order in which a denial names types. Trust is told from
// ResourceBased by its caller.
var explicitOrder = []policy.Type{
	policy.RCP, policy.SCP, policy.VPCEndpoint, policy.ResourceBased, policy.Identity, policy.Boundary, policy.Session,
}

// court hears the policies of one request.
type court struct {
	p        *policy.Policies
	r        *policy.Request
	said     map[policy.Type]verdict
	scpGap   bool // a level of SCPs that does not allow
	hasBound bool
}

// hear asks every policy that holds the request.
func (c *court) hear() {
	c.hasBound = c.p.Boundary != nil
	if c.rcpsHold() {
		for _, level := range c.p.RCPs {
			v := c.ask(level, true)
			v.allow = nobody
			c.add(policy.RCP, v)
		}
	}
	if c.scpsHold() {
		for _, level := range c.p.SCPs {
			v := c.ask(level, false)
			c.scpGap = c.scpGap || v.allow == nobody
			c.add(policy.SCP, v)
		}
	}
	c.add(policy.VPCEndpoint, c.ask(c.p.Endpoint, true))
	c.add(policy.ResourceBased, c.ask(c.p.Resource, true))
	if !c.inAccount() {
		return
	}
	c.add(policy.Identity, c.ask(c.p.Identity, false))
	c.add(policy.Boundary, c.ask(c.p.Boundary, false))
	c.add(policy.Session, c.ask(c.p.Session, false))
}

// add joins what another set of the same type says.
func (c *court) add(t policy.Type, v verdict) {
	have := c.said[t]
	have.deny = have.deny || v.deny
	if have.unknown == "" {
		have.unknown = v.unknown
	}
	have.allow = max(have.allow, v.allow)
	c.said[t] = have
}

// ask reads every statement of a set.
func (c *court) ask(set *policy.Set, namesPrincipals bool) verdict {
	var v verdict
	for _, p := range set.Policies() {
		doc, err := read(p.Document.Text())
		if err != nil {
			v.unknown = err.Error()
			continue
		}
		for _, s := range doc.statements {
			how, unknown := c.about(doc, s, namesPrincipals)
			if how == nobody && unknown == "" {
				continue
			}
			holds := false
			if unknown == "" {
				holds, unknown = c.conditions(doc, s)
			}
			switch {
			case unknown != "":
				v.unknown = unknown
			case holds && s.deny:
				v.deny = true
			case holds:
				v.allow = max(v.allow, how)
			}
		}
	}
	return v
}

// lacking is the type of policy whose allow is missing, or NoType.
func (c *court) lacking() policy.Type {
	if c.scpsHold() && c.scpGap {
		return policy.SCP
	}
	if c.p.Endpoint != nil && c.said[policy.VPCEndpoint].allow == nobody {
		return policy.VPCEndpoint
	}
	if c.r.Granted {
		return policy.NoType
	}
	byResource := c.said[policy.ResourceBased].allow
	switch {
	case !c.inAccount():
		return unless(byResource > nobody, policy.ResourceBased)
	case c.r.Owner == "" || c.r.Owner == c.r.Who.Account:
		return c.lackingAtHome(byResource)
	default:
		if t := c.lackingOfCaller(c.identityAllows()); t != policy.NoType {
			return t
		}
		return unless(byResource > nobody, policy.ResourceBased)
	}
}

// lackingAtHome is lacking where the resource is of the caller's account.
func (c *court) lackingAtHome(byResource reach) policy.Type {
	if c.r.Ruled && byResource == nobody {
		return policy.ResourceBased
	}
	if byResource == itself {
		return policy.NoType
	}
	return c.lackingOfCaller(byResource == behind || c.identityAllows())
}

// lackingOfCaller is what lacks of the caller's own policies.
func (c *court) lackingOfCaller(identity bool) policy.Type {
	switch {
	case !identity:
		return policy.Identity
	case c.p.Boundary != nil && c.said[policy.Boundary].allow == nobody:
		return policy.Boundary
	case c.p.Session != nil && c.said[policy.Session].allow == nobody:
		return policy.Session
	}
	return policy.NoType
}

func unless(ok bool, t policy.Type) policy.Type {
	if ok {
		return policy.NoType
	}
	return t
}

func (c *court) identityAllows() bool { return c.isRoot() || c.said[policy.Identity].allow > nobody }

func (c *court) isRoot() bool {
	w := c.r.Who
	return w.Kind == policy.Root || w.Kind == policy.FederatedUser && strings.HasSuffix(w.Behind, ":root")
}

func (c *court) inAccount() bool {
	k := c.r.Who.Kind
	return k == policy.Root || k == policy.User || k == policy.RoleSession || k == policy.FederatedUser
}

func (c *court) serviceLinked() bool {
	w := c.r.Who
	return w.Kind == policy.RoleSession && strings.Contains(w.Behind, ":role/aws-service-role/")
}

// scpsHold: "SCPs don't affect users or roles in the management account" and
// "SCPs do not affect any service-linked role". Source: Organizations User
// Guide, "Service control policies (SCPs)".
func (c *court) scpsHold() bool { return c.inAccount() && !c.r.Who.Manages && !c.serviceLinked() }

// rcpsHold: Source: Organizations User Guide, "Resource control policies
// (RCPs)", "Resources and entities not restricted by RCPs".
func (c *court) rcpsHold() bool {
	service, name, _ := strings.Cut(strings.ToLower(c.r.Action), ":")
	switch {
	case c.serviceLinked(), c.r.OwnerManages, c.r.OfAWS, !policy.CoveredByRCPs(service),
		service == "kms" && name == "retiregrant", strings.Contains(c.r.Resource, ":role/aws-service-role/"):
		return false
	}
	return true
}
