package directoryservice_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/apitest"
)

// code is the code of an error, or "" for none.
func code(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	return fmt.Sprint(err)
}

// TestTagsOfARequestDecide lets a caller make only directories that get a tag, of
// each kind.
func TestTagsOfARequestDecide(t *testing.T) {
	plane := apitest.Start(t, apitest.Options{})
	ctx, place, cfg := t.Context(), standing(t, plane), plane.Config()
	as, err := sts.NewFromConfig(cfg).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: new("shimizu"), Policy: new(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
		"Action":["ds:CreateDirectory","ds:CreateMicrosoftAD","ds:ConnectDirectory"],"Resource":"*",
		"Condition":{"StringEquals":{"aws:RequestTag/team":"vdi"},"ForAllValues:StringEquals":{"aws:TagKeys":"team"}}}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*as.Credentials.AccessKeyId, *as.Credentials.SecretAccessKey, *as.Credentials.SessionToken)
	c := ds.NewFromConfig(cfg)
	team, floor := types.Tag{Key: new("team"), Value: new("vdi")}, types.Tag{Key: new("floor"), Value: new("3")}
	for _, r := range []struct {
		tags []types.Tag
		want string
	}{{nil, "AccessDeniedException"}, {[]types.Tag{team, floor}, "AccessDeniedException"}, {[]types.Tag{team}, "<nil>"}} {
		_, simple := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("Secret-1234"), Size: types.DirectorySizeSmall, Tags: r.tags})
		_, microsoft := c.CreateMicrosoftAD(ctx, &ds.CreateMicrosoftADInput{Name: new("corp.example.com"), Password: new("Secret-1234"), VpcSettings: place, Tags: r.tags})
		_, connected := c.ConnectDirectory(ctx, &ds.ConnectDirectoryInput{
			Name: new("corp.example.com"), Password: new("Secret-1234"), Size: types.DirectorySizeSmall, Tags: r.tags,
			ConnectSettings: &types.DirectoryConnectSettings{VpcId: place.VpcId, SubnetIds: place.SubnetIds, CustomerDnsIps: []string{"127.0.0.9"}, CustomerUserName: new("svc")},
		})
		for kind, err := range map[string]error{"simple": simple, "microsoft": microsoft, "connected": connected} {
			if got := code(err); got != r.want {
				t.Errorf("%s with %d tags: want %s, got %v", kind, len(r.tags), r.want, err)
			}
		}
	}
}

func TestTagsOfADirectoryChange(t *testing.T) {
	c, ctx := ds.NewFromConfig(apitest.Start(t, apitest.Options{}).Config()), t.Context()
	made, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Secret-1234"), Size: types.DirectorySizeSmall,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("sales")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	id := made.DirectoryId
	tags := func() (out []string) {
		t.Helper()
		list, err := c.ListTagsForResource(ctx, &ds.ListTagsForResourceInput{ResourceId: id})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range list.Tags {
			out = append(out, *g.Key+"="+*g.Value)
		}
		return out
	}
	add := func(id *string, pairs ...string) error {
		in := &ds.AddTagsToResourceInput{ResourceId: id}
		for i := 0; i < len(pairs); i += 2 {
			in.Tags = append(in.Tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
		}
		_, err := c.AddTagsToResource(ctx, in)
		return err
	}
	remove := func(id *string, keys ...string) error {
		_, err := c.RemoveTagsFromResource(ctx, &ds.RemoveTagsFromResourceInput{ResourceId: id, TagKeys: keys})
		return err
	}
	for range 2 { // the second time changes nothing
		if err := add(id, "team", "it", "floor", "3"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"team=it", "floor=3"}, tags()); diff != "" {
			t.Errorf("after adding (-want +got):\n%s", diff)
		}
	}
	for range 2 {
		if err := remove(id, "team", "none"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"floor=3"}, tags()); diff != "" {
			t.Errorf("after removing (-want +got):\n%s", diff)
		}
	}
	var many []string
	for i := range 50 {
		many = append(many, fmt.Sprint("k", i), "v")
	}
	nobody := aws.String("d-0000000000")
	for _, r := range []struct {
		name string
		err  error
		want string
	}{
		{"more tags than a directory can have", add(id, many...), "TagLimitExceededException"},
		{"a key that is reserved", add(id, "aws:x", "y"), "InvalidParameterException"},
		{"a key that is given twice", add(id, "a", "b", "a", "c"), "InvalidParameterException"},
		{"tags of no directory", add(nobody, "a", "b"), "EntityDoesNotExistException"},
		{"keys of no directory", remove(nobody, "a"), "EntityDoesNotExistException"},
	} {
		if got := code(r.err); got != r.want {
			t.Errorf("%s: want %s, got %s", r.name, r.want, got)
		}
	}
	if diff := cmp.Diff([]string{"floor=3"}, tags()); diff != "" {
		t.Errorf("after the refusals (-want +got):\n%s", diff)
	}
	if err := add(id, "team", "sales"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"floor=3", "team=sales"}, tags()); diff != "" {
		t.Errorf("after a tag came back (-want +got):\n%s", diff)
	}
}
