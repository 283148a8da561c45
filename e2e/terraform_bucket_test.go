package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func (tf *terraform) s3() *s3.Client {
	return s3.NewFromConfig(tf.config, func(o *s3.Options) { o.UsePathStyle = true })
}

// bucket is an aws_s3_bucket with force_destroy.
func (tf *terraform) bucket(name string) *resource {
	tagged := func(set ...types.Tag) {
		tf.Helper()
		_, err := tf.s3().PutBucketTagging(tf.Context(), &s3.PutBucketTaggingInput{Bucket: &name, Tagging: &types.Tagging{TagSet: set}})
		tf.done("PutBucketTagging", err)
	}
	return &resource{
		name: "aws_s3_bucket." + name,
		create: func() {
			_, err := tf.s3().CreateBucket(tf.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(tf.config.Region),
			}})
			tf.done("CreateBucket", err)
			_, err = tf.s3().HeadBucket(tf.Context(), &s3.HeadBucketInput{Bucket: &name})
			tf.done("HeadBucket", err)
			_, err = tf.s3().GetBucketTagging(tf.Context(), &s3.GetBucketTaggingInput{Bucket: &name})
			tf.gone("GetBucketTagging", "NoSuchTagSet", err)
			tagged(types.Tag{Key: new("Team"), Value: new("desk")})
		},
		read: func() attributes { return tf.readBucket(&name) },
		update: func() {
			tagged(types.Tag{Key: new("Team"), Value: new("desk")}, types.Tag{Key: new("Env"), Value: new("試験")})
		},
		destroy: func() { tf.readBucket(&name); tf.destroyBucket(&name) },
		want: attributes{
			"region": tf.config.Region, "grants": []types.Permission{types.PermissionFullControl}, "acceleration_status": types.BucketAccelerateStatus(""),
			"request_payer": types.PayerBucketOwner, "logging": false, "encryption": types.ServerSideEncryptionAes256, "tags": tags{"Team": "desk"},
		},
		changed: attributes{"tags": tags{"Team": "desk", "Env": "試験"}},
	}
}

// readBucket makes the thirteen reads of sub-resources. Versioning and policy
// belong to resources of their own, so they are read and not compared here.
func (tf *terraform) readBucket(name *string) attributes {
	tf.Helper()
	ctx, c := tf.Context(), tf.s3()
	_, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: name})
	tf.done("HeadBucket", err)
	if _, err = c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: name}); err != nil {
		tf.gone("GetBucketPolicy", "NoSuchBucketPolicy", err)
	}
	acl, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: name})
	tf.done("GetBucketAcl", err)
	_, err = c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: name})
	tf.gone("GetBucketCors", "NoSuchCORSConfiguration", err)
	_, err = c.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: name})
	tf.gone("GetBucketWebsite", "NoSuchWebsiteConfiguration", err)
	_, err = c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: name})
	tf.done("GetBucketVersioning", err)
	speed, err := c.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: name})
	tf.done("GetBucketAccelerateConfiguration", err)
	payer, err := c.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: name})
	tf.done("GetBucketRequestPayment", err)
	logging, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: name})
	tf.done("GetBucketLogging", err)
	_, err = c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: name})
	tf.gone("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration", err)
	_, err = c.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: name})
	tf.gone("GetBucketReplication", "ReplicationConfigurationNotFoundError", err)
	sealed, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: name})
	tf.done("GetBucketEncryption", err)
	_, err = c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: name})
	tf.gone("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", err)
	where, err := c.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: name})
	tf.done("GetBucketLocation", err)
	tagged, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: name})
	tf.done("GetBucketTagging", err)

	state := attributes{
		"region": string(where.LocationConstraint), "acceleration_status": speed.Status, "request_payer": payer.Payer,
		"logging": logging.LoggingEnabled != nil, "encryption": sealed.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm,
	}
	var grants []types.Permission
	for _, g := range acl.Grants {
		grants = append(grants, g.Permission)
	}
	state["grants"] = grants
	all := tags{}
	for _, t := range tagged.TagSet {
		all[*t.Key] = *t.Value
	}
	state["tags"] = all
	return state
}

// destroyBucket empties it first, as force_destroy does.
func (tf *terraform) destroyBucket(name *string) {
	ctx, c := tf.Context(), tf.s3()
	_, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name})
	tf.gone("DeleteBucket with objects", "BucketNotEmpty", err)
	for {
		out, err := c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: name})
		tf.done("ListObjectVersions", err)
		var ids []types.ObjectIdentifier
		for _, v := range out.Versions {
			ids = append(ids, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range out.DeleteMarkers {
			ids = append(ids, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
		if len(ids) == 0 {
			break
		}
		gone, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: name, Delete: &types.Delete{Objects: ids, Quiet: new(true)}})
		tf.done("DeleteObjects", err)
		if len(gone.Errors) > 0 {
			tf.Fatalf("DeleteObjects: %s of %s", aws.ToString(gone.Errors[0].Code), aws.ToString(gone.Errors[0].Key))
		}
	}
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name})
	tf.done("DeleteBucket", err)
	_, err = c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: name})
	tf.gone("HeadBucket", "NotFound", err)
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name})
	tf.gone("DeleteBucket again", "NoSuchBucket", err)
}

// versioning is an aws_s3_bucket_versioning.
func (tf *terraform) versioning(bucket string) *resource {
	put := func(status types.BucketVersioningStatus) {
		tf.Helper()
		_, err := tf.s3().PutBucketVersioning(tf.Context(), &s3.PutBucketVersioningInput{
			Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: status},
		})
		tf.done("PutBucketVersioning", err)
	}
	read := func() attributes {
		tf.Helper()
		out, err := tf.s3().GetBucketVersioning(tf.Context(), &s3.GetBucketVersioningInput{Bucket: &bucket})
		tf.done("GetBucketVersioning", err)
		return attributes{"status": out.Status}
	}
	return &resource{
		name: "aws_s3_bucket_versioning." + bucket,
		create: func() {
			put(types.BucketVersioningStatusEnabled)
			tf.wait("GetBucketVersioning until Enabled", time.Minute, func() bool { return read()["status"] == types.BucketVersioningStatusEnabled })
		},
		read: read, destroy: func() { read(); put(types.BucketVersioningStatusSuspended) },
		want: attributes{"status": types.BucketVersioningStatusEnabled},
	}
}

// access is an aws_s3_bucket_public_access_block.
func (tf *terraform) access(bucket string) *resource {
	block := types.PublicAccessBlockConfiguration{BlockPublicAcls: new(true), BlockPublicPolicy: new(true), IgnorePublicAcls: new(false), RestrictPublicBuckets: new(false)}
	put := func() {
		tf.Helper()
		_, err := tf.s3().PutPublicAccessBlock(tf.Context(), &s3.PutPublicAccessBlockInput{Bucket: &bucket, PublicAccessBlockConfiguration: &block})
		tf.done("PutPublicAccessBlock", err)
	}
	return &resource{
		name:   "aws_s3_bucket_public_access_block." + bucket,
		create: put,
		read: func() attributes {
			out, err := tf.s3().GetPublicAccessBlock(tf.Context(), &s3.GetPublicAccessBlockInput{Bucket: &bucket})
			tf.done("GetPublicAccessBlock", err)
			b := out.PublicAccessBlockConfiguration
			return attributes{"acls": *b.BlockPublicAcls, "policy": *b.BlockPublicPolicy, "ignore": *b.IgnorePublicAcls, "restrict": *b.RestrictPublicBuckets}
		},
		update: func() { block.IgnorePublicAcls, block.RestrictPublicBuckets = new(true), new(true); put() },
		destroy: func() {
			_, err := tf.s3().DeletePublicAccessBlock(tf.Context(), &s3.DeletePublicAccessBlockInput{Bucket: &bucket})
			tf.done("DeletePublicAccessBlock", err)
			_, err = tf.s3().GetPublicAccessBlock(tf.Context(), &s3.GetPublicAccessBlockInput{Bucket: &bucket})
			tf.gone("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", err)
		},
		want:    attributes{"acls": true, "policy": true, "ignore": false, "restrict": false},
		changed: attributes{"ignore": true, "restrict": true},
	}
}
