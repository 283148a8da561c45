package policy

// Policies are all that hold a request, by type. What does not apply is nil: a
// caller without boundary has none, an account outside of an organization no
// levels. Sets are compiled once and used by many requests at a time.
type Policies struct {
	Identity *Set // the caller's: inline, managed, those of groups
	Boundary *Set // nil where none is set
	// Session are the session's own policies. nil limits nothing; a set without
	// policies allows nothing, as in a federated session that was given none.
	Session *Set
	// Resource is the policy of the resource; of a role, its trust policy.
	Resource *Set
	// SCPs are the service control policies above the caller's account, one set a
	// level, the organization's root first and the account itself last. Each level
	// must allow. RCPs are the resource control policies above the account of the
	// resource, likewise; they only deny.
	SCPs, RCPs []*Set
	// Endpoint is the policy of the VPC endpoint that the request came through;
	// nil for none.
	Endpoint *Set
}

// Policy is one document with where it comes from.
type Policy struct {
	Name     string
	ARN      string // of a managed policy, or of one of an organization
	Kind     string // "inline", "managed", "group", "boundary" and the like
	Document *Document
}

// Type is a type of policy.
type Type int

// The types, in the order in which a denial names them: of several that deny
// explicitly, or lack an allow, the first one here is named. Between accounts,
// and of implicit denials only, ResourceBased and Trust come last. Source: IAM
// User Guide, "How AWS enforcement code logic evaluates requests to allow or
// deny access" and "Cross-account policy evaluation logic".
const (
	NoType Type = iota
	RCP
	SCP
	VPCEndpoint
	ResourceBased
	Trust // of a role: what ResourceBased is for anything else
	Identity
	Boundary
	Session
)

// String is what AWS calls the type in a denial. Source: IAM User Guide,
// "Troubleshoot access denied error messages".
func (t Type) String() string {
	return [...]string{
		NoType: "policy", RCP: "resource control policy", SCP: "service control policy", VPCEndpoint: "VPC endpoint policy",
		ResourceBased: "resource-based policy", Trust: "role trust policy", Identity: "identity-based policy",
		Boundary: "permissions boundary", Session: "session policy",
	}[t]
}
