package inventory

import (
	"cmp"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// deletion is what a DeleteInventory did.
type deletion struct {
	ID       string
	Kind     string
	Began    time.Time
	Versions map[string]int32 // how many nodes' data of each schema version
	Token    string           `json:",omitempty"` // the client's
	Option   string           `json:",omitempty"`
}

var deletions = store.Table[deletion]{
	Name: "ssm.inventorydeletions", Reach: store.Regional,
	Key:     func(d *deletion) string { return d.ID },
	Indexes: map[string]func(*deletion) string{"token": func(d *deletion) string { return d.Token }},
}

// summary tells of a deletion that is over, or, for a dry run, not begun.
func (d *deletion) summary(dry bool) *types.InventoryDeletionSummary {
	out := &types.InventoryDeletionSummary{SummaryItems: []types.InventoryDeletionSummaryItem{}}
	left := func(n int32) int32 {
		if dry {
			return n
		}
		return 0
	}
	for _, version := range sortedKeys(d.Versions) {
		n := d.Versions[version]
		out.TotalCount += n
		out.SummaryItems = append(out.SummaryItems, types.InventoryDeletionSummaryItem{Version: &version, Count: n, RemainingCount: left(n)})
	}
	out.RemainingCount = left(out.TotalCount)
	return out
}

func (d *deletion) describe() types.InventoryDeletionStatusItem {
	return types.InventoryDeletionStatusItem{
		DeletionId: &d.ID, TypeName: &d.Kind, DeletionStartTime: &d.Began, LastStatusUpdateTime: &d.Began,
		LastStatus: types.InventoryDeletionStatusComplete, LastStatusMessage: new("The delete operation is complete."),
		DeletionSummary: d.summary(false),
	}
}

// newestFirst orders deletions for lists.
func newestFirst(a, b *deletion) int {
	return cmp.Or(b.Began.Compare(a.Began), cmp.Compare(a.ID, b.ID))
}
