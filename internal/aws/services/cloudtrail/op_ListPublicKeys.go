package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPublicKeys lists the keys that digest files of a time were signed with in
// this Region; without times, the one that signs now.
func (s *Service) ListPublicKeys(ctx context.Context, in *cloudtrail.ListPublicKeysInput) (*cloudtrail.ListPublicKeysOutput, error) {
	call := api.CallFrom(ctx)
	if in.NextToken != nil { // everything fits into one answer, so no token was given out
		return nil, &types.InvalidTokenException{Message: aws.String("The pagination token is not valid.")}
	}
	from, to := call.Time, call.Time
	if in.StartTime != nil {
		from = *in.StartTime
	}
	if in.EndTime != nil {
		to = *in.EndTime
	}
	if to.Before(from) {
		return nil, &types.InvalidTimeRangeException{Message: aws.String("The time range is not valid: the end time is before the start time.")}
	}
	var list []*signingKey
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = signingKeys.By(tx, store.Scope{}, "Region", call.Region, store.Page{})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list public keys: %w", err)
	}
	out := &cloudtrail.ListPublicKeysOutput{PublicKeyList: []types.PublicKey{}}
	for _, k := range list {
		if k.To.Before(from) || k.From.After(to) {
			continue
		}
		out.PublicKeyList = append(out.PublicKeyList, types.PublicKey{
			Fingerprint: aws.String(k.Fingerprint), Value: k.Public, ValidityStartTime: aws.Time(k.From), ValidityEndTime: aws.Time(k.To),
		})
	}
	return out, nil
}

func (s *Service) listPublicKeysChecks(context.Context, *cloudtrail.ListPublicKeysInput) ([]api.Check, error) {
	return api.OnAny("cloudtrail:ListPublicKeys"), nil
}
