package cloudwatchlogs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tamachi/internal/store"
)

// The kinds of duty.
const (
	dutyExpire = "expire" // remove events past their retention
	dutyGroup  = "group"  // remove what belonged to a deleted group
	dutyStream = "stream" // remove the events of a deleted stream
	dutyExport = "export" // move an export task on
)

// duty is an entry of what is to be done, and when. Its key begins with the
// time, so that the first entries are the next.
type duty struct {
	At      int64 // milliseconds
	Kind    string
	Account string
	Region  string
	Group   string // ID
	Ref     string // name of the group, ID of the stream or the task
}

var duties = store.Table[duty]{Name: "logs.duties", Reach: store.Plane, Key: (*duty).key}

func (d *duty) key() string {
	return fmt.Sprintf("%015d/%s/%s/%s/%s/%s", d.At, d.Kind, d.Account, d.Region, d.Group, d.Ref)
}

func (d *duty) scope() store.Scope { return store.In(d.Account, d.Region) }

func (d *duty) put(tx *store.Tx) error { return duties.Put(tx, store.Scope{}, d) }

// forget removes a duty, if it still is there.
func forget(tx *store.Tx, key string) error {
	err := duties.Delete(tx, store.Scope{}, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// plan sets when the group's events are looked at for retention; 0 for never.
func (u *usage) plan(tx *store.Tx, g *group, at int64) error {
	want := ""
	d := &duty{At: at, Kind: dutyExpire, Account: g.Account, Region: g.Region, Group: g.ID, Ref: g.Name}
	if at != 0 {
		want = d.key()
	}
	if want == u.Due {
		return nil
	}
	if u.Due != "" {
		if err := forget(tx, u.Due); err != nil {
			return err
		}
	}
	u.Due = want
	if at == 0 {
		return nil
	}
	return d.put(tx)
}

// ends is when the events of a minute are all too old for the group.
func (g *group) ends(ms int64) int64 {
	return minuteOf(ms) + minute + (int64(g.Retention) * day.Milliseconds())
}

// dutyTime is the time in the key of a duty, 0 in none.
func dutyTime(key string) int64 {
	text, _, _ := strings.Cut(key, "/")
	at, _ := strconv.ParseInt(text, 10, 64) // 0 for the empty key, the only one without
	return at
}
