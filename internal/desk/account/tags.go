package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
)

// Tags reads the tags of many resources.
type Tags interface {
	GetResources(context.Context, *resourcegroupstaggingapi.GetResourcesInput, ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error)
}

// DesktopTags reads the tags of all desktops that have some, by their ids. Its
// errors are *Problem.
func DesktopTags(ctx context.Context, api Tags) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	err := Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
			ResourceTypeFilters: []string{"workspaces:workspace"}, ResourcesPerPage: aws.Int32(100), PaginationToken: token,
		})
		if err != nil {
			return nil, Explain("tag:GetResources", err)
		}
		for _, r := range out.ResourceTagMappingList {
			name := aws.ToString(r.ResourceARN)
			tags := map[string]string{}
			for _, t := range r.Tags {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			all[name[strings.LastIndexByte(name, '/')+1:]] = tags
		}
		return out.PaginationToken, nil
	})
	return all, err
}
