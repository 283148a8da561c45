package documents

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st     *store.Store
	ports  Ports
	amazon map[string]*held // by name
}

// New returns the room over its store and ports. A provided document that is
// not valid is a mistake of the house.
func New(st *store.Store, clk clock.Clock, ports Ports) *Service {
	s := &Service{st: st, ports: ports, amazon: map[string]*held{}}
	for _, p := range ports.Amazon {
		s.amazon[p.Name] = provide(p, clk.Now())
	}
	return s
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateDocument", s.CreateDocument, s.createDocumentChecks),
		api.Write("DeleteDocument", s.DeleteDocument, s.deleteDocumentChecks),
		api.Read("DescribeDocument", s.DescribeDocument, s.describeDocumentChecks),
		api.Read("DescribeDocumentPermission", s.DescribeDocumentPermission, s.describeDocumentPermissionChecks),
		api.Read("GetDocument", s.GetDocument, s.getDocumentChecks),
		api.Read("ListDocumentMetadataHistory", s.ListDocumentMetadataHistory, s.listDocumentMetadataHistoryChecks),
		api.Read("ListDocumentVersions", s.ListDocumentVersions, s.listDocumentVersionsChecks),
		api.Read("ListDocuments", s.ListDocuments, s.listDocumentsChecks),
		api.Write("ModifyDocumentPermission", s.ModifyDocumentPermission, s.modifyDocumentPermissionChecks),
		api.Write("UpdateDocument", s.UpdateDocument, s.updateDocumentChecks),
		api.Write("UpdateDocumentDefaultVersion", s.UpdateDocumentDefaultVersion, s.updateDocumentDefaultVersionChecks),
		api.Write("UpdateDocumentMetadata", s.UpdateDocumentMetadata, s.updateDocumentMetadataChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&documents, &versions, &shares} }
