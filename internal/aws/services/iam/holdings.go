package iam

import "tamachi/internal/store"

// What users and groups hold of policies. Holders are named by their unique id
// (AIDA..., AGPA..., AROA...), which a rename does not change.

// holdsManaged tells whether managed policies are attached to a holder.
func holdsManaged(tx *store.Tx, sc store.Scope, id string) (bool, error) { return false, nil }

// holdsInline tells whether a holder has inline policies.
func holdsInline(tx *store.Tx, sc store.Scope, id string) (bool, error) { return false, nil }

// boundaryExists tells whether a managed policy (AWS's or the account's) can be
// a permissions boundary.
func boundaryExists(tx *store.Tx, sc store.Scope, policyARN string) (bool, error) { return false, nil }

// attachManaged attaches a managed policy to a holder; one that is attached
// stays so.
func attachManaged(tx *store.Tx, sc store.Scope, id, policyARN string) error { return nil }
