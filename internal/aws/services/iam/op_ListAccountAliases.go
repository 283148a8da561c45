package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAccountAliases shows the account's alias, if it has one.
func (s *Service) ListAccountAliases(ctx context.Context, in *iam.ListAccountAliasesInput) (*iam.ListAccountAliasesOutput, error) {
	out := &iam.ListAccountAliasesOutput{AccountAliases: []string{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		all, err := aliasesOf(tx, api.CallFrom(ctx).Account)
		if err != nil {
			return err
		}
		found, page, err := pageFrom(all, asked{"ListAccountAliases", in.Marker, in.MaxItems}, aliases.Key)
		for _, a := range found {
			out.AccountAliases = append(out.AccountAliases, a.Name)
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listAccountAliasesChecks(ctx context.Context, in *iam.ListAccountAliasesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListAccountAliases"), nil
}
