package kms

import (
	"encoding/json"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// What KMS does to a key by itself, as CloudTrail calls it.
// Sources: AWS KMS Developer Guide, "RotateKey", "DeleteKey",
// "DeleteExpiredKeyMaterial".
const (
	rotateKey      = "RotateKey"
	deleteKey      = "DeleteKey"
	deleteMaterial = "DeleteExpiredKeyMaterial"
)

// details are the serviceEventDetails of such an event.
type details struct {
	RotationType string `json:"rotationType,omitempty"`
	KeyID        string `json:"keyId"`
}

// note writes an event of the service itself about a key.
func (s *Service) note(tx *store.Tx, k *Key, name, rotation string, now time.Time) error {
	what, err := json.Marshal(details{RotationType: rotation, KeyID: k.ID})
	if err != nil {
		return err
	}
	return s.ports.Trail.Write(tx, &api.Event{
		ID: s.ids.TimeUUID(now), Time: now, Account: k.Account, Region: k.Region, Source: "kms.amazonaws.com", Name: name,
		SourceIP: internal, UserAgent: internal, Resources: []string{k.ARN()}, Details: what,
	})
}

// internal is how CloudTrail names the service itself.
const internal = "AWS Internal"
