package account

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// NewestSnapshot is when the newest of some snapshots of a desktop was made; zero
// where there is none.
func NewestSnapshot(all []types.Snapshot) (at time.Time) {
	for _, s := range all {
		if t := aws.ToTime(s.SnapshotTime); t.After(at) {
			at = t.UTC()
		}
	}
	return at
}
