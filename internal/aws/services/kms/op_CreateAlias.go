package kms

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxAliases is how many aliases a key may have (Developer Guide, "Resource
// quotas").
const maxAliases = 50

// CreateAlias gives a key another name.
func (s *Service) CreateAlias(ctx context.Context, in *kms.CreateAliasInput) (*kms.CreateAliasOutput, error) {
	if err := checkAliasName(*in.AliasName); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	sc, now := store.In(call.Place()), s.clock.Now()
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		k, err := target(tx, call, *in.TargetKeyId)
		if err != nil {
			return err
		}
		_, err = aliases.Get(tx, sc, *in.AliasName)
		if err == nil {
			return &types.AlreadyExistsException{Message: new("An alias with the name " + aliasARN(sc, *in.AliasName) + " already exists")}
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := roomForAlias(tx, k); err != nil {
			return err
		}
		return aliases.Put(tx, sc, &Alias{Name: *in.AliasName, Key: k.ID, Created: now, Updated: now})
	})
	if err != nil {
		return nil, err
	}
	return &kms.CreateAliasOutput{}, nil
}

// target is the key that an alias is to name: one of the same account.
func target(tx *store.Tx, call *api.Call, given string) (*Key, error) {
	n, err := parse(call, given)
	if err != nil {
		return nil, err
	}
	if n.alias != "" {
		return nil, invalid("Aliases must refer to keys. Not aliases")
	}
	if n.scope.Account != call.Account {
		return nil, notFound("Key '" + n.arn() + "' does not exist")
	}
	k, err := findKey(tx, call, given)
	if err != nil {
		return nil, err
	}
	return k, k.kept()
}

func roomForAlias(tx *store.Tx, k *Key) error {
	names, err := aliasNames(tx, k)
	if err == nil && len(names) >= maxAliases {
		return &types.LimitExceededException{Message: new("The key " + k.ARN() + " has 50 aliases, which is the quota.")}
	}
	return err
}

func (s *Service) createAliasChecks(ctx context.Context, in *kms.CreateAliasInput) ([]api.Check, error) {
	return s.onAlias(ctx, "kms:CreateAlias", text(in.AliasName), text(in.TargetKeyId))
}

// onAlias is the checks of an action on an alias and on the keys that it names.
func (s *Service) onAlias(ctx context.Context, action, name string, targets ...string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	if !strings.HasPrefix(name, aliasPrefix) {
		name = aliasPrefix + name // no name of an alias; the operation says so
	}
	alias := api.Check{
		Action: action, Resource: aliasARN(store.In(call.Place()), name), Keys: ask{}.allKeys(call, nil), Sets: ask{}.allSets(),
	}
	checks := []api.Check{alias}
	for _, given := range targets {
		more, err := s.on(ctx, given, ask{action: action, home: true})
		if err != nil {
			return nil, err
		}
		if more[0].Resource != alias.Resource {
			checks = append(checks, more...)
		}
	}
	return checks, nil
}
