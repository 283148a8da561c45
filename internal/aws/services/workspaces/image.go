package workspaces

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Image is a custom image: the root volume of a desktop as it was.
type Image struct {
	ID           string
	Name         string
	Description  string
	State        types.WorkspaceImageState // "" is deleted: the provider has yet to give it up
	Capture      string                    // by which the provider knows it; copies of an image share it
	ErrorCode    string                    `json:",omitempty"`
	ErrorMessage string                    `json:",omitempty"`
	Created      time.Time
	Shares       []string          `json:",omitempty"` // accounts that may copy it
	Tags         map[string]string `json:",omitempty"`
}

var images = store.Table[Image]{
	Name: "workspaces.images", Reach: store.Regional,
	Key: func(i *Image) string { return i.ID },
	Indexes: map[string]func(*Image) string{
		"name":    func(i *Image) string { return i.Name },
		"capture": func(i *Image) string { return i.Capture },
		"shared": func(i *Image) string {
			if len(i.Shares) == 0 {
				return ""
			}
			return "yes"
		},
	},
}

// maxImages is how many an account may have in a Region (WorkSpaces
// Administration Guide, "Amazon WorkSpaces quotas").
const maxImages = 40

const deletedImage types.WorkspaceImageState = ""

func imageARN(c *api.Call, id string) arn.ARN {
	return arn.New("workspaces", c.Region, c.Account, "workspaceimage/"+id)
}

// findImage returns an image that was not deleted.
func findImage(tx *store.Tx, sc store.Scope, id string) (*Image, error) {
	i, err := images.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.State == deletedImage {
		return nil, &types.ResourceNotFoundException{Message: new("The specified image could not be found in the specified region."), ResourceId: &id}
	}
	return i, err
}

// putImage stores a new image, whose name must be its own.
func putImage(tx *store.Tx, sc store.Scope, i *Image) error {
	all, err := images.List(tx, sc, store.Page{})
	if err != nil {
		return err
	}
	n := 0
	for _, have := range all {
		if have.State == deletedImage {
			continue
		}
		if have.Name == i.Name {
			return &types.ResourceAlreadyExistsException{Message: new("An image with the name " + i.Name + " already exists.")}
		}
		n++
	}
	if n >= maxImages {
		return &types.ResourceLimitExceededException{Message: new("An account can have 40 images in a Region at most.")}
	}
	return images.Put(tx, sc, i)
}

func (i *Image) describe(owner string) types.WorkspaceImage {
	return types.WorkspaceImage{
		ImageId: &i.ID, Name: &i.Name, Description: &i.Description, State: i.State, Created: &i.Created, OwnerAccountId: &owner,
		ErrorCode: api.Optional(i.ErrorCode), ErrorMessage: api.Optional(i.ErrorMessage),
		OperatingSystem: &types.OperatingSystem{Type: types.OperatingSystemTypeLinux}, RequiredTenancy: types.WorkspaceImageRequiredTenancyDefault,
	}
}

// onImage is the check of an action on an image, with its tags.
func (s *Service) onImage(ctx context.Context, action string, id *string) ([]api.Check, error) {
	return checksOn(ctx, s, &images, func(i *Image) map[string]string { return i.Tags }, action, imageARN, text(id))
}

// Images is the name of the table in which the feed shows images.
func (s *Service) Images() string { return images.Name }

// GivenUp returns the images that were deleted: whose they were, and the id of
// each one's record.
func (s *Service) GivenUp(ctx context.Context) ([]store.Scope, []string, error) {
	var scopes []store.Scope
	var ids []string
	err := s.store.View(ctx, func(tx *store.Tx) error {
		all, err := images.Everywhere(tx, "", "")
		for _, r := range all {
			if r.Record.State == deletedImage {
				scopes, ids = append(scopes, r.Scope), append(ids, r.Record.ID)
			}
		}
		return err
	})
	return scopes, ids, err
}

// Capture tells by which name the provider is to give up a deleted image; "" is
// that nothing is to be done: it is not deleted, or has copies.
func (s *Service) Capture(ctx context.Context, account, region, id string) (capture string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		capture = ""
		i, err := images.Get(tx, store.In(account, region), id)
		if errors.Is(err, store.ErrNotFound) || err == nil && i.State != deletedImage {
			return nil
		}
		if err != nil {
			return err
		}
		same, err := images.Everywhere(tx, "capture", i.Capture)
		if err == nil && len(same) == 1 {
			capture = i.Capture
		}
		return err
	})
	return capture, err
}

// Forget removes the record of a deleted image.
func (s *Service) Forget(ctx context.Context, account, region, id string) error {
	sc := store.In(account, region)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		i, err := images.Get(tx, sc, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && i.State != deletedImage {
			return nil
		}
		if err != nil {
			return err
		}
		return images.Delete(tx, sc, id)
	})
}

// captured ends the making of an image.
func captured(tx *store.Tx, sc store.Scope, id, code, message string) error {
	i, err := images.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || i.State != types.WorkspaceImageStatePending {
		return err
	}
	i.State = types.WorkspaceImageStateAvailable
	if code != "" {
		i.State, i.ErrorCode, i.ErrorMessage = types.WorkspaceImageStateError, code, message
	}
	return images.Put(tx, sc, i)
}

// share lets an account copy the image, or no more.
func (i *Image) share(account string, allow bool) {
	i.Shares = slices.DeleteFunc(i.Shares, func(have string) bool { return have == account })
	if allow {
		i.Shares = append(i.Shares, account)
		slices.Sort(i.Shares)
	}
}

// sharedWith is one page of the accounts that something is shared with, in their
// order.
func sharedWith(operation string, shares []string, from string, limit int) (page []string, token *string) {
	self := func(account string) string { return account }
	return api.Cut(operation, api.Behind(shares, from, self), limit, self)
}
