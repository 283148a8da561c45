package directoryservicedata

import (
	"context"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// most is a page without MaxResults: the most that the model allows.
const most = 250

// page is the part of a list that is asked for.
type page struct {
	list  string // names the list in its tokens: the token of one is refused by another
	after string
	limit int
}

func pageOf(list string, limit *int32, token *string) (page, error) {
	p := page{list: strings.ToLower(list), limit: most}
	if limit != nil {
		p.limit = int(*limit)
	}
	if token == nil {
		return p, nil
	}
	var ok bool
	if p.after, ok = api.After(p.list, *token); !ok {
		return p, invalid(reasonToken, "The NextToken is not one of this list.")
	}
	return p, nil
}

// query asks for the page and one entry more, which tells that another follows.
// attributes and value are those of a search, none of a list.
func (p page) query(attributes []string, value string) directory.Query {
	return directory.Query{After: p.after, Limit: p.limit + 1, Attributes: attributes, Value: value}
}

// listing is where a page is asked for.
type listing struct {
	page
	directoryID string
	realms      []*string // as the caller names the directory's own
	about       subject   // whom a refusal names
}

// listed is a page as an answer shows it.
type listed[T any] struct {
	realm *string
	shown []T
	next  *string
}

// list asks a directory for a page and shows its entries, which are in the
// order of name.
func list[E, T any](ctx context.Context, s *Service, of listing, ask func(directory.Roster) ([]E, error), name func(E) string, show func(directory.Domain, E) T) (out listed[T], err error) {
	err = s.read(ctx, of.directoryID, of.realms, func(r directory.Roster, d directory.Domain) error {
		found, err := ask(r)
		if err != nil {
			return refuse(err, of.about)
		}
		out.realm, out.shown = &d.Name, []T{} // the function may run again
		found, out.next = api.Cut(of.list, found, of.limit, name)
		for _, e := range found {
			out.shown = append(out.shown, show(d, e))
		}
		return nil
	})
	return out, err
}

func userName(u directory.Account) string { return u.SAMAccountName }

func groupName(g directory.Group) string { return g.SAMAccountName }

func memberName(m directory.Member) string { return m.SAMAccountName }
