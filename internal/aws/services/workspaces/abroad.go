package workspaces

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/store"
)

// abroad is what directories that the plane only connects to know of the users
// of a request, by directory id. They are asked before the transaction.
type abroad map[string]answer

// answer is what one directory said: how it writes the names of the users that
// it has, or that it is away.
type answer struct {
	written map[string]string
	away    bool
}

// askAbroad asks the connected directories of a request for its users.
func (s *Service) askAbroad(ctx context.Context, sc store.Scope, requests []types.WorkspaceRequest) (abroad, error) {
	names := map[string][]string{}
	for _, r := range requests {
		if id, name := text(r.DirectoryId), text(r.UserName); checkRequest(&r) == nil && !slices.Contains(names[id], name) {
			names[id] = append(names[id], name)
		}
	}
	out := abroad{}
	for id, asked := range names {
		written, ok, err := s.people.Elsewhere(ctx, sc, id, asked)
		switch {
		case errors.Is(err, ErrAway):
			out[id] = answer{away: true}
		case err != nil:
			return nil, err
		case ok:
			out[id] = answer{written: written}
		}
	}
	return out, nil
}

// userOf finds a user in the directory, whoever keeps it.
func (s *Service) userOf(tx *store.Tx, sc store.Scope, directoryID, name string, from abroad) (written string, found bool, no *refusal, err error) {
	a, ok := from[directoryID]
	switch {
	case !ok:
		written, found, err = s.people.User(tx, sc, directoryID, name)
		return written, found, nil, err
	case a.away:
		return "", false, &refusal{"ResourceUnavailable.Directory", "The specified directory is not available. Confirm that the directory has a status of Active, and try again."}, nil
	}
	written, found = a.written[name]
	return written, found, nil, nil
}
