package e2e

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// valueBundle is the name of the smallest bundle, of the image small.
const valueBundle = "Value with Debian 12 (window manager and terminal)"

// devices are the kinds of device of workspace_access_properties. All of them are
// always answered, on AWS too: a block that names only some of them has a plan
// that is never empty, wherever it is applied, because the provider compares
// what was left out with nothing.
func devices(p *types.WorkspaceAccessProperties) map[string]*types.AccessPropertyValue {
	return map[string]*types.AccessPropertyValue{
		"android": &p.DeviceTypeAndroid, "chromeos": &p.DeviceTypeChromeOs, "ios": &p.DeviceTypeIos, "linux": &p.DeviceTypeLinux,
		"osx": &p.DeviceTypeOsx, "web": &p.DeviceTypeWeb, "windows": &p.DeviceTypeWindows, "zeroclient": &p.DeviceTypeZeroClient,
	}
}

// letIn are the devices that a block lets in, the others kept out.
func letIn(kinds ...string) *types.WorkspaceAccessProperties {
	p := new(types.WorkspaceAccessProperties)
	for kind, value := range devices(p) {
		*value = types.AccessPropertyValueDeny
		if slices.Contains(kinds, kind) {
			*value = types.AccessPropertyValueAllow
		}
	}
	return p
}

// may is a block of self_service_permissions, which has a default for each.
func may(compute types.ReconnectEnum) *types.SelfservicePermissions {
	return &types.SelfservicePermissions{
		ChangeComputeType: compute, IncreaseVolumeSize: types.ReconnectEnumEnabled, RebuildWorkspace: types.ReconnectEnumDisabled,
		RestartWorkspace: types.ReconnectEnumEnabled, SwitchRunningMode: types.ReconnectEnumDisabled,
	}
}

func permits(p *types.SelfservicePermissions) tags {
	return tags{
		"change_compute_type": string(p.ChangeComputeType), "increase_volume_size": string(p.IncreaseVolumeSize), "rebuild_workspace": string(p.RebuildWorkspace),
		"restart_workspace": string(p.RestartWorkspace), "switch_running_mode": string(p.SwitchRunningMode),
	}
}

// registration is an aws_workspaces_directory. What is only computed is read
// with the rest: it must be there, or reading it is an error of the provider.
func (n *network) registration(address string) *resource {
	const corp = "aws_directory_service_directory.corp"
	find := func() []types.WorkspaceDirectory {
		out, err := n.workspaces().DescribeWorkspaceDirectories(n.Context(), &workspaces.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{*n.id(corp)}})
		n.done("DescribeWorkspaceDirectories", err)
		return out.Directories
	}
	let := func(p *types.WorkspaceAccessProperties) {
		_, err := n.workspaces().ModifyWorkspaceAccessProperties(n.Context(), &workspaces.ModifyWorkspaceAccessPropertiesInput{ResourceId: n.id(corp), WorkspaceAccessProperties: p})
		n.done("ModifyWorkspaceAccessProperties", err)
	}
	permit := func(p *types.SelfservicePermissions) {
		_, err := n.workspaces().ModifySelfservicePermissions(n.Context(), &workspaces.ModifySelfservicePermissionsInput{ResourceId: n.id(corp), SelfservicePermissions: p})
		n.done("ModifySelfservicePermissions", err)
	}
	creation := func(maintenance bool) {
		_, err := n.workspaces().ModifyWorkspaceCreationProperties(n.Context(), &workspaces.ModifyWorkspaceCreationPropertiesInput{
			ResourceId: n.id(corp), WorkspaceCreationProperties: &types.WorkspaceCreationProperties{
				CustomSecurityGroupId: n.id("aws_security_group.desktops"), EnableInternetAccess: new(false),
				EnableMaintenanceMode: &maintenance, UserEnabledAsLocalAdministrator: new(false),
			},
		})
		n.done("ModifyWorkspaceCreationProperties", err)
	}
	return &resource{
		name: address,
		create: func() {
			_, err := n.workspaces().RegisterWorkspaceDirectory(n.Context(), &workspaces.RegisterWorkspaceDirectoryInput{
				DirectoryId: n.id(corp), EnableSelfService: new(false), WorkspaceType: types.WorkspaceTypePersonal, Tags: deskTag(),
				SubnetIds: []string{*n.id("aws_subnet.private[1]"), *n.id("aws_subnet.private[0]")},
			})
			n.done("RegisterWorkspaceDirectory", err)
			n.wait("DescribeWorkspaceDirectories until REGISTERED", 10*time.Minute, func() bool { return find()[0].State == types.WorkspaceDirectoryStateRegistered })
			permit(may(types.ReconnectEnumDisabled))
			let(letIn("web"))
			creation(false)
			_, err = n.workspaces().AssociateIpGroups(n.Context(), &workspaces.AssociateIpGroupsInput{DirectoryId: n.id(corp), GroupIds: []string{*n.id("aws_workspaces_ip_group.office")}})
			n.done("AssociateIpGroups", err)
		},
		read: func() attributes { return n.registered(find()[0]) },
		update: func() {
			permit(may(types.ReconnectEnumEnabled))
			let(letIn("web", "osx"))
			creation(true)
			_, err := n.workspaces().DisassociateIpGroups(n.Context(), &workspaces.DisassociateIpGroupsInput{DirectoryId: n.id(corp), GroupIds: []string{*n.id("aws_workspaces_ip_group.office")}})
			n.done("DisassociateIpGroups", err)
			n.retag(n.id(corp))
		},
		destroy: func() {
			find()
			_, err := n.workspaces().DeregisterWorkspaceDirectory(n.Context(), &workspaces.DeregisterWorkspaceDirectoryInput{DirectoryId: n.id(corp)})
			n.done("DeregisterWorkspaceDirectory", err)
			n.wait("DescribeWorkspaceDirectories until gone", 10*time.Minute, func() bool { return len(find()) == 0 })
		},
		want: attributes{
			"directory_id": corp, "subnet_ids": privates, "ip_group_ids": tags{"aws_workspaces_ip_group.office": ""}, "tenancy": types.TenancyShared,
			"workspace_type": types.WorkspaceTypePersonal, "self_service_permissions": permits(may(types.ReconnectEnumDisabled)), "device_types": "web",
			"custom_security_group_id": "aws_security_group.desktops", "enable_internet_access": false, "enable_maintenance_mode": false,
			"user_enabled_as_local_administrator": false, "tags": tags{"Team": "desk"},
		},
		changed: attributes{
			"self_service_permissions": permits(may(types.ReconnectEnumEnabled)), "device_types": "osx web", "enable_maintenance_mode": true,
			"ip_group_ids": tags{}, "tags": tags{"Env": "test"},
		},
	}
}

func (n *network) registered(d types.WorkspaceDirectory) attributes {
	n.Helper()
	if d.RegistrationCode == nil || d.WorkspaceSecurityGroupId == nil || d.IamRoleId == nil || d.SamlProperties == nil || d.CertificateBasedAuthProperties == nil {
		n.Errorf("an attribute of the directory is not told: %+v", d)
	}
	open := ""
	for _, kind := range slices.Sorted(maps.Keys(devices(d.WorkspaceAccessProperties))) {
		switch value := *devices(d.WorkspaceAccessProperties)[kind]; {
		case value == "":
			n.Errorf("of %s devices nothing is told", kind)
		case value == types.AccessPropertyValueAllow && open == "":
			open = kind
		case value == types.AccessPropertyValueAllow:
			open += " " + kind
		}
	}
	c := d.WorkspaceCreationProperties
	return attributes{
		"directory_id": n.ref(d.DirectoryId), "subnet_ids": n.set(d.SubnetIds), "ip_group_ids": n.set(d.IpGroupIds), "tenancy": d.Tenancy,
		"workspace_type": d.WorkspaceType, "self_service_permissions": permits(d.SelfservicePermissions), "device_types": open,
		"custom_security_group_id": n.ref(c.CustomSecurityGroupId), "enable_internet_access": *c.EnableInternetAccess, "enable_maintenance_mode": *c.EnableMaintenanceMode,
		"user_enabled_as_local_administrator": *c.UserEnabledAsLocalAdministrator, "tags": n.desktopTags(d.DirectoryId),
	}
}

// desktop is an aws_workspaces_workspace. The provider changes one property at a
// time and waits until the desktop is UPDATING no more; it takes TERMINATED for
// TERMINATING, so that only an empty list ends the destroy.
func (n *network) desktop(address string) *resource {
	const corp = "aws_directory_service_directory.corp"
	find := func() []types.Workspace {
		out, err := n.workspaces().DescribeWorkspaces(n.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{*n.id(address)}})
		n.done("DescribeWorkspaces", err)
		return out.Workspaces
	}
	until := func(limit time.Duration, pass ...types.WorkspaceState) {
		n.wait("DescribeWorkspaces until AVAILABLE", limit, func() bool {
			state := find()[0].State
			if state != types.WorkspaceStateAvailable && !slices.Contains(pass, state) {
				n.Fatalf("the desktop is %s, which the provider does not wait for", state)
			}
			return state == types.WorkspaceStateAvailable
		})
	}
	modify := func(p types.WorkspaceProperties) {
		_, err := n.workspaces().ModifyWorkspaceProperties(n.Context(), &workspaces.ModifyWorkspacePropertiesInput{WorkspaceId: n.id(address), WorkspaceProperties: &p})
		n.done("ModifyWorkspaceProperties", err)
		until(10*time.Minute, types.WorkspaceStateUpdating)
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.workspaces().CreateWorkspaces(n.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
				BundleId: n.bundle(valueBundle), DirectoryId: n.id(corp), UserName: new("Admin"), RootVolumeEncryptionEnabled: new(false), UserVolumeEncryptionEnabled: new(false),
				WorkspaceProperties: &types.WorkspaceProperties{
					ComputeTypeName: types.ComputeValue, RootVolumeSizeGib: new(int32(80)), UserVolumeSizeGib: new(int32(100)),
					RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: new(int32(60)),
				},
				Tags: deskTag(),
			}}})
			n.done("CreateWorkspaces", err)
			for _, f := range out.FailedRequests {
				n.Fatalf("CreateWorkspaces: %s: %s", aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage))
			}
			n.made(address, out.PendingRequests[0].WorkspaceId)
			until(30*time.Minute, types.WorkspaceStatePending, types.WorkspaceStateStarting)
		},
		read: func() attributes {
			w := find()[0]
			if w.IpAddress == nil || w.ComputerName == nil {
				n.Errorf("the desktop has no address or no name: %+v", w)
			}
			p := w.WorkspaceProperties
			return attributes{
				"bundle_id": *w.BundleId == *n.bundle(valueBundle), "directory_id": n.ref(w.DirectoryId), "user_name": *w.UserName,
				"encrypted":         []bool{aws.ToBool(w.RootVolumeEncryptionEnabled), aws.ToBool(w.UserVolumeEncryptionEnabled)},
				"compute_type_name": p.ComputeTypeName, "root_volume_size_gib": *p.RootVolumeSizeGib, "user_volume_size_gib": *p.UserVolumeSizeGib,
				"running_mode": p.RunningMode, "running_mode_auto_stop_timeout_in_minutes": *p.RunningModeAutoStopTimeoutInMinutes, "tags": n.desktopTags(w.WorkspaceId),
			}
		},
		update: func() {
			modify(types.WorkspaceProperties{ComputeTypeName: types.ComputeStandard})
			modify(types.WorkspaceProperties{RootVolumeSizeGib: new(int32(175))})
			modify(types.WorkspaceProperties{RunningModeAutoStopTimeoutInMinutes: new(int32(120))})
			modify(types.WorkspaceProperties{UserVolumeSizeGib: new(int32(120))})
			n.retag(n.id(address))
		},
		destroy: func() {
			out, err := n.workspaces().TerminateWorkspaces(n.Context(), &workspaces.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: n.id(address)}}})
			n.done("TerminateWorkspaces", err)
			for _, f := range out.FailedRequests {
				n.Fatalf("TerminateWorkspaces: %s", aws.ToString(f.ErrorMessage))
			}
			n.wait("DescribeWorkspaces until empty", 10*time.Minute, func() bool { return len(find()) == 0 })
		},
		want: attributes{
			"bundle_id": true, "directory_id": corp, "user_name": "Admin", "encrypted": []bool{false, false}, "compute_type_name": types.ComputeValue,
			"root_volume_size_gib": int32(80), "user_volume_size_gib": int32(100), "running_mode": types.RunningModeAutoStop,
			"running_mode_auto_stop_timeout_in_minutes": int32(60), "tags": tags{"Team": "desk"},
		},
		changed: attributes{
			"compute_type_name": types.ComputeStandard, "root_volume_size_gib": int32(175), "user_volume_size_gib": int32(120),
			"running_mode_auto_stop_timeout_in_minutes": int32(120), "tags": tags{"Env": "test"},
		},
	}
}

// bundle is a data source aws_workspaces_bundle, found by name among Amazon's.
func (n *network) bundle(name string) *string {
	n.Helper()
	pages := workspaces.NewDescribeWorkspaceBundlesPaginator(n.workspaces(), &workspaces.DescribeWorkspaceBundlesInput{Owner: new("AMAZON")})
	for pages.HasMorePages() {
		out, err := pages.NextPage(n.Context())
		n.done("DescribeWorkspaceBundles", err)
		for _, b := range out.Bundles {
			if *b.Name == name {
				return b.BundleId
			}
		}
	}
	n.Fatalf("there is no bundle %s", name)
	return nil
}
