package s3

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteObject deletes an object, or one version of it for ever.
func (s *Service) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	if in.IfMatchLastModifiedTime != nil || in.IfMatchSize != nil {
		return nil, notImplemented("x-amz-if-match-size") // directory buckets only
	}
	if err := checkKey(*in.Key); err != nil {
		return nil, err
	}
	var gone deletion
	err := s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) (err error) {
		gone, err = s.delete(tx, b, *in.Key, in.VersionId, in.IfMatch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &s3.DeleteObjectOutput{DeleteMarker: gone.flag(), VersionId: gone.version}, nil
}

func (s *Service) deleteObjectChecks(ctx context.Context, in *s3.DeleteObjectInput) ([]api.Check, error) {
	return s.onDelete(ctx, in.Bucket, in.Key, in.VersionId)
}

func (s *Service) onDelete(ctx context.Context, name, key, version *string) ([]api.Check, error) {
	if version == nil {
		return s.onObject(ctx, name, key, "DeleteObject")
	}
	checks, err := s.onObject(ctx, name, key, "DeleteObjectVersion")
	if err != nil {
		return nil, err
	}
	setKey(&checks[0], "s3:VersionId", *version)
	return checks, nil
}

// deletion is what a delete did.
type deletion struct {
	marker  bool    // made a delete marker, or removed one
	version *string // of the marker that was made, or of what was removed
}

func (d deletion) flag() *bool {
	if !d.marker {
		return nil
	}
	return aws.Bool(true)
}

// delete deletes an object; what is not there counts as deleted.
func (s *Service) delete(tx *store.Tx, b *bucket, key string, version, ifMatch *string) (deletion, error) {
	if version != nil {
		return s.deleteVersion(tx, b, key, *version, ifMatch)
	}
	if ifMatch != nil {
		old, err := newest(tx, b, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return deletion{}, err
		}
		if err := writable(old, key, ifMatch, nil); err != nil {
			return deletion{}, err
		}
	}
	marker, err := s.bury(tx, b, key)
	if err != nil || marker == nil {
		return deletion{}, err
	}
	return deletion{marker: true, version: aws.String(marker.version())}, nil
}

func (s *Service) deleteVersion(tx *store.Tx, b *bucket, key, version string, ifMatch *string) (deletion, error) {
	if !validVersion(version) {
		return deletion{}, invalidVersion(version)
	}
	gone := deletion{version: &version}
	o, err := findVersion(tx, b, key, version)
	if errors.Is(err, store.ErrNotFound) {
		if ifMatch != nil {
			return deletion{}, noSuchVersion(key, version)
		}
		return gone, nil
	}
	if err != nil {
		return deletion{}, err
	}
	if ifMatch != nil && !etagMatches(*ifMatch, o.ETag) {
		return deletion{}, preconditionFailed("If-Match")
	}
	gone.marker = o.Marker
	return gone, s.remove(tx, b, o)
}
