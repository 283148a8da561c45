package tamachi

import (
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// pageSize is how many results a page has where nothing is said.
const pageSize = 100

func limitOf(n *int32) int { return limitOr(n, pageSize) }

func limitOr(n *int32, usual int) int {
	if n == nil {
		return usual
	}
	return int(*n)
}

// placeOf is where a token of a list lets it go on.
func placeOf(list string, token *string) (string, error) {
	if value(token) == "" {
		return "", nil
	}
	place, ok := api.After(list, *token)
	if !ok {
		return "", &smithy.GenericAPIError{Code: "ValidationException", Message: "The specified token isn't valid."}
	}
	return place, nil
}

// beyond asks the store for what a page shows and for one more, which tells
// whether there is a next page.
func beyond(place string, limit int) store.Page { return store.Page{After: place, Limit: limit + 1} }
