package cloudtrail

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// fakeBucket keeps what is delivered, and can refuse it.
type fakeBucket struct {
	name    string
	objects map[string]Object
	refuse  string // code of S3
	broken  error  // no answer of S3
	writes  []string
}

func (b *fakeBucket) fault(o Object) error {
	switch {
	case b.broken != nil:
		return b.broken
	case o.Bucket != b.name:
		return &smithy.GenericAPIError{Code: "NoSuchBucket"}
	case b.refuse != "":
		return &smithy.GenericAPIError{Code: b.refuse}
	}
	return nil
}

func (b *fakeBucket) Probe(_ context.Context, o Object) error { return b.fault(o) }

func (b *fakeBucket) Deliver(_ context.Context, o Object) error {
	if err := b.fault(o); err != nil {
		return err
	}
	b.objects[o.Key] = o
	b.writes = append(b.writes, o.Key)
	return nil
}

// logs are the keys of the log files, digests those of the digest files.
func (b *fakeBucket) keys(kind string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(b.objects)) {
		if strings.Contains(k, "/"+kind+"/") && strings.HasSuffix(k, ".gz") {
			out = append(out, k)
		}
	}
	return out
}

func (b *fakeBucket) text(t *testing.T, key string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b.objects[key].Body))
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return text
}

// delivered are the ids of the events in the log files, by Region.
func (b *fakeBucket) delivered(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, k := range b.keys("CloudTrail") {
		var f struct{ Records []record }
		if err := json.Unmarshal(b.text(t, k), &f); err != nil {
			t.Fatal(err)
		}
		for _, r := range f.Records {
			out[r.AWSRegion] = append(out[r.AWSRegion], r.EventID)
		}
	}
	return out
}

func (f fixture) ctx(t *testing.T, region string) context.Context {
	t.Helper()
	return api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: f.clk.Now(), Caller: api.Caller{Account: account}})
}

// logging makes a trail that logs.
func (f fixture) logging(t *testing.T, change func(*cloudtrail.CreateTrailInput)) {
	t.Helper()
	in := &cloudtrail.CreateTrailInput{Name: aws.String("office"), S3BucketName: aws.String(f.bucket.name), EnableLogFileValidation: aws.Bool(true)}
	if change != nil {
		change(in)
	}
	if _, err := f.CreateTrail(f.ctx(t, region), in); err != nil {
		t.Fatal(err)
	}
	if _, err := f.StartLogging(f.ctx(t, region), &cloudtrail.StartLoggingInput{Name: in.Name}); err != nil {
		t.Fatal(err)
	}
}

// pass moves the clock and does what is due, every minute.
func (f fixture) pass(t *testing.T, d time.Duration) {
	t.Helper()
	for range int(d / time.Minute) {
		f.clk.Advance(time.Minute)
		if _, err := f.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// validate does what `aws cloudtrail validate-logs` does for one Region and
// returns how many digests and logs are valid, and what is wrong.
func (f fixture) validate(t *testing.T, region string) (digests, logs int, wrong []string) {
	t.Helper()
	keys, err := f.ListPublicKeys(f.ctx(t, region), &cloudtrail.ListPublicKeysInput{StartTime: aws.Time(morning.Add(-time.Hour)), EndTime: aws.Time(f.clk.Now())})
	if err != nil {
		t.Fatal(err)
	}
	list := slices.DeleteFunc(f.bucket.keys("CloudTrail-Digest"), func(k string) bool { return !strings.Contains(k, "/"+region+"/") })
	if len(list) == 0 {
		return 0, 0, []string{"no digests"}
	}
	for key := list[len(list)-1]; key != ""; {
		o, ok := f.bucket.objects[key]
		if !ok {
			return digests, logs, append(wrong, "digest missing "+key)
		}
		var d digest
		text := f.bucket.text(t, key)
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		before := "null"
		if d.PreviousSignature != nil {
			before = *d.PreviousSignature
		}
		sum := sha256.Sum256(text)
		signed := sha256.Sum256([]byte(d.EndTime + "\n" + d.Bucket + "/" + d.Object + "\n" + hex.EncodeToString(sum[:]) + "\n" + before))
		signature, err := hex.DecodeString(o.Metadata["signature"])
		if err != nil {
			t.Fatal(err)
		}
		valid := false
		for _, k := range keys.PublicKeyList {
			if *k.Fingerprint != d.Fingerprint {
				continue
			}
			public, err := x509.ParsePKCS1PublicKey(k.Value)
			if err != nil {
				t.Fatal(err)
			}
			valid = d.Object == key && rsa.VerifyPKCS1v15(public, crypto.SHA256, signed[:], signature) == nil
		}
		if !valid {
			return digests, logs, append(wrong, "digest "+key)
		}
		digests++
		for _, l := range d.LogFiles {
			if _, ok := f.bucket.objects[l.Object]; !ok {
				wrong = append(wrong, "log missing "+l.Object)
				continue
			}
			sum := sha256.Sum256(f.bucket.text(t, l.Object))
			if hex.EncodeToString(sum[:]) != l.HashValue {
				wrong = append(wrong, "log "+l.Object)
				continue
			}
			logs++
		}
		key = ""
		if d.PreviousObject != nil {
			key = *d.PreviousObject
		}
	}
	return digests, logs, wrong
}
