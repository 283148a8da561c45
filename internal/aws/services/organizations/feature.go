package organizations

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// featuresStand is how long the accounts have to agree to all features. Source:
// Organizations User Guide, "Enabling all features in your organization".
const featuresStand = 90 * 24 * time.Hour

// migration is the handshake by which the organization is enabling all features,
// or nil.
func (o *organization) migration(tx *store.Tx, now time.Time) (*handshake, error) {
	all, err := handshakes.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
	for _, h := range all {
		if h.Action == enableAll && h.Parent == "" {
			if state := h.at(now); state == types.HandshakeStateOpen || state == types.HandshakeStateRequested {
				return h, err
			}
		}
	}
	return nil, err
}

const enableAll = string(types.ActionTypeEnableAllFeatures)

// invited lists the accounts that the organization did not make: they are asked.
func (o *organization) invited(tx *store.Tx) ([]string, error) {
	all, err := of(tx, o)
	var out []string
	for _, m := range all {
		if !m.Created && m.Account != o.Management {
			out = append(out, m.Account)
		}
	}
	return out, err
}

// settle opens a handshake to its asker once all of those who were asked, and
// still belong to the organization, have agreed.
func (h *handshake) settle(tx *store.Tx) error {
	parts, err := handshakes.By(tx, store.Scope{}, "parent", h.ID, store.Page{})
	if err != nil || h.State != string(types.HandshakeStateRequested) {
		return err
	}
	for _, part := range parts {
		m, err := members.Get(tx, store.Scope{}, part.Account)
		gone := errors.Is(err, store.ErrNotFound) || err == nil && m.Organization != h.Organization
		if err != nil && !gone {
			return err
		}
		if !gone && part.State != string(types.HandshakeStateAccepted) {
			return nil
		}
	}
	h.State = string(types.HandshakeStateOpen)
	return handshakes.Put(tx, store.Scope{}, h)
}

// agreed is what follows when somebody accepts to enable all features: an
// account that was asked, or at last the management account.
func (h *handshake) agreed(tx *store.Tx) error {
	if h.Parent != "" {
		whole, err := handshakes.Get(tx, store.Scope{}, h.Parent)
		if err != nil {
			return err
		}
		return whole.settle(tx)
	}
	o, err := known.Get(tx, store.Scope{}, h.Organization)
	if err != nil {
		return err
	}
	o.FeatureSet = string(types.OrganizationFeatureSetAll)
	return known.Put(tx, store.Scope{}, o)
}

// drop cancels the parts of a handshake that was cancelled.
func (h *handshake) drop(tx *store.Tx, now time.Time) error {
	parts, err := handshakes.By(tx, store.Scope{}, "parent", h.ID, store.Page{})
	for _, part := range parts {
		if part.at(now) == types.HandshakeStateOpen {
			part.State = string(types.HandshakeStateCanceled)
			err = errors.Join(err, handshakes.Put(tx, store.Scope{}, part))
		}
	}
	return err
}
