package workspaces

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateWorkspaces writes one desktop in PENDING for each request that can be
// met and lists the others. All is one transaction; the provision engine does
// the rest.
func (s *Service) CreateWorkspaces(ctx context.Context, in *workspaces.CreateWorkspacesInput) (*workspaces.CreateWorkspacesOutput, error) {
	call := api.CallFrom(ctx)
	names := make([]newNames, len(in.Workspaces))
	for i := range names {
		names[i] = newNames{id: "ws-" + s.ids.Lower(9), computer: "A-" + s.ids.Upper(13)}
	}
	abroad, err := s.askAbroad(ctx, store.In(call.Place()), in.Workspaces)
	if err != nil {
		return nil, err
	}
	var out *workspaces.CreateWorkspacesOutput
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		out = &workspaces.CreateWorkspacesOutput{FailedRequests: []types.FailedCreateWorkspaceRequest{}, PendingRequests: []types.Workspace{}}
		free, err := s.strict.free(tx, store.In(call.Place()))
		if err != nil {
			return err
		}
		for i, r := range in.Workspaces {
			if len(out.PendingRequests) >= free {
				out.FailedRequests = append(out.FailedRequests, types.FailedCreateWorkspaceRequest{WorkspaceRequest: &r, ErrorCode: new(codeLimit), ErrorMessage: new("Your resource limits have been exceeded.")})
				continue
			}
			d, no, err := s.create(tx, call, &r, names[i], abroad)
			if err != nil {
				return err
			}
			if no != nil {
				out.FailedRequests = append(out.FailedRequests, types.FailedCreateWorkspaceRequest{WorkspaceRequest: &r, ErrorCode: &no.code, ErrorMessage: &no.message})
				continue
			}
			out.PendingRequests = append(out.PendingRequests, d.pending())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// createWorkspacesChecks asks for the action on the directory, the bundle and any
// new desktop of each request with its tags, each once.
func (s *Service) createWorkspacesChecks(ctx context.Context, in *workspaces.CreateWorkspacesInput) ([]api.Check, error) {
	const action = "workspaces:CreateWorkspaces"
	call := api.CallFrom(ctx)
	var checks []api.Check
	seen := map[string]bool{}
	for _, r := range in.Workspaces {
		id := fmt.Sprint(text(r.DirectoryId), text(r.BundleId), tagsAsked(r.Tags))
		if seen[id] {
			continue
		}
		seen[id] = true
		dir, err := s.onDirectory(ctx, action, r.DirectoryId)
		if err != nil {
			return nil, err
		}
		of, err := s.onBundle(ctx, action, r.BundleId)
		if err != nil {
			return nil, err
		}
		checks = append(checks, withTags(slices.Concat(api.On(action, desktopARN(call, "*")), dir, of), r.Tags)...)
	}
	return checks, nil
}

// newNames are drawn before the transaction, which may run again.
type newNames struct{ id, computer string }

// create writes the desktop of one request, or says why not.
func (s *Service) create(tx *store.Tx, call *api.Call, r *types.WorkspaceRequest, names newNames, abroad abroad) (*Desktop, *refusal, error) {
	sc := store.In(call.Place())
	if no := checkRequest(r); no != nil {
		return nil, no, nil
	}
	dir, err := directories.Get(tx, sc, text(r.DirectoryId))
	if errors.Is(err, store.ErrNotFound) {
		return nil, &refusal{"ResourceNotFound.Directory", "The specified directory could not be found in the specified region."}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	b, ok, err := bundleOf(tx, sc, text(r.BundleId))
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, &refusal{"ResourceNotFound.Bundle", "The specified bundle could not be found in the specified region."}, nil
	}
	if no := s.graphic(b.Compute, computeOf(r.WorkspaceProperties)); no != nil {
		return nil, no, nil
	}
	user, no, err := s.freeUser(tx, sc, dir.ID, text(r.UserName), abroad)
	if no != nil || err != nil {
		return nil, no, err
	}
	d := &Desktop{
		ID: names.id, DirectoryID: dir.ID, UserName: user, BundleID: b.ID, State: Pending, Move: 1,
		ComputerName: names.computer, SubnetID: dir.subnetFor(names.id), Uninvited: true, Administrator: dir.Settings.Administrators,
		CreatedAt: call.Time, CreatedBy: call.RequestID, ChangedAt: call.Time, ChangedBy: call.RequestID,
	}
	if no, err := d.configure(b, r.WorkspaceProperties); no != nil || err != nil {
		return nil, no, err
	}
	if d.Tags, no = newTags(r.Tags); no != nil {
		return nil, no, nil
	}
	return d, nil, d.put(tx, sc, call, call.Time)
}

// freeUser finds the user, who must have no desktop in the directory yet.
func (s *Service) freeUser(tx *store.Tx, sc store.Scope, directoryID, name string, abroad abroad) (string, *refusal, error) {
	user, found, no, err := s.userOf(tx, sc, directoryID, name, abroad)
	if no != nil {
		return "", no, nil
	}
	if err != nil {
		return "", nil, err
	}
	if !found {
		return "", &refusal{"ResourceNotFound.User", fmt.Sprintf("The specified user %s could not be found in the directory %s.", name, directoryID)}, nil
	}
	theirs, err := desktopTable.By(tx, sc, "user", userKey(directoryID, user), store.Page{Limit: 1})
	if err != nil {
		return "", nil, err
	}
	if len(theirs) > 0 {
		return "", &refusal{"ResourceExists.WorkSpace", "A WorkSpace already exists for the specified user."}, nil
	}
	return user, nil, nil
}
