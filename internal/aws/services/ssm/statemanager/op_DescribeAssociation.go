package statemanager

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAssociation describes an association, or an earlier version of it.
func (s *Service) DescribeAssociation(ctx context.Context, in *ssm.DescribeAssociationInput) (*ssm.DescribeAssociationOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	out := &ssm.DescribeAssociationOutput{}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		a, err := s.named(tx, scope, in.AssociationId, in.Name, in.InstanceId)
		if err != nil {
			return err
		}
		if v := str(in.AssociationVersion); v != "" && v != "$LATEST" {
			if a, err = earlierVersion(tx, scope, a, v); err != nil {
				return err
			}
		}
		st, err := stand(tx, scope, a.ID)
		out.AssociationDescription = a.describe(st)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func earlierVersion(tx *store.Tx, scope store.Scope, a *association, written string) (*association, error) {
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil {
		return nil, noVersion()
	}
	v, err := versions.Get(tx, scope, versionKey(a.ID, n))
	if missing(err) {
		return nil, noVersion()
	}
	if err != nil {
		return nil, err
	}
	return a.of(v), nil
}

func noVersion() error {
	return &types.InvalidAssociationVersion{Message: new("The version you specified isn't valid. Use ListAssociationVersions to view all versions of an association according to the association ID. Or, use the $LATEST parameter to view the latest version of the association.")}
}

func (s *Service) describeAssociationChecks(ctx context.Context, in *ssm.DescribeAssociationInput) ([]api.Check, error) {
	return s.onNamed(ctx, "ssm:DescribeAssociation", in.AssociationId, in.Name, in.InstanceId)
}
