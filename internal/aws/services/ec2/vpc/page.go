package vpc

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// query is what all Describe operations ask.
type query struct {
	operation string
	ids       []string
	filters   []types.Filter
	token     *string
	most      *int32
}

// defaultPage is how many records a page has when the caller does not say.
const defaultPage = 1000

// whole is the page of operations that have none.
const whole = 1 << 30

// list finds the records that a query asks for, in the order of their ids, and
// shows them.
func list[R, T any](ctx context.Context, s *Service, n *noun[R], q query, show func(l look, r *R) (T, error)) (shown []T, next *string, err error) {
	most := defaultPage
	if q.most != nil {
		most = int(*q.most)
	}
	if most < 1 {
		return nil, nil, fault("InvalidMaxResults", "The value for MaxResults is not valid.")
	}
	if err := filtersOf(q.operation, q.filters); err != nil {
		return nil, nil, err
	}
	var from string
	if q.token != nil {
		var ok bool
		if from, ok = api.After(q.operation, *q.token); !ok {
			return nil, nil, fault("InvalidParameterValue", "Unable to parse pagination token")
		}
	}
	err = s.read(ctx, func(l look) error {
		shown, next = []T{}, nil
		rows, err := n.asked(l, q.ids)
		if err != nil {
			return err
		}
		last := ""
		for _, r := range rows {
			h := n.head(r)
			ok, err := passes(l, h, q.filters, func(filter string) ([]string, bool, error) { return n.facts(l, r, filter) })
			if err != nil {
				return err
			}
			if !ok || h.ID <= from {
				continue
			}
			if len(shown) == most {
				next = new(api.Token(q.operation, last))
				return nil
			}
			one, err := show(l, r)
			if err != nil {
				return err
			}
			shown, last = append(shown, one), h.ID
		}
		return nil
	})
	return shown, next, err
}

// asked are the records with the ids, each of which must be there, or all.
func (n *noun[R]) asked(l look, ids []string) ([]*R, error) {
	if len(ids) == 0 {
		return n.all(l)
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	rows := make([]*R, 0, len(ids))
	for _, id := range ids {
		r, err := n.get(l, strings.TrimSpace(id))
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}
