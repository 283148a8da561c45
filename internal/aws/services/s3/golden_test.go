package s3

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	sum := checksum{Algorithm: "CRC32", Value: "AAAAAA==", Composite: true}
	head := headers{CacheControl: "c", ContentDisposition: "d", ContentEncoding: "e", ContentLanguage: "l", ContentType: "t", Redirect: "r", Expires: &at}
	pairs := map[string]string{"k": "v"}
	storetest.Golden(t, &buckets, &bucket{
		Name: "the-bucket", Owner: "111122223333", Region: "ap-northeast-1", Created: at, Versioning: "Enabled", Tags: pairs, Policy: "{}", Public: true,
		Block: &publicAccess{true, true, true, true}, Ownership: "BucketOwnerEnforced", Encryption: &encryption{BucketKey: true}, Minimum: "m",
		CORS: []corsRule{{ID: "c", Origins: []string{"*"}, Methods: []string{"GET"}, Headers: []string{"x-*"}, Expose: []string{"ETag"}, MaxAge: aws.Int32(9)}},
		Lifecycle: []lifecycleRule{{
			ID: "r", Enabled: true, Form: formAnd, Prefix: "p", Tags: pairs, Greater: aws.Int64(1), Less: aws.Int64(9), Days: 1, Date: &at,
			LoneMarkers: aws.Bool(true), NoncurrentDays: 2, Newer: 3, AbortDays: 4,
		}},
	})
	storetest.Golden(t, &versions, &object{
		Bucket: "the-bucket", Key: "a\x00b/../c", Order: "00ff", Null: true, Current: true, Modified: at, Size: 1, ETag: "e",
		Body: body{Blob: "b", Pieces: "p", Parts: 2}, Checksum: sum, Headers: head, Meta: pairs, Tags: pairs,
	})
	storetest.Golden(t, &bodies, &pieces{ID: "u", List: []piece{{Number: 1, Blob: "b", Size: 2, Sum: "s"}}})
	storetest.Golden(t, &uploads, &upload{
		Bucket: "the-bucket", Key: "k", ID: "u", Started: at, By: "arn", ByName: "n", Headers: head, Meta: pairs, Tags: pairs, Algorithm: "CRC32",
		Composite: true, Chosen: true, Done: &completion{Parts: "p", Version: "v", ETag: "e", Checksum: sum, Size: 3},
	})
	storetest.Golden(t, &parts, &part{Upload: "u", Number: 7, Blob: "b", Size: 1, ETag: "e", Sum: "s", Modified: at})
	storetest.Golden(t, &dooms, &doomed{Due: at, Blob: "b", Upload: "u", Account: "111122223333", Region: "ap-northeast-1"})
	storetest.Golden(t, &sweeps, &sweep{Bucket: "the-bucket", Due: at, After: "k"})
}
