package statemanager

import (
	"context"
	"slices"
	"time"

	"tamachi/internal/store"
)

// again is how often a closed calendar is looked at for an association that no
// schedule brings back.
const again = time.Minute

// Match binds an association to the nodes that its targets mean now, and
// begins what follows from that. An association that is gone is forgotten in
// steps; more tells that there is more to do.
func (s *Service) Match(ctx context.Context, account, region, id string) (more bool, err error) {
	scope, now := store.In(account, region), s.clk.Now()
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		a, err := associations.Get(tx, scope, id)
		if missing(err) {
			more, err = forget(tx, scope, id, s)
			return err
		}
		if err != nil {
			return err
		}
		_, err = s.match(tx, scope, a, now)
		return err
	})
	return more, err
}

// match returns whether a round over all nodes has begun.
func (s *Service) match(tx *store.Tx, scope store.Scope, a *association, now time.Time) (round bool, err error) {
	fit, err := s.ports.Nodes.Targets(tx, scope, a.targets())
	if err != nil {
		return false, err
	}
	have, err := bindings.By(tx, scope, "association", a.ID, store.Page{})
	if err != nil {
		return false, err
	}
	st, err := stand(tx, scope, a.ID)
	if err != nil {
		return false, err
	}
	kept := have[:0]
	for _, b := range have {
		if slices.ContainsFunc(fit, func(n Node) bool { return n.ID == b.Node }) {
			kept = append(kept, b)
			continue
		}
		if err := s.unbind(tx, scope, st, b, now); err != nil {
			return false, err
		}
	}
	known := map[string]bool{}
	for _, b := range kept {
		known[b.Node] = true
	}
	var fresh []*binding
	for _, n := range fit {
		if !known[n.ID] {
			fresh = append(fresh, st.bind(a, n.ID))
		}
	}
	round, err = s.follow(tx, scope, a, st, kept, fresh, now)
	if err != nil {
		return false, err
	}
	return round, standings.Put(tx, scope, st)
}

// follow begins what a match asks for: a round over all when the association
// is new or changed, else one over the nodes that have come.
func (s *Service) follow(tx *store.Tx, scope store.Scope, a *association, st *standing, kept, fresh []*binding, now time.Time) (bool, error) {
	changed := st.Version != a.Version
	if changed {
		st.Version, st.Next = a.Version, a.next(now)
	}
	if len(fresh) == 0 && !changed {
		return false, nil
	}
	for _, b := range fresh {
		if err := bindings.Put(tx, scope, b); err != nil {
			return false, err
		}
	}
	over := fresh
	if changed {
		over = append(kept, fresh...)
	}
	open, err := s.open(tx, scope, a)
	if err != nil {
		open = false // a calendar that is gone holds back
	}
	switch {
	case a.OnlyAtCron:
		return false, s.tellAll(tx, scope, over, now)
	case !open:
		if st.Next.IsZero() {
			st.Owed, st.Next = true, now.Add(again)
		}
		return false, s.tellAll(tx, scope, over, now)
	}
	return changed, s.begin(tx, scope, a, st, over, now)
}

// tellAll lets nodes look at their lists: something in them has changed.
func (s *Service) tellAll(tx *store.Tx, scope store.Scope, all []*binding, now time.Time) error {
	for _, b := range all {
		if err := s.tell(tx, scope, b.Node, "", now); err != nil {
			return err
		}
	}
	return nil
}

// tell lets a node look at its list, and run an association if one is given.
func (s *Service) tell(tx *store.Tx, scope store.Scope, node, association string, now time.Time) error {
	n, err := nudges.Get(tx, scope, node)
	if missing(err) {
		n, err = &nudge{Node: node, Since: now}, nil
	}
	if err != nil {
		return err
	}
	// A new job each time: what an agent has taken once it refuses to take
	// again, and it may have looked before this change.
	n.Command = s.ids.UUID()
	if association != "" && !slices.Contains(n.Associations, association) {
		n.Associations = append(n.Associations, association)
	}
	return nudges.Put(tx, scope, n)
}

// bind makes the record of a node that has come.
func (s *standing) bind(a *association, node string) *binding {
	move(&s.Counts, "", associated)
	return &binding{Association: a.ID, Node: node, Version: a.Version, Details: associated}
}

// unbind ends an association on a node that it is no longer meant for.
func (s *Service) unbind(tx *store.Tx, scope store.Scope, st *standing, b *binding, now time.Time) error {
	if err := s.leaveOut(tx, scope, b, now); err != nil {
		return err
	}
	move(&st.Counts, b.Details, "")
	if err := bindings.Delete(tx, scope, bindings.Key(b)); err != nil {
		return err
	}
	if _, there, err := s.ports.Nodes.Resolve(tx, scope, b.Node); err != nil || !there {
		return forgetNudge(tx, scope, b.Node, err)
	}
	return s.tell(tx, scope, b.Node, "", now)
}

func forgetNudge(tx *store.Tx, scope store.Scope, node string, err error) error {
	if err != nil {
		return err
	}
	if err := nudges.Delete(tx, scope, node); !missing(err) {
		return err
	}
	return nil
}

// MatchNode binds all associations that mean a node now, and unbinds the
// others: it has come, gone, or got other tags.
func (s *Service) MatchNode(ctx context.Context, account, region, node string) error {
	scope, now := store.In(account, region), s.clk.Now()
	var differ []string
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		differ, err = s.differ(tx, scope, node)
		return err
	})
	if err != nil || len(differ) == 0 {
		return err
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		differ, err := s.differ(tx, scope, node)
		if err != nil {
			return err
		}
		for _, id := range differ {
			if err := s.matchOne(tx, scope, id, node, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// differ lists the associations that are bound to a node and do not mean it,
// or mean it and are not bound.
func (s *Service) differ(tx *store.Tx, scope store.Scope, node string) ([]string, error) {
	all, err := associations.List(tx, scope, store.Page{})
	if err != nil {
		return nil, err
	}
	own, err := bindings.By(tx, scope, "node", node, store.Page{})
	if err != nil {
		return nil, err
	}
	bound := map[string]bool{}
	for _, b := range own {
		bound[b.Association] = true
	}
	var out []string
	for _, a := range all {
		means, err := s.means(tx, scope, a, node)
		if err != nil {
			return nil, err
		}
		if means != bound[a.ID] {
			out = append(out, a.ID)
		}
	}
	return out, nil
}

// means tells whether an association's targets mean a node.
func (s *Service) means(tx *store.Tx, scope store.Scope, a *association, node string) (bool, error) {
	narrow := slices.Clone(a.targets())
	ids := slices.IndexFunc(narrow, func(t Target) bool { return isIDs(t.Key) })
	switch {
	case len(narrow) == 0:
		return false, nil
	case ids < 0:
		narrow = append(narrow, Target{Key: "InstanceIds", Values: []string{node}})
	case slices.Contains(narrow[ids].Values, "*"):
		narrow[ids].Values = []string{node}
	}
	fit, err := s.ports.Nodes.Targets(tx, scope, narrow)
	return slices.ContainsFunc(fit, func(n Node) bool { return n.ID == node }), err
}

// matchOne is match for one node.
func (s *Service) matchOne(tx *store.Tx, scope store.Scope, id, node string, now time.Time) error {
	a, err := associations.Get(tx, scope, id)
	if err != nil {
		return err
	}
	st, err := stand(tx, scope, id)
	if err != nil {
		return err
	}
	if st.Version != a.Version { // the whole of it is matched anyway
		_, err := s.match(tx, scope, a, now)
		return err
	}
	b, err := bindings.Get(tx, scope, id+":"+node)
	switch {
	case err == nil:
		err = s.unbind(tx, scope, st, b, now)
	case missing(err):
		_, err = s.follow(tx, scope, a, st, nil, []*binding{st.bind(a, node)}, now)
	}
	if err != nil {
		return err
	}
	return standings.Put(tx, scope, st)
}
