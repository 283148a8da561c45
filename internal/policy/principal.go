package policy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Named says how a policy names a caller. A later one passes by more limits.
type Named int

// The ways of naming.
const (
	NotNamed  Named = iota
	ByAccount       // the caller's account: it may decide for itself
	ByBehind        // the role, or the user behind a federated session
	ByAnyone        // "*"
	ByName          // the user, the session or the service itself
)

// principals are a statement's Principal or NotPrincipal.
type principals struct {
	inverted  bool
	deny      bool // the statement is a Deny, which says whom an inverted one spares
	anyone    bool
	aws       []string // account ids, ARNs, unique ids
	service   []string
	federated []string
}

var (
	principalARN = regexp.MustCompile(`^arn:aws:(iam::\d{12}:(root|(user|role)/[!-~]+)|sts::\d{12}:(assumed-role|federated-user)/[!-~]+)$`)
	accountID    = regexp.MustCompile(`^\d{12}$`)
	uniqueID     = regexp.MustCompile(`^(AIDA|AROA)[A-Z0-9]{12,124}$`)
	serviceHost  = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)
)

func compilePrincipals(o *object, g grammar) (*principals, error) {
	plain, not := o.has("Principal"), o.has("NotPrincipal")
	switch {
	case plain && not:
		return nil, errSyntax
	case g == ofPrincipal && (plain || not):
		return nil, errors.New("Policy document should not specify a principal.") //nolint:staticcheck,revive // AWS's words
	case g == ofPrincipal:
		return nil, nil
	case !plain && !not:
		return nil, errors.New("Missing required field Principal") //nolint:staticcheck,revive // AWS's words
	}
	name := "Principal"
	if not {
		name = "NotPrincipal"
	}
	p := &principals{inverted: not}
	if text, ok := o.values[name].(string); ok {
		p.anyone = true
		if text != "*" {
			return nil, fmt.Errorf("Invalid principal in policy: %q", text) //nolint:staticcheck,revive // AWS's words
		}
		return p, nil
	}
	list, ok := o.values[name].(*object)
	if !ok || len(list.names) == 0 {
		return nil, errSyntax
	}
	if err := list.only("AWS", "Service", "Federated"); err != nil {
		return nil, err
	}
	for _, kind := range list.names {
		values, ok := list.texts(kind)
		if !ok {
			return nil, errSyntax
		}
		for _, v := range values {
			if err := p.add(kind, v); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func (p *principals) add(kind, value string) error {
	invalid := fmt.Errorf("Invalid principal in policy: %q:%q", strings.ToUpper(kind), value) //nolint:staticcheck,revive // AWS's words
	switch kind {
	case "AWS":
		switch {
		case value == "*":
			p.anyone = true
		case accountID.MatchString(value), uniqueID.MatchString(value):
			p.aws = append(p.aws, value)
		case principalARN.MatchString(value) && !strings.ContainsAny(value, "*?"):
			p.aws = append(p.aws, value)
		default:
			return invalid
		}
	case "Service":
		if !serviceHost.MatchString(value) {
			return invalid
		}
		p.service = append(p.service, value)
	case "Federated":
		if value == "" || strings.ContainsAny(value, "*?") {
			return invalid
		}
		p.federated = append(p.federated, value)
	}
	return nil
}

func (p *principals) match(w *Who) Named {
	if p.inverted {
		if p.spares(w) {
			return NotNamed
		}
		return ByAnyone
	}
	switch {
	case w.Service != "":
		if slices.Contains(p.service, w.Service) {
			return ByName
		}
	case w.Federated != "":
		if slices.Contains(p.federated, w.Federated) {
			return ByName
		}
	case p.names(w.ARN) || p.namesID(w.ID):
		return ByName
	}
	switch {
	case p.anyone:
		return ByAnyone
	case p.names(w.Behind) || p.namesID(roleID(w)):
		return ByBehind
	case p.namesAccount(w.Account):
		return ByAccount
	}
	return NotNamed
}

// everyone tells whether the element is "*" and nothing else.
func (p *principals) everyone() bool {
	return p.anyone && len(p.aws) == 0 && len(p.service) == 0 && len(p.federated) == 0
}

// spares tells whether a NotPrincipal leaves a caller out. From a Deny only who
// is listed by every name: its own, that of its account, that of its role; from
// an Allow who is listed by any. Source: IAM User Guide, "IAM JSON policy
// elements: NotPrincipal".
func (p *principals) spares(w *Who) bool {
	switch {
	case p.anyone:
		return true
	case w.Service != "":
		return slices.Contains(p.service, w.Service)
	case w.Federated != "":
		return slices.Contains(p.federated, w.Federated)
	case w.Account == "":
		return false
	}
	account := p.namesAccount(w.Account)
	own := p.names(w.ARN) || p.namesID(w.ID) || account && w.Kind == Root
	behind := p.names(w.Behind) || p.namesID(roleID(w)) || account && strings.HasSuffix(w.Behind, ":root")
	if p.deny {
		return account && own && (behind || w.Behind == "")
	}
	return account || own || behind
}

func (p *principals) names(arn string) bool { return arn != "" && slices.Contains(p.aws, arn) }

func (p *principals) namesID(id string) bool { return id != "" && slices.Contains(p.aws, id) }

// roleID is the part of AROA...:session that names the role. A federated
// user's id begins with its account, which is no role.
func roleID(w *Who) string {
	if w.Kind != RoleSession {
		return ""
	}
	role, _, _ := strings.Cut(w.ID, ":")
	return role
}

func (p *principals) namesAccount(account string) bool {
	return account != "" && (slices.Contains(p.aws, account) || slices.Contains(p.aws, "arn:aws:iam::"+account+":root"))
}

// Names lists the AWS principals and services that the document's statements
// name, for rooms that check that they exist.
func (d *Document) Names() (aws, services []string) {
	for _, s := range d.Statements {
		if s.principals != nil {
			aws = append(aws, s.principals.aws...)
			services = append(services, s.principals.service...)
		}
	}
	return aws, services
}

// Public tells whether a statement allows anyone under no condition at all.
func (d *Document) Public() bool {
	for _, s := range d.Statements {
		if s.principals != nil && !s.Deny && (s.principals.anyone || s.principals.inverted) && len(s.conditions) == 0 {
			return true
		}
	}
	return false
}
