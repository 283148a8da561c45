package kms

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListRetirableGrants lists the grants in the Region, of keys of any account,
// that a principal of the caller's account may retire.
func (s *Service) ListRetirableGrants(ctx context.Context, in *kms.ListRetirableGrantsInput) (*kms.ListRetirableGrantsOutput, error) {
	p, err := readPage("ListRetirableGrants", in.Marker, in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	who, err := principal(*in.RetiringPrincipal)
	if err != nil {
		return nil, err
	}
	if a, err := arn.Parse(who); err != nil || a.Account != call.Account {
		return nil, &types.InvalidArnException{Message: new("The retiring principal must be in your account: " + who)}
	}
	var rows []store.Row[Grant]
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = grants.Everywhere(tx, "retiring", who)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r store.Row[Grant]) bool { return r.Scope.Region != call.Region })
	place := func(r store.Row[Grant]) string { return r.Scope.Account + "/" + r.Record.Key + "/" + r.Record.ID }
	rows, next := cut(p, "ListRetirableGrants", api.Behind(rows, p.after, place), place)
	out := &kms.ListRetirableGrantsOutput{Grants: []types.GrantListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, r := range rows {
		out.Grants = append(out.Grants, r.Record.entry(r.Scope))
	}
	return out, nil
}

func (s *Service) listRetirableGrantsChecks(ctx context.Context, _ *kms.ListRetirableGrantsInput) ([]api.Check, error) {
	return onAll(api.CallFrom(ctx), "kms:ListRetirableGrants", nil, nil), nil
}
