package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// ListPoliciesGrantingServiceAccess lists the policies of a user, group or role
// by which it could use each of some services.
func (s *Service) ListPoliciesGrantingServiceAccess(ctx context.Context, in *iam.ListPoliciesGrantingServiceAccessInput) (*iam.ListPoliciesGrantingServiceAccessOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	wanted, err := servicesNamed(in.ServiceNamespaces)
	if err != nil {
		return nil, err
	}
	kind, name, ok := holderOf(*in.Arn, sc.Account)
	if !ok {
		return nil, invalidInput("Invalid Entity Arn: %s", *in.Arn)
	}
	var held []owned
	err = s.store.View(ctx, func(tx *store.Tx) error {
		h, err := findHolder(tx, sc, kind, name)
		if err == nil && h.arn(sc.Account) != *in.Arn {
			err = noSuch("The %s with name %s cannot be found.", kind, name)
		}
		if err != nil {
			return err
		}
		held, err = s.ownedBy(tx, sc, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	wanted, page, err := pageFrom(wanted, asked{"ListPoliciesGrantingServiceAccess", in.Marker, nil}, func(a serviceActions) string { return a.namespace })
	out := &iam.ListPoliciesGrantingServiceAccessOutput{
		PoliciesGrantingServiceAccess: []types.ListPoliciesGrantingServiceAccessEntry{}, IsTruncated: page.truncated, Marker: page.marker,
	}
	for i := range wanted {
		entry := types.ListPoliciesGrantingServiceAccessEntry{ServiceNamespace: &wanted[i].namespace, Policies: []types.PolicyGrantingServiceAccess{}}
		for j := range held {
			if len(wanted[i].granted(policy.NewSet(held[j].Policy))) > 0 {
				entry.Policies = append(entry.Policies, held[j].shown())
			}
		}
		out.PoliciesGrantingServiceAccess = append(out.PoliciesGrantingServiceAccess, entry)
	}
	return out, err
}

// servicesNamed finds the services that a caller named, or refuses a name that
// the plane does not know.
func servicesNamed(names []string) ([]serviceActions, error) {
	all, err := grantable()
	if err != nil {
		return nil, err
	}
	var out []serviceActions
	for _, name := range names {
		i := slices.IndexFunc(all, func(a serviceActions) bool { return a.namespace == name })
		if i < 0 {
			return nil, invalidInput("Invalid service namespace: %s", name)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// owned is a policy with the user, group or role that has it.
type owned struct {
	policy.Policy
	by holder
}

// ownedBy gathers the policies of a holder, and those of a user's groups.
func (s *Service) ownedBy(tx *store.Tx, sc store.Scope, h holder) ([]owned, error) {
	holders := []holder{h}
	if h.kind == ofUser {
		in, err := groupsOf(tx, sc, h.id)
		if err != nil {
			return nil, err
		}
		for _, g := range in {
			holders = append(holders, g.holder())
		}
	}
	var out []owned
	for _, by := range holders {
		list, err := s.policiesOf(tx, sc, by.id, "")
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out = append(out, owned{p, by})
		}
	}
	return out, nil
}

func (o *owned) shown() types.PolicyGrantingServiceAccess {
	if o.ARN != "" {
		return types.PolicyGrantingServiceAccess{PolicyName: &o.Name, PolicyArn: &o.ARN, PolicyType: types.PolicyTypeManaged}
	}
	return types.PolicyGrantingServiceAccess{
		PolicyName: &o.Name, PolicyType: types.PolicyTypeInline,
		EntityName: &o.by.name, EntityType: types.PolicyOwnerEntityType(strings.ToUpper(o.by.kind)),
	}
}

func (s *Service) listPoliciesGrantingServiceAccessChecks(ctx context.Context, in *iam.ListPoliciesGrantingServiceAccessInput) ([]api.Check, error) {
	return checkSource(ctx, "iam:ListPoliciesGrantingServiceAccess", *in.Arn), nil
}
