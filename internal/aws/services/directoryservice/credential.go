package directoryservice

import (
	"errors"
	"fmt"

	"tamachi/internal/store"
)

// credential is the account by which desktops join a directory. The bind needs
// its password, which is therefore sealed and not hashed. This record is shown
// by no operation.
type credential struct {
	DirectoryID string `json:"directoryId"`
	UserName    string `json:"userName"`
	Sealed      []byte `json:"sealed,omitempty"` // the password; none of a customer's own account
	// Clear is the password as versions before the sealing kept it. Reseal seals
	// it when the plane starts, before anything asks for it.
	Clear string `json:"password,omitempty"`
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

func (c *credential) purpose() string { return "directory credential " + c.DirectoryID }

// keep seals a password into its credential.
func (s *Service) keep(c *credential, password string) (err error) {
	c.Sealed, err = s.sealSecret(c.purpose(), password)
	c.Clear = ""
	return err
}

// open is the password of a credential.
func (s *Service) open(c *credential) (string, error) {
	password, err := s.openSecret(c.purpose(), c.Sealed)
	if err != nil {
		return "", fmt.Errorf("open the password of %s: %w", c.UserName, err)
	}
	return password, nil
}

func credentialOf(tx *store.Tx, sc store.Scope, directoryID string) (*credential, error) {
	c, err := credentials.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("directory %s: %w", directoryID, errNoServiceAccount)
	}
	return c, err
}
