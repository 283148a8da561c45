package house

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/gate"
	"tamachi/internal/engine/provision"
)

// nodeRole is the role of the desktops' nodes. There is no iam room yet, so it
// is a name only.
const nodeRole = "service-role/TamachiDesktopNode"

// activations lets the engine of desktops ask for an activation as anyone
// would: through the gate, and into the trail.
type activations struct{ as gate.Principal }

var _ provision.Activations = activations{}

// Activate makes an activation for one desktop's agent.
func (a activations) Activate(ctx context.Context, account, region, desktopID string) (activationID, code string, err error) {
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
