package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/api"
)

// AddPermission lets other accounts use a topic.
func (s *Service) AddPermission(ctx context.Context, in *sns.AddPermissionInput) (*sns.AddPermissionOutput, error) {
	err := s.change(ctx, *in.TopicArn, func(t *topic) error {
		text, err := permit(t.policy(), t.arn(), *in.Label, in.AWSAccountId, in.ActionName)
		if err != nil {
			return err
		}
		return t.set(attributePolicy, text)
	})
	if err != nil {
		return nil, err
	}
	return &sns.AddPermissionOutput{}, nil
}

func (s *Service) addPermissionChecks(ctx context.Context, in *sns.AddPermissionInput) ([]api.Check, error) {
	return s.checks(ctx, "sns:AddPermission", in.TopicArn)
}
