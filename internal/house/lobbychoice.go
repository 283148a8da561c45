package house

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/desktops"
)

// chosen is the change for one of the offers, nil for what was not offered.
func chosen(offers []desktops.Offer, wish desktops.Favor, to string) *types.WorkspaceProperties {
	i := slices.IndexFunc(offers, func(o desktops.Offer) bool { return o.What == wish })
	if i < 0 || !slices.ContainsFunc(offers[i].Others, func(c desktops.Choice) bool { return c.Value == to }) {
		return nil
	}
	switch wish {
	case desktops.Compute:
		return &types.WorkspaceProperties{ComputeTypeName: types.Compute(to)}
	case desktops.Mode:
		return &types.WorkspaceProperties{RunningMode: types.RunningMode(to)}
	}
	size, err := strconv.ParseInt(to, 10, 32)
	if err != nil {
		return nil
	}
	if wish == desktops.RootVolume {
		return &types.WorkspaceProperties{RootVolumeSizeGib: new(int32(size))}
	}
	return &types.WorkspaceProperties{UserVolumeSizeGib: new(int32(size))}
}

// modify changes a desktop as its user chose. What AWS's rules do not allow now
// is no fault of the plane.
func (l lobby) modify(ctx context.Context, p desktops.Person, id string, change *types.WorkspaceProperties, from string) error {
	_, err := l.serving(p, from).Do(ctx, p.Account, p.Region, "workspaces", "ModifyWorkspaceProperties", &sdk.ModifyWorkspacePropertiesInput{
		WorkspaceId: &id, WorkspaceProperties: change,
	})
	if refused, ok := errors.AsType[smithy.APIError](err); ok && refused.ErrorFault() == smithy.FaultClient {
		return fmt.Errorf("%w: %w", desktops.ErrNotNow, err)
	}
	return err
}
