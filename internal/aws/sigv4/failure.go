package sigv4

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"tamachi/internal/aws/api"
)

// Dialect is the family of error codes that a service's protocol uses.
type Dialect int

// The dialects. JSON services answer every refusal with 400, query services
// leave out the suffix Exception, REST services answer with 403, S3 has codes
// and texts of its own.
const (
	JSON Dialect = iota
	Query
	REST
	S3
)

// reason is why a request is refused.
type reason int

const (
	missing reason = iota
	incomplete
	mismatch
	unknownKey
	expiredToken
	expiredRequest
	wrongPayload
)

// Failure is a refused signature.
type Failure struct {
	reason  reason
	message string
	// canonical and toSign are what the plane computed, for the dialect that
	// repeats them. They hold nothing that the caller did not send.
	canonical, toSign string
	// s3 is the failure as S3 says it, where the reason does not tell all.
	s3 *api.Fault
}

// codes holds code and status of each reason, by dialect.
var codes = map[reason][3]struct {
	code   string
	status int
}{
	missing: {
		JSON:  {"MissingAuthenticationTokenException", http.StatusBadRequest},
		Query: {"MissingAuthenticationToken", http.StatusForbidden},
		REST:  {"MissingAuthenticationTokenException", http.StatusForbidden},
	},
	incomplete: {
		JSON:  {"IncompleteSignatureException", http.StatusBadRequest},
		Query: {"IncompleteSignature", http.StatusBadRequest},
		REST:  {"IncompleteSignatureException", http.StatusForbidden},
	},
	mismatch: {
		JSON:  {"InvalidSignatureException", http.StatusBadRequest},
		Query: {"SignatureDoesNotMatch", http.StatusForbidden},
		REST:  {"InvalidSignatureException", http.StatusForbidden},
	},
	unknownKey: {
		JSON:  {"UnrecognizedClientException", http.StatusBadRequest},
		Query: {"InvalidClientTokenId", http.StatusForbidden},
		REST:  {"UnrecognizedClientException", http.StatusForbidden},
	},
	expiredToken: {
		JSON:  {"ExpiredTokenException", http.StatusBadRequest},
		Query: {"ExpiredToken", http.StatusForbidden},
		REST:  {"ExpiredTokenException", http.StatusForbidden},
	},
	expiredRequest: {
		JSON:  {"RequestExpired", http.StatusBadRequest},
		Query: {"RequestExpired", http.StatusBadRequest},
		REST:  {"RequestExpired", http.StatusBadRequest},
	},
	wrongPayload: {
		JSON:  {"XAmzContentSHA256Mismatch", http.StatusBadRequest},
		Query: {"XAmzContentSHA256Mismatch", http.StatusBadRequest},
		REST:  {"XAmzContentSHA256Mismatch", http.StatusBadRequest},
	},
}

// In returns the AWS error code, the message and the HTTP status of the failure
// as a service of the dialect gives them.
func (f *Failure) In(d Dialect) (code, message string, status int) {
	if d == S3 {
		said := f.inS3()
		return said.Code, said.Message, said.Status
	}
	c := codes[f.reason][d]
	message = f.message
	switch {
	case f.reason == missing && d == Query:
		message = "Request is missing Authentication Token"
	case f.canonical != "" && d == REST:
		message += "\n\nThe Canonical String for this request should have been\n'" + f.canonical +
			"'\n\nThe String-to-Sign should have been\n'" + f.toSign + "'\n"
	}
	return c.code, message, c.status
}

// Fault is In with the further members that S3 gives.
func (f *Failure) Fault(d Dialect) *api.Fault {
	if d == S3 {
		return f.inS3()
	}
	code, message, status := f.In(d)
	return &api.Fault{Code: code, Message: message, Status: status}
}

// Error is the failure in the JSON dialect, for logs.
func (f *Failure) Error() string {
	code, message, _ := f.In(JSON)
	return code + ": " + message
}

const (
	basicISO  = "20060102T150405Z"
	basicDate = "20060102"
	maxSkew   = 15 * time.Minute
)

func failMissing() *Failure {
	return &Failure{reason: missing, message: "Missing Authentication Token"}
}

func failIncomplete(format string, args ...any) *Failure {
	return &Failure{reason: incomplete, message: fmt.Sprintf(format, args...)}
}

func failMismatch() *Failure {
	return &Failure{reason: mismatch, message: "The request signature we calculated does not match the signature " +
		"you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}
}

func failUnknownKey() *Failure {
	return &Failure{reason: unknownKey, message: "The security token included in the request is invalid."}
}

func failExpiredToken() *Failure {
	return &Failure{reason: expiredToken, message: "The security token included in the request is expired"}
}

// failUnsigned is for a header that the signature must cover; name is its name
// in small letters.
func failUnsigned(header, name string) *Failure {
	f := &Failure{reason: mismatch, message: header + " must be a 'SignedHeader' in the AWS Authorization."}
	f.s3 = &api.Fault{
		Code: "AccessDenied", Status: http.StatusForbidden, Message: "There were headers present in the request which were not signed",
		Extra: map[string]string{"HeadersNotSigned": name},
	}
	return f
}

// checkTime compares the time of signing with the plane's clock.
func (c *claim) checkTime(now time.Time) *Failure {
	stamp := c.at.Format(basicISO)
	if latest := now.Add(maxSkew); c.at.After(latest) {
		return &Failure{reason: mismatch, message: fmt.Sprintf(
			"Signature not yet current: %s is still later than %s (%s + 15 min.)",
			stamp, latest.Format(basicISO), now.Format(basicISO)), s3: c.skewed(now)}
	}
	if c.presigned {
		if now.After(c.at.Add(c.lifetime)) {
			return &Failure{reason: expiredRequest, message: "Request has expired.", s3: c.expired(now)}
		}
		return nil
	}
	if earliest := now.Add(-maxSkew); c.at.Before(earliest) {
		return &Failure{reason: mismatch, message: fmt.Sprintf(
			"Signature expired: %s is now earlier than %s (%s - 15 min.)",
			stamp, earliest.Format(basicISO), now.Format(basicISO)), s3: c.skewed(now)}
	}
	return nil
}

// checkScope compares the credential scope with what the request is for. AWS
// lists every fault at once, each with a space after its full stop.
func (c *claim) checkScope(service string, region func(string) bool) *Failure {
	var faults strings.Builder
	if !region(c.region) {
		fmt.Fprintf(&faults, "Credential should be scoped to a valid region, not '%s'. ", c.region)
	}
	if c.service != service {
		fmt.Fprintf(&faults, "Credential should be scoped to correct service: '%s'. ", service)
	}
	if c.terminator != terminator {
		fmt.Fprintf(&faults, "Credential should be scoped with a valid terminator: 'aws4_request', not '%s'. ", c.terminator)
	}
	if day := c.at.Format(basicDate); c.day != day {
		fmt.Fprintf(&faults, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'. ",
			c.day, day, c.at.Format(basicISO))
	}
	if faults.Len() > 0 {
		return &Failure{reason: mismatch, message: faults.String(), s3: c.scopeInS3(service, region)}
	}
	return nil
}
