package kms

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// page is one page of a list: at most limit of its entries, which are in the
// order of their keys, and the marker of the next.
type page struct {
	after string
	limit int
}

// readPage reads a request's Marker and Limit.
func readPage(operation string, marker *string, limit *int32, byDefault, most int32) (page, error) {
	p := page{limit: int(byDefault)}
	if limit != nil {
		if *limit > most {
			return p, invalid(fmt.Sprintf("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to %d", *limit, most))
		}
		p.limit = int(*limit)
	}
	if marker == nil {
		return p, nil
	}
	var ok bool
	if p.after, ok = api.After(operation, *marker); !ok {
		return p, &types.InvalidMarkerException{Message: new("Could not deserialize marker '" + *marker + "'")}
	}
	return p, nil
}

// ask is the part of a list in the store that shows whether there is more.
func (p page) ask() store.Page { return store.Page{After: p.after, Limit: p.limit + 1} }

// cut returns the entries of the page, and the marker when there are more.
func cut[R any](p page, operation string, list []R, key func(R) string) (entries []R, marker *string) {
	return api.Cut(operation, list, p.limit, key)
}
