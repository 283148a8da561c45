package guard

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/desk/account"
)

// Objects reads the objects of a bucket.
type Objects interface {
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// bucketOf reads s3://bucket/prefix.
func bucketOf(location string) (bucket, prefix string, is bool) {
	rest, is := strings.CutPrefix(location, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	return bucket, prefix, is && bucket != ""
}

// fromBucket replays the files of a trail in a bucket, as fromFolder those of a
// folder. Files that were written before since hold nothing newer, so they are
// not fetched.
func fromBucket(ctx context.Context, api Objects, location string, since time.Time, p *Proposal, target Target, progress func(read int)) (*Trial, error) {
	bucket, prefix, _ := bucketOf(location)
	var l pile
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, ContinuationToken: token})
		if err != nil {
			return nil, account.Explain("s3:ListBucket", err)
		}
		for _, o := range out.Contents {
			if isRecords(aws.ToString(o.Key)) && !aws.ToTime(o.LastModified).Before(since) {
				l.files = append(l.files, *o.Key)
			}
		}
		return out.NextContinuationToken, nil
	})
	if err != nil {
		return nil, err
	}
	if len(l.files) == 0 {
		return nil, fmt.Errorf("%s: no file of CloudTrail (*.json, *.json.gz) since %s", location, since.Format(time.RFC3339))
	}
	l.open = func(ctx context.Context, name string) (io.ReadCloser, error) {
		out, err := api.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &name})
		if err != nil {
			return nil, account.Explain("s3:GetObject", err)
		}
		return out.Body, nil
	}
	return l.replay(ctx, since, p, target, progress)
}
