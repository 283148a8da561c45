package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// MoveAccount puts an account below another parent; the policies above it change with the answer.
func (s *Service) MoveAccount(ctx context.Context, in *organizations.MoveAccountInput) (*organizations.MoveAccountOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		m, err := wantMember(tx, o, *in.AccountId)
		if err != nil {
			return err
		}
		from, err := isParent(tx, o, *in.SourceParentId)
		if err != nil {
			return err
		}
		to, err := isParent(tx, o, *in.DestinationParentId)
		if err != nil {
			return err
		}
		switch {
		case !to:
			return &types.DestinationParentNotFoundException{Message: aws.String("You specified a destination parent that doesn't exist.")}
		case !from || m.parent(o) != *in.SourceParentId:
			return &types.SourceParentNotFoundException{Message: aws.String("You specified a source parent that doesn't exist.")}
		case *in.SourceParentId == *in.DestinationParentId:
			return &types.DuplicateAccountException{Message: aws.String("That account is already present in the specified destination.")}
		}
		m.Parent = *in.DestinationParentId
		if m.Parent == o.Root {
			m.Parent = ""
		}
		return members.Put(tx, store.Scope{}, m)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.MoveAccountOutput{}, nil
}

func (s *Service) moveAccountChecks(ctx context.Context, in *organizations.MoveAccountInput) ([]api.Check, error) {
	return s.on(ctx, "MoveAccount", *in.AccountId, *in.SourceParentId, *in.DestinationParentId)
}
