package policy

import "strings"

// Request is one action on one resource, by one caller.
type Request struct {
	Action   string // workspaces:CreateWorkspaces; its case does not matter
	Resource string // an ARN, or "*" where the action has no resource
	// Owner is the account whose resource it is, twelve digits; empty means the
	// caller's own account.
	Owner string
	Who   Who
	Keys  Context // nil knows no key

	// Ruled says that the policy of the resource must allow as well, within one
	// account too: the policy of a KMS key, the trust policy of a role. Source:
	// IAM User Guide, "Policy evaluation for requests within a single account".
	Ruled bool
	// Granted says that the service itself allows: a grant of KMS, or what a
	// service may do to its own. It stands for an identity policy and a policy of
	// the resource that names the caller; no deny, SCP or endpoint gives way to it.
	Granted bool
	// OwnerManages says that Owner is the management account of its organization:
	// RCPs do not hold its resources.
	OwnerManages bool
	// OfAWS says that the resource belongs to AWS although it lies in Owner's
	// account, as AWS managed keys of KMS do: RCPs do not hold it.
	OfAWS bool
}

// Kind is what sort of principal makes a request.
type Kind int

// The kinds of principals.
const (
	Anonymous     Kind = iota // nobody: an unsigned request
	Root                      // the root user of an account, with or without a session
	User                      // an IAM user, also with a session of GetSessionToken
	RoleSession               // an assumed role; Behind is the role
	FederatedUser             // a session of GetFederationToken; Behind is the user, or root
	External                  // who has no session yet: a web identity or a SAML assertion
	Service                   // an AWS service acting as itself
)

// Who is a caller as the policy of a resource may name it.
type Who struct {
	Kind    Kind
	Account string // twelve digits; empty for Anonymous, External and Service
	ARN     string // of the user, of the session, or of root
	// Behind is the ARN of the role whose session it is, or of the user who
	// made a federated session.
	Behind    string
	ID        string // the unique id: AIDA..., or AROA...:session
	Service   string // workspaces.amazonaws.com; its other names are empty then
	Federated string // the provider of an External identity
	// Manages says that Account is the management account of its organization:
	// SCPs do not hold its principals.
	Manages bool
}

// ServiceLinked tells whether the caller is a session of a service-linked role,
// which neither SCPs nor RCPs hold. Source: Organizations User Guide, "Service
// control policies (SCPs)", "Tasks and entities not restricted by SCPs".
func (w *Who) ServiceLinked() bool {
	return w.Kind == RoleSession && strings.Contains(w.Behind, ":role/aws-service-role/")
}

// isRoot tells whether all is allowed to the caller within its account: root
// itself, or root's own federated session.
func (w *Who) isRoot() bool {
	return w.Kind == Root || w.Kind == FederatedUser && strings.HasSuffix(w.Behind, ":root")
}

// inAccount tells whether the caller is a principal of an account: it has
// identity policies, and SCPs hold it.
func (w *Who) inAccount() bool {
	switch w.Kind {
	case Root, User, RoleSession, FederatedUser:
		return true
	case Anonymous, External, Service:
	}
	return false
}

// Context answers condition keys for one request.
type Context interface {
	// Values returns the values of a condition key, whose name comes in lower
	// case. A known key without values is absent from the request. known is
	// false for a key that nobody can vouch for: a statement that asks for it
	// cannot be evaluated.
	Values(key string) (values []string, known bool)
}

// Keys is a Context by map: names in lower case. A key that is not in it is
// absent from the request; one that is there with a nil list nobody vouches
// for.
type Keys map[string][]string

// Values answers from the map.
func (k Keys) Values(key string) ([]string, bool) {
	v, there := k[key]
	return v, !there || v != nil
}
