package documents

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeDocumentPermission lists whom a document is shared with.
func (s *Service) DescribeDocumentPermission(ctx context.Context, in *ssm.DescribeDocumentPermissionInput) (*ssm.DescribeDocumentPermissionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("DescribeDocumentPermission", in.NextToken, in.MaxResults, 200)
	if err != nil {
		return nil, err
	}
	var d *document
	err = s.st.View(ctx, func(tx *store.Tx) error {
		d, err = own(tx, scope, *in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeDocumentPermissionOutput{AccountIds: []string{}, AccountSharingInfoList: []types.AccountSharingInfo{}}
	for _, account := range slices.Sorted(maps.Keys(d.Shares)) {
		if account <= after {
			continue
		}
		if n := len(out.AccountIds); n == min(limit, 20) { // AccountIdList holds 20
			out.NextToken = new(api.Token("DescribeDocumentPermission", out.AccountIds[n-1]))
			break
		}
		out.AccountIds = append(out.AccountIds, account)
		out.AccountSharingInfoList = append(out.AccountSharingInfoList, types.AccountSharingInfo{
			AccountId: new(account), SharedDocumentVersion: new(d.Shares[account]),
		})
	}
	return out, nil
}

func (s *Service) describeDocumentPermissionChecks(ctx context.Context, in *ssm.DescribeDocumentPermissionInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:DescribeDocumentPermission", *in.Name)
}
