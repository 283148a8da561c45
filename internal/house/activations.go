package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/gate"
	iamroom "tamachi/internal/aws/services/iam"
	ssmroom "tamachi/internal/aws/services/ssm"
	"tamachi/internal/engine/provision"
)

// activations lets the engine of desktops ask for an activation, and end it, as
// anyone would: through the gate, and into the trail.
type activations struct {
	as    gate.Principal
	kept  *ssmroom.Service // says what a desktop has
	roles *iamroom.Service
}

var _ provision.Activations = activations{}

// Activate makes an activation for one desktop's agent.
func (a activations) Activate(ctx context.Context, account, region, desktopID string) (activationID, code string, err error) {
	if err := a.ensureRole(ctx, account, region); err != nil {
		return "", "", err
	}
	out, err := a.as.Do(ctx, account, region, "ssm", "CreateActivation", &ssm.CreateActivationInput{
		IamRole: aws.String(nodeRole), DefaultInstanceName: aws.String(desktopID), RegistrationLimit: aws.Int32(1),
		Description: aws.String("WorkSpace " + desktopID),
		Tags:        []types.Tag{{Key: aws.String("WorkspaceId"), Value: aws.String(desktopID)}},
	})
	if err != nil {
		return "", "", fmt.Errorf("create activation for %s: %w", desktopID, err)
	}
	o := out.(*ssm.CreateActivationOutput)
	return aws.ToString(o.ActivationId), aws.ToString(o.ActivationCode), nil
}

// Retire deletes a desktop's activations and deregisters its nodes. What
// somebody else removed first is no error.
func (a activations) Retire(ctx context.Context, account, region, desktopID string) error {
	open, nodes, err := a.kept.OfWorkspace(ctx, account, region, desktopID)
	if err != nil {
		return err
	}
	for _, id := range open {
		_, err := a.as.Do(ctx, account, region, "ssm", "DeleteActivation", &ssm.DeleteActivationInput{ActivationId: &id})
		if _, gone := errors.AsType[*types.InvalidActivationId](err); err != nil && !gone {
			return fmt.Errorf("delete the activation of %s: %w", desktopID, err)
		}
	}
	for _, id := range nodes {
		_, err := a.as.Do(ctx, account, region, "ssm", "DeregisterManagedInstance", &ssm.DeregisterManagedInstanceInput{InstanceId: &id})
		if _, gone := errors.AsType[*types.InvalidInstanceId](err); err != nil && !gone {
			return fmt.Errorf("deregister the node of %s: %w", desktopID, err)
		}
	}
	return nil
}
