package directoryservice

import (
	"errors"
	"fmt"

	"tamachi/internal/store"
)

// credential is the account by which desktops join a directory. Its password
// is in clear, for the bind needs it: this record is shown by no operation,
// and its fields are never logged.
type credential struct {
	DirectoryID string `json:"directoryId"`
	UserName    string `json:"userName"`
	Password    string `json:"password"` // secret
}

var credentials = store.Table[credential]{
	Name:  "directoryservice.credentials",
	Reach: store.Regional,
	Key:   func(c *credential) string { return c.DirectoryID },
}

// passwordLength gives a password of the plane's own 190 bits.
const passwordLength = 32

// invent makes a password that meets the policy by its first characters and
// cannot be guessed by the rest.
func (s *Service) invent() string { return "Aa1-" + s.ids.Secret(passwordLength) }

// errNoServiceAccount reports a directory that was never registered for
// desktops.
var errNoServiceAccount = errors.New("the directory has no service account; it is made when the directory is registered")

func credentialOf(tx *store.Tx, sc store.Scope, directoryID string) (*credential, error) {
	c, err := credentials.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("directory %s: %w", directoryID, errNoServiceAccount)
	}
	return c, err
}
