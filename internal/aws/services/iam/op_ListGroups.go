package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListGroups lists the groups below a path.
func (s *Service) ListGroups(ctx context.Context, in *iam.ListGroupsInput) (*iam.ListGroupsOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.ListGroupsOutput{Groups: []types.Group{}}
	below := func(g *group) bool { return strings.HasPrefix(g.Path, aws.ToString(in.PathPrefix)) }
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, page, err := pageOf(tx, &groups, scopeOf(call), asked{"ListGroups", in.Marker, in.MaxItems}, below)
		for _, g := range found {
			out.Groups = append(out.Groups, *g.shown(call.Account))
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listGroupsChecks(ctx context.Context, in *iam.ListGroupsInput) ([]api.Check, error) {
	return api.OnAny("iam:ListGroups"), nil
}
