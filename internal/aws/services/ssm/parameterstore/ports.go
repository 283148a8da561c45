package parameterstore

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing and of the house.
type Ports struct {
	// Keys is nil while there is no room of keys: SecureString is refused then.
	Keys     Keys
	Settings Settings
	// Events takes what happens; nil where nobody listens: notifications fail then.
	Events Events
}

// Keys encrypts in the name of the caller that ctx belongs to, who needs the
// rights to the key.
type Keys interface {
	// Encrypt encrypts up to 4,096 bytes under a key (id, ARN or alias).
	Encrypt(ctx context.Context, key string, plain []byte, context map[string]string) (blob []byte, err error)
	// DataKey makes a key of 32 bytes, in the clear and encrypted.
	DataKey(ctx context.Context, key string, context map[string]string) (plain, blob []byte, err error)
	// Decrypt is the reverse of both.
	Decrypt(ctx context.Context, blob []byte, context map[string]string) ([]byte, error)
}

// Settings are the service settings of an account in a Region.
type Settings interface {
	// DefaultTier is the tier of a request that names none.
	DefaultTier(tx *store.Tx, scope store.Scope) (string, error)
}

// Events takes what happens over in the transaction that it tells of. The room
// eventbridge does.
type Events interface {
	Emit(tx *store.Tx, scope store.Scope, o api.Occurrence) error
}
