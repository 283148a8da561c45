package statemanager

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateInstanceAssociationStatusInput is a node's word about an association.
type UpdateInstanceAssociationStatusInput struct {
	AssociationId, InstanceId *string //nolint:revive // as on the wire
	ExecutionResult           *InstanceAssociationExecutionResult
}

// InstanceAssociationExecutionResult is how a run goes or went.
type InstanceAssociationExecutionResult struct {
	Status, ErrorCode, ExecutionSummary *string
	ExecutionDate                       *time.Time
	OutputUrl                           *types.InstanceAssociationOutputUrl //nolint:revive // as on the wire
}

// UpdateInstanceAssociationStatusOutput is empty.
type UpdateInstanceAssociationStatusOutput struct{}

// UpdateInstanceAssociationStatus notes how an association goes on the
// caller's own node.
func (s *Service) UpdateInstanceAssociationStatus(ctx context.Context, in *UpdateInstanceAssociationStatusInput) (*UpdateInstanceAssociationStatusOutput, error) {
	call := api.CallFrom(ctx)
	scope, now := store.In(call.Place()), s.clk.Now()
	w := word{
		details: *in.ExecutionResult.Status, summary: str(in.ExecutionResult.ExecutionSummary),
		code: str(in.ExecutionResult.ErrorCode), output: outputOf(in.ExecutionResult.OutputUrl),
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if _, err := find(tx, scope, *in.AssociationId); err != nil {
			return err
		}
		b, err := bindings.Get(tx, scope, *in.AssociationId+":"+*in.InstanceId)
		if missing(err) {
			return doesNotExist()
		}
		if err != nil {
			return err
		}
		if w.details == pending || w.details == associated {
			return nil // the node plans it, which is known already
		}
		t, err := current(tx, scope, b)
		if err != nil {
			return err
		}
		if t == nil && over(w.details) && b.Details == w.details {
			return nil // said twice: every run is begun by an InProgress
		}
		return s.report(tx, scope, b, t, w, now)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateInstanceAssociationStatusOutput{}, nil
}

func outputOf(u *types.InstanceAssociationOutputUrl) string {
	if u == nil || u.S3OutputUrl == nil {
		return ""
	}
	return str(u.S3OutputUrl.OutputUrl)
}

func (s *Service) updateInstanceAssociationStatusChecks(ctx context.Context, in *UpdateInstanceAssociationStatusInput) ([]api.Check, error) {
	return onNode(ctx, "ssm:UpdateInstanceAssociationStatus", *in.InstanceId), nil
}

// onNode is the check of a call that an agent makes for a node.
func onNode(ctx context.Context, action, node string) []api.Check {
	call := api.CallFrom(ctx)
	return []api.Check{{
		Action: action, Resource: arn.New("ssm", call.Region, call.Account, "managed-instance/"+node).String(),
		Keys: map[string]string{api.KeyNode: node},
	}}
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
