package policy

import "strings"

// answers are what the types of policies say, each under its type.
type answers struct {
	of   [Session + 1]verdict
	rule Type // ResourceBased, or Trust where the resource is a role
}

// Decide decides a request by all policies that hold it. The rules are those of
// Decision.
func Decide(r *Request, p *Policies) Decision {
	var a answers
	a.ask(r, p)
	for t := RCP; t <= Session; t++ {
		if a.of[t].denies {
			return Decision{Outcome: ExplicitDeny, By: t, Unknown: a.of[t].unknown}
		}
	}
	if by := a.lacking(r, p); by != NoType {
		return Decision{Outcome: ImplicitDeny, By: by}
	}
	return Decision{Outcome: Allow}
}

// ask asks every type.
func (a *answers) ask(r *Request, p *Policies) {
	q := ask(r)
	w := &r.Who
	q.bounded = p.Boundary != nil && (w.Kind == User || w.Kind == RoleSession)
	a.rule = ResourceBased
	if r.Ruled && strings.HasPrefix(r.Action, "sts:") {
		a.rule = Trust
	}
	if len(p.RCPs) > 0 && heldByRCPs(r) {
		a.of[RCP] = levels(p.RCPs, &q)
	}
	a.of[SCP].allows = true
	if heldBySCPs(w) {
		a.of[SCP] = levels(p.SCPs, &q)
	}
	a.of[VPCEndpoint] = orAllow(p.Endpoint, &q)
	a.of[a.rule] = p.Resource.decide(&q)
	if !w.inAccount() {
		return
	}
	a.of[Identity] = p.Identity.decide(&q)
	if w.isRoot() {
		a.of[Identity].allows = true
	}
	a.of[Boundary] = orAllow(p.Boundary, &q)
	a.of[Session] = orAllow(p.Session, &q)
}

// orAllow asks a set that limits: without one nothing is limited.
func orAllow(s *Set, q *query) verdict {
	if s == nil {
		return verdict{allows: true}
	}
	return s.decide(q)
}

// levels asks each level of an organization: any denies, all must allow.
func levels(sets []*Set, q *query) verdict {
	out := verdict{allows: true}
	for _, s := range sets {
		v := s.decide(q)
		if v.denies && (!out.denies || v.unknown == "") {
			out.denies, out.unknown = true, v.unknown
		}
		out.allows = out.allows && v.allows
	}
	return out
}

// heldBySCPs tells whether SCPs hold a caller. Source: Organizations User Guide,
// "Service control policies (SCPs)".
func heldBySCPs(w *Who) bool { return w.inAccount() && !w.Manages && !w.ServiceLinked() }

// heldByRCPs tells whether RCPs hold a request. Source: Organizations User
// Guide, "Resource control policies (RCPs)", "Resources and entities not
// restricted by RCPs".
func heldByRCPs(r *Request) bool {
	service, _, _ := strings.Cut(r.Action, ":")
	return !r.OwnerManages && !r.OfAWS && !r.Who.ServiceLinked() && coveredFold(service) &&
		!sameFold("kms:retiregrant", r.Action) && !strings.Contains(r.Resource, ":role/aws-service-role/")
}

// coveredFold is CoveredByRCPs in any case.
func coveredFold(service string) bool {
	for _, s := range coveredByRCPs {
		if sameFold(s, service) {
			return true
		}
	}
	return false
}

// lacking is the type whose allow is missing; NoType when none is. Source: IAM
// User Guide, "How AWS enforcement code logic evaluates requests to allow or
// deny access" and "Cross-account policy evaluation logic".
func (a *answers) lacking(r *Request, p *Policies) Type {
	for _, t := range [...]Type{SCP, VPCEndpoint} {
		if !a.of[t].allows {
			return t
		}
	}
	resource := &a.of[a.rule]
	switch {
	case r.Granted:
		return NoType
	case !r.Who.inAccount():
		return missing(resource.allows, a.rule)
	case r.Owner != "" && r.Owner != r.Who.Account:
		return a.across()
	}
	return a.within(r.Ruled)
}

// within decides within one account: the caller's policies or the resource's
// suffice. How closely the resource's policy names the caller decides which
// limits it passes by.
func (a *answers) within(ruled bool) Type {
	resource := &a.of[a.rule]
	switch {
	case ruled && !resource.allows:
		return a.rule
	case resource.allows && (resource.named == ByName || resource.named == ByAnyone):
		return NoType
	case !a.of[Identity].allows && resource.named != ByBehind:
		return Identity
	case !a.of[Boundary].allows:
		return Boundary
	}
	return missing(a.of[Session].allows, Session)
}

// across decides between accounts: both sides must allow.
func (a *answers) across() Type {
	for _, t := range [...]Type{Identity, Boundary, Session, a.rule} {
		if !a.of[t].allows {
			return t
		}
	}
	return NoType
}

func missing(allowed bool, t Type) Type {
	if allowed {
		return NoType
	}
	return t
}
