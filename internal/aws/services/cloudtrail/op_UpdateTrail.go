package cloudtrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateTrail changes what a trail delivers, and to where.
func (s *Service) UpdateTrail(ctx context.Context, in *cloudtrail.UpdateTrailInput) (*cloudtrail.UpdateTrailOutput, error) {
	call := api.CallFrom(ctx)
	ref, err := refer(call, *in.Name)
	if err != nil {
		return nil, err
	}
	w := wanted{in.SnsTopicName, in.CloudWatchLogsLogGroupArn, in.CloudWatchLogsRoleArn, in.KmsKeyId, in.IsOrganizationTrail}
	if err := w.check(); err != nil {
		return nil, err
	}
	t, err := s.home(ctx, ref, call)
	if err != nil {
		return nil, err
	}
	t.change(in)
	if err := t.check(); err != nil {
		return nil, err
	}
	if in.S3BucketName != nil || in.S3KeyPrefix != nil || aws.ToBool(in.EnableLogFileValidation) {
		if err := s.probe(ctx, t); err != nil {
			return nil, err
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		if t, err = ref.home(tx, call); err != nil {
			return err
		}
		t.change(in)
		sc := store.Scope{Account: t.Account}
		d, err := deliveries.Get(tx, sc, t.key())
		if err != nil {
			return err
		}
		if t.Logging && t.Validation {
			d.begin(t.Region, call.Time)
		}
		return errors.Join(trails.Put(tx, sc, t), deliveries.Put(tx, sc, d))
	})
	if err != nil {
		return nil, fmt.Errorf("update trail %s: %w", *in.Name, err)
	}
	shown := t.shown()
	return &cloudtrail.UpdateTrailOutput{
		Name: shown.Name, S3BucketName: shown.S3BucketName, S3KeyPrefix: shown.S3KeyPrefix, TrailARN: shown.TrailARN,
		IncludeGlobalServiceEvents: shown.IncludeGlobalServiceEvents, IsMultiRegionTrail: shown.IsMultiRegionTrail,
		IsOrganizationTrail: shown.IsOrganizationTrail, LogFileValidationEnabled: shown.LogFileValidationEnabled,
	}, nil
}

func (s *Service) updateTrailChecks(ctx context.Context, in *cloudtrail.UpdateTrailInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:UpdateTrail", *in.Name)
}

// change takes over what was given; the rest stays.
func (t *trail) change(in *cloudtrail.UpdateTrailInput) {
	if in.S3BucketName != nil {
		t.Bucket = *in.S3BucketName
	}
	if in.S3KeyPrefix != nil {
		t.Prefix = *in.S3KeyPrefix
	}
	set(&t.MultiRegion, in.IsMultiRegionTrail)
	set(&t.GlobalEvents, in.IncludeGlobalServiceEvents)
	set(&t.Validation, in.EnableLogFileValidation)
}

func set(member, given *bool) {
	if given != nil {
		*member = *given
	}
}
