package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListBuckets lists the caller's buckets of all Regions.
func (s *Service) ListBuckets(ctx context.Context, in *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	account := api.CallFrom(ctx).Account
	limit := 10000
	if in.MaxBuckets != nil {
		limit = int(*in.MaxBuckets)
	}
	if limit < 1 || limit > 10000 {
		return nil, invalidArgument("Argument max-buckets must be an integer between 1 and 10000.", "max-buckets", itoa(int64(limit)))
	}
	prefix := aws.ToString(in.Prefix)
	page := store.Page{Min: prefix, Max: behind(prefix), Limit: limit + 1}
	if in.ContinuationToken != nil {
		after, ok := api.After("ListBuckets", *in.ContinuationToken)
		if !ok {
			return nil, invalidArgument("The continuation token provided is incorrect", "continuation-token", *in.ContinuationToken)
		}
		page.After = after
	}
	list, more, err := s.bucketsOf(ctx, account, aws.ToString(in.BucketRegion), page)
	if err != nil {
		return nil, err
	}
	out := &s3.ListBucketsOutput{Owner: &types.Owner{ID: canonical(account)}, Prefix: in.Prefix}
	for _, b := range list {
		one := types.Bucket{Name: aws.String(b.Name), CreationDate: aws.Time(b.Created)}
		if in.MaxBuckets != nil || in.Prefix != nil || in.BucketRegion != nil { // AWS shows more to those who page
			one.BucketRegion = aws.String(b.Region)
		}
		one.BucketArn = aws.String(b.arn())
		out.Buckets = append(out.Buckets, one)
	}
	if more {
		out.ContinuationToken = aws.String(api.Token("ListBuckets", list[len(list)-1].Name))
	}
	return out, nil
}

// bucketsOf reads a page of an account's buckets, those of one Region when one
// is named.
func (s *Service) bucketsOf(ctx context.Context, account, region string, page store.Page) (list []*bucket, more bool, err error) {
	want := page.Limit - 1
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list = nil
		for {
			rows, err := buckets.By(tx, store.Scope{}, "owner", account, page)
			if err != nil {
				return err
			}
			for _, b := range rows {
				if region == "" || b.Region == region {
					list = append(list, b)
				}
			}
			if len(list) > want || len(rows) < page.Limit {
				return nil
			}
			page.After = rows[len(rows)-1].Name
		}
	})
	if len(list) > want {
		list, more = list[:want], true
	}
	return list, more, err
}

func (s *Service) listBucketsChecks(context.Context, *s3.ListBucketsInput) ([]api.Check, error) {
	return api.OnAny("s3:ListAllMyBuckets"), nil
}
