package cloudtrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostTrails is the quota of trails that a Region shows.
// Source: CloudTrail User Guide, "Quotas in AWS CloudTrail".
const mostTrails = 5

// CreateTrail makes a trail; StartLogging makes it record.
func (s *Service) CreateTrail(ctx context.Context, in *cloudtrail.CreateTrailInput) (*cloudtrail.CreateTrailOutput, error) {
	call := api.CallFrom(ctx)
	t := &trail{
		Name: *in.Name, Account: call.Account, Region: call.Region, Bucket: *in.S3BucketName, Prefix: aws.ToString(in.S3KeyPrefix),
		MultiRegion: aws.ToBool(in.IsMultiRegionTrail), Validation: aws.ToBool(in.EnableLogFileValidation),
		GlobalEvents: in.IncludeGlobalServiceEvents == nil || *in.IncludeGlobalServiceEvents,
	}
	var err error
	if t.Tags, err = setTags(nil, in.TagsList); err != nil {
		return nil, err
	}
	w := wanted{in.SnsTopicName, in.CloudWatchLogsLogGroupArn, in.CloudWatchLogsRoleArn, in.KmsKeyId, in.IsOrganizationTrail}
	if err := errors.Join(checkName(t.Name), w.check(), t.check()); err != nil {
		return nil, firstOf(err)
	}
	if err := s.vacant(ctx, t); err != nil { // before the bucket is touched
		return nil, err
	}
	if err := s.probe(ctx, t); err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := vacancy(tx, t); err != nil {
			return err
		}
		sc := store.Scope{Account: t.Account}
		return errors.Join(trails.Put(tx, sc, t), deliveries.Put(tx, sc, &delivery{Account: t.Account, Trail: t.key()}))
	})
	if err != nil {
		return nil, fmt.Errorf("create trail %s: %w", t.Name, err)
	}
	shown := t.shown()
	return &cloudtrail.CreateTrailOutput{
		Name: shown.Name, S3BucketName: shown.S3BucketName, S3KeyPrefix: shown.S3KeyPrefix, TrailARN: shown.TrailARN,
		IncludeGlobalServiceEvents: shown.IncludeGlobalServiceEvents, IsMultiRegionTrail: shown.IsMultiRegionTrail,
		IsOrganizationTrail: shown.IsOrganizationTrail, LogFileValidationEnabled: shown.LogFileValidationEnabled,
	}, nil
}

func (s *Service) createTrailChecks(ctx context.Context, in *cloudtrail.CreateTrailInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	target := trailARN(call.Region, call.Account, *in.Name).String()
	checks := []api.Check{{Action: "cloudtrail:CreateTrail", Resource: target}}
	if len(in.TagsList) > 0 {
		keys, sets := requestTags(in.TagsList)
		checks[0].Keys, checks[0].Sets = keys, sets
		checks = append(checks, api.Check{Action: "cloudtrail:AddTags", Resource: target, Keys: keys, Sets: sets})
	}
	return checks, nil
}

func (s *Service) vacant(ctx context.Context, t *trail) error {
	return s.store.View(ctx, func(tx *store.Tx) error { return vacancy(tx, t) })
}

// vacancy refuses a trail whose name is taken where it would be seen, or that
// would be one too many.
func vacancy(tx *store.Tx, t *trail) error {
	list, err := trails.List(tx, store.Scope{Account: t.Account}, store.Page{})
	if err != nil {
		return err
	}
	n := 0
	for _, other := range list {
		meet := other.seenIn(t.Region) || t.seenIn(other.Region)
		if meet && other.Name == t.Name {
			return &types.TrailAlreadyExistsException{Message: aws.String(fmt.Sprintf("Trail %s already exists for customer: %s", t.Name, t.Account))}
		}
		if other.seenIn(t.Region) {
			n++
		}
	}
	if n >= mostTrails {
		return &types.MaximumNumberOfTrailsExceededException{Message: aws.String(fmt.Sprintf("User: %s already has %d trails in %s.", t.Account, n, t.Region))}
	}
	return nil
}
