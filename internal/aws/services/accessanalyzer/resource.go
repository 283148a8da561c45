package accessanalyzer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
)

func (c checker) checkResources(s site) {
	m, _ := s.either("Resource")
	switch {
	case m != nil && c.trust():
		c.find("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", s.name(m))
		return
	case m == nil && c.trust():
		return
	case m == nil:
		c.find("MISSING_RESOURCE", s)
		return
	}
	at := s.under(m)
	if m.value.kind == isArray && len(m.value.items) == 0 {
		c.find("EMPTY_ARRAY_RESOURCE", at)
		return
	}
	texts := c.texts(at)
	for _, v := range texts {
		c.checkResource(v)
	}
	if m.name == "Resource" {
		c.redundant("REDUNDANT_RESOURCE", at, texts, func(text string) string { return text })
	}
}

// The partitions of AWS. Source: IAM User Guide, "Identify AWS resources with
// Amazon Resource Names (ARNs)".
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

var accountForm = regexp.MustCompile(`^\d{12}$`)

// regionless are services whose ARNs have no Region, accountless those of S3's
// buckets and objects.
var regionless = []string{"iam", "organizations", "s3", "route53", "cloudfront"}

func (c checker) checkResource(at site) {
	text := at.value.text
	if text == "*" {
		return
	}
	c.checkVariables(at)
	if !strings.HasPrefix(text, "arn:") {
		c.find("INVALID_ARN_PREFIX", at)
		return
	}
	p := split(text)
	if len(p) < 6 {
		if !strings.HasSuffix(text, "*") || len(p) < 3 {
			c.find("MISSING_ARN_FIELD", at, "6")
		}
		return
	}
	c.checkParts(at, p)
}

// checkParts looks at the six parts of an ARN; what wildcards and variables leave
// open is left alone.
func (c checker) checkParts(at site, p []string) {
	open := func(part string) bool { return strings.ContainsAny(part, "*?$") }
	service, region, account := p[2], p[3], p[4]
	switch {
	case !open(p[1]) && !slices.Contains(partitions, p[1]):
		c.find("INVALID_PARTITION", at, service, p[1], strings.Join(partitions, ", "))
	case strings.ToLower(service) != service:
		c.find("INVALID_ARN_SERVICE_CASE", at, service)
	case region != "" && !open(region) && slices.Contains(regionless, service) && !strings.HasPrefix(p[5], "accesspoint/"):
		c.find("ARN_REGION_NOT_ALLOWED", at, service)
	case service == "s3" && account != "" && !open(account) && region == "" && !strings.ContainsAny(p[5], ":") && !strings.HasPrefix(p[5], "accesspoint"):
		c.find("ARN_ACCOUNT_NOT_ALLOWED", at, service)
	case account != "" && account != "aws" && !open(account) && !accountForm.MatchString(account):
		c.find("INVALID_ARN_ACCOUNT", at, account)
	}
}

// split cuts an ARN into its six parts; colons within variables do not count.
func split(text string) []string {
	var out []string
	depth, start := 0, 0
	for i := range len(text) {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == ':' && depth == 0 && len(out) < 5:
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

// checkVariables looks at the policy variables of a text. Source: IAM User Guide,
// "IAM policy elements: Variables and tags".
func (c checker) checkVariables(at site) {
	rest := at.value.text
	for {
		i := strings.Index(rest, "${")
		if i < 0 {
			return
		}
		inner, after, closed := strings.Cut(rest[i+2:], "}")
		key, fallback, has := strings.Cut(inner, ",")
		fallback = strings.TrimSpace(fallback)
		switch {
		case !closed:
			c.find("MISSING_BRACE_IN_VARIABLE", at)
			return
		case inner == "*" || inner == "?" || inner == "$":
		case strings.TrimSpace(inner) == "":
			c.find("EMPTY_VARIABLE", at)
		case strings.ContainsAny(strings.TrimSpace(key), " "):
			c.find("UNSUPPORTED_SPACE_IN_VARIABLE", at)
		case has && (len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\''):
			c.find("MISSING_QUOTE_IN_VARIABLE", at)
		case !c.variable:
			c.find("VARIABLE_UNSUPPORTED_IN_VERSION", at)
		}
		rest = after
	}
}

// ofPrincipal tells whether a policy belongs to principals, so that it names none.
func (c checker) ofPrincipal() bool {
	return c.of == types.PolicyTypeIdentityPolicy || c.of == types.PolicyTypeServiceControlPolicy
}
