package policy

// Outcome is what an evaluation comes to.
type Outcome int

// The outcomes. An explicit deny wins over any allow.
const (
	ImplicitDeny Outcome = iota
	ExplicitDeny
	Allow
)

// Decision is what all policies together say of a request. The rules, and what
// AWS's pages leave open:
//
//   - A statement is about a request when its principal, action and resource fit.
//     It applies when all its conditions hold.
//   - A statement that is about the request and asks, in any of its conditions,
//     in a variable there, or in a variable of a resource that had to be read, for
//     a key that the Context does not know, and a document that cannot be read at
//     all, deny explicitly; Unknown says why.
//   - NotPrincipal leaves out of a Deny who is listed by every name that it has
//     (itself, its account, its role or the user behind it), and out of an Allow who
//     is listed by any.
//   - Any applying Deny of any type denies. A Deny with NotPrincipal applies to
//     every user and role that has a permissions boundary, whoever it spares
//     (IAM User Guide, "Permissions boundaries for IAM entities").
//   - SCPs hold Root, User, RoleSession and FederatedUser, but not those of the
//     management account and not service-linked roles. Each level must allow.
//   - RCPs hold every caller but service-linked roles, for the services of
//     CoveredByRCPs; not kms:RetireGrant, not the service-linked roles themselves
//     as a resource, not what OwnerManages or OfAWS. They deny only: RCPFullAWSAccess
//     stands on every level and cannot be taken off.
//   - A VPC endpoint's policy must allow.
//   - Within an account: root needs no identity policy. The resource's policy
//     suffices when it names the user or the session itself, or anyone ("*", or
//     NotPrincipal): then neither boundary nor session policy limits it. When it
//     names the role of a session, or the user behind a federated session, it
//     stands for the identity policy, within boundary and session policy. When it
//     names the account, it leaves the matter to the identity policy. (IAM User
//     Guide, "AWS JSON policy elements: Principal".)
//   - Between accounts identity policy, boundary, session policy and the policy
//     of the resource must all allow; the latter may name the account.
//   - Ruled resources need an allow of their own policy in any case.
//   - Anonymous, External and Service are allowed by the resource's policy alone.
//   - Granted stands for what identity policy, boundary, session policy and the
//     resource's policy would allow.
//
// Of actions: names ignore case; "*" stands for any run of characters and "?"
// for one. Of resources and NotResource: in the first five segments of a
// pattern (between colons) "?" is no colon, and "*" stays within its segment
// unless it is the segment's last character, which may reach over colons; from
// the sixth segment on both stand for anything. Of ARN operators: the six
// segments are compared one by one, the last with all that is left; where a
// pattern has fewer, its last segment is compared with the whole rest. Values
// that variables bring are never wildcards and their colons end no segment.
// Variables count in documents of Version 2012-10-17 only, in Resource,
// NotResource and in the values of String and ARN operators; elsewhere they are
// text as it stands, which no number, date, Bool or address is (IAM User Guide,
// "IAM policy elements: Variables and tags"). A variable whose key has no value
// and no default makes its text match nothing; one whose key has several values
// cannot be evaluated. A value that the operator cannot read (as a number, a
// date, an address, an ARN) matches nothing, so that negated operators hold.
//
// Of conditions on a key with several values: without a set operator, one that
// matches suffices (and none may match a negated operator). A missing key
// matches nothing: false, but true of negated operators, IfExists and
// ForAllValues, and ForAnyValue is false of it even with a negated operator. Each
// value of several is compared by the operator with its negation. An empty text
// is a value like any other.
type Decision struct {
	Outcome Outcome
	// By is the type of policy that denies; NoType of an Allow.
	By Type
	// Unknown names what could not be evaluated; the outcome is then an
	// ExplicitDeny.
	Unknown string
}

// Allowed tells whether the request may go on.
func (d Decision) Allowed() bool { return d.Outcome == Allow }

// Reason is why a denied action is denied, in AWS's words, as they follow "User:
// ... is not authorized to perform: ... ". What could not be evaluated is named:
// AWS has no words for that, since it knows every key. Source: IAM User Guide,
// "Troubleshoot access denied error messages".
func (d Decision) Reason(action string) string {
	switch d.Outcome {
	case Allow:
		return ""
	case ImplicitDeny:
		return "because no " + d.By.String() + " allows the " + action + " action"
	case ExplicitDeny:
	}
	article := "a "
	switch d.By {
	case Identity:
		article = "an "
	case Trust:
		article = "the "
	case NoType, RCP, SCP, VPCEndpoint, ResourceBased, Boundary, Session:
	}
	reason := "with an explicit deny in " + article + d.By.String()
	if d.Unknown != "" {
		reason += " (this plane cannot evaluate it: " + d.Unknown + ")"
	}
	return reason
}
