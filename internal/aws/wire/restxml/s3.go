package restxml

import (
	"crypto/sha512"
	"encoding/base64"
	"net/http"

	"tamachi/internal/aws/wire/codec"
)

const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// s3Roots are the names of the elements around S3's answers, which the model
// does not tell. An answer that is not here is called as its shape.
// Source: Amazon S3 API Reference, "Response Syntax" of each operation.
var s3Roots = map[string]string{
	"CompleteMultipartUpload":                    "CompleteMultipartUploadResult",
	"CreateMultipartUpload":                      "InitiateMultipartUploadResult",
	"CreateSession":                              "CreateSessionResult",
	"DeleteObjects":                              "DeleteResult",
	"GetBucketAccelerateConfiguration":           "AccelerateConfiguration",
	"GetBucketAcl":                               "AccessControlPolicy",
	"GetBucketCors":                              "CORSConfiguration",
	"GetBucketLifecycleConfiguration":            "LifecycleConfiguration",
	"GetBucketLogging":                           "BucketLoggingStatus",
	"GetBucketNotificationConfiguration":         "NotificationConfiguration",
	"GetBucketRequestPayment":                    "RequestPaymentConfiguration",
	"GetBucketTagging":                           "Tagging",
	"GetBucketVersioning":                        "VersioningConfiguration",
	"GetBucketWebsite":                           "WebsiteConfiguration",
	"GetObjectAcl":                               "AccessControlPolicy",
	"GetObjectAttributes":                        "GetObjectAttributesResponse",
	"GetObjectTagging":                           "Tagging",
	"ListBucketAnalyticsConfigurations":          "ListBucketAnalyticsConfigurationResult",
	"ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
	"ListBucketInventoryConfigurations":          "ListInventoryConfigurationsResult",
	"ListBucketMetricsConfigurations":            "ListMetricsConfigurationsResult",
	"ListBuckets":                                "ListAllMyBucketsResult",
	"ListMultipartUploads":                       "ListMultipartUploadsResult",
	"ListObjectVersions":                         "ListVersionsResult",
	"ListObjects":                                "ListBucketResult",
	"ListObjectsV2":                              "ListBucketResult",
	"ListParts":                                  "ListPartsResult",
}

// hostID is S3's second id of a request: an opaque text, always the same for
// one request.
func hostID(requestID string) string {
	sum := sha512.Sum384([]byte("host " + requestID))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// inS3 says a fault as S3 does: the framework's codes have other names there,
// and the model gives few errors their status.
// Source: Amazon S3 API Reference, "Error responses".
func inS3(f *codec.Fault) *codec.Fault {
	said := *f
	switch f.Code {
	case codec.CodeInternal:
		said.Code, said.Status = "InternalError", http.StatusInternalServerError
		said.Message = "We encountered an internal error. Please try again."
	case "AccessDeniedException":
		said.Code, said.Status = "AccessDenied", http.StatusForbidden
	case "RequestTimeoutException":
		said.Code, said.Status = "RequestTimeout", http.StatusBadRequest
	case "RequestEntityTooLargeException":
		said.Code, said.Status = "MaxMessageLengthExceeded", http.StatusBadRequest
		said.Message = "Your request was too big."
	case "MalformedHttpRequestException":
		said.Code, said.Status = "IncompleteBody", http.StatusBadRequest
		said.Message = "You did not provide the number of bytes specified by the Content-Length HTTP header."
	case "UnsupportedMediaTypeException":
		said.Code, said.Status = "InvalidArgument", http.StatusBadRequest
	case "ThrottlingException":
		said.Code, said.Status = "SlowDown", http.StatusServiceUnavailable
	}
	if status := s3Statuses[said.Code]; status != 0 && (said.Status == 0 || said.Status == http.StatusBadRequest) {
		said.Status = status
	}
	return &said
}

// s3Statuses are the HTTP statuses of errors whose status is not 400.
var s3Statuses = map[string]int{
	"AccessDenied":                                   http.StatusForbidden,
	"AccountProblem":                                 http.StatusForbidden,
	"AllAccessDisabled":                              http.StatusForbidden,
	"BucketAlreadyExists":                            http.StatusConflict,
	"BucketAlreadyOwnedByYou":                        http.StatusConflict,
	"BucketNotEmpty":                                 http.StatusConflict,
	"ConditionalRequestConflict":                     http.StatusConflict,
	"IdempotencyParameterMismatch":                   http.StatusBadRequest,
	"InternalError":                                  http.StatusInternalServerError,
	"InvalidAccessKeyId":                             http.StatusForbidden,
	"InvalidBucketState":                             http.StatusConflict,
	"InvalidObjectState":                             http.StatusForbidden,
	"InvalidRange":                                   http.StatusRequestedRangeNotSatisfiable,
	"MethodNotAllowed":                               http.StatusMethodNotAllowed,
	"MissingContentLength":                           http.StatusLengthRequired,
	"NoSuchBucket":                                   http.StatusNotFound,
	"NoSuchBucketPolicy":                             http.StatusNotFound,
	"NoSuchConfiguration":                            http.StatusNotFound,
	"NoSuchCORSConfiguration":                        http.StatusNotFound,
	"NoSuchKey":                                      http.StatusNotFound,
	"NoSuchLifecycleConfiguration":                   http.StatusNotFound,
	"NoSuchObjectLockConfiguration":                  http.StatusNotFound,
	"NoSuchPublicAccessBlockConfiguration":           http.StatusNotFound,
	"NoSuchTagSet":                                   http.StatusNotFound,
	"NoSuchUpload":                                   http.StatusNotFound,
	"NoSuchVersion":                                  http.StatusNotFound,
	"NoSuchWebsiteConfiguration":                     http.StatusNotFound,
	"NotFound":                                       http.StatusNotFound,
	"NotImplemented":                                 http.StatusNotImplemented,
	"NotModified":                                    http.StatusNotModified,
	"ObjectAlreadyInActiveTierError":                 http.StatusForbidden,
	"ObjectLockConfigurationNotFoundError":           http.StatusNotFound,
	"ObjectNotInActiveTierError":                     http.StatusForbidden,
	"OperationAborted":                               http.StatusConflict,
	"OwnershipControlsNotFoundError":                 http.StatusNotFound,
	"PreconditionFailed":                             http.StatusPreconditionFailed,
	"ReplicationConfigurationNotFoundError":          http.StatusNotFound,
	"RequestTimeTooSkewed":                           http.StatusForbidden,
	"RestoreAlreadyInProgress":                       http.StatusConflict,
	"ServerSideEncryptionConfigurationNotFoundError": http.StatusNotFound,
	"SignatureDoesNotMatch":                          http.StatusForbidden,
	"SlowDown":                                       http.StatusServiceUnavailable,
}
