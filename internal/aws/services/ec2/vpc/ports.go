package vpc

import "tamachi/internal/store"

// Tenants are who has machines in subnets besides those of the room's own
// interfaces: directories.
type Tenants interface {
	// Houses tells whether a subnet has such machines.
	Houses(tx *store.Tx, sc store.Scope, subnet string) (bool, error)
}
