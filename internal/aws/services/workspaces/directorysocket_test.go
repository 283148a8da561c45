package workspaces_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// TestIPGroupsOverASocket makes, fills, associates and deletes a group.
func TestIPGroupsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	rules := func(all ...string) []types.IpRuleItem {
		var out []types.IpRuleItem
		for _, r := range all {
			out = append(out, types.IpRuleItem{IpRule: new(r)})
		}
		return out
	}
	made, err := w.CreateIpGroup(ctx, &sdk.CreateIpGroupInput{GroupName: new("office"), UserRules: rules("192.0.2.0/24"), Tags: []types.Tag{{Key: new("Team"), Value: new("it")}}})
	w.done(made, err)
	id := made.GroupId
	w.no("ResourceAlreadyExistsException")(w.CreateIpGroup(ctx, &sdk.CreateIpGroupInput{GroupName: new("office")}))
	w.no("InvalidParameterValuesException")(w.CreateIpGroup(ctx, &sdk.CreateIpGroupInput{GroupName: new("other"), UserRules: rules("192.0.2.0/33")}))
	ranges := func(want ...string) {
		t.Helper()
		out, err := w.DescribeIpGroups(ctx, &sdk.DescribeIpGroupsInput{GroupIds: []string{*id, "wsipg-zzzzzzzzz"}})
		w.done(out, err)
		if len(out.Result) != 1 || len(out.Result[0].UserRules) != len(want) {
			t.Fatalf("want %v, got %+v", want, out.Result)
		}
		for i, r := range out.Result[0].UserRules {
			if *r.IpRule != want[i] {
				t.Errorf("want %v, got %s at %d", want, *r.IpRule, i)
			}
		}
	}
	none := new("wsipg-zzzzzzzzz")
	w.done(w.AuthorizeIpRules(ctx, &sdk.AuthorizeIpRulesInput{GroupId: id, UserRules: rules("198.51.100.7", "192.0.2.0/24")}))
	ranges("192.0.2.0/24", "198.51.100.7")
	w.no("ResourceNotFoundException")(w.AuthorizeIpRules(ctx, &sdk.AuthorizeIpRulesInput{GroupId: none, UserRules: rules("198.51.100.7")}))
	w.done(w.RevokeIpRules(ctx, &sdk.RevokeIpRulesInput{GroupId: id, UserRules: []string{"192.0.2.0/24"}}))
	ranges("198.51.100.7")
	w.no("InvalidParameterValuesException")(w.RevokeIpRules(ctx, &sdk.RevokeIpRulesInput{GroupId: id, UserRules: []string{"192.0.2.0/24"}}))
	w.done(w.UpdateRulesOfIpGroup(ctx, &sdk.UpdateRulesOfIpGroupInput{GroupId: id, UserRules: rules("203.0.113.0/24")}))
	ranges("203.0.113.0/24")
	eleven := rules("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.10", "10.0.0.11")
	w.no("ResourceLimitExceededException")(w.UpdateRulesOfIpGroup(ctx, &sdk.UpdateRulesOfIpGroupInput{GroupId: id, UserRules: eleven}))
	w.no("InvalidParameterValuesException")(w.DescribeIpGroups(ctx, &sdk.DescribeIpGroupsInput{NextToken: new("bogus")}))

	w.done(w.AssociateIpGroups(ctx, &sdk.AssociateIpGroupsInput{DirectoryId: &w.directory, GroupIds: []string{*id}}))
	w.no("ResourceNotFoundException")(w.AssociateIpGroups(ctx, &sdk.AssociateIpGroupsInput{DirectoryId: &w.directory, GroupIds: []string{*none}}))
	if got := w.described().IpGroupIds; len(got) != 1 || got[0] != *id {
		t.Errorf("want the group with the directory, got %v", got)
	}
	w.no("ResourceAssociatedException")(w.DeleteIpGroup(ctx, &sdk.DeleteIpGroupInput{GroupId: id}))
	w.done(w.DisassociateIpGroups(ctx, &sdk.DisassociateIpGroupsInput{DirectoryId: &w.directory, GroupIds: []string{*id}}))
	w.no("ResourceNotFoundException")(w.DisassociateIpGroups(ctx, &sdk.DisassociateIpGroupsInput{DirectoryId: new("d-ffffffffff"), GroupIds: []string{*id}}))
	if got := w.described().IpGroupIds; len(got) != 0 {
		t.Errorf("want no group with the directory, got %v", got)
	}
	tags, err := w.DescribeTags(ctx, &sdk.DescribeTagsInput{ResourceId: id})
	w.done(tags, err)
	if len(tags.TagList) != 1 || *tags.TagList[0].Value != "it" {
		t.Errorf("tags: %+v", tags.TagList)
	}
	w.done(w.CreateTags(ctx, &sdk.CreateTagsInput{ResourceId: id, Tags: []types.Tag{{Key: new("Floor"), Value: new("3")}}}))
	w.done(w.DeleteIpGroup(ctx, &sdk.DeleteIpGroupInput{GroupId: id}))
	if out, err := w.DescribeIpGroups(ctx, &sdk.DescribeIpGroupsInput{GroupIds: []string{*id}}); err != nil || len(out.Result) != 0 {
		t.Errorf("want the group gone, got %+v, %v", out, err)
	}
}

func (w wired) described() types.WorkspaceDirectory {
	w.t.Helper()
	out, err := w.DescribeWorkspaceDirectories(w.t.Context(), &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{w.directory}})
	if err != nil || len(out.Directories) != 1 {
		w.t.Fatalf("describe the directory: %+v, %v", out, err)
	}
	return out.Directories[0]
}

// TestDirectorySettingsOverASocket changes what a directory says of devices,
// users and new desktops.
func TestDirectorySettingsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory, EnableSelfService: new(true)}))
	none := new("d-ffffffffff")
	if got := w.described().SelfservicePermissions; got.RebuildWorkspace != types.ReconnectEnumEnabled {
		t.Errorf("want self-service, got %+v", got)
	}
	w.done(w.ModifySelfservicePermissions(ctx, &sdk.ModifySelfservicePermissionsInput{ResourceId: &w.directory, SelfservicePermissions: &types.SelfservicePermissions{RebuildWorkspace: types.ReconnectEnumDisabled}}))
	if got := w.described().SelfservicePermissions; got.RebuildWorkspace != types.ReconnectEnumDisabled || got.RestartWorkspace != types.ReconnectEnumEnabled {
		t.Errorf("want all but rebuild, got %+v", got)
	}
	w.no("ResourceNotFoundException")(w.ModifySelfservicePermissions(ctx, &sdk.ModifySelfservicePermissionsInput{ResourceId: none, SelfservicePermissions: &types.SelfservicePermissions{}}))

	w.done(w.ModifyWorkspaceAccessProperties(ctx, &sdk.ModifyWorkspaceAccessPropertiesInput{ResourceId: &w.directory, WorkspaceAccessProperties: &types.WorkspaceAccessProperties{DeviceTypeWeb: types.AccessPropertyValueDeny}}))
	if got := w.described().WorkspaceAccessProperties; got.DeviceTypeWeb != types.AccessPropertyValueDeny || got.DeviceTypeOsx != types.AccessPropertyValueDeny {
		t.Errorf("want browsers kept out, got %+v", got)
	}
	w.no("ResourceNotFoundException")(w.ModifyWorkspaceAccessProperties(ctx, &sdk.ModifyWorkspaceAccessPropertiesInput{ResourceId: none, WorkspaceAccessProperties: &types.WorkspaceAccessProperties{}}))

	unit := "OU=Desktops,DC=corp,DC=example,DC=com"
	w.done(w.ModifyWorkspaceCreationProperties(ctx, &sdk.ModifyWorkspaceCreationPropertiesInput{ResourceId: &w.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{DefaultOu: &unit, EnableMaintenanceMode: new(true)}}))
	if got := w.described().WorkspaceCreationProperties; deref(got.DefaultOu) != unit || !*got.EnableMaintenanceMode {
		t.Errorf("got %+v", got)
	}
	w.no("OperationNotSupportedException")(w.ModifyWorkspaceCreationProperties(ctx, &sdk.ModifyWorkspaceCreationPropertiesInput{ResourceId: &w.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{EnableInternetAccess: new(true)}}))
	w.done(w.ModifyWorkspaceCreationProperties(ctx, &sdk.ModifyWorkspaceCreationPropertiesInput{ResourceId: &w.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{UserEnabledAsLocalAdministrator: new(true), EnableInternetAccess: new(false)}}))
	if got := w.described().WorkspaceCreationProperties; !*got.UserEnabledAsLocalAdministrator || *got.EnableInternetAccess || !*got.EnableMaintenanceMode {
		t.Errorf("want administrators and what was said before, got %+v", got)
	}
	w.no("InvalidParameterValuesException")(w.ModifyWorkspaceCreationProperties(ctx, &sdk.ModifyWorkspaceCreationPropertiesInput{ResourceId: &w.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{CustomSecurityGroupId: new("sg-01234567")}}))
	for _, name := range []string{"Desktops", "OU=a,DC=b", "DC=a,DC=b", "OU=,DC=a,DC=b", "DC=a,OU=b,DC=c", "CN=a,DC=b,DC=c"} {
		w.no("InvalidParameterValuesException")(w.ModifyWorkspaceCreationProperties(ctx, &sdk.ModifyWorkspaceCreationPropertiesInput{ResourceId: &w.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{DefaultOu: &name}}))
	}

	w.done(w.ModifyClientProperties(ctx, &sdk.ModifyClientPropertiesInput{ResourceId: &w.directory, ClientProperties: &types.ClientProperties{ReconnectEnabled: types.ReconnectEnumEnabled}}))
	w.no("OperationNotSupportedException")(w.ModifyClientProperties(ctx, &sdk.ModifyClientPropertiesInput{ResourceId: &w.directory, ClientProperties: &types.ClientProperties{LogUploadEnabled: types.LogUploadEnumEnabled}}))
	clients, err := w.DescribeClientProperties(ctx, &sdk.DescribeClientPropertiesInput{ResourceIds: []string{w.directory}})
	w.done(clients, err)
	if len(clients.ClientPropertiesList) != 1 || clients.ClientPropertiesList[0].ClientProperties.ReconnectEnabled != types.ReconnectEnumEnabled {
		t.Errorf("got %+v", clients.ClientPropertiesList)
	}
	w.no("ResourceNotFoundException")(w.DescribeClientProperties(ctx, &sdk.DescribeClientPropertiesInput{ResourceIds: []string{*none}}))
	mine, err := w.DescribeAccount(ctx, &sdk.DescribeAccountInput{})
	w.done(mine, err)
	if mine.DedicatedTenancySupport != types.DedicatedTenancySupportResultEnumDisabled {
		t.Errorf("got %+v", mine)
	}
	w.no("AccessDeniedException")(w.stranger().DescribeAccount(ctx, &sdk.DescribeAccountInput{}))
}

// stranger is a client whom nothing is allowed.
func (w wired) stranger() *sdk.Client {
	w.t.Helper()
	out, err := sts.NewFromConfig(w.plane.Config()).GetFederationToken(w.t.Context(), &sts.GetFederationTokenInput{Name: new("stranger")})
	w.done(out, err)
	c := w.plane.Config()
	c.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return sdk.NewFromConfig(c)
}

// TestWhoIsLetIn asks for browsers at addresses, in the order in which an
// administrator closes the doors.
func TestWhoIsLetIn(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAlwaysOn)
	p.settle(id, desktops.Outcome{})
	admitted := func(why, from string, want bool) {
		t.Helper()
		err := p.room.Admit(t.Context(), desktops.Visit{Account: account, Region: region, ID: id}, from)
		if want != (err == nil) || err != nil && !errors.Is(err, desktops.ErrBarred) {
			t.Errorf("%s, from %s: want %v, got %v", why, from, want, err)
		}
	}
	admitted("no groups", "192.0.2.9", true)
	g := must[sdk.CreateIpGroupOutput](p, "CreateIpGroup", &sdk.CreateIpGroupInput{GroupName: new("office"), UserRules: []types.IpRuleItem{{IpRule: new("192.0.2.0/24")}, {IpRule: new("2001:db8::/32")}}})
	must[sdk.AssociateIpGroupsOutput](p, "AssociateIpGroups", &sdk.AssociateIpGroupsInput{DirectoryId: new(corp), GroupIds: []string{*g.GroupId}})
	admitted("in the group", "192.0.2.9", true)
	admitted("in the group, as a socket of both families tells it", "::ffff:192.0.2.9", true)
	admitted("in the group", "2001:db8::1", true)
	admitted("in no group", "198.51.100.9", false)
	admitted("no address", "pipe", false)
	state := func(s types.TargetWorkspaceState) {
		t.Helper()
		must[sdk.ModifyWorkspaceStateOutput](p, "ModifyWorkspaceState", &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: s})
	}
	state(types.TargetWorkspaceStateAdminMaintenance)
	admitted("under maintenance", "192.0.2.9", false)
	if _, err := p.call(account, "ModifyWorkspaceState", &sdk.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAdminMaintenance}); err == nil {
		t.Error("want a second maintenance refused")
	}
	out := must[sdk.RebootWorkspacesOutput](p, "RebootWorkspaces", &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}})
	if len(out.FailedRequests) != 1 {
		t.Error("want no reboot under maintenance")
	}
	state(types.TargetWorkspaceStateAvailable)
	admitted("maintained", "192.0.2.9", true)
	must[sdk.ModifyWorkspaceAccessPropertiesOutput](p, "ModifyWorkspaceAccessProperties", &sdk.ModifyWorkspaceAccessPropertiesInput{
		ResourceId: new(corp), WorkspaceAccessProperties: &types.WorkspaceAccessProperties{DeviceTypeWeb: types.AccessPropertyValueDeny},
	})
	admitted("browsers are kept out", "192.0.2.9", false)
}
