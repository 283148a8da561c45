package directoryservicedata

import (
	"strings"

	"tamachi/internal/aws/api"
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
