package s3

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store  *store.Store
	ids    *id.Source
	clock  clock.Clock
	blobs  Blobs
	access Access
}

// New returns the room over a store and a store of bodies.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, blobs: ports.Blobs, access: ports.Access}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "s3" }

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&buckets, &versions, &bodies, &uploads, &parts, &dooms, &sweeps}
}

// Operations is the table of contents. Calls about objects and lists of them
// are data events on AWS and leave no management event.
// Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events".
func (s *Service) Operations() []api.Operation {
	return slices.Concat(s.buckets(), s.objects(), s.lists(), s.multipart(), s.configuration())
}

func (s *Service) buckets() []api.Operation {
	return []api.Operation{
		api.Write("CreateBucket", s.CreateBucket, s.createBucketChecks),
		api.Write("DeleteBucket", s.DeleteBucket, s.deleteBucketChecks),
		api.Read("GetBucketLocation", s.GetBucketLocation, s.getBucketLocationChecks),
		api.Data("HeadBucket", s.HeadBucket, s.headBucketChecks),
		api.Read("ListBuckets", s.ListBuckets, s.listBucketsChecks),
	}
}

func (s *Service) objects() []api.Operation {
	return []api.Operation{
		api.Data("CopyObject", s.CopyObject, s.copyObjectChecks),
		api.Data("DeleteObject", s.DeleteObject, s.deleteObjectChecks),
		api.Data("DeleteObjectTagging", s.DeleteObjectTagging, s.deleteObjectTaggingChecks),
		api.Data("DeleteObjects", s.DeleteObjects, s.deleteObjectsChecks),
		api.Data("GetObject", s.GetObject, s.getObjectChecks),
		api.Data("GetObjectAcl", s.GetObjectAcl, s.getObjectAclChecks),
		api.Data("GetObjectAttributes", s.GetObjectAttributes, s.getObjectAttributesChecks),
		api.Data("GetObjectTagging", s.GetObjectTagging, s.getObjectTaggingChecks),
		api.Data("HeadObject", s.HeadObject, s.headObjectChecks),
		api.Data("PutObject", s.PutObject, s.putObjectChecks),
		api.Data("PutObjectAcl", s.PutObjectAcl, s.putObjectAclChecks),
		api.Data("PutObjectTagging", s.PutObjectTagging, s.putObjectTaggingChecks),
	}
}

func (s *Service) lists() []api.Operation {
	return []api.Operation{
		api.Data("ListObjectVersions", s.ListObjectVersions, s.listObjectVersionsChecks),
		api.Data("ListObjects", s.ListObjects, s.listObjectsChecks),
		api.Data("ListObjectsV2", s.ListObjectsV2, s.listObjectsV2Checks),
	}
}

func (s *Service) multipart() []api.Operation {
	return []api.Operation{
		api.Data("AbortMultipartUpload", s.AbortMultipartUpload, s.abortMultipartUploadChecks),
		api.Data("CompleteMultipartUpload", s.CompleteMultipartUpload, s.completeMultipartUploadChecks),
		api.Data("CreateMultipartUpload", s.CreateMultipartUpload, s.createMultipartUploadChecks),
		api.Data("ListMultipartUploads", s.ListMultipartUploads, s.listMultipartUploadsChecks),
		api.Data("ListParts", s.ListParts, s.listPartsChecks),
		api.Data("UploadPart", s.UploadPart, s.uploadPartChecks),
		api.Data("UploadPartCopy", s.UploadPartCopy, s.uploadPartCopyChecks),
	}
}

func (s *Service) configuration() []api.Operation {
	return []api.Operation{
		api.Write("DeleteBucketCors", s.DeleteBucketCors, s.deleteBucketCorsChecks),
		api.Write("DeleteBucketEncryption", s.DeleteBucketEncryption, s.deleteBucketEncryptionChecks),
		api.Write("DeleteBucketLifecycle", s.DeleteBucketLifecycle, s.deleteBucketLifecycleChecks),
		api.Write("DeleteBucketOwnershipControls", s.DeleteBucketOwnershipControls, s.deleteBucketOwnershipControlsChecks),
		api.Write("DeleteBucketPolicy", s.DeleteBucketPolicy, s.deleteBucketPolicyChecks),
		api.Write("DeleteBucketTagging", s.DeleteBucketTagging, s.deleteBucketTaggingChecks),
		api.Write("DeletePublicAccessBlock", s.DeletePublicAccessBlock, s.deletePublicAccessBlockChecks),
		api.Read("GetBucketAccelerateConfiguration", s.GetBucketAccelerateConfiguration, s.getBucketAccelerateConfigurationChecks),
		api.Read("GetBucketAcl", s.GetBucketAcl, s.getBucketAclChecks),
		api.Read("GetBucketCors", s.GetBucketCors, s.getBucketCorsChecks),
		api.Read("GetBucketEncryption", s.GetBucketEncryption, s.getBucketEncryptionChecks),
		api.Read("GetBucketLifecycleConfiguration", s.GetBucketLifecycleConfiguration, s.getBucketLifecycleConfigurationChecks),
		api.Read("GetBucketLogging", s.GetBucketLogging, s.getBucketLoggingChecks),
		api.Read("GetBucketNotificationConfiguration", s.GetBucketNotificationConfiguration, s.getBucketNotificationConfigurationChecks),
		api.Read("GetBucketOwnershipControls", s.GetBucketOwnershipControls, s.getBucketOwnershipControlsChecks),
		api.Read("GetBucketPolicy", s.GetBucketPolicy, s.getBucketPolicyChecks),
		api.Read("GetBucketPolicyStatus", s.GetBucketPolicyStatus, s.getBucketPolicyStatusChecks),
		api.Read("GetBucketReplication", s.GetBucketReplication, s.getBucketReplicationChecks),
		api.Read("GetBucketRequestPayment", s.GetBucketRequestPayment, s.getBucketRequestPaymentChecks),
		api.Read("GetBucketTagging", s.GetBucketTagging, s.getBucketTaggingChecks),
		api.Read("GetBucketVersioning", s.GetBucketVersioning, s.getBucketVersioningChecks),
		api.Read("GetBucketWebsite", s.GetBucketWebsite, s.getBucketWebsiteChecks),
		api.Read("GetObjectLockConfiguration", s.GetObjectLockConfiguration, s.getObjectLockConfigurationChecks),
		api.Read("GetPublicAccessBlock", s.GetPublicAccessBlock, s.getPublicAccessBlockChecks),
		api.Write("PutBucketAcl", s.PutBucketAcl, s.putBucketAclChecks),
		api.Write("PutBucketCors", s.PutBucketCors, s.putBucketCorsChecks),
		api.Write("PutBucketEncryption", s.PutBucketEncryption, s.putBucketEncryptionChecks),
		api.Write("PutBucketLifecycleConfiguration", s.PutBucketLifecycleConfiguration, s.putBucketLifecycleConfigurationChecks),
		api.Write("PutBucketOwnershipControls", s.PutBucketOwnershipControls, s.putBucketOwnershipControlsChecks),
		api.Write("PutBucketPolicy", s.PutBucketPolicy, s.putBucketPolicyChecks),
		api.Write("PutBucketTagging", s.PutBucketTagging, s.putBucketTaggingChecks),
		api.Write("PutBucketVersioning", s.PutBucketVersioning, s.putBucketVersioningChecks),
		api.Write("PutPublicAccessBlock", s.PutPublicAccessBlock, s.putPublicAccessBlockChecks),
	}
}
