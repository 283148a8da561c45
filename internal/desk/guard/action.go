package guard

import "strings"

// prefixes are the names that IAM gives to services whose events come from
// another one. Source: Service Authorization Reference; CloudTrail User Guide.
var prefixes = map[string]string{
	"monitoring": "cloudwatch", "tagging": "tag", "email": "ses", "elasticfilesystem": "elasticfilesystem",
	"directoryservice": "ds", "eventbridge": "events", "application-autoscaling": "application-autoscaling",
	"ds-data": "ds-data", "workspaces": "workspaces", "sso-directory": "sso-directory",
}

// renamed are the events that are not named as the action that allows them.
// Source: Service Authorization Reference, "Actions, resources, and condition keys
// for Amazon S3" and "... for AWS Lambda".
var renamed = map[string]string{
	"s3:ListObjects": "s3:ListBucket", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket", "s3:HeadObject": "s3:GetObject",
	"s3:ListBuckets": "s3:ListAllMyBuckets", "s3:ListObjectVersions": "s3:ListBucketVersions", "s3:CopyObject": "s3:PutObject",
	"s3:DeleteObjects": "s3:DeleteObject", "s3:CreateMultipartUpload": "s3:PutObject", "s3:UploadPart": "s3:PutObject",
	"s3:UploadPartCopy": "s3:PutObject", "s3:CompleteMultipartUpload": "s3:PutObject", "s3:ListParts": "s3:ListMultipartUploadParts",
	"s3:ListMultipartUploads": "s3:ListBucketMultipartUploads", "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
	"s3:PutBucketEncryption": "s3:PutEncryptionConfiguration", "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
	"s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration", "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
	"s3:GetBucketReplication": "s3:GetReplicationConfiguration", "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
	"s3:GetBucketCors": "s3:GetBucketCORS", "s3:PutBucketCors": "s3:PutBucketCORS", "s3:DeleteBucketCors": "s3:PutBucketCORS",
	"s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
	"lambda:Invoke": "lambda:InvokeFunction",
}

// action is the IAM action of a recorded call.
func (r *Record) action() string {
	source, _, _ := strings.Cut(r.EventSource, ".")
	if p, other := prefixes[source]; other {
		source = p
	}
	name := r.EventName
	if source == "lambda" { // UpdateFunctionCode20150331v2
		if i := strings.Index(name, "20"); i > 0 {
			name = name[:i]
		}
	}
	a := source + ":" + name
	if other, is := renamed[a]; is {
		return other
	}
	return a
}
