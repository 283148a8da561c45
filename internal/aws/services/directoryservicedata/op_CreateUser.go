package directoryservicedata

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// CreateUser makes a user without a password, which is therefore disabled
// until ResetUserPassword of Directory Service sets one.
func (s *Service) CreateUser(ctx context.Context, in *CreateUserInput) (*CreateUserOutput, error) {
	call := api.CallFrom(ctx)
	further, err := attributesFrom(in.OtherAttributes)
	if err != nil {
		return nil, err
	}
	var out *CreateUserOutput
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		var err error
		out, err = once(tx, call, in.ClientToken, in, func() (*CreateUserOutput, error) {
			return s.createUser(tx, call, in, further)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) createUser(tx *store.Tx, call *api.Call, in *CreateUserInput, further map[string]attribute) (*CreateUserOutput, error) {
	sc := store.Scope{Account: call.Account, Region: call.Region}
	d, err := s.domain(tx, sc, *in.DirectoryId)
	if err != nil {
		return nil, err
	}
	u := &user{
		DirectoryID: d.ID, Name: *in.SAMAccountName,
		GivenName: given(in.GivenName), Surname: given(in.Surname), Email: given(in.EmailAddress),
		Attributes: further, Created: call.Time,
	}
	err = insert(tx, sc, d, u, 0)
	if errors.Is(err, directory.ErrUserExists) {
		return nil, &ConflictException{Message: say("The user %s already exists.", u.Name)}
	}
	if err != nil {
		return nil, fmt.Errorf("create user %s in %s: %w", u.Name, d.ID, err)
	}
	return &CreateUserOutput{DirectoryId: &u.DirectoryID, SAMAccountName: &u.Name, SID: &u.SID}, nil
}

// insert gives a new user its relative identifier, the next one if rid is 0,
// and stores it; directory.ErrUserExists if the name is taken.
func insert(tx *store.Tx, sc store.Scope, d directory.Domain, u *user, rid int) error {
	switch _, err := find(tx, sc, d.ID, u.Name); {
	case err == nil:
		return directory.ErrUserExists
	case !errors.Is(err, directory.ErrNoUser):
		return err
	}
	if rid == 0 {
		var err error
		if rid, err = draw(tx, sc, d.ID); err != nil {
			return err
		}
	}
	u.SID = fmt.Sprintf("%s-%d", d.SID, rid)
	return users.Put(tx, sc, u)
}

func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Service) createUserChecks(ctx context.Context, in *CreateUserInput) ([]api.Check, error) {
	return checks(api.CallFrom(ctx), "CreateUser", *in.DirectoryId), nil
}
