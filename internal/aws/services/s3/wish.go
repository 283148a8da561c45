package s3

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// wish is what a write asks for beyond the object itself. Most of it is not to
// be had here, and is refused by name rather than forgotten.
type wish struct {
	acl        types.ObjectCannedACL
	grants     []*string
	encryption types.ServerSideEncryption
	kms        []*string
	customer   []*string
	class      types.StorageClass
	lock       bool // Object Lock, legal hold, retention
}

func (w wish) refused() error {
	switch {
	case anyGiven(w.customer):
		return notImplemented("x-amz-server-side-encryption-customer-algorithm")
	case anyGiven(w.kms):
		return notImplemented("x-amz-server-side-encryption-aws-kms-key-id")
	case w.encryption != "" && w.encryption != types.ServerSideEncryptionAes256:
		return notImplemented("x-amz-server-side-encryption")
	case w.class != "" && w.class != types.StorageClassStandard:
		return fault(statusBadRequest, "InvalidStorageClass", "The storage class you specified is not valid", "StorageClassRequested", string(w.class))
	case w.lock:
		return invalidRequest("Bucket is missing Object Lock Configuration")
	case anyGiven(w.grants) || w.acl != "" && w.acl != types.ObjectCannedACLBucketOwnerFullControl && w.acl != types.ObjectCannedACLPrivate:
		return aclsDisabled()
	}
	return nil
}

// aclsDisabled is the answer to an ACL that gives anybody but the owner
// something. Source: Amazon S3 User Guide, "Controlling ownership of objects
// and disabling ACLs for your bucket".
func aclsDisabled() error {
	return fault(statusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

func missingACL() error {
	return fault(statusBadRequest, "MissingSecurityHeader", "Your request was missing a required header", "MissingHeaderName", "x-amz-acl")
}

func anyGiven(members []*string) bool {
	for _, m := range members {
		if m != nil {
			return true
		}
	}
	return false
}

// maxMetadata bounds the names and values of x-amz-meta-*.
// Source: Amazon S3 User Guide, "Working with object metadata".
const maxMetadata = 2 << 10

func checkMetadata(meta map[string]string) error {
	size := 0
	for k, v := range meta {
		size += len(k) + len(v)
	}
	if size > maxMetadata {
		return fault(statusBadRequest, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size",
			"Size", strconv.Itoa(size), "MaxSizeAllowed", strconv.Itoa(maxMetadata))
	}
	return nil
}

// defaultType is the content type of an object whose maker names none.
const defaultType = "binary/octet-stream"
