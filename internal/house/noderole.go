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

// keepNodeRole makes the role, once at the start, in each account that has
// desktops and lacks it: their nodes were registered by a plane that knew no
// roles yet, or somebody removed it, and a node without its role gets no
// credentials. Those that such a plane gave out have no role: they open nothing,
// and end within the hour; our agent renews them at once, the SSM Agent at half
// of their life.
func (h *House) keepNodeRole(ctx context.Context) error {
	all, err := h.rooms.workspaces.All(ctx)
	if err != nil && ctx.Err() == nil {
		h.o.Log.ErrorContext(ctx, "role of desktops' nodes not looked for", "err", err)
	}
	seen := map[string]bool{}
	for _, job := range all {
		if seen[job.Account] {
			continue
		}
		seen[job.Account] = true
		if err := h.activations().ensureRole(ctx, job.Account, job.Region); err != nil && ctx.Err() == nil {
			h.o.Log.ErrorContext(ctx, "role of desktops' nodes not made", "account", job.Account, "err", err)
		}
	}
	<-ctx.Done()
	return nil
}
