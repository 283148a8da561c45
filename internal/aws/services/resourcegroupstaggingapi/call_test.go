package resourcegroupstaggingapi

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tamachi/internal/arn"
)

// What the calls for other resources do is seen in TestEveryKindOfResource...
func TestTheCallNamesTheResourceAsItsServiceDoes(t *testing.T) {
	set, remove := change{set: map[string]string{"a": "b"}}, change{remove: []string{"a"}}
	node := []types.Tag{{Key: new("a"), Value: new("b")}}
	for _, c := range []struct {
		name, arn string
		change    change
		operation string
		in        any
	}{
		{
			"a node by its id", "arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-0123456789abcdef0", set, "AddTagsToResource",
			&ssm.AddTagsToResourceInput{ResourceType: types.ResourceTypeForTaggingManagedInstance, ResourceId: new("mi-0123456789abcdef0"), Tags: node},
		},
		{
			"a document by its name", "arn:aws:ssm:eu-west-1:111122223333:document/clean", remove, "RemoveTagsFromResource",
			&ssm.RemoveTagsFromResourceInput{ResourceType: types.ResourceTypeForTaggingDocument, ResourceId: new("clean"), TagKeys: []string{"a"}},
		},
		{
			"a parameter by its ARN", "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b", set, "AddTagsToResource",
			&ssm.AddTagsToResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: new("arn:aws:ssm:eu-west-1:111122223333:parameter/a/b"), Tags: node},
		},
		{
			"a route table by its id", "arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-1", remove, "DeleteTags",
			&ec2.DeleteTagsInput{Resources: []string{"rtb-1"}, Tags: []ec2types.Tag{{Key: new("a")}}},
		},
		{
			"a role without its path", "arn:aws:iam::111122223333:role/service-role/node", remove, "UntagRole",
			&iam.UntagRoleInput{RoleName: new("node"), TagKeys: []string{"a"}},
		},
	} {
		a, err := arn.Parse(c.arn)
		if err != nil {
			t.Fatal(err)
		}
		_, operation, in := callFor(a, c.change)
		if diff := cmp.Diff(c.in, in, cmpopts.IgnoreUnexported(ssm.AddTagsToResourceInput{}, ssm.RemoveTagsFromResourceInput{}, types.Tag{}, ec2.DeleteTagsInput{}, ec2types.Tag{}, iam.UntagRoleInput{})); operation != c.operation || diff != "" {
			t.Errorf("%s: want %s, got %s (-want +got):\n%s", c.name, c.operation, operation, diff)
		}
	}
}
