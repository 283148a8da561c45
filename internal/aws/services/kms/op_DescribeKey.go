package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// DescribeKey shows a key.
func (s *Service) DescribeKey(ctx context.Context, in *kms.DescribeKeyInput) (*kms.DescribeKeyOutput, error) {
	if s.tokens(in.GrantTokens) != nil {
		return nil, invalid("The grant token is not valid.") // its model has no InvalidGrantTokenException
	}
	call := api.CallFrom(ctx)
	if n, err := parse(call, *in.KeyId); err == nil && n.scope.Account == call.Account && managedService(n.alias) != "" {
		// "DescribeKey associates the alias with an AWS managed key" (API
		// reference, DescribeKey: KeyId).
		if _, err := s.Managed(ctx, call.Account, call.Region, managedService(n.alias)); err != nil {
			return nil, err
		}
	}
	k, err := s.look(ctx, *in.KeyId)
	if err != nil {
		return nil, err
	}
	return &kms.DescribeKeyOutput{KeyMetadata: k.metadata()}, nil
}

func (s *Service) describeKeyChecks(ctx context.Context, in *kms.DescribeKeyInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:DescribeKey", grant: types.GrantOperationDescribeKey})
}
