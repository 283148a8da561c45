package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeTransitGatewayAttachments lists attachments of all kinds: here of networks.
func (s *Service) DescribeTransitGatewayAttachments(ctx context.Context, in *ec2.DescribeTransitGatewayAttachmentsInput) (*ec2.DescribeTransitGatewayAttachmentsOutput, error) {
	q := query{"DescribeTransitGatewayAttachments", in.TransitGatewayAttachmentIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &transitAttachmentNoun, q, func(l look, r *TransitAttachment) (types.TransitGatewayAttachment, error) { return r.describeAny(l) })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeTransitGatewayAttachmentsOutput{TransitGatewayAttachments: shown, NextToken: next}, nil
}

func (s *Service) describeTransitGatewayAttachmentsChecks(context.Context, *ec2.DescribeTransitGatewayAttachmentsInput) ([]api.Check, error) {
	return describing("DescribeTransitGatewayAttachments"), nil
}
