package workspaces

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateWorkspaceBundle makes a bundle of an image. A second one of its name is
// refused, so a repeated call makes one.
func (s *Service) CreateWorkspaceBundle(ctx context.Context, in *workspaces.CreateWorkspaceBundleInput) (*workspaces.CreateWorkspaceBundleOutput, error) {
	call := api.CallFrom(ctx)
	if no := s.graphic(in.ComputeType.Name); no != nil {
		return nil, no.exception()
	}
	b, err := readBundle(in)
	if err != nil {
		return nil, err
	}
	b.ID, b.Created, b.Updated = "wsb-"+s.ids.Lower(9), call.Time, call.Time
	sc := store.In(call.Place())
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := checkImage(tx, sc, b.ImageID); err != nil {
			return err
		}
		all, err := bundles.List(tx, sc, store.Page{})
		if err != nil {
			return err
		}
		for _, have := range all {
			if have.Name == b.Name {
				return &types.ResourceAlreadyExistsException{Message: new("A bundle with the name " + b.Name + " already exists.")}
			}
		}
		if len(all) >= maxBundles {
			return &types.ResourceLimitExceededException{Message: new("An account can have 50 bundles in a Region at most.")}
		}
		return bundles.Put(tx, sc, b)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.CreateWorkspaceBundleOutput{WorkspaceBundle: new(b.describe(call.Account))}, nil
}

func (s *Service) createWorkspaceBundleChecks(ctx context.Context, in *workspaces.CreateWorkspaceBundleInput) ([]api.Check, error) {
	checks, err := s.onImage(ctx, "workspaces:CreateWorkspaceBundle", in.ImageId)
	if err != nil {
		return nil, err
	}
	return tagging(append(checks, api.On("workspaces:CreateWorkspaceBundle", bundleARN(api.CallFrom(ctx), "*"))...), in.Tags), nil
}

// readBundle reads what a bundle is to be. Without a root volume it has the
// smallest that goes with its user volume.
func readBundle(in *workspaces.CreateWorkspaceBundleInput) (*CustomBundle, error) {
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	b := &CustomBundle{
		Name: text(in.BundleName), Description: text(in.BundleDescription), ImageID: text(in.ImageId), Compute: in.ComputeType.Name, RootGiB: 80, Tags: tags,
	}
	if b.Compute == "" {
		return nil, invalid("The Name of the ComputeType is required.")
	}
	if _, ok := sizes[b.Compute]; !ok {
		return nil, invalid("The compute type " + string(b.Compute) + " is not supported.")
	}
	var err error
	if b.UserGiB, err = strconv.Atoi(text(in.UserStorage.Capacity)); err != nil {
		return nil, invalid("The capacity of the user volume is not a number of GB.")
	}
	if b.UserGiB > 100 {
		b.RootGiB = 175
	}
	if in.RootStorage != nil {
		if b.RootGiB, err = strconv.Atoi(text(in.RootStorage.Capacity)); err != nil {
			return nil, invalid("The capacity of the root volume is not a number of GB.")
		}
	}
	if !fitting(b.RootGiB, b.UserGiB) {
		return nil, invalid(fmt.Sprintf("A WorkSpace cannot have %d GB of root volume with %d GB of user volume.", b.RootGiB, b.UserGiB))
	}
	return b, nil
}
