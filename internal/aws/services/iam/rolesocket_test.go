package iam_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/apitest"
)

// Documents that the tests give.
const (
	trustEC2  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	readSSM   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}`
	noVersion = `{"Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}`
)

// roleRoom is a plane with an SDK client of the room, over a socket.
type roleRoom struct {
	*sdk.Client
	t     *testing.T
	plane *apitest.Plane
}

func openRoles(t *testing.T) roleRoom {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	return roleRoom{sdk.NewFromConfig(p.Config()), t, p}
}

// done wants success.
func (r roleRoom) done(_ any, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// no wants an error of a code, with a text in it.
func (r roleRoom) no(code, text string) func(any, error) {
	return func(_ any, err error) {
		r.t.Helper()
		apitest.Refused(r.t, "the call", err, code, text)
	}
}

func (r roleRoom) role(name string) *types.Role {
	r.t.Helper()
	out, err := r.GetRole(r.t.Context(), &sdk.GetRoleInput{RoleName: &name})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Role
}

// want compares what came with what was wanted.
func want[T comparable](t *testing.T, what string, want, got T) {
	t.Helper()
	if want != got {
		t.Errorf("%s: want %v, got %v", what, want, got)
	}
}

func unescaped(t *testing.T, document *string) string {
	t.Helper()
	text, err := url.PathUnescape(aws.ToString(document))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tagsOf(tags []types.Tag) string {
	var all []string
	for _, t := range tags {
		all = append(all, *t.Key+"="+*t.Value)
	}
	return strings.Join(all, ",")
}

func TestRoleFromMakingToRemoval(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	name := new("Night-Watch")
	out, err := r.CreateRole(ctx, &sdk.CreateRoleInput{
		RoleName: name, Path: new("/team/"), AssumeRolePolicyDocument: new(trustEC2), Description: new("watches"),
		MaxSessionDuration: new(int32(7200)), Tags: []types.Tag{{Key: new("Team"), Value: new("it")}},
	})
	r.done(out, err)
	got := r.role("night-watch")
	want(t, "ARN", "arn:aws:iam::"+r.plane.Access().Account+":role/team/Night-Watch", *got.Arn)
	want(t, "id", *out.Role.RoleId, *got.RoleId)
	want(t, "length of the id", 21, len(*got.RoleId))
	want(t, "trust", trustEC2, unescaped(t, got.AssumeRolePolicyDocument))
	want(t, "session", 7200, *got.MaxSessionDuration)
	want(t, "tags", "Team=it", tagsOf(got.Tags))
	if got.RoleLastUsed == nil || got.RoleLastUsed.LastUsedDate != nil {
		t.Errorf("want an empty last use, got %v", got.RoleLastUsed)
	}
	r.no("EntityAlreadyExists", "Role with name NIGHT-WATCH already exists.")(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: new("NIGHT-WATCH"), AssumeRolePolicyDocument: new(trustEC2)}))

	r.done(r.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: name, MaxSessionDuration: new(int32(3600))}))
	r.done(r.UpdateRoleDescription(ctx, &sdk.UpdateRoleDescriptionInput{RoleName: name, Description: new("sleeps")}))
	other := strings.Replace(trustEC2, "ec2.", "ssm.", 1)
	r.done(r.UpdateAssumeRolePolicy(ctx, &sdk.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: &other}))
	r.done(r.TagRole(ctx, &sdk.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: new("team"), Value: new("ops")}, {Key: new("Cost"), Value: new("")}}}))
	got = r.role(*name)
	want(t, "session", 3600, *got.MaxSessionDuration)
	want(t, "description", "sleeps", *got.Description)
	want(t, "trust", other, unescaped(t, got.AssumeRolePolicyDocument))
	want(t, "tags", "Cost=,team=ops", tagsOf(got.Tags))
	r.done(r.UntagRole(ctx, &sdk.UntagRoleInput{RoleName: name, TagKeys: []string{"Cost", "none"}}))
	tags, err := r.ListRoleTags(ctx, &sdk.ListRoleTagsInput{RoleName: name})
	r.done(tags, err)
	want(t, "tags", "team=ops", tagsOf(tags.Tags))

	r.done(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}))
	r.no("NoSuchEntity", "The role with name Night-Watch cannot be found.")(r.GetRole(ctx, &sdk.GetRoleInput{RoleName: name}))
}

func TestRoleThatIsNot(t *testing.T) {
	r, ctx, none := openRoles(t), t.Context(), new("none")
	gone := r.no("NoSuchEntity", "The role with name none cannot be found.")
	gone(r.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: none}))
	gone(r.UpdateRoleDescription(ctx, &sdk.UpdateRoleDescriptionInput{RoleName: none, Description: none}))
	gone(r.UpdateAssumeRolePolicy(ctx, &sdk.UpdateAssumeRolePolicyInput{RoleName: none, PolicyDocument: new(trustEC2)}))
	gone(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: none}))
	gone(r.TagRole(ctx, &sdk.TagRoleInput{RoleName: none, Tags: []types.Tag{{Key: none, Value: none}}}))
	gone(r.UntagRole(ctx, &sdk.UntagRoleInput{RoleName: none, TagKeys: []string{"x"}}))
	gone(r.ListRoleTags(ctx, &sdk.ListRoleTagsInput{RoleName: none}))
	gone(r.ListInstanceProfilesForRole(ctx, &sdk.ListInstanceProfilesForRoleInput{RoleName: none}))
	gone(r.PutRolePermissionsBoundary(ctx, &sdk.PutRolePermissionsBoundaryInput{RoleName: none, PermissionsBoundary: new("arn:aws:iam::aws:policy/ReadOnlyAccess")}))
	gone(r.DeleteRolePermissionsBoundary(ctx, &sdk.DeleteRolePermissionsBoundaryInput{RoleName: none}))
}

func TestListRolesPages(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	for _, name := range []string{"b", "A", "c"} {
		r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: &name, Path: new("/p/"), AssumeRolePolicyDocument: new(trustEC2)}))
	}
	var names []string
	pages := sdk.NewListRolesPaginator(r, &sdk.ListRolesInput{PathPrefix: new("/p/"), MaxItems: new(int32(2))})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		r.done(out, err)
		for _, role := range out.Roles {
			names = append(names, *role.RoleName)
		}
	}
	want(t, "names", "A b c", strings.Join(names, " "))
	r.no("ValidationError", "Invalid Marker.")(r.ListRoles(ctx, &sdk.ListRolesInput{Marker: new("none")}))
}

func TestInstanceProfileFromMakingToRemoval(t *testing.T) {
	r, ctx, name, role := openRoles(t), t.Context(), new("Nodes"), new("node")
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: role, AssumeRolePolicyDocument: new(trustEC2)}))
	r.done(r.CreateInstanceProfile(ctx, &sdk.CreateInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{{Key: new("a"), Value: new("b")}}}))
	r.no("EntityAlreadyExists", "Instance Profile nodes already exists.")(r.CreateInstanceProfile(ctx, &sdk.CreateInstanceProfileInput{InstanceProfileName: new("nodes")}))
	r.no("NoSuchEntity", "The role with name none cannot be found.")(r.AddRoleToInstanceProfile(ctx, &sdk.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: new("none")}))
	r.done(r.AddRoleToInstanceProfile(ctx, &sdk.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: role}))
	r.no("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")(r.AddRoleToInstanceProfile(ctx, &sdk.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: role}))
	r.done(r.TagInstanceProfile(ctx, &sdk.TagInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{{Key: new("c"), Value: new("d")}}}))
	r.done(r.UntagInstanceProfile(ctx, &sdk.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: []string{"a"}}))
	tags, err := r.ListInstanceProfileTags(ctx, &sdk.ListInstanceProfileTagsInput{InstanceProfileName: name})
	r.done(tags, err)
	want(t, "tags", "c=d", tagsOf(tags.Tags))
	if err := sdk.NewInstanceProfileExistsWaiter(r).Wait(ctx, &sdk.GetInstanceProfileInput{InstanceProfileName: name}, 1e9); err != nil {
		t.Errorf("the waiter: %v", err)
	}
	out, err := r.GetInstanceProfile(ctx, &sdk.GetInstanceProfileInput{InstanceProfileName: name})
	r.done(out, err)
	want(t, "role", "node", *out.InstanceProfile.Roles[0].RoleName)
	of, err := r.ListInstanceProfilesForRole(ctx, &sdk.ListInstanceProfilesForRoleInput{RoleName: role})
	r.done(of, err)
	want(t, "profiles of the role", 1, len(of.InstanceProfiles))
	all, err := r.ListInstanceProfiles(ctx, &sdk.ListInstanceProfilesInput{})
	r.done(all, err)
	want(t, "profiles", 1, len(all.InstanceProfiles))

	r.no("DeleteConflict", "must remove roles from instance profile first")(r.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: role}))
	r.no("DeleteConflict", "must remove roles from instance profile first")(r.DeleteInstanceProfile(ctx, &sdk.DeleteInstanceProfileInput{InstanceProfileName: name}))
	r.done(r.RemoveRoleFromInstanceProfile(ctx, &sdk.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: role}))
	r.no("NoSuchEntity", "node")(r.RemoveRoleFromInstanceProfile(ctx, &sdk.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: role}))
	r.done(r.DeleteInstanceProfile(ctx, &sdk.DeleteInstanceProfileInput{InstanceProfileName: name}))
	gone := r.no("NoSuchEntity", "Instance Profile Nodes cannot be found.")
	gone(r.GetInstanceProfile(ctx, &sdk.GetInstanceProfileInput{InstanceProfileName: name}))
	gone(r.ListInstanceProfileTags(ctx, &sdk.ListInstanceProfileTagsInput{InstanceProfileName: name}))
	gone(r.TagInstanceProfile(ctx, &sdk.TagInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{{Key: new("a"), Value: new("b")}}}))
	gone(r.UntagInstanceProfile(ctx, &sdk.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: []string{"a"}}))
	r.no("ValidationError", "Invalid Marker.")(r.ListInstanceProfiles(ctx, &sdk.ListInstanceProfilesInput{Marker: new("none")}))
}
