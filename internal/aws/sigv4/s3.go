package sigv4

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/aws/api"
)

// S3 words its refusals unlike all other services.
// Source: Amazon S3 API Reference, "Error responses", "Authenticating
// Requests (AWS Signature Version 4)"; texts as its answers show them.

const (
	headerMalformed = "AuthorizationHeaderMalformed"
	queryMalformed  = "AuthorizationQueryParametersError"

	otherMechanism = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
	queryNeeds     = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, " +
		"X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)

// sayS3 says a failure in S3's words, with the status 400.
func (f *Failure) sayS3(code, message string) *Failure {
	return f.sayS3Status(code, message, http.StatusBadRequest)
}

func (f *Failure) sayS3Status(code, message string, status int) *Failure {
	f.s3 = &api.Fault{Code: code, Message: message, Status: status}
	return f
}

// failQuery is a fault of a parameter of a presigned URL, which S3 and the
// others word alike.
func failQuery(message string) *Failure {
	return failIncomplete("%s", message).sayS3(queryMalformed, message)
}

// inS3 is the failure as S3 says it.
func (f *Failure) inS3() *api.Fault {
	if f.s3 == nil {
		return &api.Fault{Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden}
	}
	return f.s3
}

// malformedInS3 is the code for a bad part of a claim and the begin of its text.
func (c *claim) malformedInS3() (code, text string) {
	if c.presigned {
		return queryMalformed, "Error parsing the X-Amz-Credential parameter; "
	}
	return headerMalformed, "The authorization header is malformed; "
}

// scopeInS3 is the first fault of a credential scope.
func (c *claim) scopeInS3(service string, region func(string) bool) *api.Fault {
	code, text := c.malformedInS3()
	switch day := c.at.Format(basicDate); {
	case c.service != service:
		text += `incorrect service "` + clip(c.service) + `". This endpoint belongs to "` + service + `".`
	case c.terminator != terminator:
		text += `incorrect terminal "` + clip(c.terminator) + `". This endpoint uses "aws4_request".`
	case !region(c.region):
		text += "the region '" + clip(c.region) + "' is wrong"
	default:
		text += `Invalid credential date "` + clip(c.day) + `". This date is not the same as X-Amz-Date: "` + day + `".`
	}
	return &api.Fault{Code: code, Message: text, Status: http.StatusBadRequest}
}

const s3Time = "2006-01-02T15:04:05Z"

func (c *claim) skewed(now time.Time) *api.Fault {
	return &api.Fault{
		Code: "RequestTimeTooSkewed", Status: http.StatusForbidden,
		Message: "The difference between the request time and the current time is too large.",
		Extra: map[string]string{
			"RequestTime": c.at.Format(basicISO), "ServerTime": now.UTC().Format(s3Time),
			"MaxAllowedSkewMilliseconds": strconv.FormatInt(maxSkew.Milliseconds(), 10),
		},
	}
}

func (c *claim) expired(now time.Time) *api.Fault {
	return &api.Fault{
		Code: "AccessDenied", Status: http.StatusForbidden, Message: "Request has expired",
		Extra: map[string]string{
			"X-Amz-Expires": strconv.FormatInt(int64(c.lifetime/time.Second), 10),
			"Expires":       c.at.Add(c.lifetime).Format(s3Time), "ServerTime": now.UTC().Format(s3Time),
		},
	}
}

// about adds whose claim it was: S3 repeats what it computed, so that a signer
// can be mended.
func (f *Failure) about(c *claim) *Failure {
	if f.reason == unknownKey {
		f.s3 = &api.Fault{
			Code: "InvalidAccessKeyId", Status: http.StatusForbidden,
			Message: "The AWS Access Key Id you provided does not exist in our records.",
			Extra:   map[string]string{"AWSAccessKeyId": clip(c.accessKey)},
		}
		return f
	}
	f.s3 = &api.Fault{
		Code: "SignatureDoesNotMatch", Status: http.StatusForbidden,
		Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		Extra: map[string]string{
			"AWSAccessKeyId": clip(c.accessKey), "SignatureProvided": clip(c.signature),
			"StringToSign": f.toSign, "StringToSignBytes": hexBytes(f.toSign),
			"CanonicalRequest": f.canonical, "CanonicalRequestBytes": hexBytes(f.canonical),
		},
	}
	return f
}

func (f *Failure) wrongToken(c *claim) *Failure {
	f.s3 = &api.Fault{
		Code: "InvalidToken", Status: http.StatusBadRequest, Message: "The provided token is malformed or otherwise invalid.",
		Extra: map[string]string{"Token-0": clip(c.token)},
	}
	return f
}

func (f *Failure) oldToken(c *claim) *Failure {
	f.s3 = &api.Fault{
		Code: "ExpiredToken", Status: http.StatusBadRequest, Message: "The provided token has expired.",
		Extra: map[string]string{"Token-0": clip(c.token)},
	}
	return f
}

// hexBytes writes a text as S3 shows its bytes: pairs of digits with blanks.
func hexBytes(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(hex.EncodeToString([]byte{text[i]}))
	}
	return b.String()
}

// coversS3 wants what S3 wants beyond the others: every x-amz- header signed.
func (c *claim) coversS3(h http.Header) *Failure {
	for name := range h {
		if small := strings.ToLower(name); strings.HasPrefix(small, "x-amz-") && !c.signs(small) {
			return failUnsigned("'"+name+"'", small)
		}
	}
	return nil
}

// Anonymous tells whether a request makes no attempt at a signature.
func Anonymous(h http.Header, query url.Values) bool {
	if h.Get("Authorization") != "" {
		return false
	}
	return !slices.ContainsFunc([]string{"X-Amz-Algorithm", "X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId", "Signature"}, query.Has)
}
