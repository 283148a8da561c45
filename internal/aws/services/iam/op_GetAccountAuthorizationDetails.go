package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAccountAuthorizationDetails shows users, groups, roles and managed
// policies with all that connects them: the account's own policies, and those
// of AWS that are in use.
func (s *Service) GetAccountAuthorizationDetails(ctx context.Context, in *iam.GetAccountAuthorizationDetailsInput) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.GetAccountAuthorizationDetailsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		all, err := entriesOf(tx, sc, in.Filter)
		if err != nil {
			return err
		}
		found, page, err := pageFrom(all, asked{"GetAccountAuthorizationDetails", in.Marker, in.MaxItems}, func(e entry) string { return e.key })
		if err != nil {
			return err
		}
		for _, e := range found {
			if err := e.show(out); err != nil {
				return err
			}
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return nil
	})
	return out, err
}

func (s *Service) getAccountAuthorizationDetailsChecks(context.Context, *iam.GetAccountAuthorizationDetailsInput) ([]api.Check, error) {
	return api.OnAny("iam:GetAccountAuthorizationDetails"), nil
}

// entry is one entity of the answer, which is shown only when its page comes.
type entry struct {
	key  string // kind and name: the order of the answer
	show func(*iam.GetAccountAuthorizationDetailsOutput) error
}

// entriesOf lists the entities of the wanted kinds; no kind wanted means all.
func entriesOf(tx *store.Tx, sc store.Scope, wanted []types.EntityType) ([]entry, error) {
	var out []entry
	for _, list := range []struct {
		kind types.EntityType
		of   func(*store.Tx, store.Scope) ([]entry, error)
	}{
		{types.EntityTypeUser, entriesIn(&users, "1", showUser)},
		{types.EntityTypeGroup, entriesIn(&groups, "2", showGroup)},
		{types.EntityTypeRole, entriesIn(&roles, "3", showRole)},
		{types.EntityTypeLocalManagedPolicy, func(tx *store.Tx, sc store.Scope) ([]entry, error) {
			return policyEntries(tx, sc, types.PolicyScopeTypeLocal)
		}},
		{types.EntityTypeAWSManagedPolicy, func(tx *store.Tx, sc store.Scope) ([]entry, error) {
			return policyEntries(tx, sc, types.PolicyScopeTypeAws)
		}},
	} {
		if len(wanted) > 0 && !slices.Contains(wanted, list.kind) {
			continue
		}
		more, err := list.of(tx, sc)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// entriesIn lists all that is in a table. rank is the place of its kind in the
// answer.
func entriesIn[R any](t *store.Table[R], rank string, show func(*store.Tx, store.Scope, *R, *iam.GetAccountAuthorizationDetailsOutput) error) func(*store.Tx, store.Scope) ([]entry, error) {
	return func(tx *store.Tx, sc store.Scope) ([]entry, error) {
		all, err := t.List(tx, sc, store.Page{})
		out := make([]entry, 0, len(all))
		for _, one := range all {
			out = append(out, entry{rank + "/" + t.Key(one), func(o *iam.GetAccountAuthorizationDetailsOutput) error {
				return show(tx, sc, one, o)
			}})
		}
		return out, err
	}
}

func showUser(tx *store.Tx, sc store.Scope, u *user, o *iam.GetAccountAuthorizationDetailsOutput) error {
	d, err := u.detail(tx, sc)
	if err == nil {
		o.UserDetailList = append(o.UserDetailList, *d)
	}
	return err
}

func showGroup(tx *store.Tx, sc store.Scope, g *group, o *iam.GetAccountAuthorizationDetailsOutput) error {
	d, err := g.detail(tx, sc)
	if err == nil {
		o.GroupDetailList = append(o.GroupDetailList, *d)
	}
	return err
}

func showRole(tx *store.Tx, sc store.Scope, r *role, o *iam.GetAccountAuthorizationDetailsOutput) error {
	d, err := r.detail(tx, sc)
	if err == nil {
		o.RoleDetailList = append(o.RoleDetailList, *d)
	}
	return err
}

func policyEntries(tx *store.Tx, sc store.Scope, of types.PolicyScopeType) ([]entry, error) {
	u, err := usageOf(tx, sc)
	if err != nil {
		return nil, err
	}
	all, err := policiesIn(tx, sc, of)
	out := make([]entry, 0, len(all))
	for _, m := range all {
		policyARN := m.theARN(sc.Account)
		if m.aws() && u.attached[policyARN]+u.bounding[policyARN] == 0 {
			continue
		}
		out = append(out, entry{"4/" + policies.Key(m) + " " + policyARN, func(o *iam.GetAccountAuthorizationDetailsOutput) error {
			d, err := m.detail(tx, sc, u)
			if err == nil {
				o.Policies = append(o.Policies, *d)
			}
			return err
		}})
	}
	return out, err
}
