package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
)

func (r roleRoom) group(name string) {
	r.t.Helper()
	r.done(r.CreateGroup(r.t.Context(), &sdk.CreateGroupInput{GroupName: &name}))
}

func TestGroupsHaveUsers(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	sales := aws.String("Sales")
	made, err := r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: sales, Path: aws.String("/all/")})
	r.done(made, err)
	want(t, "ARN", "arn:aws:iam::"+r.plane.Access().Account+":group/all/Sales", *made.Group.Arn)
	if !strings.HasPrefix(*made.Group.GroupId, "AGPA") {
		t.Errorf("want AGPA..., got %s", *made.Group.GroupId)
	}
	for _, name := range []string{"carol", "alice", "bob"} {
		r.user(name)
		r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: aws.String("sales"), UserName: &name}))
	}
	r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: sales, UserName: aws.String("bob")})) // is in it already
	var names []string
	pages := sdk.NewGetGroupPaginator(r.Client, &sdk.GetGroupInput{GroupName: sales, MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		r.done(out, err)
		for _, u := range out.Users {
			names = append(names, *u.UserName)
		}
	}
	want(t, "members", "alice bob carol", strings.Join(names, " "))
	r.done(r.RemoveUserFromGroup(ctx, &sdk.RemoveUserFromGroupInput{GroupName: sales, UserName: aws.String("bob")}))
	out, err := r.GetGroup(ctx, &sdk.GetGroupInput{GroupName: sales})
	r.done(out, err)
	want(t, "members left", 2, len(out.Users))

	r.no("EntityAlreadyExists", "Group with name SALES already exists.")(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: aws.String("SALES")}))
	r.no("NoSuchEntity", "The group with name none cannot be found.")(r.GetGroup(ctx, &sdk.GetGroupInput{GroupName: aws.String("none")}))
	r.no("NoSuchEntity", "The group with name none")(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: aws.String("none"), UserName: aws.String("bob")}))
	r.no("NoSuchEntity", "The user with name nobody")(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: sales, UserName: aws.String("nobody")}))
	r.no("NoSuchEntity", "bob")(r.RemoveUserFromGroup(ctx, &sdk.RemoveUserFromGroupInput{GroupName: sales, UserName: aws.String("bob")}))
}

func TestGroupsAreRenamedAndDeleted(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	r.group("before")
	r.group("other")
	r.user("alice")
	r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: aws.String("before"), UserName: aws.String("alice")}))
	r.done(r.UpdateGroup(ctx, &sdk.UpdateGroupInput{GroupName: aws.String("BEFORE"), NewGroupName: aws.String("after"), NewPath: aws.String("/p/")}))
	of, err := r.ListGroupsForUser(ctx, &sdk.ListGroupsForUserInput{UserName: aws.String("alice")})
	r.done(of, err)
	want(t, "the member's group", "/p/after", *of.Groups[0].Path+*of.Groups[0].GroupName)
	r.no("EntityAlreadyExists", "Group with name other already exists.")(r.UpdateGroup(ctx, &sdk.UpdateGroupInput{GroupName: aws.String("after"), NewGroupName: aws.String("other")}))
	r.no("NoSuchEntity", "before")(r.UpdateGroup(ctx, &sdk.UpdateGroupInput{GroupName: aws.String("before")}))
	r.no("NoSuchEntity", "nobody")(r.ListGroupsForUser(ctx, &sdk.ListGroupsForUserInput{UserName: aws.String("nobody")}))

	r.no("DeleteConflict", "must remove users from group first")(r.DeleteGroup(ctx, &sdk.DeleteGroupInput{GroupName: aws.String("after")}))
	r.done(r.RemoveUserFromGroup(ctx, &sdk.RemoveUserFromGroupInput{GroupName: aws.String("after"), UserName: aws.String("alice")}))
	r.done(r.DeleteGroup(ctx, &sdk.DeleteGroupInput{GroupName: aws.String("after")}))
	r.no("NoSuchEntity", "after")(r.DeleteGroup(ctx, &sdk.DeleteGroupInput{GroupName: aws.String("after")}))
	r.no("NoSuchEntity", "after")(r.GetGroup(ctx, &sdk.GetGroupInput{GroupName: aws.String("after")}))
	all, err := r.ListGroups(ctx, &sdk.ListGroupsInput{PathPrefix: aws.String("/")})
	r.done(all, err)
	want(t, "groups left", 1, len(all.Groups))
	r.no("ValidationError", "Invalid Marker.")(r.ListGroups(ctx, &sdk.ListGroupsInput{Marker: aws.String("made-up")}))
}

func TestAUserIsInTenGroupsAtMost(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	r.user("busy")
	for i := range 11 {
		name := fmt.Sprint("group", i)
		r.group(name)
		in := &sdk.AddUserToGroupInput{GroupName: &name, UserName: aws.String("busy")}
		if i < 10 {
			r.done(r.AddUserToGroup(ctx, in))
			continue
		}
		r.no("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")(r.AddUserToGroup(ctx, in))
	}
}
