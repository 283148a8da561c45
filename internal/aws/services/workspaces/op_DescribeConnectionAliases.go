package workspaces

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeConnectionAliases lists the account's aliases and those that are
// shared with it, in the order of their ids. Unknown ids are left out.
func (s *Service) DescribeConnectionAliases(ctx context.Context, in *workspaces.DescribeConnectionAliasesInput) (*workspaces.DescribeConnectionAliasesOutput, error) {
	const operation = "DescribeConnectionAliases"
	from, err := after(operation, in.NextToken)
	if err != nil {
		return nil, err
	}
	sc := store.In(api.CallFrom(ctx).Place())
	var rows []store.Row[Alias]
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err = sharedAliases(tx, sc)
		own, more := aliases.List(tx, sc, store.Page{After: from})
		for _, a := range own {
			rows = append(rows, store.Row[Alias]{Scope: sc, Record: a})
		}
		if err == nil {
			err = more
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b store.Row[Alias]) int { return strings.Compare(a.Record.ID, b.Record.ID) })
	out := &workspaces.DescribeConnectionAliasesOutput{ConnectionAliases: []types.ConnectionAlias{}}
	for _, r := range rows {
		a := r.Record
		if a.ID <= from || len(in.AliasIds) > 0 && !slices.Contains(in.AliasIds, a.ID) || in.ResourceId != nil && a.Directory != *in.ResourceId {
			continue
		}
		if n := limitOf(in.Limit); len(out.ConnectionAliases) == n {
			out.NextToken = new(api.Token(operation, *out.ConnectionAliases[n-1].AliasId))
			break
		}
		out.ConnectionAliases = append(out.ConnectionAliases, a.describe(r.Scope.Account))
	}
	return out, nil
}

func (s *Service) describeConnectionAliasesChecks(context.Context, *workspaces.DescribeConnectionAliasesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeConnectionAliases"), nil
}
