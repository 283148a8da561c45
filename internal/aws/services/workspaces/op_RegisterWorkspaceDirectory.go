package workspaces

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RegisterWorkspaceDirectory makes a directory one in which desktops can be
// created, and makes the account in it that joins them. Both are one
// transaction, so the state is REGISTERED at once.
func (s *Service) RegisterWorkspaceDirectory(ctx context.Context, in *workspaces.RegisterWorkspaceDirectoryInput) (*workspaces.RegisterWorkspaceDirectoryOutput, error) {
	if err := checkRegistration(in); err != nil {
		return nil, err
	}
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	call := api.CallFrom(ctx)
	code := registrationCode(call.Region, s.ids)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := s.strict.room(tx, store.In(call.Place())); err != nil {
			return err
		}
		d, err := s.registration(tx, store.In(call.Place()), in)
		if err != nil {
			return err
		}
		d.RegistrationCode, d.Tags, d.RegisteredAt = code, tags, call.Time
		if on(in.EnableSelfService) {
			d.Settings.enableSelfService()
		}
		if s.networks != nil {
			if d.Group, err = s.networks.Enroll(tx, store.In(call.Place()), d.ID, d.SubnetIDs); err != nil {
				return err
			}
		}
		if err := s.people.Employ(tx, store.In(call.Place()), d.ID, serviceAccount); err != nil {
			return err
		}
		return directories.Put(tx, store.In(call.Place()), d)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.RegisterWorkspaceDirectoryOutput{DirectoryId: in.DirectoryId, State: types.WorkspaceDirectoryStateRegistered}, nil
}

func (s *Service) registerWorkspaceDirectoryChecks(ctx context.Context, in *workspaces.RegisterWorkspaceDirectoryInput) ([]api.Check, error) {
	checks, err := s.onDirectory(ctx, "workspaces:RegisterWorkspaceDirectory", in.DirectoryId)
	return withTags(checks, in.Tags), err
}

// checkRegistration refuses what this room cannot do.
func checkRegistration(in *workspaces.RegisterWorkspaceDirectoryInput) error {
	switch {
	case in.DirectoryId == nil:
		return &smithy.GenericAPIError{Code: "ValidationException", Message: "The following arguments are required - DirectoryId."}
	case len(in.SubnetIds) == 2 && in.SubnetIds[0] == in.SubnetIds[1]:
		return &types.OperationNotSupportedException{Message: new("The subnets must be in separate Availability Zones.")}
	case in.Tenancy == types.TenancyDedicated:
		return invalid("The tenancy DEDICATED, hardware of one account alone, is not available. Use SHARED.")
	case in.WorkspaceType == types.WorkspaceTypePools:
		return unsupported("A directory for WorkSpaces Pools")
	case in.UserIdentityType != "" && in.UserIdentityType != types.UserIdentityTypeAwsDirectoryService:
		return unsupported("The user identity type " + string(in.UserIdentityType))
	case in.IdcInstanceArn != nil, in.MicrosoftEntraConfig != nil, in.ActiveDirectoryConfig != nil:
		return unsupported("A directory outside of Directory Service")
	case in.WorkspaceDirectoryName != nil, in.WorkspaceDirectoryDescription != nil:
		return unsupported("A name or description of a directory of Directory Service")
	}
	return nil
}

// registration is the record of a directory that may be registered.
func (s *Service) registration(tx *store.Tx, sc store.Scope, in *workspaces.RegisterWorkspaceDirectoryInput) (*Directory, error) {
	id := text(in.DirectoryId)
	facts, err := s.people.Directory(tx, sc, id)
	if errors.Is(err, ErrNoDirectory) {
		return nil, &types.ResourceNotFoundException{Message: new("The specified directory could not be found in the specified region."), ResourceId: &id}
	}
	if err != nil {
		return nil, err
	}
	if !facts.Active {
		return nil, &types.InvalidResourceStateException{Message: new("The specified directory is not in a valid state. Confirm that the directory has a status of Active, and try again.")}
	}
	if _, err := directories.Get(tx, sc, id); err == nil {
		return nil, &types.ResourceAlreadyExistsException{Message: new("The specified directory is already registered.")}
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	subnets := facts.SubnetIDs
	if len(in.SubnetIds) > 0 {
		for _, n := range in.SubnetIds {
			if len(facts.SubnetIDs) > 0 && !slices.Contains(facts.SubnetIDs, n) {
				return nil, &types.UnsupportedNetworkConfigurationException{Message: new("The subnet " + n + " is not one of the directory's subnets.")}
			}
		}
		subnets = in.SubnetIds
	}
	if err := s.aside(tx, sc, subnets); err != nil {
		return nil, err
	}
	return &Directory{ID: id, Name: facts.Name, Alias: facts.Alias, Type: facts.Type, UserName: facts.UserName, DNS: facts.DNS, SubnetIDs: subnets}, nil
}
