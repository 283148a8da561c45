package workspaces

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CustomBundle is a bundle of an account: one of its images with sizes.
type CustomBundle struct {
	ID          string
	Name        string
	Description string
	ImageID     string
	Compute     types.Compute
	RootGiB     int
	UserGiB     int
	Tags        map[string]string `json:",omitempty"`
	Created     time.Time
	Updated     time.Time
}

var bundles = store.Table[CustomBundle]{
	Name: "workspaces.bundles", Reach: store.Regional,
	Key: func(b *CustomBundle) string { return b.ID },
	Indexes: map[string]func(*CustomBundle) string{
		"name":  func(b *CustomBundle) string { return b.Name },
		"image": func(b *CustomBundle) string { return b.ImageID },
	},
}

// maxBundles is how many an account may have in a Region (WorkSpaces
// Administration Guide, "Amazon WorkSpaces quotas").
const maxBundles = 50

// bundleOf finds a bundle of the catalogue or of the account; found is false
// when there is none.
func bundleOf(tx *store.Tx, sc store.Scope, id string) (b Bundle, found bool, err error) {
	if b, ok := findBundle(id); ok {
		return b, true, nil
	}
	c, err := bundles.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return Bundle{}, false, nil
	}
	if err != nil {
		return Bundle{}, false, err
	}
	i, err := images.Get(tx, sc, c.ImageID)
	if err != nil {
		return Bundle{}, false, err
	}
	return Bundle{ID: c.ID, Name: c.Name, ImageID: c.ImageID, Image: i.Capture, Compute: c.Compute, RootGiB: c.RootGiB, UserGiB: c.UserGiB}, true, nil
}

func (b *CustomBundle) describe(account string) types.WorkspaceBundle {
	return types.WorkspaceBundle{
		BundleId: &b.ID, Name: &b.Name, Description: &b.Description, Owner: &account, ImageId: &b.ImageID,
		BundleType: types.BundleTypeRegular, State: types.WorkspaceBundleStateAvailable,
		ComputeType:  &types.ComputeType{Name: b.Compute},
		RootStorage:  &types.RootStorage{Capacity: new(strconv.Itoa(b.RootGiB))},
		UserStorage:  &types.UserStorage{Capacity: new(strconv.Itoa(b.UserGiB))},
		CreationTime: &b.Created, LastUpdatedTime: &b.Updated,
	}
}

// findOwnBundle finds a bundle that the account made; the catalogue's cannot be
// changed.
func findOwnBundle(tx *store.Tx, sc store.Scope, id string) (*CustomBundle, error) {
	b, err := bundles.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ResourceNotFoundException{Message: new("The specified bundle could not be found in the specified region."), ResourceId: &id}
	}
	return b, err
}

// checkImage refuses an image of which no bundle can be made.
func checkImage(tx *store.Tx, sc store.Scope, id string) error {
	i, err := findImage(tx, sc, id)
	if err != nil {
		return err
	}
	if i.State != types.WorkspaceImageStateAvailable {
		return &types.ResourceUnavailableException{Message: new("The image " + id + " is not available."), ResourceId: &id}
	}
	return nil
}

// onBundle is the check of an action on a bundle, with its tags.
func (s *Service) onBundle(ctx context.Context, action string, id *string) ([]api.Check, error) {
	return checksOn(ctx, s, &bundles, func(b *CustomBundle) map[string]string { return b.Tags }, action, bundleARN, text(id))
}
