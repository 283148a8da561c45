package resourcegroupstaggingapi

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/arn"
)

// forIAM is IAM's call: it has one for each type of resource.
func forIAM(a arn.ARN, c change) (service, operation string, in any) {
	name, whole, keys := new(nameOf(a)), new(a.String()), c.remove
	if c.set == nil {
		switch kindOf(a) {
		case "role":
			return "iam", "UntagRole", &iam.UntagRoleInput{RoleName: name, TagKeys: keys}
		case "policy":
			return "iam", "UntagPolicy", &iam.UntagPolicyInput{PolicyArn: whole, TagKeys: keys}
		case "instance-profile":
			return "iam", "UntagInstanceProfile", &iam.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: keys}
		case "mfa":
			return "iam", "UntagMFADevice", &iam.UntagMFADeviceInput{SerialNumber: whole, TagKeys: keys}
		default:
			return "iam", "UntagUser", &iam.UntagUserInput{UserName: name, TagKeys: keys}
		}
	}
	tags := each(c.set, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
	switch kindOf(a) {
	case "role":
		return "iam", "TagRole", &iam.TagRoleInput{RoleName: name, Tags: tags}
	case "policy":
		return "iam", "TagPolicy", &iam.TagPolicyInput{PolicyArn: whole, Tags: tags}
	case "instance-profile":
		return "iam", "TagInstanceProfile", &iam.TagInstanceProfileInput{InstanceProfileName: name, Tags: tags}
	case "mfa":
		return "iam", "TagMFADevice", &iam.TagMFADeviceInput{SerialNumber: whole, Tags: tags}
	default:
		return "iam", "TagUser", &iam.TagUserInput{UserName: name, Tags: tags}
	}
}
