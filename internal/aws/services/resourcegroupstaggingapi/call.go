package resourcegroupstaggingapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	alarmtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ruletypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	workspacestypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
)

// callFor is the call of a resource's own service that changes its tags. The
// room of the service said that the ARN is one of its resources.
func callFor(a arn.ARN, c change) (service, operation string, in any) {
	switch a.Service {
	case "cloudtrail":
		return forTrail(a, c)
	case "cloudwatch":
		return forAlarm(a, c)
	case "ds":
		return forDirectory(a, c)
	case "ec2":
		return forNetwork(a, c)
	case "events":
		return forRule(a, c)
	case "iam":
		return forIAM(a, c)
	case "kms":
		return forKey(a, c)
	case "logs":
		return forLogGroup(a, c)
	case "resource-groups":
		return forGroup(a, c)
	case "sns":
		return forTopic(a, c)
	case "ssm":
		return forSystemsManager(a, c)
	default:
		return forDesktop(a, c)
	}
}

// kindOf is the type in an ARN, and nameOf its last part.
func kindOf(a arn.ARN) string {
	kind, _, _ := strings.Cut(a.Resource, "/")
	return kind
}

func nameOf(a arn.ARN) string { return a.Resource[strings.LastIndexByte(a.Resource, '/')+1:] }

// each makes a service's own tags of those to set.
func each[T any](tags map[string]string, of func(key, value *string) T) []T {
	out := make([]T, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, of(new(key), new(tags[key])))
	}
	return out
}

func forTrail(a arn.ARN, c change) (service, operation string, in any) {
	id := new(a.String())
	if c.set == nil {
		var list []trailtypes.Tag
		for _, key := range c.remove {
			list = append(list, trailtypes.Tag{Key: new(key)})
		}
		return "cloudtrail", "RemoveTags", &cloudtrail.RemoveTagsInput{ResourceId: id, TagsList: list}
	}
	list := each(c.set, func(k, v *string) trailtypes.Tag { return trailtypes.Tag{Key: k, Value: v} })
	return "cloudtrail", "AddTags", &cloudtrail.AddTagsInput{ResourceId: id, TagsList: list}
}

func forAlarm(a arn.ARN, c change) (service, operation string, in any) {
	name := new(a.String())
	if c.set == nil {
		return "cloudwatch", "UntagResource", &cloudwatch.UntagResourceInput{ResourceARN: name, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) alarmtypes.Tag { return alarmtypes.Tag{Key: k, Value: v} })
	return "cloudwatch", "TagResource", &cloudwatch.TagResourceInput{ResourceARN: name, Tags: list}
}

func forDirectory(a arn.ARN, c change) (service, operation string, in any) {
	id := new(nameOf(a))
	if c.set == nil {
		return "ds", "RemoveTagsFromResource", &directoryservice.RemoveTagsFromResourceInput{ResourceId: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) dstypes.Tag { return dstypes.Tag{Key: k, Value: v} })
	return "ds", "AddTagsToResource", &directoryservice.AddTagsToResourceInput{ResourceId: id, Tags: list}
}

func forNetwork(a arn.ARN, c change) (service, operation string, in any) {
	if c.set == nil {
		var list []ec2types.Tag
		for _, key := range c.remove {
			list = append(list, ec2types.Tag{Key: new(key)}) // whatever its value
		}
		return "ec2", "DeleteTags", &ec2.DeleteTagsInput{Resources: []string{nameOf(a)}, Tags: list}
	}
	list := each(c.set, func(k, v *string) ec2types.Tag { return ec2types.Tag{Key: k, Value: v} })
	return "ec2", "CreateTags", &ec2.CreateTagsInput{Resources: []string{nameOf(a)}, Tags: list}
}

func forRule(a arn.ARN, c change) (service, operation string, in any) {
	id := new(a.String())
	if c.set == nil {
		return "events", "UntagResource", &eventbridge.UntagResourceInput{ResourceARN: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) ruletypes.Tag { return ruletypes.Tag{Key: k, Value: v} })
	return "events", "TagResource", &eventbridge.TagResourceInput{ResourceARN: id, Tags: list}
}

func forKey(a arn.ARN, c change) (service, operation string, in any) {
	id := new(a.String())
	if c.set == nil {
		return "kms", "UntagResource", &kms.UntagResourceInput{KeyId: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) kmstypes.Tag { return kmstypes.Tag{TagKey: k, TagValue: v} })
	return "kms", "TagResource", &kms.TagResourceInput{KeyId: id, Tags: list}
}

func forLogGroup(a arn.ARN, c change) (service, operation string, in any) {
	name := new(a.String())
	if c.set == nil {
		return "logs", "UntagResource", &cloudwatchlogs.UntagResourceInput{ResourceArn: name, TagKeys: c.remove}
	}
	return "logs", "TagResource", &cloudwatchlogs.TagResourceInput{ResourceArn: name, Tags: c.set}
}

func forGroup(a arn.ARN, c change) (service, operation string, in any) {
	id := new(a.String())
	if c.set == nil {
		return "resource-groups", "Untag", &resourcegroups.UntagInput{Arn: id, Keys: c.remove}
	}
	return "resource-groups", "Tag", &resourcegroups.TagInput{Arn: id, Tags: c.set}
}

func forTopic(a arn.ARN, c change) (service, operation string, in any) {
	id := new(a.String())
	if c.set == nil {
		return "sns", "UntagResource", &sns.UntagResourceInput{ResourceArn: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) snstypes.Tag { return snstypes.Tag{Key: k, Value: v} })
	return "sns", "TagResource", &sns.TagResourceInput{ResourceArn: id, Tags: list}
}

func forSystemsManager(a arn.ARN, c change) (service, operation string, in any) {
	kind, id := ssmtypes.ResourceTypeForTaggingParameter, new(a.String()) // an ARN: /x and x have the same one
	switch kindOf(a) {
	case "document":
		kind, id = ssmtypes.ResourceTypeForTaggingDocument, new(strings.TrimPrefix(a.Resource, "document/"))
	case "managed-instance":
		kind, id = ssmtypes.ResourceTypeForTaggingManagedInstance, new(nameOf(a))
	}
	if c.set == nil {
		return "ssm", "RemoveTagsFromResource", &ssm.RemoveTagsFromResourceInput{ResourceType: kind, ResourceId: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) ssmtypes.Tag { return ssmtypes.Tag{Key: k, Value: v} })
	return "ssm", "AddTagsToResource", &ssm.AddTagsToResourceInput{ResourceType: kind, ResourceId: id, Tags: list}
}

func forDesktop(a arn.ARN, c change) (service, operation string, in any) {
	id := new(nameOf(a))
	if c.set == nil {
		return "workspaces", "DeleteTags", &workspaces.DeleteTagsInput{ResourceId: id, TagKeys: c.remove}
	}
	list := each(c.set, func(k, v *string) workspacestypes.Tag { return workspacestypes.Tag{Key: k, Value: v} })
	return "workspaces", "CreateTags", &workspaces.CreateTagsInput{ResourceId: id, Tags: list}
}
