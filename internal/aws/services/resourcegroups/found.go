package resourcegroups

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
)

// mostPerPage is the longest page, and the default.
const mostPerPage = 50

// pageAt reads the token of a list.
func pageAt(list string, token *string, most *int32) (after string, limit int, err error) {
	limit = mostPerPage
	if most != nil {
		limit = int(*most)
	}
	if aws.ToString(token) == "" {
		return "", limit, nil
	}
	after, ok := api.After(list, *token)
	if !ok {
		return "", 0, bad("The NextToken is not valid for this request.")
	}
	return after, limit, nil
}

// found is a page of what a query finds, in the order of ARNs.
func (s *Service) found(ctx context.Context, list string, q *Query, token *string, most *int32) (page []types.ResourceIdentifier, next *string, err error) {
	after, limit, err := pageAt(list, token, most)
	if err != nil {
		return nil, nil, err
	}
	call := api.CallFrom(ctx)
	all, err := s.ports.Resources.Find(ctx, call.Account, call.Region, q.wants)
	if err != nil {
		return nil, nil, err
	}
	page = []types.ResourceIdentifier{}
	for _, r := range all {
		kind := kindOf(r)
		if kind == "" || r.ARN <= after || !q.Fits(kind, r.Tags) {
			continue
		}
		if len(page) == limit {
			return page, new(api.Token(list, *page[limit-1].ResourceArn)), nil
		}
		page = append(page, types.ResourceIdentifier{ResourceArn: new(r.ARN), ResourceType: new(kind)})
	}
	return page, nil, nil
}

// rank writes a criticality as filters name it.
func rank(n *int32) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(int(*n))
}
