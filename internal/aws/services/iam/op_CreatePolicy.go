package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// CreatePolicy makes a managed policy with its first version.
func (s *Service) CreatePolicy(ctx context.Context, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	if err := checkManaged(*in.PolicyDocument); err != nil {
		return nil, err
	}
	m := &managed{
		ID: "ANPA" + s.ids.Upper(17), Name: *in.PolicyName, Path: pathOr(in.Path), Description: aws.ToString(in.Description),
		Tags: tags, Created: moment(call), Updated: moment(call), Default: 1, Next: 2,
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := freePolicyName(tx, store.Scope{Account: call.Account}, m.Name); err != nil {
			return err
		}
		v := &version{Policy: m.ID, Number: 1, Document: *in.PolicyDocument, Created: m.Created}
		return errors.Join(policies.Put(tx, store.Scope{Account: call.Account}, m), versions.Put(tx, store.Scope{Account: call.Account}, v))
	})
	if err != nil {
		return nil, err
	}
	out := m.shown(call.Account, usage{})
	if len(tags) > 0 {
		out.Tags = tagList(tags)
	}
	return &iam.CreatePolicyOutput{Policy: &out}, nil
}

func (s *Service) createPolicyChecks(ctx context.Context, in *iam.CreatePolicyInput) ([]api.Check, error) {
	c := api.Check{Action: "iam:CreatePolicy", Resource: entityARN(api.CallFrom(ctx).Account, "policy", pathOr(in.Path), *in.PolicyName)}
	checks := []api.Check{withRequestTags(c, in.Tags)}
	if len(in.Tags) > 0 {
		checks = append(checks, withRequestTags(api.Check{Action: "iam:TagPolicy", Resource: c.Resource}, in.Tags))
	}
	return checks, nil
}

// checkManaged refuses a document that cannot be a managed policy.
func checkManaged(document string) error {
	if policy.Size(document) > maxManaged {
		return overQuota("PolicySize", maxManaged)
	}
	return checkIdentityPolicy(document)
}

// freePolicyName refuses a name that a policy of the account has, in any case,
// and one policy too many.
func freePolicyName(tx *store.Tx, sc store.Scope, name string) error {
	_, err := policies.Get(tx, sc, strings.ToLower(name))
	if err == nil {
		return alreadyExists("A policy called %s already exists. Duplicate names are not allowed.", name)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return within(tx, sc, &policies, "PoliciesPerAccount", maxPolicies)
}
