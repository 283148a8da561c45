package iam

import (
	"encoding/json"
	"slices"
	"strings"
)

var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "*"}

// iamResources are the beginnings of IAM's own resources.
var iamResources = []string{
	"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
	"sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
}

func checkResource(resource string) error {
	if resource == "*" {
		return nil
	}
	p := strings.SplitN(resource, ":", 6)
	if len(p) < 2 || p[0] != "arn" {
		return malformed(`Resource %s must be in ARN format or "*".`, resource)
	}
	if !slices.Contains(partitions, p[1]) {
		return malformed(`Partition "%s" is not valid for resource "%s".`, p[1], whole(p))
	}
	if len(p) < 6 && (len(p) < 3 || !strings.Contains(resource, "*")) {
		return malformed("The policy failed legacy parsing")
	}
	if strings.ContainsAny(p[2], "*?") && len(p) > 3 || p[2] == "" {
		return malformed("Resource vendor must be fully qualified and cannot contain regexes.")
	}
	if len(p) < 6 {
		return nil // a wildcard stands for the rest
	}
	region, path := p[3], p[5]
	switch {
	case p[2] == "iam" && region != "":
		return malformed("IAM resource %s cannot contain region information.", resource)
	case p[2] == "s3" && region != "" && region != "*" && !strings.HasPrefix(path, "accesspoint/"):
		return malformed("Resource %s can not contain region information.", resource)
	case p[2] == "iam" && !beginsAny(path, iamResources):
		return malformed(`IAM resource path must either be "*" or start with %s.`, strings.Join(iamResources, ", "))
	}
	return nil
}

// whole writes an ARN with stars for the parts that are missing.
func whole(parts []string) string {
	for len(parts) < 6 {
		parts = append(parts, "*")
	}
	return strings.Join(parts, ":")
}

func beginsAny(path string, beginnings []string) bool {
	return strings.HasPrefix(path, "*") || slices.ContainsFunc(beginnings, func(b string) bool {
		// A wildcard may stand inside the kind of the resource.
		head, _, wild := strings.Cut(path, "*")
		return strings.HasPrefix(path, b) || wild && strings.HasPrefix(b, head)
	})
}

// operators are the condition operators, without ForAnyValue:, ForAllValues:
// and IfExists (IAM User Guide, "IAM JSON policy elements: Condition
// operators").
var operators = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// checkCondition tells whether a Condition element has operators that exist and
// values that are texts, numbers or truths.
func checkCondition(raw json.RawMessage) bool {
	blocks, ok := members(raw)
	if !ok {
		return false
	}
	for operator, raw := range blocks {
		name := operator
		if _, after, several := strings.Cut(operator, ":"); several {
			if !strings.HasPrefix(operator, "ForAnyValue:") && !strings.HasPrefix(operator, "ForAllValues:") {
				return false
			}
			name = after
		}
		if !slices.Contains(operators, strings.TrimSuffix(name, "IfExists")) {
			return false
		}
		keys, ok := members(raw)
		if !ok {
			return false
		}
		for key, value := range keys {
			if !strings.Contains(key, ":") || !plainValues(value) {
				return false
			}
		}
	}
	return true
}

func plainValues(raw json.RawMessage) bool {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	many, ok := v.([]any)
	if !ok {
		many = []any{v}
	}
	return !slices.ContainsFunc(many, func(v any) bool {
		switch v.(type) {
		case string, bool, float64:
			return false
		}
		return true
	})
}
