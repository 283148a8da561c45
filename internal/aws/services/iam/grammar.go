package iam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/policy"
)

// What IAM asks of a document when it is stored, beyond what package policy
// refuses: its version and the form of resources.
// Source: IAM User Guide, "IAM JSON policy elements reference".

// malformed is IAM's refusal of a document.
func malformed(format string, args ...any) error {
	return &types.MalformedPolicyDocumentException{Message: new(fmt.Sprintf(format, args...))}
}

// checkIdentityPolicy refuses a document that cannot be the policy of a user,
// group or role.
func checkIdentityPolicy(text string) error {
	d, err := policy.Parse(text)
	if err != nil {
		return malformed("%s", err)
	}
	if d.Version != "2012-10-17" {
		return malformed("Policy document must be version 2012-10-17 or greater.")
	}
	for _, s := range d.Statements {
		for _, r := range s.Resources {
			if err := checkResource(r); err != nil {
				return err
			}
		}
	}
	return nil
}

var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "*"}

// iamResources are the beginnings of IAM's own resources.
var iamResources = []string{
	"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
	"sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
}

// checkResource refuses what looks like an ARN and is none.
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
	return checkPlace(resource, p[2], p[3], p[5])
}

// checkPlace knows the services whose resources have no Region.
func checkPlace(resource, service, region, path string) error {
	switch {
	case service == "iam" && region != "":
		return malformed("IAM resource %s cannot contain region information.", resource)
	case service == "s3" && region != "" && region != "*" && !strings.HasPrefix(path, "accesspoint/"):
		return malformed("Resource %s can not contain region information.", resource)
	case service == "iam" && !beginsAny(path, iamResources):
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

// beginsAny tells whether a path begins with one of the kinds; a wildcard may
// stand inside the kind.
func beginsAny(path string, kinds []string) bool {
	head, _, wild := strings.Cut(path, "*")
	return slices.ContainsFunc(kinds, func(kind string) bool {
		return strings.HasPrefix(path, kind) || wild && strings.HasPrefix(kind, head)
	})
}
