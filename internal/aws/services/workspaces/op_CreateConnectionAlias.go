package workspaces

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateConnectionAlias makes an alias, once in each Region of an account. The
// connection string is the account's from then on, when the alias is deleted
// too.
func (s *Service) CreateConnectionAlias(ctx context.Context, in *workspaces.CreateConnectionAliasInput) (*workspaces.CreateConnectionAliasOutput, error) {
	tags, no := newTags(in.Tags)
	if no != nil {
		return nil, no.exception()
	}
	a := &Alias{ID: "wsca-" + s.ids.Lower(9), String: text(in.ConnectionString), Tags: tags}
	if !domainName(a.String) {
		return nil, invalid("The connection string must be a fully qualified domain name (FQDN), such as www.example.com.")
	}
	sc := store.In(api.CallFrom(ctx).Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := claimString(tx, sc, a.String); err != nil {
			return err
		}
		if s.strict.On {
			all, err := aliases.List(tx, sc, store.Page{Limit: maxAliases})
			if err != nil {
				return err
			}
			if len(all) == maxAliases {
				return &types.ResourceLimitExceededException{Message: new("An account can have 20 connection aliases in a Region at most.")}
			}
		}
		return aliases.Put(tx, sc, a)
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.CreateConnectionAliasOutput{AliasId: &a.ID}, nil
}

// claimString gives a connection string to the account, if no other has it and
// there is no alias of it in the Region.
func claimString(tx *store.Tx, sc store.Scope, name string) error {
	taken := &types.ResourceAlreadyExistsException{Message: new("The connection string " + name + " is already in use.")}
	name = strings.ToLower(name)
	have, err := claims.Get(tx, store.Scope{}, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if have != nil && have.Account != sc.Account {
		return taken
	}
	same, err := aliases.By(tx, sc, "string", name, store.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(same) > 0 {
		return taken
	}
	return claims.Put(tx, store.Scope{}, &claim{name, sc.Account})
}

func (s *Service) createConnectionAliasChecks(_ context.Context, in *workspaces.CreateConnectionAliasInput) ([]api.Check, error) {
	return withTags(api.OnAny("workspaces:CreateConnectionAlias"), in.Tags), nil
}
