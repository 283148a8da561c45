package s3

import (
	"tamachi/internal/aws/api"
)

// fault is an error of S3. extra are further members of the document, names
// and values by turns. Source of codes, texts and statuses: Amazon S3 API
// Reference, "Error responses".
func fault(status int, code, message string, extra ...string) *api.Fault {
	f := &api.Fault{Status: status, Code: code, Message: message}
	for i := 0; i+1 < len(extra); i += 2 {
		if f.Extra == nil {
			f.Extra = make(map[string]string)
		}
		f.Extra[extra[i]] = extra[i+1]
	}
	return f
}

func noSuchBucket(name string) error {
	return fault(statusNotFound, "NoSuchBucket", "The specified bucket does not exist", "BucketName", name)
}

func noSuchKey(key string) error {
	return fault(statusNotFound, "NoSuchKey", "The specified key does not exist.", "Key", key)
}

func noSuchVersion(key, version string) error {
	return fault(statusNotFound, "NoSuchVersion", "The specified version does not exist.", "Key", key, "VersionId", version)
}

func noSuchUpload(id string) error {
	return fault(statusNotFound, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", "UploadId", id)
}

func invalidArgument(message, name, value string) error {
	return fault(statusBadRequest, "InvalidArgument", message, "ArgumentName", name, "ArgumentValue", value)
}

func invalidRequest(message string) error {
	return fault(statusBadRequest, "InvalidRequest", message)
}

func malformedXML() error {
	return fault(statusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

func notImplemented(header string) error {
	return fault(statusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented", "Header", header)
}

func preconditionFailed(condition string) error {
	return fault(statusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", "Condition", condition)
}

func accessDenied() error {
	return fault(statusForbidden, "AccessDenied", "Access Denied")
}
