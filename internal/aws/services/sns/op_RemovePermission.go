package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// RemovePermission takes back what AddPermission gave.
func (s *Service) RemovePermission(ctx context.Context, in *sns.RemovePermissionInput) (*sns.RemovePermissionOutput, error) {
	err := s.change(ctx, *in.TopicArn, func(t *topic) error {
		text, err := forbid(t.policy(), *in.Label)
		if err != nil || text == "" {
			return err
		}
		return t.set(attributePolicy, text)
	})
	if err != nil {
		return nil, err
	}
	return &sns.RemovePermissionOutput{}, nil
}

func (s *Service) removePermissionChecks(ctx context.Context, in *sns.RemovePermissionInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:RemovePermission", in.TopicArn)
}
