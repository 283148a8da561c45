package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeTransitGatewayVpcAttachments lists attachments of networks.
func (s *Service) DescribeTransitGatewayVpcAttachments(ctx context.Context, in *ec2.DescribeTransitGatewayVpcAttachmentsInput) (*ec2.DescribeTransitGatewayVpcAttachmentsOutput, error) {
	q := query{"DescribeTransitGatewayVpcAttachments", in.TransitGatewayAttachmentIds, in.Filters, in.NextToken, in.MaxResults}
	shown, next, err := list(ctx, s, &transitAttachmentNoun, q, func(l look, r *TransitAttachment) (types.TransitGatewayVpcAttachment, error) {
		return r.describe(l), nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeTransitGatewayVpcAttachmentsOutput{TransitGatewayVpcAttachments: shown, NextToken: next}, nil
}

func (s *Service) describeTransitGatewayVpcAttachmentsChecks(context.Context, *ec2.DescribeTransitGatewayVpcAttachmentsInput) ([]api.Check, error) {
	return describing("DescribeTransitGatewayVpcAttachments"), nil
}
