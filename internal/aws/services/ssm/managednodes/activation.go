package managednodes

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

const (
	// activationLife is how long an activation may be used when its creator
	// says nothing, and longestActivation how long at most.
	activationLife    = 24 * time.Hour
	longestActivation = 30 * 24 * time.Hour
)

// activation lets machines register. Its code is kept as a hash only.
type activation struct {
	ID          string
	CodeHash    string
	Name        string `json:",omitempty"` // DefaultInstanceName
	Description string `json:",omitempty"`
	Role        string // as given
	Limit       int32  // how many nodes may register
	Used        int32  // how many have
	Created     time.Time
	Expires     time.Time
	Tags        map[string]string `json:",omitempty"`
	Metadata    map[string]string `json:",omitempty"` // RegistrationMetadata
	// WorkspaceID is set when the service that makes desktops made the
	// activation: its node answers to that id as well.
	WorkspaceID string `json:",omitempty"`
}

var activations = store.Table[activation]{
	Name: "ssm.activations", Reach: store.Regional,
	Key: func(a *activation) string { return a.ID },
	Indexes: map[string]func(*activation) string{
		"id":        func(a *activation) string { return a.ID }, // to find it before the account is known
		"workspace": func(a *activation) string { return a.WorkspaceID },
	},
}

func hashCode(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// admits refuses a code that does not fit and an activation that is over. The
// code is compared first: without it nobody learns anything.
func (a *activation) admits(code string, now time.Time) error {
	if subtle.ConstantTimeCompare([]byte(a.CodeHash), []byte(hashCode(code))) != 1 {
		return invalidActivation()
	}
	if !now.Before(a.Expires) {
		return &smithy.GenericAPIError{Code: "ActivationExpired", Message: "The activation has expired. Create a new one."}
	}
	return nil
}

// use counts a registration.
func (a *activation) use() error {
	if a.Used >= a.Limit {
		return &types.InvalidActivation{Message: text("The activation's registration limit has been reached. Create a new activation.")}
	}
	a.Used++
	return nil
}

func invalidActivation() error {
	return &types.InvalidActivation{Message: text("The activation isn't valid. The activation might have been deleted, or the ActivationId and the ActivationCode don't match.")}
}

// findActivation looks in all scopes: who registers has no account yet.
func findActivation(tx *store.Tx, id string) (store.Row[activation], error) {
	rows, err := activations.Everywhere(tx, "id", id)
	if err != nil {
		return store.Row[activation]{}, err
	}
	if len(rows) != 1 {
		return store.Row[activation]{}, invalidActivation()
	}
	return rows[0], nil
}

func text(s string) *string { return &s }

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }
