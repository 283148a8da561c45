package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreatePolicyVersion gives a managed policy another version, of which it has
// five at most.
func (s *Service) CreatePolicyVersion(ctx context.Context, in *iam.CreatePolicyVersionInput) (*iam.CreatePolicyVersionOutput, error) {
	call := api.CallFrom(ctx)
	if err := checkManaged(*in.PolicyDocument); err != nil {
		return nil, err
	}
	var out types.PolicyVersion
	err := s.changePolicy(ctx, *in.PolicyArn, func(tx *store.Tx, sc store.Scope, m *managed) error {
		all, err := versions.By(tx, sc, "policy", m.ID, store.Page{})
		if err != nil {
			return err
		}
		if len(all) >= maxVersions {
			return &types.LimitExceededException{Message: new("A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")}
		}
		v := &version{Policy: m.ID, Number: m.Next, Document: *in.PolicyDocument, Created: moment(call)}
		m.Next++
		m.Updated = v.Created
		if in.SetAsDefault {
			m.Default = v.Number
		}
		out = v.shown(m)
		return versions.Put(tx, sc, v)
	})
	return &iam.CreatePolicyVersionOutput{PolicyVersion: &out}, err
}

func (s *Service) createPolicyVersionChecks(ctx context.Context, in *iam.CreatePolicyVersionInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:CreatePolicyVersion", in.PolicyArn)
}
