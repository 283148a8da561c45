package kms

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// keyName is a key's id or ARN, or an alias's name or ARN, taken apart.
type keyName struct {
	scope store.Scope
	id    string // of a key
	alias string // alias/name
}

func (n keyName) arn() string {
	if n.alias != "" {
		return aliasARN(n.scope, n.alias)
	}
	return keyARN(n.scope, n.id)
}

var keyID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// parse takes the KeyId of a request apart.
// Source: AWS KMS Developer Guide, "Key identifiers (KeyId)".
func parse(call *api.Call, given string) (keyName, error) {
	n := keyName{scope: store.In(call.Place())}
	resource := given
	if strings.HasPrefix(given, "arn:") {
		a, err := arn.Parse(given)
		if err != nil || a.Service != "kms" || a.Account == "" {
			return n, notFound("Invalid arn " + given)
		}
		if a.Region != call.Region {
			return n, notFound("Invalid arn " + a.Region)
		}
		n.scope.Account, resource = a.Account, strings.TrimPrefix(a.Resource, "key/")
		if !strings.HasPrefix(a.Resource, "key/") && !strings.HasPrefix(a.Resource, aliasPrefix) {
			return n, notFound("Invalid arn " + given)
		}
	}
	if strings.HasPrefix(resource, aliasPrefix) {
		n.alias = resource
		return n, nil
	}
	if !keyID.MatchString(resource) {
		return n, notFound("Invalid keyId '" + resource + "'")
	}
	n.id = resource
	return n, nil
}

// find returns the key that a request names, by id, ARN or alias.
func find(tx *store.Tx, call *api.Call, given string) (*Key, error) {
	n, err := parse(call, given)
	if err != nil {
		return nil, err
	}
	if n.alias != "" {
		a, err := aliases.Get(tx, n.scope, n.alias)
		if errors.Is(err, store.ErrNotFound) {
			return nil, noSuchAlias(n.arn())
		}
		if err != nil {
			return nil, err
		}
		n.id = a.Key
	}
	k, err := keys.Get(tx, n.scope, n.id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchKey(keyARN(n.scope, n.id))
	}
	return k, err
}

// findKey is find for the operations that take no alias.
func findKey(tx *store.Tx, call *api.Call, given string) (*Key, error) {
	n, err := parse(call, given)
	if err == nil && n.alias != "" {
		return nil, notFound("Invalid keyId '" + given + "'")
	}
	if err != nil {
		return nil, err
	}
	return find(tx, call, given)
}

// look reads the key of a request.
func (s *Service) look(ctx context.Context, given string) (k *Key, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = find(tx, api.CallFrom(ctx), given)
		return err
	})
	return k, err
}

// change changes the key of a request, which is named by id or ARN.
func (s *Service) change(ctx context.Context, given string, move func(tx *store.Tx, k *Key) error) (k *Key, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if k, err = findKey(tx, api.CallFrom(ctx), given); err != nil {
			return err
		}
		if err := move(tx, k); err != nil {
			return err
		}
		return s.put(tx, k)
	})
	return k, err
}
