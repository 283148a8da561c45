package s3_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

func TestCreateBucketRefuses(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	here := types.BucketLocationConstraint(p.Access().Region)
	at := func(l types.BucketLocationConstraint) *types.CreateBucketConfiguration {
		return &types.CreateBucketConfiguration{LocationConstraint: l}
	}
	made(t, p, c, "taken")
	for _, row := range []struct {
		what, code string
		in         s3.CreateBucketInput
	}{
		{"a name with capitals", "InvalidBucketName", s3.CreateBucketInput{Bucket: name("Abc"), CreateBucketConfiguration: at(here)}},
		{"a name of two letters", "InvalidBucketName", s3.CreateBucketInput{Bucket: name("ab"), CreateBucketConfiguration: at(here)}},
		{"a name that is an address", "InvalidBucketName", s3.CreateBucketInput{Bucket: name("192.168.5.4"), CreateBucketConfiguration: at(here)}},
		{"a reserved prefix", "InvalidBucketName", s3.CreateBucketInput{Bucket: name("xn--abc"), CreateBucketConfiguration: at(here)}},
		{"no constraint outside of us-east-1", "IllegalLocationConstraintException", s3.CreateBucketInput{Bucket: name("abc")}},
		{"another Region's constraint", "IllegalLocationConstraintException", s3.CreateBucketInput{Bucket: name("abc"), CreateBucketConfiguration: at("us-west-2")}},
		{"one's own bucket again", "BucketAlreadyOwnedByYou", s3.CreateBucketInput{Bucket: name("taken"), CreateBucketConfiguration: at(here)}},
		{"a public ACL", "InvalidBucketAclWithObjectOwnership", s3.CreateBucketInput{Bucket: name("abc"), ACL: types.BucketCannedACLPublicRead, CreateBucketConfiguration: at(here)}},
		{"Object Lock", "NotImplemented", s3.CreateBucketInput{Bucket: name("abc"), ObjectLockEnabledForBucket: aws.Bool(true), CreateBucketConfiguration: at(here)}},
	} {
		_, err := c.CreateBucket(t.Context(), &row.in)
		apitest.Refused(t, row.what, err, row.code, "")
	}
}

func TestBucketsOfUSEast1(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	east := client(p, func(o *s3.Options) { o.Region = "us-east-1" })
	for range 2 { // the second time is a success, too
		_, err := east.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name("in-the-east")})
		must(t, "create", err)
	}
	where, err := client(p).GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: name("in-the-east")})
	if err != nil || where.LocationConstraint != "" {
		t.Errorf("location: got %+v, %v, want none", where, err)
	}
	_, err = client(p).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: name("in-the-east")})
	apitest.Refused(t, "a call to another Region", err, "PermanentRedirect", "")
	_, err = client(p).GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: name("nowhere")})
	apitest.Refused(t, "the location of no bucket", err, "NoSuchBucket", "")
}

func TestListBuckets(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	all := []string{"alpha", "beta-1", "beta-2", "beta-3", "gamma"}
	for _, n := range all {
		made(t, p, c, n)
	}
	var got []string
	pages := s3.NewListBucketsPaginator(c, &s3.ListBucketsInput{MaxBuckets: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		must(t, "list", err)
		for _, b := range page.Buckets {
			got = append(got, *b.Name)
			if aws.ToString(b.BucketRegion) != p.Access().Region {
				t.Errorf("bucket %s: Region %v", *b.Name, b.BucketRegion)
			}
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("got %v, want %v", got, all)
	}
	some, err := c.ListBuckets(t.Context(), &s3.ListBucketsInput{Prefix: name("beta-")})
	if err != nil || len(some.Buckets) != 3 {
		t.Errorf("by prefix: got %v, %v, want 3", some, err)
	}
	_, err = c.ListBuckets(t.Context(), &s3.ListBucketsInput{ContinuationToken: name("made-up")})
	apitest.Refused(t, "a made-up token", err, "InvalidArgument", "")
}

func TestBucketsComeAndGo(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	must(t, "wait for the bucket", s3.NewBucketExistsWaiter(c).Wait(ctx, &s3.HeadBucketInput{Bucket: &bucket}, time.Second))
	head, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if err != nil || aws.ToString(head.BucketRegion) != "ap-northeast-1" {
		t.Errorf("head: got %+v, %v", head, err)
	}
	_, err = c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: name("nowhere")})
	apitest.Refused(t, "head of no bucket", err, "NotFound", "")
	_, err = c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket, ExpectedBucketOwner: name("111122223333")})
	apitest.Refused(t, "another owner is expected", err, "Forbidden", "")

	put(t, c, bucket, "x", "x")
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket})
	apitest.Refused(t, "delete a bucket with an object", err, "BucketNotEmpty", "")
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: name("x")})
	must(t, "delete the object", err)
	_, err = c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: name("unfinished")})
	must(t, "begin an upload", err)
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket})
	must(t, "delete the bucket", err)
	must(t, "wait for its end", s3.NewBucketNotExistsWaiter(c).Wait(ctx, &s3.HeadBucketInput{Bucket: &bucket}, time.Second))
}

// What a client can set of a bucket, read back, and what is refused.
func TestBucketConfigurations(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	b := &bucket

	_, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b})
	apitest.Refused(t, "no tags", err, "NoSuchTagSet", "")
	_, err = c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: name("aws:x"), Value: name("y")}}}})
	apitest.Refused(t, "a system tag", err, "InvalidTag", "")
	_, err = c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: name("部署"), Value: name("人事")}}}})
	must(t, "tag", err)
	tags, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b})
	if err != nil || len(tags.TagSet) != 1 || *tags.TagSet[0].Value != "人事" {
		t.Errorf("tags: got %+v, %v", tags, err)
	}
	_, err = c.DeleteBucketTagging(ctx, &s3.DeleteBucketTaggingInput{Bucket: b})
	must(t, "untag", err)

	_, err = c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{}})
	apitest.Refused(t, "versioning without status", err, "IllegalVersioningConfigurationException", "")
	_, err = c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}})
	must(t, "suspend versioning", err)
	v, err := c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b})
	if err != nil || v.Status != types.BucketVersioningStatusSuspended {
		t.Errorf("versioning: got %+v, %v", v, err)
	}

	sse := func(a types.ServerSideEncryption) *types.ServerSideEncryptionConfiguration {
		return &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: a}, BucketKeyEnabled: aws.Bool(true),
		}}}
	}
	_, err = c.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: b, ServerSideEncryptionConfiguration: sse(types.ServerSideEncryptionAwsKms)})
	apitest.Refused(t, "encryption by KMS", err, "NotImplemented", "")
	_, err = c.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: b, ServerSideEncryptionConfiguration: sse(types.ServerSideEncryptionAes256)})
	must(t, "encryption by AES256", err)
	enc, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b})
	if err != nil || !*enc.ServerSideEncryptionConfiguration.Rules[0].BucketKeyEnabled {
		t.Errorf("encryption: got %+v, %v", enc, err)
	}
	_, err = c.DeleteBucketEncryption(ctx, &s3.DeleteBucketEncryptionInput{Bucket: b})
	must(t, "default encryption", err)

	own := func(o types.ObjectOwnership) *types.OwnershipControls {
		return &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: o}}}
	}
	_, err = c.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: own(types.ObjectOwnershipObjectWriter)})
	apitest.Refused(t, "ACLs in use", err, "NotImplemented", "")
	_, err = c.DeleteBucketOwnershipControls(ctx, &s3.DeleteBucketOwnershipControlsInput{Bucket: b})
	must(t, "no ownership controls", err)
	_, err = c.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: b})
	apitest.Refused(t, "no ownership controls", err, "OwnershipControlsNotFoundError", "")
	_, err = c.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: own(types.ObjectOwnershipBucketOwnerEnforced)})
	must(t, "ownership controls", err)
	if got, err := c.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: b}); err != nil || len(got.OwnershipControls.Rules) != 1 {
		t.Errorf("ownership: got %+v, %v", got, err)
	}

	acl, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b})
	if err != nil || len(acl.Grants) != 1 || acl.Grants[0].Permission != types.PermissionFullControl {
		t.Fatalf("acl: got %+v, %v", acl, err)
	}
	_, err = c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: b, ACL: types.BucketCannedACLPublicRead})
	apitest.Refused(t, "a public ACL", err, "AccessControlListNotSupported", "")
	_, err = c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: b, AccessControlPolicy: &types.AccessControlPolicy{Owner: acl.Owner, Grants: acl.Grants}})
	must(t, "the ACL that it has", err)
}

func TestPublicAccess(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	b := &bucket
	public := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::the-bucket/*"}]}`

	_, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b})
	apitest.Refused(t, "no policy", err, "NoSuchBucketPolicy", "")
	_, err = c.GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: b})
	apitest.Refused(t, "no policy, no status", err, "NoSuchBucketPolicy", "")
	_, err = c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: name(strings.ReplaceAll(public, "the-bucket", "another"))})
	apitest.Refused(t, "a policy about another bucket", err, "MalformedPolicy", "")
	_, err = c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: &public})
	apitest.Refused(t, "a public policy where it is blocked", err, "AccessDenied", "")

	block, err := c.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b})
	if err != nil || !*block.PublicAccessBlockConfiguration.BlockPublicPolicy {
		t.Fatalf("block: got %+v, %v, want all blocked for a new bucket", block, err)
	}
	_, err = c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: b, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{RestrictPublicBuckets: aws.Bool(true)}})
	must(t, "block less", err)
	_, err = c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: &public})
	must(t, "a public policy", err)
	got, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b})
	if err != nil || *got.Policy != public {
		t.Errorf("policy: got %+v, %v", got, err)
	}
	status, err := c.GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: b})
	if err != nil || !*status.PolicyStatus.IsPublic {
		t.Errorf("status: got %+v, %v, want public", status, err)
	}

	put(t, c, bucket, "notice", "read me")
	anyone := client0(c)
	_, err = anyone.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: name("notice")})
	apitest.Refused(t, "anyone, while public buckets are restricted", err, "AccessDenied", "")
	_, err = c.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: b})
	must(t, "block nothing", err)
	_, err = c.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b})
	apitest.Refused(t, "no block", err, "NoSuchPublicAccessBlockConfiguration", "")
	if text := get(t, anyone, &s3.GetObjectInput{Bucket: b, Key: name("notice")}); text != "read me" {
		t.Errorf("anyone reads %q", text)
	}
	_, err = anyone.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: name("not-there")})
	apitest.Refused(t, "anyone, what is not there, without the right to list", err, "AccessDenied", "")
	_, err = anyone.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: name("notice"), Body: strings.NewReader("x")})
	apitest.Refused(t, "anyone writes", err, "AccessDenied", "")
	_, err = c.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: b})
	must(t, "delete the policy", err)
	_, err = anyone.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: name("notice")})
	apitest.Refused(t, "anyone, without a policy", err, "AccessDenied", "")
	nowhere := name("nowhere-at-all")
	for what, call := range map[string]func() error{
		"an object": func() error {
			_, err := anyone.GetObject(ctx, &s3.GetObjectInput{Bucket: nowhere, Key: name("notice")})
			return err
		},
		"a list": func() error { _, err := anyone.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: nowhere}); return err },
		"a deletion": func() error {
			_, err := anyone.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: nowhere, Key: name("notice")})
			return err
		},
	} {
		apitest.Refused(t, "anyone, "+what+" of no bucket", call(), "NoSuchBucket", "The specified bucket does not exist")
	}
	_, err = anyone.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: nowhere})
	apitest.Refused(t, "anyone makes a bucket", err, "AccessDenied", "")
}

// client0 is the same client without credentials.
func client0(c *s3.Client) *s3.Client {
	return s3.New(c.Options(), func(o *s3.Options) { o.Credentials = aws.AnonymousCredentials{} })
}

// What Terraform's aws_s3_bucket reads of a bucket whose configurations were
// never set.
func TestWhatWasNeverSet(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	b := &bucket
	for _, row := range []struct {
		code string
		call func(b *string) error
	}{
		{"NoSuchCORSConfiguration", func(b *string) error { _, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: b}); return err }},
		{"NoSuchWebsiteConfiguration", func(b *string) error {
			_, err := c.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: b})
			return err
		}},
		{"ReplicationConfigurationNotFoundError", func(b *string) error {
			_, err := c.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: b})
			return err
		}},
		{"ObjectLockConfigurationNotFoundError", func(b *string) error {
			_, err := c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: b})
			return err
		}},
		{"NoSuchLifecycleConfiguration", func(b *string) error {
			_, err := c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			out, err := c.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: b})
			if err == nil && out.Payer != types.PayerBucketOwner {
				t.Errorf("payer: got %s", out.Payer)
			}
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error { _, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b}); return err }},
		{"", func(b *string) error {
			_, err := c.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: b})
			return err
		}},
		{"", func(b *string) error {
			_, err := c.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b})
			return err
		}},
	} {
		if row.code == "" {
			must(t, "a bucket as it was made", row.call(b))
		} else {
			apitest.Refused(t, "a bucket as it was made", row.call(b), row.code, "")
		}
		apitest.Refused(t, "no bucket, instead of "+row.code, row.call(name("nowhere")), "NoSuchBucket", "")
	}
	// The writes of the same configurations answer for no bucket, too.
	for what, call := range map[string]func() error{
		"encryption": func() error {
			_, err := c.DeleteBucketEncryption(ctx, &s3.DeleteBucketEncryptionInput{Bucket: name("nowhere")})
			return err
		},
		"lifecycle": func() error {
			_, err := c.DeleteBucketLifecycle(ctx, &s3.DeleteBucketLifecycleInput{Bucket: name("nowhere")})
			return err
		},
		"ownership": func() error {
			_, err := c.DeleteBucketOwnershipControls(ctx, &s3.DeleteBucketOwnershipControlsInput{Bucket: name("nowhere")})
			return err
		},
		"policy": func() error {
			_, err := c.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: name("nowhere")})
			return err
		},
		"tagging": func() error {
			_, err := c.DeleteBucketTagging(ctx, &s3.DeleteBucketTaggingInput{Bucket: name("nowhere")})
			return err
		},
		"block": func() error {
			_, err := c.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: name("nowhere")})
			return err
		},
		"put block": func() error {
			_, err := c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: name("nowhere"), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{}})
			return err
		},
	} {
		apitest.Refused(t, what, call(), "NoSuchBucket", "")
	}
}
