package inventory

import (
	"errors"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreateResourceDataSync", s.CreateResourceDataSync, s.createResourceDataSyncChecks),
		api.Write("DeleteInventory", s.DeleteInventory, s.deleteInventoryChecks),
		api.Write("DeleteResourceDataSync", s.DeleteResourceDataSync, s.deleteResourceDataSyncChecks),
		api.Read("DescribeInventoryDeletions", s.DescribeInventoryDeletions, s.describeInventoryDeletionsChecks),
		api.Read("GetInventory", s.GetInventory, s.getInventoryChecks),
		api.Read("GetInventorySchema", s.GetInventorySchema, s.getInventorySchemaChecks),
		api.Read("ListInventoryEntries", s.ListInventoryEntries, s.listInventoryEntriesChecks),
		api.Read("ListResourceDataSync", s.ListResourceDataSync, s.listResourceDataSyncChecks),
		api.Write("UpdateResourceDataSync", s.UpdateResourceDataSync, s.updateResourceDataSyncChecks),

		// The agents', and users' for custom types.
		api.Data("PutInventory", s.PutInventory, s.putInventoryChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&items, &customKinds, &deletions, &changes, &syncs, &dues, &sources}
}

func syncARN(scope store.Scope, name string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "resource-data-sync/"+name)
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

// usually is how long a page is when nobody says.
const usually = 50

// window cuts a sorted list to a page: what comes after a key, so many, and
// the key to go on after, empty at the end.
func window[T any](all []T, key func(T) string, after string, limit int) (page []T, next string) {
	for _, one := range all {
		if after != "" && key(one) <= after {
			continue
		}
		if len(page) == limit {
			return page, key(page[limit-1])
		}
		page = append(page, one)
	}
	return page, ""
}
