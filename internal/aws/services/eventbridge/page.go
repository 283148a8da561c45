package eventbridge

import (
	"context"
	"slices"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostPerPage is the longest page, and the default.
const mostPerPage = 100

// page is where a list begins and how long it gets.
type page struct {
	list, after string
	limit       int
}

func pageAt(list string, token *string, most *int32) (page, error) {
	p := page{list: list, limit: mostPerPage}
	if most != nil {
		p.limit = int(*most)
	}
	if deref(token) == "" {
		return p, nil
	}
	after, ok := api.After(list, *token)
	if !ok {
		return p, invalid("Token is not valid.")
	}
	p.after = after
	return p, nil
}

func (p page) takes(name, prefix string) bool {
	return name > p.after && strings.HasPrefix(name, prefix)
}

func (p page) full(n int) bool { return n == p.limit }

func (p page) token(after string) *string { return new(api.Token(p.list, after)) }

// rulesOf are the rules of a bus by name.
func (s *Service) rulesOf(ctx context.Context, name string, given, token *string, most *int32) (list []*rule, p page, err error) {
	call := api.CallFrom(ctx)
	where, err := busNamed(call, given)
	if err != nil {
		return nil, p, err
	}
	if p, err = pageAt(name+" "+where, token, most); err != nil {
		return nil, p, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if _, err := findBus(tx, store.In(call.Place()), where); err != nil {
			return err
		}
		list, err = rules.By(tx, store.In(call.Place()), "bus", where, store.Page{})
		return err
	})
	slices.SortFunc(list, func(a, b *rule) int { return strings.Compare(a.Name, b.Name) })
	return list, p, err
}
