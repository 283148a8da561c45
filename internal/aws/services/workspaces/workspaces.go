package workspaces

import (
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room. Make it with New.
type Service struct {
	store       *store.Store
	ids         *id.Source
	clock       clock.Clock
	people      People
	invitations Invitations
	open        streams
	began       time.Time // of this plane: no stream is older
	strict      Strict
	logoURL     func(name string) string
	networks    Networks // nil: subnets are names only
	guises      Guises
	noGPU       func() string
	events      Events // nil: nobody is told
}

// New returns the room over a store that was opened with its Tables.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, people: ports.People, invitations: ports.Invitations, networks: ports.Networks, guises: ports.Guises, open: newStreams(), began: clk.Now(), strict: ports.Strict, logoURL: ports.LogoURL, noGPU: ports.NoGPU, events: ports.Events}
}

// Name is the name of the model.
func (s *Service) Name() string { return "workspaces" }

// Tables lists the room's tables.
func Tables() []store.Definition {
	return []store.Definition{&directories, &desktopTable, &history, &ipGroups, &moments, &images, &bundles, &aliases, &claims, &happenings, &usages, &brandings, &logos, &licences}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AssociateConnectionAlias", s.AssociateConnectionAlias, s.associateConnectionAliasChecks),
		api.Write("AssociateIpGroups", s.AssociateIpGroups, s.associateIpGroupsChecks),
		api.Write("AuthorizeIpRules", s.AuthorizeIpRules, s.authorizeIpRulesChecks),
		api.Write("CopyWorkspaceImage", s.CopyWorkspaceImage, s.copyWorkspaceImageChecks),
		api.Write("CreateConnectionAlias", s.CreateConnectionAlias, s.createConnectionAliasChecks),
		api.Write("CreateIpGroup", s.CreateIpGroup, s.createIpGroupChecks),
		api.Write("CreateTags", s.CreateTags, s.createTagsChecks),
		api.Write("CreateWorkspaceBundle", s.CreateWorkspaceBundle, s.createWorkspaceBundleChecks),
		api.Write("CreateWorkspaceImage", s.CreateWorkspaceImage, s.createWorkspaceImageChecks),
		api.Write("CreateWorkspaces", s.CreateWorkspaces, s.createWorkspacesChecks),
		api.Write("DeleteClientBranding", s.DeleteClientBranding, s.deleteClientBrandingChecks),
		api.Write("DeleteConnectionAlias", s.DeleteConnectionAlias, s.deleteConnectionAliasChecks),
		api.Write("DeleteIpGroup", s.DeleteIpGroup, s.deleteIpGroupChecks),
		api.Write("DeleteTags", s.DeleteTags, s.deleteTagsChecks),
		api.Write("DeleteWorkspaceBundle", s.DeleteWorkspaceBundle, s.deleteWorkspaceBundleChecks),
		api.Write("DeleteWorkspaceImage", s.DeleteWorkspaceImage, s.deleteWorkspaceImageChecks),
		api.Write("DeregisterWorkspaceDirectory", s.DeregisterWorkspaceDirectory, s.deregisterWorkspaceDirectoryChecks),
		api.Read("DescribeAccount", s.DescribeAccount, s.describeAccountChecks),
		api.Read("DescribeAccountModifications", s.DescribeAccountModifications, s.describeAccountModificationsChecks),
		api.Read("DescribeClientBranding", s.DescribeClientBranding, s.describeClientBrandingChecks),
		api.Read("DescribeClientProperties", s.DescribeClientProperties, s.describeClientPropertiesChecks),
		api.Read("DescribeConnectionAliasPermissions", s.DescribeConnectionAliasPermissions, s.describeConnectionAliasPermissionsChecks),
		api.Read("DescribeConnectionAliases", s.DescribeConnectionAliases, s.describeConnectionAliasesChecks),
		api.Read("DescribeIpGroups", s.DescribeIpGroups, s.describeIpGroupsChecks),
		api.Read("DescribeTags", s.DescribeTags, s.describeTagsChecks),
		api.Read("DescribeWorkspaceBundles", s.DescribeWorkspaceBundles, s.describeWorkspaceBundlesChecks),
		api.Read("DescribeWorkspaceDirectories", s.DescribeWorkspaceDirectories, s.describeWorkspaceDirectoriesChecks),
		api.Read("DescribeWorkspaceImagePermissions", s.DescribeWorkspaceImagePermissions, s.describeWorkspaceImagePermissionsChecks),
		api.Read("DescribeWorkspaceImages", s.DescribeWorkspaceImages, s.describeWorkspaceImagesChecks),
		api.Read("DescribeWorkspaceSnapshots", s.DescribeWorkspaceSnapshots, s.describeWorkspaceSnapshotsChecks),
		api.Read("DescribeWorkspaces", s.DescribeWorkspaces, s.describeWorkspacesChecks),
		api.Read("DescribeWorkspacesConnectionStatus", s.DescribeWorkspacesConnectionStatus, s.describeWorkspacesConnectionStatusChecks),
		api.Write("DisassociateConnectionAlias", s.DisassociateConnectionAlias, s.disassociateConnectionAliasChecks),
		api.Write("DisassociateIpGroups", s.DisassociateIpGroups, s.disassociateIpGroupsChecks),
		api.Write("ImportClientBranding", s.ImportClientBranding, s.importClientBrandingChecks),
		api.Read("ListAvailableManagementCidrRanges", s.ListAvailableManagementCidrRanges, s.listAvailableManagementCidrRangesChecks),
		api.Write("MigrateWorkspace", s.MigrateWorkspace, s.migrateWorkspaceChecks),
		api.Write("ModifyAccount", s.ModifyAccount, s.modifyAccountChecks),
		api.Write("ModifyCertificateBasedAuthProperties", s.ModifyCertificateBasedAuthProperties, s.modifyCertificateBasedAuthPropertiesChecks),
		api.Write("ModifyClientProperties", s.ModifyClientProperties, s.modifyClientPropertiesChecks),
		api.Write("ModifyEndpointEncryptionMode", s.ModifyEndpointEncryptionMode, s.modifyEndpointEncryptionModeChecks),
		api.Write("ModifySamlProperties", s.ModifySamlProperties, s.modifySamlPropertiesChecks),
		api.Write("ModifySelfservicePermissions", s.ModifySelfservicePermissions, s.modifySelfservicePermissionsChecks),
		api.Write("ModifyStreamingProperties", s.ModifyStreamingProperties, s.modifyStreamingPropertiesChecks),
		api.Write("ModifyWorkspaceAccessProperties", s.ModifyWorkspaceAccessProperties, s.modifyWorkspaceAccessPropertiesChecks),
		api.Write("ModifyWorkspaceCreationProperties", s.ModifyWorkspaceCreationProperties, s.modifyWorkspaceCreationPropertiesChecks),
		api.Write("ModifyWorkspaceProperties", s.ModifyWorkspaceProperties, s.modifyWorkspacePropertiesChecks),
		api.Write("ModifyWorkspaceState", s.ModifyWorkspaceState, s.modifyWorkspaceStateChecks),
		api.Write("RebootWorkspaces", s.RebootWorkspaces, s.rebootWorkspacesChecks),
		api.Write("RebuildWorkspaces", s.RebuildWorkspaces, s.rebuildWorkspacesChecks),
		api.Write("RegisterWorkspaceDirectory", s.RegisterWorkspaceDirectory, s.registerWorkspaceDirectoryChecks),
		api.Write("RestoreWorkspace", s.RestoreWorkspace, s.restoreWorkspaceChecks),
		api.Write("RevokeIpRules", s.RevokeIpRules, s.revokeIpRulesChecks),
		api.Write("StartWorkspaces", s.StartWorkspaces, s.startWorkspacesChecks),
		api.Write("StopWorkspaces", s.StopWorkspaces, s.stopWorkspacesChecks),
		api.Write("TerminateWorkspaces", s.TerminateWorkspaces, s.terminateWorkspacesChecks),
		api.Write("UpdateConnectionAliasPermission", s.UpdateConnectionAliasPermission, s.updateConnectionAliasPermissionChecks),
		api.Write("UpdateRulesOfIpGroup", s.UpdateRulesOfIpGroup, s.updateRulesOfIpGroupChecks),
		api.Write("UpdateWorkspaceBundle", s.UpdateWorkspaceBundle, s.updateWorkspaceBundleChecks),
		api.Write("UpdateWorkspaceImagePermission", s.UpdateWorkspaceImagePermission, s.updateWorkspaceImagePermissionChecks),
	}
}

// The ARNs of the room's resources (Service Authorization Reference, Actions,
// resources, and condition keys for Amazon WorkSpaces).
func desktopARN(c *api.Call, id string) arn.ARN {
	return arn.New("workspaces", c.Region, c.Account, "workspace/"+id)
}

func directoryARN(c *api.Call, id string) arn.ARN {
	return arn.New("workspaces", c.Region, c.Account, "directory/"+id)
}

func bundleARN(c *api.Call, id string) arn.ARN {
	return arn.New("workspaces", c.Region, c.Account, "workspacebundle/"+id)
}
