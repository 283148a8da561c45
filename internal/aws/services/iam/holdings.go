package iam

import (
	"errors"

	"tamachi/internal/store"
)

// What users, groups and roles hold of policies. Holders are named by their
// unique id (AIDA..., AGPA..., AROA...), which a rename does not change.

// holdsManaged tells whether managed policies are attached to a holder.
func holdsManaged(tx *store.Tx, sc store.Scope, id string) (bool, error) {
	have, err := attachments.By(tx, sc, "holder", id, store.Page{Limit: 1})
	return len(have) > 0, err
}

// holdsInline tells whether a holder has inline policies.
func holdsInline(tx *store.Tx, sc store.Scope, id string) (bool, error) {
	have, err := inlinePolicies.By(tx, sc, "holder", id, store.Page{Limit: 1})
	return len(have) > 0, err
}

// boundaryExists tells whether a managed policy (AWS's or the account's) can be
// a permissions boundary.
func boundaryExists(tx *store.Tx, sc store.Scope, policyARN string) (bool, error) {
	m, err := lookManaged(tx, sc, policyARN)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && !m.linked, err
}

// attachManaged attaches a managed policy to a holder; one that is attached
// stays so.
func attachManaged(tx *store.Tx, sc store.Scope, id, policyARN string) error {
	return attachments.Put(tx, sc, &attachment{Holder: id, Policy: policyARN})
}

// countInUse counts the managed policies that are attached to something, of
// each of which one version is in use.
func countInUse(tx *store.Tx, sc store.Scope, into map[string]int32) error {
	all, err := attachments.List(tx, sc, store.Page{})
	inUse := map[string]bool{}
	for _, a := range all {
		inUse[a.Policy] = true
	}
	into["PolicyVersionsInUse"] = int32(len(inUse))
	return err
}
