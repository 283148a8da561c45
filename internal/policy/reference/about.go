package reference

import (
	"slices"
	"strings"

	"tamachi/internal/policy"
)

// about tells how a statement names the caller, nobody when it is about another
// principal, action or resource. unknown says what could not be read.
func (c *court) about(d *document, s statement, namesPrincipals bool) (how reach, unknown string) {
	how = itself
	if namesPrincipals {
		how = c.names(s)
	}
	if how == nobody || !c.actionFits(s) {
		return nobody, ""
	}
	fits, unknown := c.resourceFits(d, s)
	if !fits {
		how = nobody
	}
	return how, unknown
}

// names tells how the Principal or NotPrincipal of a statement fits the caller.
func (c *court) names(s statement) reach {
	if s.notPrincipal == nil {
		return c.named(s.principal)
	}
	bounded := c.hasBound && (c.r.Who.Kind == policy.User || c.r.Who.Kind == policy.RoleSession)
	if s.deny && bounded {
		return itself
	}
	spared := c.named(s.notPrincipal) != nobody
	if s.deny {
		spared = c.namedWholly(s.notPrincipal)
	}
	return when(!spared, itself)
}

// namedWholly tells whether every name of the caller is listed: "you must also
// specify the account ARN of the not-denied principal", and of a session its role
// as well. Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal".
func (c *court) namedWholly(n *names) bool {
	w := c.r.Who
	if n.anyone || !c.inAccount() {
		return c.named(n) != nobody
	}
	id, _, _ := strings.Cut(w.ID, ":")
	isSession := w.Kind == policy.RoleSession
	var byAccount, byItself, byBehind bool
	for _, name := range n.aws {
		isAccount := name == w.Account || accountRoot(name, w.Account)
		byAccount = byAccount || isAccount
		byItself = byItself || name == w.ARN || w.ID != "" && name == w.ID || isAccount && w.Kind == policy.Root
		byBehind = byBehind || name == w.Behind || isSession && name == id || isAccount && strings.HasSuffix(w.Behind, ":root")
	}
	return byAccount && byItself && (byBehind || w.Behind == "")
}

func (c *court) named(n *names) reach {
	w := c.r.Who
	switch {
	case n == nil:
		return nobody
	case n.anyone:
		return itself
	case w.Kind == policy.Anonymous:
		return nobody
	case w.Kind == policy.Service:
		return when(slices.Contains(n.service, w.Service), itself)
	case w.Kind == policy.External:
		return when(slices.Contains(n.federated, w.Federated), itself)
	}
	best := nobody
	for _, name := range n.aws {
		best = max(best, c.fits(name))
	}
	return best
}

// fits tells how one value of "AWS" names a caller with an account. Source: IAM
// User Guide, "AWS JSON policy elements: Principal".
func (c *court) fits(name string) reach {
	w := c.r.Who
	id, _, _ := strings.Cut(w.ID, ":")
	isSession := w.Kind == policy.RoleSession
	isAccount := name == w.Account || accountRoot(name, w.Account)
	switch {
	case isAccount && w.Kind == policy.Root:
		return itself
	case isAccount:
		return account
	case name == w.ARN, w.ID != "" && name == w.ID:
		return itself
	case w.Behind != "" && name == w.Behind, isSession && name == id:
		return behind
	}
	return nobody
}

// accountRoot tells whether a name is arn:PARTITION:iam::ACCOUNT:root.
func accountRoot(name, account string) bool {
	return account != "" && strings.HasPrefix(name, "arn:") && strings.HasSuffix(name, ":iam::"+account+":root")
}

func when(ok bool, r reach) reach {
	if ok {
		return r
	}
	return nobody
}

func (c *court) actionFits(s statement) bool {
	if s.notAction != nil {
		return !anyAction(s.notAction, c.r.Action)
	}
	return anyAction(s.action, c.r.Action)
}

func anyAction(patterns []string, action string) bool {
	for _, p := range patterns {
		if glob(wild(strings.ToLower(p)), []rune(strings.ToLower(action))) {
			return true
		}
	}
	return false
}

// resourceFits tells whether Resource or NotResource fits; a trust policy has
// neither and is about its role.
func (c *court) resourceFits(d *document, s statement) (fits bool, unknown string) {
	switch {
	case s.hasNotResrc:
		one, unknown := c.anyResource(d, s.notResource)
		return !one && unknown == "", unknown
	case s.hasResource:
		return c.anyResource(d, s.resource)
	}
	return true, ""
}

func (c *court) anyResource(d *document, patterns []string) (bool, string) {
	for _, p := range patterns {
		tokens, ok, unknown := c.expand(d.variables, p, true)
		if unknown != "" {
			return false, unknown
		}
		if ok && glob(bySegment(tokens), []rune(c.r.Resource)) {
			return true, ""
		}
	}
	return false, ""
}
