package house

import (
	"testing"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &identities, &identity{ID: "abc123", Account: "111122223333", BridgePort: 4566})
	storetest.Golden(t, &bodyKeys, &bodyKey{Sealed: []byte{1, 2, 3}})
}
