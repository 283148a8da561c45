package kms

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateGrant lets a principal use a key. It acts at once.
func (s *Service) CreateGrant(ctx context.Context, in *kms.CreateGrantInput) (*kms.CreateGrantOutput, error) {
	if err := s.tokens(in.GrantTokens); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	g, err := s.newGrant(call, in)
	if err != nil {
		return nil, err
	}
	var k *Key
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if k, err = findKey(tx, call, *in.KeyId); err != nil {
			return err
		}
		if err := k.grantable(in); err != nil {
			return err
		}
		if err := dryRun(in.DryRun); err != nil {
			return err
		}
		g.Key, g.Account = k.ID, k.Account
		return g.add(tx, k)
	})
	if err != nil {
		return nil, err
	}
	token, err := s.token(k.scope(), g)
	if err != nil {
		return nil, err
	}
	return &kms.CreateGrantOutput{GrantId: &g.ID, GrantToken: &token}, nil
}

// newGrant is the grant that a request describes.
func (s *Service) newGrant(call *api.Call, in *kms.CreateGrantInput) (*Grant, error) {
	g := &Grant{
		ID: s.ids.Hex(64), Name: text(in.Name), Issuer: rootARN(call.Account), Created: s.clock.Now(),
		Operations: operationSet(in.Operations),
	}
	if len(g.Operations) == 0 {
		return nil, invalid("1 validation error detected: Value '[]' at 'operations' failed to satisfy constraint: Member must not be empty")
	}
	var err error
	if g.Grantee, err = principal(*in.GranteePrincipal); err != nil {
		return nil, err
	}
	if in.RetiringPrincipal != nil {
		if g.Retiring, err = principal(*in.RetiringPrincipal); err != nil {
			return nil, err
		}
	}
	if c := in.Constraints; c != nil {
		g.Equals, g.Subset = c.EncryptionContextEquals, c.EncryptionContextSubset
	}
	return g, checkConstraints(g)
}

// checkConstraints holds constraints to their limits (API reference,
// CreateGrant: Constraints).
func checkConstraints(g *Grant) error {
	for _, pairs := range []map[string]string{g.Equals, g.Subset} {
		if len(pairs) > 8 {
			return invalid("A grant constraint can have at most 8 encryption context pairs.")
		}
		for key, value := range pairs {
			if len(key)+len(value) > 384 {
				return invalid("An encryption context pair of a grant constraint cannot exceed 384 characters.")
			}
		}
	}
	return nil
}

// grantable refuses grants that the key cannot have.
func (k *Key) grantable(in *kms.CreateGrantInput) error {
	if err := k.usable(); err != nil {
		return err
	}
	for _, op := range in.Operations {
		if !slices.Contains(operationsOf(k), op) {
			return invalid("Grant operation " + string(op) + " is not supported for key " + k.ARN() + " with key spec " + string(k.Spec) + ".")
		}
	}
	if in.Constraints != nil && !k.symmetric() {
		return invalid("Grant constraints are supported for symmetric encryption KMS keys only.")
	}
	return nil
}

// add stores the grant, unless one of its name that says the same is there.
func (g *Grant) add(tx *store.Tx, k *Key) error {
	if g.Name != "" {
		list, err := grants.By(tx, k.scope(), "name", k.ID+" "+g.Name, store.Page{})
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(list, g.same); i >= 0 {
			g.ID = list[i].ID
			return nil
		}
	}
	list, err := grants.By(tx, k.scope(), "grantee", k.ID+" "+g.Grantee, store.Page{Limit: maxGrants})
	if err != nil {
		return err
	}
	if len(list) >= maxGrants {
		return &types.LimitExceededException{Message: new("The key " + k.ARN() + " has 50,000 grants for this principal, which is the quota.")}
	}
	return grants.Put(tx, k.scope(), g)
}

func (s *Service) createGrantChecks(ctx context.Context, in *kms.CreateGrantInput) ([]api.Check, error) {
	wanted := &Grant{Operations: in.Operations}
	kinds := []string{}
	if c := in.Constraints; c != nil {
		wanted.Equals, wanted.Subset = c.EncryptionContextEquals, c.EncryptionContextSubset
		if c.EncryptionContextEquals != nil {
			kinds = append(kinds, "EncryptionContextEquals")
		}
		if c.EncryptionContextSubset != nil {
			kinds = append(kinds, "EncryptionContextSubset")
		}
	}
	operations := make([]string, len(in.Operations))
	for i, op := range in.Operations {
		operations[i] = string(op)
	}
	a := ask{
		action: "kms:CreateGrant", grant: types.GrantOperationCreateGrant,
		fits: func(g *Grant) bool { return g.covers(wanted) },
		keys: with("kms:GranteePrincipal", text(in.GranteePrincipal), "kms:RetiringPrincipal", text(in.RetiringPrincipal),
			"kms:GrantIsForAWSResource", flag(len(api.CallFrom(ctx).Via) > 0)),
		sets: map[string][]string{"kms:GrantOperations": operations},
	}
	if len(kinds) > 0 {
		a.keys["kms:GrantConstraintType"] = kinds[0]
	}
	return s.on(ctx, text(in.KeyId), a)
}
