package s3

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// corsRule lets pages of other origins use a bucket.
// Source: Amazon S3 User Guide, "Elements of a CORS configuration".
type corsRule struct {
	ID      string `json:",omitempty"`
	Origins []string
	Methods []string
	Headers []string `json:",omitempty"`
	Expose  []string `json:",omitempty"`
	MaxAge  *int32   `json:",omitempty"` // seconds
}

// maxCORSRules is how many rules a configuration may have.
const maxCORSRules = 100

var corsMethods = []string{"GET", "PUT", "HEAD", "POST", "DELETE"}

// readCORS reads the rules of a configuration.
func readCORS(in []types.CORSRule) ([]corsRule, error) {
	if len(in) == 0 || len(in) > maxCORSRules {
		return nil, malformedXML()
	}
	out := make([]corsRule, len(in))
	for i, r := range in {
		if len(r.AllowedMethods) == 0 || len(r.AllowedOrigins) == 0 || len(aws.ToString(r.ID)) > 255 {
			return nil, malformedXML()
		}
		for _, m := range r.AllowedMethods {
			if !slices.Contains(corsMethods, m) {
				return nil, invalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + m)
			}
		}
		if err := oneWildcard("AllowedOrigin", r.AllowedOrigins); err != nil {
			return nil, err
		}
		if err := oneWildcard("AllowedHeader", r.AllowedHeaders); err != nil {
			return nil, err
		}
		for _, h := range r.ExposeHeaders {
			if strings.Contains(h, "*") {
				return nil, invalidRequest(fmt.Sprintf("ExposeHeader %q contains wildcard. We currently do not support wildcard for ExposeHeader.", h))
			}
		}
		out[i] = corsRule{
			ID: aws.ToString(r.ID), Origins: r.AllowedOrigins, Methods: r.AllowedMethods, Headers: r.AllowedHeaders,
			Expose: r.ExposeHeaders, MaxAge: r.MaxAgeSeconds,
		}
	}
	return out, nil
}

func oneWildcard(element string, values []string) error {
	for _, v := range values {
		if strings.Count(v, "*") > 1 {
			return invalidRequest(fmt.Sprintf("%s %q can not have more than one wildcard.", element, v))
		}
	}
	return nil
}

func (r corsRule) show() types.CORSRule {
	out := types.CORSRule{AllowedOrigins: r.Origins, AllowedMethods: r.Methods, AllowedHeaders: r.Headers, ExposeHeaders: r.Expose, MaxAgeSeconds: r.MaxAge}
	if r.ID != "" {
		out.ID = aws.String(r.ID)
	}
	return out
}

// Origin returns the headers of an answer to a page of another origin: those of
// the first rule that fits its method and the headers that it wants to send.
// Source: Amazon S3 User Guide, "How does Amazon S3 evaluate the CORS
// configuration on a bucket?".
func (s *Service) Origin(ctx context.Context, name, origin, method string, headers []string) (map[string]string, error) {
	b, err := s.find(ctx, name)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, forbidden("Bucket not found")
	}
	if len(b.CORS) == 0 {
		return nil, forbidden("CORS is not enabled for this bucket.")
	}
	for _, r := range b.CORS {
		if answer := r.answer(origin, method, headers); answer != nil {
			return answer, nil
		}
	}
	return nil, forbidden("This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
}

func forbidden(why string) error {
	return fault(statusForbidden, "AccessForbidden", "CORSResponse: "+why)
}

// answer are the headers of an answer to which the rule applies, else nil.
func (r corsRule) answer(origin, method string, headers []string) map[string]string {
	i := slices.IndexFunc(r.Origins, func(o string) bool { return fitsWildcard(o, origin) })
	if i < 0 || !slices.Contains(r.Methods, method) {
		return nil
	}
	for _, h := range headers {
		if !slices.ContainsFunc(r.Headers, func(allowed string) bool { return fitsWildcard(strings.ToLower(allowed), strings.ToLower(h)) }) {
			return nil
		}
	}
	out := map[string]string{
		"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Methods": strings.Join(r.Methods, ", "),
		"Vary":                         "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
	}
	if r.Origins[i] == "*" {
		out["Access-Control-Allow-Origin"] = "*"
		delete(out, "Access-Control-Allow-Credentials")
	}
	if len(headers) > 0 {
		out["Access-Control-Allow-Headers"] = strings.ToLower(strings.Join(headers, ", "))
	}
	if len(r.Expose) > 0 {
		out["Access-Control-Expose-Headers"] = strings.Join(r.Expose, ", ")
	}
	if r.MaxAge != nil {
		out["Access-Control-Max-Age"] = strconv.Itoa(int(*r.MaxAge))
	}
	return out
}

// fitsWildcard tells whether a text fits a pattern with at most one "*".
func fitsWildcard(pattern, text string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == text
	}
	return len(text) >= len(before)+len(after) && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
}
