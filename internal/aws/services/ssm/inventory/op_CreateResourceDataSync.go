package inventory

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateResourceDataSync begins to copy what nodes report into a bucket, after
// a trial that the bucket takes it, or makes a list of Regions whose nodes are
// seen together.
func (s *Service) CreateResourceDataSync(ctx context.Context, in *ssm.CreateResourceDataSyncInput) (*ssm.CreateResourceDataSyncOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	if err := checkSync(in); err != nil {
		return nil, err
	}
	if !isDestination(in.SyncType) {
		r := &source{Name: *in.SyncName, Regions: sourceRegions(in.SyncSource), Created: call.Time, Modified: call.Time}
		if err := s.begin(ctx, scope, r.Name, func(tx *store.Tx) error { return sources.Put(tx, scope, r) }); err != nil {
			return nil, err
		}
		return &ssm.CreateResourceDataSyncOutput{}, nil
	}
	to := in.S3Destination
	r := &resourceSync{
		Name: *in.SyncName, Bucket: *to.BucketName, Region: *to.Region, Prefix: aws.ToString(to.Prefix), KMSKey: aws.ToString(to.AWSKMSKeyARN),
		Created: call.Time,
	}
	if err := s.ports.Bucket.Deliver(ctx, r.object(scope, "resource-data-sync-test.json", nil)); err != nil {
		if _, ok := errors.AsType[smithy.APIError](err); !ok {
			return nil, err
		}
		return nil, invalidSync(whyNot(r.Bucket, err))
	}
	err := s.begin(ctx, scope, r.Name, func(tx *store.Tx) error {
		nodes, err := s.ports.Nodes.Machines(tx, scope)
		if err != nil {
			return err
		}
		for _, m := range nodes {
			if err := mark(tx, scope, r.Name, m.ID); err != nil {
				return err
			}
		}
		return syncs.Put(tx, scope, r)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.CreateResourceDataSyncOutput{}, nil
}

// begin stores a sync of a name that is free.
func (s *Service) begin(ctx context.Context, scope store.Scope, name string, put func(*store.Tx) error) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		if err := fresh(tx, scope, name); err != nil {
			return err
		}
		return put(tx)
	})
}

func checkSync(in *ssm.CreateResourceDataSyncInput) error {
	switch {
	case !isDestination(in.SyncType) && *in.SyncType != fromSource:
		return invalidSync("The sync type isn't valid: " + *in.SyncType + ".")
	case !isDestination(in.SyncType) && in.S3Destination != nil:
		return invalidSync("S3Destination can't be given for a sync of the type " + fromSource + ".")
	case !isDestination(in.SyncType):
		return checkSource(in.SyncSource)
	case in.S3Destination == nil:
		return invalidSync("S3Destination is required for a sync of the type " + toDestination + ".")
	case in.SyncSource != nil:
		return invalidSync("SyncSource can't be given for a sync of the type " + toDestination + ".")
	case in.S3Destination.DestinationDataSharing != nil:
		return invalidSync("DestinationDataSharing isn't supported by this plane: each account's data is below its own accountid= key.")
	}
	return nil
}

func isDestination(kind *string) bool { return aws.ToString(kind) == "" || *kind == toDestination }

func invalidSync(why string) error {
	return &types.ResourceDataSyncInvalidConfigurationException{Message: &why}
}

func (s *Service) createResourceDataSyncChecks(ctx context.Context, in *ssm.CreateResourceDataSyncInput) ([]api.Check, error) {
	return syncChecks(ctx, "ssm:CreateResourceDataSync", *in.SyncName, in.SyncType), nil
}

func syncChecks(ctx context.Context, action, name string, kind *string) []api.Check {
	if aws.ToString(kind) == "" {
		kind = aws.String(toDestination)
	}
	checks := api.On(action, syncARN(store.In(api.CallFrom(ctx).Place()), name))
	checks[0].Keys = map[string]string{"ssm:SyncType": *kind}
	return checks
}
