package workspaces_test

import (
	"fmt"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

func (p *plane) tags(id string) map[string]string {
	p.t.Helper()
	out := map[string]string{}
	for _, t := range must[sdk.DescribeTagsOutput](p, "DescribeTags", &sdk.DescribeTagsInput{ResourceId: &id}).TagList {
		out[*t.Key] = *t.Value
	}
	return out
}

func TestTagsOfADesktop(t *testing.T) {
	p := open(t)
	p.register()
	r := request("fujita.kouhei")
	r.Tags = []types.Tag{{Key: new("Team"), Value: new("sales")}}
	id := *p.create(r).PendingRequests[0].WorkspaceId
	same(t, "tags of the request", map[string]string{"Team": "sales"}, p.tags(id))
	must[sdk.CreateTagsOutput](p, "CreateTags", &sdk.CreateTagsInput{ResourceId: &id, Tags: []types.Tag{{Key: new("Team"), Value: new("it")}, {Key: new("Floor"), Value: new("3")}}})
	same(t, "tags after CreateTags", map[string]string{"Team": "it", "Floor": "3"}, p.tags(id))
	must[sdk.DeleteTagsOutput](p, "DeleteTags", &sdk.DeleteTagsInput{ResourceId: &id, TagKeys: []string{"Team", "None"}})
	same(t, "tags after DeleteTags", map[string]string{"Floor": "3"}, p.tags(id))
	same(t, "tags handed to the provider", map[string]string{"Floor": "3"}, p.job(id).Spec.Tags)

	var many []types.Tag
	for i := range 50 {
		many = append(many, types.Tag{Key: new(fmt.Sprint("k", i)), Value: new("v")})
	}
	p.refused("CreateTags", &sdk.CreateTagsInput{ResourceId: &id, Tags: many}, "ResourceLimitExceededException")
	p.refused("CreateTags", &sdk.CreateTagsInput{ResourceId: &id, Tags: []types.Tag{{Key: new("aws:x"), Value: new("v")}}}, "InvalidParameterValuesException")
	same(t, "tags after refusals", map[string]string{"Floor": "3"}, p.tags(id))
}

func TestTagsOfADirectory(t *testing.T) {
	p := open(t)
	p.register()
	must[sdk.CreateTagsOutput](p, "CreateTags", &sdk.CreateTagsInput{ResourceId: new(corp), Tags: []types.Tag{{Key: new("Team"), Value: new("it")}}})
	same(t, "tags", map[string]string{"Team": "it"}, p.tags(corp))
	for _, id := range []string{"d-9999999999", "ws-zzzzzzzzz"} {
		p.refused("CreateTags", &sdk.CreateTagsInput{ResourceId: &id, Tags: []types.Tag{{Key: new("a"), Value: new("b")}}}, "ResourceNotFoundException")
		p.refused("DeleteTags", &sdk.DeleteTagsInput{ResourceId: &id, TagKeys: []string{"a"}}, "ResourceNotFoundException")
		p.refused("DescribeTags", &sdk.DescribeTagsInput{ResourceId: &id}, "ResourceNotFoundException")
	}
}
