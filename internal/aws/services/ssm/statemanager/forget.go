package statemanager

import (
	"tamachi/internal/store"
)

// step bounds how much is removed, or released, in one transaction.
const step = 500

// forget removes what is left of an association that was deleted, in steps;
// its standing goes last, so that a start of the plane finds what is left.
func forget(tx *store.Tx, scope store.Scope, id string, s *Service) (more bool, err error) {
	own, err := bindings.By(tx, scope, "association", id, store.Page{Limit: step})
	if err != nil {
		return false, err
	}
	for _, b := range own {
		if err := bindings.Delete(tx, scope, bindings.Key(b)); err != nil {
			return false, err
		}
		if err := s.tell(tx, scope, b.Node, "", s.clk.Now()); err != nil {
			return false, err
		}
	}
	if len(own) == step {
		return true, nil
	}
	rounds, err := executions.By(tx, scope, "association", id, store.Page{Limit: 1})
	if err != nil {
		return false, err
	}
	if len(rounds) > 0 {
		key := executions.Key(rounds[0])
		n, err := drop(tx, scope, &targets, "execution", key, step)
		if err != nil || n == step {
			return true, err
		}
		return true, executions.Delete(tx, scope, key)
	}
	old, err := versions.List(tx, scope, store.Page{Min: id + ":", Max: id + ";", Limit: step})
	if err != nil {
		return false, err
	}
	for _, v := range old {
		if err := versions.Delete(tx, scope, versions.Key(v)); err != nil {
			return false, err
		}
	}
	if len(old) == step {
		return true, nil
	}
	if err := standings.Delete(tx, scope, id); err != nil && !missing(err) {
		return false, err
	}
	return false, nil
}
