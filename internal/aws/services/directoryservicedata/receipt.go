package directoryservicedata

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// receipt remembers what a request with a client token did, so that the same
// request has its effect once. Source: Directory Service Data API Reference,
// ClientToken: for 8 hours; the same token with other parameters conflicts.
type receipt struct {
	Token   string          `json:"token"`
	Digest  string          `json:"digest"` // of the operation and its parameters
	Output  json.RawMessage `json:"output"`
	Expires time.Time       `json:"expires"`
}

const (
	receiptLife = 8 * time.Hour
	// sweepLimit bounds how many leftovers one transaction clears away.
	sweepLimit = 20
)

// The key of a receipt begins with its end, so that what is over comes first.
var receipts = store.Table[receipt]{
	Name:  "directoryservicedata.receipts",
	Reach: store.Regional,
	Key:   func(r *receipt) string { return moment(r.Expires) + "/" + r.Token },
	Indexes: map[string]func(*receipt) string{
		"token": func(r *receipt) string { return r.Token },
	},
}

// moment writes a time so that the order of bytes is the order of times.
func moment(t time.Time) string { return t.UTC().Format("20060102T150405.000000000Z") }

// seen returns the receipt of a request that was made before; nil for a new
// one. A request without a token is always new.
func (s *Service) seen(tx *store.Tx, call *api.Call, r request) (*receipt, error) {
	if r.token == nil {
		return nil, nil
	}
	digest, err := digestOf(call.Operation, r.in)
	if err != nil {
		return nil, err
	}
	found, err := receipts.By(tx, store.In(call.Place()), "token", *r.token, store.Page{Descending: true, Limit: 1})
	switch {
	case err != nil, len(found) == 0, !call.Time.Before(found[0].Expires):
		return nil, err
	case found[0].Digest != digest:
		return nil, &ConflictException{Message: say("The client token was used before with other parameters.")}
	}
	return found[0], nil
}

// recall reads the answer of the time before into out, if there is one.
func recall(r *receipt, out any) (bool, error) {
	if r == nil {
		return false, nil
	}
	return true, json.Unmarshal(r.Output, out)
}

// note keeps the answer to a request that has a token.
func (s *Service) note(tx *store.Tx, call *api.Call, r request, out any) error {
	digest, err := digestOf(call.Operation, r.in)
	if err != nil {
		return err
	}
	return keep(tx, store.In(call.Place()), call.Time, &receipt{Token: *r.token, Digest: digest, Expires: call.Time.Add(receiptLife)}, out)
}

// keep stores a receipt and clears some that are over.
func keep(tx *store.Tx, sc store.Scope, now time.Time, r *receipt, out any) error {
	over, err := receipts.List(tx, sc, store.Page{Max: moment(now) + "~", Limit: sweepLimit})
	if err != nil {
		return err
	}
	for _, o := range over {
		if err := receipts.Delete(tx, sc, receipts.Key(o)); err != nil {
			return err
		}
	}
	if r.Output, err = json.Marshal(out); err != nil {
		return err
	}
	return receipts.Put(tx, sc, r)
}

// digestOf stands for an operation and its parameters; the parameters are not
// kept, for they may be personal.
func digestOf(operation string, in any) (string, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(operation+"\n"), b...))
	return hex.EncodeToString(sum[:]), nil
}
