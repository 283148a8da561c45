package cloudwatch

import (
	"errors"
	"fmt"

	"tamachi/internal/store"
)

// duty says when the points of a slice of time are rolled up or removed. Its
// key begins with the time, so that the first entries are the next.
type duty struct {
	At      int64 // seconds
	Account string
	Region  string
	Step    int64
	Slice   int64
}

var duties = store.Table[duty]{Name: "cloudwatch.duties", Reach: store.Plane, Key: (*duty).key}

func (d *duty) key() string {
	return fmt.Sprintf("%012d/%s/%s/%d/%d", d.At, d.Account, d.Region, d.Step, d.Slice)
}

func (d *duty) scope() store.Scope { return store.In(d.Account, d.Region) }

// plan sees to it that a slice ends when its time is over.
func plan(tx *store.Tx, sc store.Scope, t tier, slice int64) error {
	d := &duty{At: t.over(slice), Account: sc.Account, Region: sc.Region, Step: t.step, Slice: slice}
	_, err := duties.Get(tx, store.Scope{}, d.key())
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return duties.Put(tx, store.Scope{}, d)
}
