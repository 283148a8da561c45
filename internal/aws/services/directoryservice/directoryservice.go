package directoryservice

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st     *store.Store
	ids    *id.Source
	clk    clock.Clock
	ports  Ports
	probes probes
}

var _ api.Service = (*Service)(nil)

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "ds" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AddTagsToResource", s.AddTagsToResource, s.addTagsToResourceChecks),
		api.Write("ConnectDirectory", s.ConnectDirectory, s.connectDirectoryChecks),
		api.Write("CreateAlias", s.CreateAlias, s.createAliasChecks),
		api.Write("CreateDirectory", s.CreateDirectory, s.createDirectoryChecks),
		api.Write("CreateMicrosoftAD", s.CreateMicrosoftAD, s.createMicrosoftADChecks),
		api.Write("DeleteDirectory", s.DeleteDirectory, s.deleteDirectoryChecks),
		api.Write("DisableRadius", s.DisableRadius, s.disableRadiusChecks),
		api.Write("EnableRadius", s.EnableRadius, s.enableRadiusChecks),
		api.Write("UpdateRadius", s.UpdateRadius, s.updateRadiusChecks),
		api.Read("DescribeDirectories", s.DescribeDirectories, s.describeDirectoriesChecks),
		api.Read("DescribeDirectoryDataAccess", s.DescribeDirectoryDataAccess, s.describeDirectoryDataAccessChecks),
		api.Write("DisableDirectoryDataAccess", s.DisableDirectoryDataAccess, s.disableDirectoryDataAccessChecks),
		api.Write("EnableDirectoryDataAccess", s.EnableDirectoryDataAccess, s.enableDirectoryDataAccessChecks),
		api.Write("RegisterCertificate", s.RegisterCertificate, s.registerCertificateChecks),
		api.Write("DeregisterCertificate", s.DeregisterCertificate, s.deregisterCertificateChecks),
		api.Write("EnableLDAPS", s.EnableLDAPS, s.enableLDAPSChecks),
		api.Write("DisableLDAPS", s.DisableLDAPS, s.disableLDAPSChecks),
		api.Read("ListCertificates", s.ListCertificates, s.listCertificatesChecks),
		api.Read("DescribeCertificate", s.DescribeCertificate, s.describeCertificateChecks),
		api.Read("DescribeLDAPSSettings", s.DescribeLDAPSSettings, s.describeLDAPSSettingsChecks),
		api.Read("GetDirectoryLimits", s.GetDirectoryLimits, s.getDirectoryLimitsChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Write("RemoveTagsFromResource", s.RemoveTagsFromResource, s.removeTagsFromResourceChecks),
		api.Write("ResetUserPassword", s.ResetUserPassword, s.resetUserPasswordChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&directories, &credentials, &factors} }
