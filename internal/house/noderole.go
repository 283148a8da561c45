package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	iamroom "tamachi/internal/aws/services/iam"
)

// The role of the desktops' nodes. The service that makes desktops makes it in
// an account before its first activation there; its policies are the
// customer's to change.
const (
	nodeRolePath = "/service-role/"
	nodeRoleName = "TamachiDesktopNode"
	nodeRole     = "service-role/" + nodeRoleName
	nodePolicy   = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
	nodeTrust    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// ensureRole makes the role of desktops' nodes where an account has none.
func (a activations) ensureRole(ctx context.Context, account, region string) error {
	_, err := a.roles.Role(ctx, account, nodeRoleName)
	if !errors.Is(err, iamroom.ErrNoRole) {
		return err
	}
	_, err = a.as.Do(ctx, account, region, "iam", "CreateRole", &iam.CreateRoleInput{
		RoleName: aws.String(nodeRoleName), Path: aws.String(nodeRolePath), AssumeRolePolicyDocument: aws.String(nodeTrust),
		Description: aws.String("Managed nodes of desktops"),
	})
	if _, there := errors.AsType[*types.EntityAlreadyExistsException](err); err != nil && !there {
		return fmt.Errorf("make the role of desktops' nodes: %w", err)
	}
	_, err = a.as.Do(ctx, account, region, "iam", "AttachRolePolicy", &iam.AttachRolePolicyInput{
		RoleName: aws.String(nodeRoleName), PolicyArn: aws.String(nodePolicy),
	})
	if err != nil {
		return fmt.Errorf("make the role of desktops' nodes: %w", err)
	}
	return nil
}
