package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxDelete is how many objects one DeleteObjects may name.
const maxDelete = 1000

// DeleteObjects deletes several objects; each succeeds or fails alone.
func (s *Service) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
	if n := len(in.Delete.Objects); n == 0 || n > maxDelete {
		return nil, malformedXML()
	}
	may, err := s.mayDelete(ctx, in)
	if err != nil {
		return nil, err
	}
	out := new(s3.DeleteObjectsOutput)
	err = s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		*out = s3.DeleteObjectsOutput{}
		for i, one := range in.Delete.Objects {
			if !may[i] {
				out.Errors = append(out.Errors, types.Error{
					Key: one.Key, VersionId: one.VersionId, Code: aws.String("AccessDenied"), Message: aws.String("Access Denied"),
				})
				continue
			}
			if err := s.deleteOne(tx, b, one, out); err != nil {
				return fmt.Errorf("delete object %s: %w", aws.ToString(one.Key), err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.Delete.Quiet) {
		out.Deleted = nil
	}
	return out, nil
}

// deleteOne deletes one object and notes how it went. Refusals come before any
// write, so a refused one leaves nothing half done.
func (s *Service) deleteOne(tx *store.Tx, b *bucket, one types.ObjectIdentifier, out *s3.DeleteObjectsOutput) error {
	gone, err := deletion{}, checkKey(*one.Key)
	switch {
	case err != nil:
	case one.LastModifiedTime != nil || one.Size != nil:
		err = notImplemented("x-amz-if-match-size")
	default:
		gone, err = s.delete(tx, b, *one.Key, one.VersionId, one.ETag)
	}
	if refused, ok := errors.AsType[smithy.APIError](err); ok {
		out.Errors = append(out.Errors, types.Error{
			Key: one.Key, VersionId: one.VersionId,
			Code: aws.String(refused.ErrorCode()), Message: aws.String(refused.ErrorMessage()),
		})
		return nil
	}
	if err != nil {
		return err
	}
	d := types.DeletedObject{Key: one.Key, VersionId: one.VersionId, DeleteMarker: gone.flag()}
	if gone.marker {
		d.DeleteMarkerVersionId = gone.version
	}
	out.Deleted = append(out.Deleted, d)
	return nil
}

// deleteObjectsChecks are those of the objects that the caller may delete; the
// operation lists the others. A caller who may delete none of them is refused
// whole: AWS answers even that with a list.
func (s *Service) deleteObjectsChecks(ctx context.Context, in *s3.DeleteObjectsInput) ([]api.Check, error) {
	if n := len(in.Delete.Objects); n == 0 || n > maxDelete {
		return s.onBucket(ctx, in.Bucket, "DeleteObject") // refused by the operation, after authorization
	}
	all, err := s.eachDeletion(ctx, in)
	if err != nil {
		return nil, err
	}
	may, err := s.access.Allowed(ctx, all)
	if err != nil {
		return nil, err
	}
	var allowed []api.Check
	for i, c := range all {
		if may[i] {
			allowed = append(allowed, c)
		}
	}
	if len(allowed) == 0 {
		return all, nil
	}
	return allowed, nil
}

// mayDelete tells of each object whether the caller may delete it.
func (s *Service) mayDelete(ctx context.Context, in *s3.DeleteObjectsInput) ([]bool, error) {
	all, err := s.eachDeletion(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.access.Allowed(ctx, all)
}

func (s *Service) eachDeletion(ctx context.Context, in *s3.DeleteObjectsInput) ([]api.Check, error) {
	b, err := s.asked(ctx, *in.Bucket)
	if err != nil {
		return nil, err
	}
	out := make([]api.Check, len(in.Delete.Objects))
	for i, one := range in.Delete.Objects {
		action := "DeleteObject"
		if one.VersionId != nil {
			action = "DeleteObjectVersion"
		}
		out[i] = check(api.CallFrom(ctx), *in.Bucket, b, action, one.Key)
		if one.VersionId != nil {
			setKey(&out[i], "s3:VersionId", *one.VersionId)
		}
	}
	return out, nil
}
