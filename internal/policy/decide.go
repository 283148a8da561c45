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
	q := queryOf(r, p)
	a.ask(&q, p)
	return a.decide(r)
}

func (a *answers) decide(r *Request) Decision {
	for t := RCP; t <= Session; t++ {
		if a.of[t].denies {
			return Decision{Outcome: ExplicitDeny, By: t, Unknown: a.of[t].unknown}
		}
	}
	return a.implicit(r)
}

// ask asks every type.
func (a *answers) ask(q *query, p *Policies) {
	r := q.r
	w := &r.Who
	a.rule = ResourceBased
	if r.Ruled && strings.HasPrefix(r.Action, "sts:") {
		a.rule = Trust
	}
	if len(p.RCPs) > 0 && heldByRCPs(r) {
		a.of[RCP] = levels(p.RCPs, q)
	}
	a.of[SCP].allows = true
	if heldBySCPs(w) {
		a.of[SCP] = levels(p.SCPs, q)
	}
	a.of[VPCEndpoint] = orAllow(p.Endpoint, q)
	a.of[a.rule] = p.Resource.decide(q)
	if !w.inAccount() {
		return
	}
	a.of[Identity] = p.Identity.decide(q)
	if w.isRoot() {
		a.of[Identity].allows = true
	}
	a.of[Boundary] = orAllow(p.Boundary, q)
	a.of[Session] = orAllow(p.Session, q)
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

// The order in which missing allows are named, within one account and between
// two.
var (
	withinOrder = [...]Type{SCP, VPCEndpoint, ResourceBased, Trust, Identity, Boundary, Session}
	acrossOrder = [...]Type{SCP, VPCEndpoint, Identity, Boundary, Session, ResourceBased, Trust}
)

// implicit decides when no statement denies. Source: IAM User Guide, "How AWS
// enforcement code logic evaluates requests to allow or deny access" and
// "Cross-account policy evaluation logic".
func (a *answers) implicit(r *Request) Decision {
	lacks, order := a.lacks(r)
	for _, t := range order {
		if lacks[t] {
			return Decision{Outcome: ImplicitDeny, By: t}
		}
	}
	return Decision{Outcome: Allow}
}

// lacks tells of each type whether its allow is missing, and the order in which
// to name them.
func (a *answers) lacks(r *Request) (lacks [Session + 1]bool, order *[7]Type) {
	lacks[SCP], lacks[VPCEndpoint] = !a.of[SCP].allows, !a.of[VPCEndpoint].allows
	switch {
	case r.Granted:
		return lacks, &withinOrder
	case !r.Who.inAccount():
		lacks[a.rule] = !a.of[a.rule].allows
		return lacks, &withinOrder
	case r.Owner != "" && r.Owner != r.Who.Account:
		for _, t := range [...]Type{Identity, Boundary, Session, a.rule} {
			lacks[t] = !a.of[t].allows
		}
		return lacks, &acrossOrder
	}
	a.within(&lacks, r.Ruled)
	return lacks, &withinOrder
}

// within tells what lacks within one account: the caller's policies or the
// resource's suffice. How closely the resource's policy names the caller decides
// which limits it passes by.
func (a *answers) within(lacks *[Session + 1]bool, ruled bool) {
	resource := &a.of[a.rule]
	lacks[a.rule] = ruled && !resource.allows
	if resource.allows && resource.named >= ByAnyone {
		return
	}
	lacks[Identity] = !a.of[Identity].allows && resource.named != ByBehind
	lacks[Boundary], lacks[Session] = !a.of[Boundary].allows, !a.of[Session].allows
}
