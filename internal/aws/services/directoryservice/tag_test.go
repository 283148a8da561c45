package directoryservice_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
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
