package statemanager

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateAssociationBatch makes several associations. An entry that is refused
// is told of and stands in the way of no other.
func (s *Service) CreateAssociationBatch(ctx context.Context, in *ssm.CreateAssociationBatchInput) (*ssm.CreateAssociationBatchOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if err := twice(in.Entries); err != nil {
		return nil, err
	}
	out := &ssm.CreateAssociationBatchOutput{}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		*out = ssm.CreateAssociationBatchOutput{Successful: []types.AssociationDescription{}, Failed: []types.FailedCreateAssociation{}}
		for i := range in.Entries {
			e := &in.Entries[i]
			a, err := s.create(tx, scope, ofEntry(e, in.AssociationDispatchAssumeRole), nil)
			if fault, ok := errors.AsType[smithy.APIError](err); ok {
				why := fault.ErrorCode() + ": " + fault.ErrorMessage()
				out.Failed = append(out.Failed, types.FailedCreateAssociation{Entry: e, Fault: types.FaultClient, Message: &why})
				continue
			}
			if err != nil {
				return err
			}
			out.Successful = append(out.Successful, *a.describe(&standing{}))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// twice refuses a batch that names a node in two entries of one document.
func twice(entries []types.CreateAssociationBatchRequestEntry) error {
	seen := map[string]bool{}
	for _, e := range entries {
		if str(e.InstanceId) == "" {
			continue
		}
		key := *e.Name + "\x00" + *e.InstanceId
		if seen[key] {
			return &types.DuplicateInstanceId{Message: new("You can't specify the managed node " + *e.InstanceId + " in more than one association of a document.")}
		}
		seen[key] = true
	}
	return nil
}

func (s *Service) createAssociationBatchChecks(ctx context.Context, in *ssm.CreateAssociationBatchInput) ([]api.Check, error) {
	var out []api.Check
	for i := range in.Entries {
		r := ofEntry(&in.Entries[i], nil)
		checks, err := s.onWhole(ctx, "ssm:CreateAssociationBatch", &r)
		if err != nil {
			return nil, err
		}
		out = append(out, checks...)
	}
	return out, nil
}
