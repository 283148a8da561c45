package tamachi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"tamachi/internal/store"
)

const (
	ticketLife  = 60 * time.Second
	sessionLife = 12 * time.Hour
	secretBytes = 32
	// sweepLimit bounds how many leftovers one transaction clears away.
	sweepLimit = 100
)

// grant is what a ticket and a session have in common: a secret, kept as its
// hash, that stands for one desktop until a moment.
type grant struct {
	Hash        string    `json:"hash"` // SHA-256 of the secret, in hex
	Account     string    `json:"account"`
	Region      string    `json:"region"`
	WorkspaceID string    `json:"workspaceId"`
	Caller      string    `json:"caller"`                // ARN of who asked
	DirectoryID string    `json:"directoryId,omitempty"` // of a person, who is no caller of the API
	UserName    string    `json:"userName,omitempty"`
	Expires     time.Time `json:"expires"`
	Dismissed   bool      `json:"dismissed,omitempty"` // by an administrator
	ViewOnly    bool      `json:"viewOnly,omitempty"`  // it shows the desktop, and lets nobody touch it
	Recording   string    `json:"recording,omitempty"` // it is for this recording, and for no desktop
	Export      bool      `json:"export,omitempty"`    // for its file
}

// The tables reach over the whole plane: a secret says by itself whose it is.
// Keys begin with the end of the record's life, so that what is over comes
// first in a list.
var (
	tickets  = store.Table[grant]{Name: "tamachi.tickets", Reach: store.Plane, Key: (*grant).key, Indexes: byHash}
	sessions = store.Table[grant]{Name: "tamachi.sessions", Reach: store.Plane, Key: (*grant).key, Indexes: byHash}
	byHash   = map[string]func(*grant) string{"hash": func(g *grant) string { return g.Hash }}
)

func (g *grant) key() string { return moment(g.Expires) + "/" + g.Hash }

// moment writes a time so that the order of bytes is the order of times.
func moment(t time.Time) string { return t.UTC().Format("20060102T150405.000000000Z") }

// hash is what the store knows of a secret.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// secret returns a new ticket or session secret, fit for a URL and a cookie.
func (s *Service) secret() string {
	return base64.RawURLEncoding.EncodeToString(s.ids.Bytes(secretBytes))
}

// find returns the record of a secret, or nil when there is none or it is over.
func find(tx *store.Tx, t *store.Table[grant], secret string, now time.Time) (*grant, error) {
	found, err := t.By(tx, store.Scope{}, "hash", hash(secret), store.Page{Limit: 1})
	if err != nil || len(found) == 0 || !now.Before(found[0].Expires) {
		return nil, err
	}
	return found[0], nil
}

// sweep removes records that are over.
func sweep(tx *store.Tx, t *store.Table[grant], now time.Time) error {
	over, err := t.List(tx, store.Scope{}, store.Page{Max: moment(now) + "~", Limit: sweepLimit})
	if err != nil {
		return err
	}
	for _, g := range over {
		if err := t.Delete(tx, store.Scope{}, g.key()); err != nil {
			return err
		}
	}
	return nil
}
