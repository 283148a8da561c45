package vpc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Head is what every record of the room begins with.
type Head struct {
	ID   string
	Tags map[string]string `json:",omitempty"`
}

// look is a transaction on behalf of a call: whose records are meant.
type look struct {
	tx  *store.Tx
	sc  store.Scope
	now time.Time
}

// noun is what is said of one kind of record: how its ids look, how it is
// called in ARNs and in errors, and what filters can ask of it.
type noun[R any] struct {
	table  *store.Table[R]
	prefix string // of its ids, such as "vpc"
	arn    string // its resource type in ARNs and in tags
	code   string // how errors about its ids begin, such as "InvalidVpcID."
	text   string // of an unknown id: "The vpc ID '%s' does not exist"
	head   func(*R) *Head
	// malformed is the code of an id that cannot be one; "" is code+"Malformed".
	malformed string
	// vpc is the network that a record is in; nil where it is in none.
	vpc func(*R) string
	// gone tells that a record which ended is not shown any more; nil where
	// records end at once.
	gone func(r *R, now time.Time) bool
	// facts gives the values that a filter compares; ok is false for a filter
	// that AWS does not know either.
	facts func(l look, r *R, filter string) (values []string, ok bool, err error)
}

// kind is a noun of any record.
type kind interface {
	owns(id string) bool
	resource() string
	find(l look, id string) (head Head, vpc string, err error)
	retag(l look, id string, change func(map[string]string) (map[string]string, error)) error
	each(l look, visit func(Head)) error
}

// fault is an error of EC2, whose model lists none.
func fault(code, format string, args ...any) error {
	return &smithy.GenericAPIError{Code: code, Message: fmt.Sprintf(format, args...)}
}

func badValue(value, parameter, why string) error {
	return fault("InvalidParameterValue", "Value (%s) for parameter %s is invalid. %s", value, parameter, why)
}

var hexID = regexp.MustCompile(`^([0-9a-f]{8}|[0-9a-f]{17})$`)

func (n *noun[R]) owns(id string) bool {
	rest, ok := strings.CutPrefix(id, n.prefix+"-")
	return ok && hexID.MatchString(rest)
}

func (n *noun[R]) resource() string { return n.arn }

func (n *noun[R]) unknown(id string) error { return fault(n.code+"NotFound", n.text, id) }

// unlike refuses what cannot be an id of the noun.
func (n *noun[R]) unlike(id string) error {
	if n.owns(id) {
		return nil
	}
	return fault(cmp.Or(n.malformed, n.code+"Malformed"), "Invalid id: %q (expecting %q)", id, n.prefix+"-...")
}

// get finds a record by its id.
func (n *noun[R]) get(l look, id string) (*R, error) {
	if err := n.unlike(id); err != nil {
		return nil, err
	}
	r, err := n.table.Get(l.tx, l.sc, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && n.gone != nil && n.gone(r, l.now) {
		return nil, n.unknown(id)
	}
	return r, err
}

// all lists the records of a scope in the order of their ids.
func (n *noun[R]) all(l look) ([]*R, error) {
	rows, err := n.table.List(l.tx, l.sc, store.Page{})
	if n.gone != nil {
		rows = slices.DeleteFunc(rows, func(r *R) bool { return n.gone(r, l.now) })
	}
	return rows, err
}

// sweep removes the records that are not shown any more.
func (n *noun[R]) sweep(l look) error {
	rows, err := n.table.List(l.tx, l.sc, store.Page{})
	for _, r := range rows {
		if err == nil && n.gone(r, l.now) {
			err = n.remove(l, r)
		}
	}
	return err
}

// in lists the records of a network; the table has the index "vpc".
func (n *noun[R]) in(l look, vpc string) ([]*R, error) {
	return n.table.By(l.tx, l.sc, "vpc", vpc, store.Page{})
}

func (n *noun[R]) put(l look, r *R) error { return n.table.Put(l.tx, l.sc, r) }

func (n *noun[R]) remove(l look, r *R) error { return n.table.Delete(l.tx, l.sc, n.head(r).ID) }

func (n *noun[R]) find(l look, id string) (Head, string, error) {
	r, err := n.get(l, id)
	if err != nil {
		return Head{}, "", err
	}
	var network string
	if n.vpc != nil {
		network = n.vpc(r)
	}
	return *n.head(r), network, nil
}

func (n *noun[R]) each(l look, visit func(Head)) error {
	rows, err := n.all(l)
	for _, r := range rows {
		visit(*n.head(r))
	}
	return err
}

func (n *noun[R]) retag(l look, id string, change func(map[string]string) (map[string]string, error)) error {
	r, err := n.get(l, id)
	if err != nil {
		return err
	}
	h := n.head(r)
	if h.Tags, err = change(h.Tags); err != nil {
		return err
	}
	return n.put(l, r)
}

// newID makes an id of the noun.
func (n *noun[R]) newID(s *Service) string { return n.prefix + "-" + s.ids.Hex(17) }

// read runs fn over the caller's records.
func (s *Service) read(ctx context.Context, fn func(l look) error) error {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	furnished := false
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if furnished, err = isSettled(tx, sc); err != nil || !furnished {
			return err
		}
		return fn(look{tx, sc, call.Time})
	})
	if err != nil || furnished {
		return err
	}
	return s.change(ctx, fn)
}

// change runs fn in one transaction. The first one in a Region begins with the
// default VPC, which AWS makes with the account.
func (s *Service) change(ctx context.Context, fn func(l look) error) error {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := s.settle(look{tx, sc, call.Time}); err != nil {
			return err
		}
		return fn(look{tx, sc, call.Time})
	})
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func yes(p *bool) bool { return p != nil && *p }

func word(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
