package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPolicyVersions lists the versions of a managed policy, the newest first,
// without their documents.
func (s *Service) ListPolicyVersions(ctx context.Context, in *iam.ListPolicyVersionsInput) (*iam.ListPolicyVersionsOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.ListPolicyVersionsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findManaged(tx, sc, *in.PolicyArn)
		if err != nil {
			return err
		}
		all, err := m.everyVersion(tx, sc)
		if err != nil {
			return err
		}
		// Newest first, while pages go by growing keys.
		all, page, err := pageFrom(all, asked{"ListPolicyVersions", in.Marker, in.MaxItems}, func(v *version) string {
			return fmt.Sprintf("%08d", 99999999-v.Number)
		})
		for _, v := range all {
			out.Versions = append(out.Versions, v.shown(m))
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listPolicyVersionsChecks(ctx context.Context, in *iam.ListPolicyVersionsInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:ListPolicyVersions", in.PolicyArn)
}
