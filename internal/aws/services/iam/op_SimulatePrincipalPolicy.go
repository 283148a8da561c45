package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// SimulatePrincipalPolicy tells what the policies of a user, group or role
// decide, with further ones if they are given.
func (s *Service) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput) (*iam.SimulatePrincipalPolicyOutput, error) {
	m, err := s.principal(ctx, *in.PolicySourceArn, in.PolicyInputList)
	if err != nil {
		return nil, err
	}
	if in.CallerArn != nil {
		if m.who, err = callerOf(api.CallFrom(ctx), in.CallerArn); err != nil {
			return nil, err
		}
	}
	err = m.read(simulated{in.ActionNames, in.ResourceArns, in.PermissionsBoundaryPolicyInputList, in.ResourcePolicy, in.ResourceOwner, in.ContextEntries})
	if err != nil {
		return nil, err
	}
	results, page, err := m.results(asked{"SimulatePrincipalPolicy", in.Marker, in.MaxItems})
	return &iam.SimulatePrincipalPolicyOutput{EvaluationResults: results, IsTruncated: page.truncated, Marker: page.marker}, err
}

// principal begins a simulation with all that a user, group or role has.
func (s *Service) principal(ctx context.Context, holderARN string, more []string) (*simulation, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	kind, name, ok := holderOf(holderARN, sc.Account)
	if !ok {
		return nil, invalidInput("Invalid Entity Arn: %s", holderARN)
	}
	m := &simulation{names: map[*policy.Document]source{}}
	added, err := m.documents("PolicyInputList", more, policy.Parse)
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		h, err := findHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		if h.arn(sc.Account) != holderARN { // another path
			return noSuch("The %s with name %s cannot be found.", kind, name)
		}
		b, err := s.bind(tx, sc, h.id)
		if err != nil {
			return err
		}
		m.attach(h, b, added)
		m.who = h.who(sc.Account)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.ports.Above != nil {
		m.held.SCPs, m.who.Manages, err = s.ports.Above.SCPs(ctx, sc.Account)
	}
	return m, err
}

// attach takes over what is attached to a holder, beside what was given.
func (m *simulation) attach(h holder, b *Bindings, added []policy.Policy) {
	own := b.Identity.Policies()
	for _, p := range append(append([]policy.Policy{}, own...), b.Boundary.Policies()...) {
		switch {
		case p.ARN == "":
			kind := h.kind
			if p.Kind == "group" {
				kind = ofGroup
			}
			m.names[p.Document] = source{kind + "_" + h.name + "_" + p.Name, types.PolicySourceType(kind)}
		case strings.HasPrefix(p.ARN, "arn:aws:iam::aws:"):
			m.names[p.Document] = source{p.Name, types.PolicySourceTypeAwsManaged}
		default:
			m.names[p.Document] = source{p.Name, types.PolicySourceTypeUserManaged}
		}
	}
	m.held.Identity = policy.NewSet(append(append([]policy.Policy{}, own...), added...)...)
	m.held.Boundary = b.Boundary
}

// who is a holder as the caller of simulated requests: of a role, one of its
// sessions; of a group, a user in it.
func (h holder) who(account string) policy.Who {
	w := policy.Who{Kind: policy.User, Account: account}
	switch h.kind {
	case ofRole:
		w.Kind, w.Behind, w.ID = policy.RoleSession, h.arn(account), h.id+":simulated"
	case ofUser:
		w.ARN, w.ID = h.arn(account), h.id
	}
	return w
}

// holderOf reads the ARN of a user, group or role of an account.
func holderOf(holderARN, account string) (kind, name string, ok bool) {
	a, err := arn.Parse(holderARN)
	kind, path, found := strings.Cut(a.Resource, "/")
	if err != nil || a.Service != "iam" || a.Account != account || !found {
		return "", "", false
	}
	return kind, path[strings.LastIndex(path, "/")+1:], kind == ofUser || kind == ofGroup || kind == ofRole
}

func (s *Service) simulatePrincipalPolicyChecks(ctx context.Context, in *iam.SimulatePrincipalPolicyInput) ([]api.Check, error) {
	return checkSource(ctx, "iam:SimulatePrincipalPolicy", *in.PolicySourceArn), nil
}

// checkSource is a check on the holder whose policies are asked for. What names
// no holder of the account is refused by the operation.
func checkSource(ctx context.Context, action, holderARN string) []api.Check {
	if _, _, ok := holderOf(holderARN, api.CallFrom(ctx).Account); !ok {
		return api.OnAny(action)
	}
	return []api.Check{{Action: action, Resource: holderARN}}
}
