package documents

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListDocumentMetadataHistory lists the reviews of a version, the newest first.
func (s *Service) ListDocumentMetadataHistory(ctx context.Context, in *ssm.ListDocumentMetadataHistoryInput) (*ssm.ListDocumentMetadataHistoryOutput, error) {
	const operation = "ListDocumentMetadataHistory"
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	h, err := s.look(ctx, store.In(api.CallFrom(ctx).Place()), *in.Name, in.DocumentVersion, nil)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListDocumentMetadataHistoryOutput{
		Name: &h.Name, DocumentVersion: num(h.Number), Author: api.Optional(h.author()),
		Metadata: &types.DocumentMetadataResponseInfo{ReviewerResponse: []types.DocumentReviewerResponseSource{}},
	}
	for i, r := range slices.Backward(h.Reviews) {
		if n, err := strconv.Atoi(after); err == nil && i >= n {
			continue
		}
		if len(out.Metadata.ReviewerResponse) == limit {
			out.NextToken = new(api.Token(operation, strconv.Itoa(i+1)))
			break
		}
		out.Metadata.ReviewerResponse = append(out.Metadata.ReviewerResponse, r.show())
	}
	return out, nil
}

func (s *Service) listDocumentMetadataHistoryChecks(ctx context.Context, in *ssm.ListDocumentMetadataHistoryInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:ListDocumentMetadataHistory", *in.Name)
}
