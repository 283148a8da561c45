package managednodes

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteActivation ends an activation. Nodes that registered by it stay.
func (s *Service) DeleteActivation(ctx context.Context, in *ssm.DeleteActivationInput) (*ssm.DeleteActivationOutput, error) {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		return activations.Delete(tx, store.In(call.Place()), *in.ActivationId)
	})
	if missing(err) {
		return nil, &types.InvalidActivationId{Message: text("The activation ID " + *in.ActivationId + " isn't valid.")}
	}
	if err != nil {
		return nil, err
	}
	return &ssm.DeleteActivationOutput{}, nil
}

func (s *Service) deleteActivationChecks(context.Context, *ssm.DeleteActivationInput) ([]api.Check, error) {
	return api.OnAny("ssm:DeleteActivation"), nil
}
