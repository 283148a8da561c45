package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetServiceLinkedRoleDeletionStatus tells how the deletion of a service-linked
// role went.
func (s *Service) GetServiceLinkedRoleDeletionStatus(ctx context.Context, in *iam.GetServiceLinkedRoleDeletionStatusInput) (*iam.GetServiceLinkedRoleDeletionStatusOutput, error) {
	err := s.store.View(ctx, func(tx *store.Tx) error {
		_, err := deletions.Get(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.DeletionTaskId)
		return orNoSuch(err, "The deletion task with id %s cannot be found.", *in.DeletionTaskId)
	})
	return &iam.GetServiceLinkedRoleDeletionStatusOutput{Status: types.DeletionTaskStatusTypeSucceeded}, err
}

func (s *Service) getServiceLinkedRoleDeletionStatusChecks(ctx context.Context, in *iam.GetServiceLinkedRoleDeletionStatusInput) ([]api.Check, error) {
	path, isTask := strings.CutPrefix(*in.DeletionTaskId, "task/")
	end := strings.LastIndex(path, "/")
	if !isTask || end < 0 {
		return api.OnAny("iam:GetServiceLinkedRoleDeletionStatus"), nil
	}
	return []api.Check{{
		Action: "iam:GetServiceLinkedRoleDeletionStatus", Resource: entityARN(api.CallFrom(ctx).Account, "role", "/", path[:end]),
	}}, nil
}
