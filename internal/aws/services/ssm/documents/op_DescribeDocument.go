package documents

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeDocument returns what is known of a version besides its text.
func (s *Service) DescribeDocument(ctx context.Context, in *ssm.DescribeDocumentInput) (*ssm.DescribeDocumentOutput, error) {
	h, err := s.look(ctx, store.In(api.CallFrom(ctx).Place()), *in.Name, in.DocumentVersion, in.VersionName)
	if err != nil {
		return nil, err
	}
	d, err := h.describe()
	if err != nil {
		return nil, err
	}
	return &ssm.DescribeDocumentOutput{Document: d}, nil
}

func (s *Service) describeDocumentChecks(ctx context.Context, in *ssm.DescribeDocumentInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:DescribeDocument", *in.Name)
}
