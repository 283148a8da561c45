package house

import (
	"context"
	"errors"
	"fmt"

	"tamachi/internal/id"
	"tamachi/internal/store"
)

// identity is what a data folder is, for as long as it exists.
type identity struct {
	// ID marks everything outside the folder that belongs to it: bridges,
	// packet filters, cgroups.
	ID      string
	Account string // the management account
	// BridgePort is where desktops find the plane on their bridge. It never
	// changes, whatever --listen says: the agents in the desktops know it.
	BridgePort int
}

var identities = store.Table[identity]{
	Name:  "house.identity",
	Reach: store.Plane,
	Key:   func(*identity) string { return "plane" },
}

// recognize returns the folder's identity and makes one for a new folder. port
// is that of the plane's first start; account is the wanted one, empty for any.
func recognize(ctx context.Context, st *store.Store, ids *id.Source, port int, account string) (identity, error) {
	var me identity
	err := st.Update(ctx, func(tx *store.Tx) error {
		found, err := identities.Get(tx, store.Scope{}, "plane")
		if err == nil {
			me = *found
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		me = identity{ID: ids.Lower(6), Account: account, BridgePort: port}
		for me.Account == "" || me.Account[0] == '0' && account == "" { // spreadsheets drop a leading 0
			me.Account = ids.Digits(12)
		}
		return identities.Put(tx, store.Scope{}, &me)
	})
	if err != nil {
		return me, fmt.Errorf("read the data folder's identity: %w", err)
	}
	if account != "" && account != me.Account {
		return me, fmt.Errorf("%w: the data folder belongs to account %s, not %s; leave --account out, or choose a new folder with --data", ErrCannotStart, me.Account, account)
	}
	return me, nil
}
