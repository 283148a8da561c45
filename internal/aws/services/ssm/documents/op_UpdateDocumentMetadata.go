package documents

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateDocumentMetadata asks for the review of a version, or answers it.
func (s *Service) UpdateDocumentMetadata(ctx context.Context, in *ssm.UpdateDocumentMetadataInput) (*ssm.UpdateDocumentMetadataOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := own(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		v, err := d.pick(tx, scope, in.DocumentVersion, nil)
		if err != nil {
			return err
		}
		before := d.Approved
		if err := d.review(v, in.DocumentReviews, call.Caller.ARN, call.Time); err != nil {
			return err
		}
		if before != 0 && d.Approved != 0 && before != d.Approved {
			if err := replace(tx, scope, d.Name, before, call); err != nil {
				return err
			}
		}
		if err := versions.Put(tx, scope, v); err != nil {
			return err
		}
		return documents.Put(tx, scope, d)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.UpdateDocumentMetadataOutput{}, nil
}

// replace rejects the version that was approved before another.
func replace(tx *store.Tx, scope store.Scope, name string, n int64, call *api.Call) error {
	v, err := numbered(tx, scope, name, n)
	if err != nil {
		return err
	}
	v.answer(types.ReviewStatusRejected, v.Reviews[len(v.Reviews)-1].Reviewer, call.Time)
	return versions.Put(tx, scope, v)
}

func (s *Service) updateDocumentMetadataChecks(ctx context.Context, in *ssm.UpdateDocumentMetadataInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:UpdateDocumentMetadata", *in.Name)
}
