// Package paging is how Systems Manager's lists read their pages.
package paging

import (
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// Place reads a list's paging: the key to go on after, and how many to give;
// usual is how many where nobody says.
func Place(operation string, token *string, wanted *int32, usual int) (after string, limit int, err error) {
	limit = usual
	if wanted != nil {
		limit = int(*wanted)
	}
	if token == nil || *token == "" {
		return "", limit, nil
	}
	after, ok := api.After(operation, *token)
	if !ok {
		return "", 0, &types.InvalidNextToken{Message: new("The specified token isn't valid.")}
	}
	return after, limit, nil
}

// Page cuts a list that is whole and sorted by key to the page that is asked
// for; a page has 50 entries where nobody says.
func Page[E any](operation string, all []E, key func(E) string, token *string, wanted *int32) (page []E, next *string, err error) {
	after, limit, err := Place(operation, token, wanted, 50)
	if err != nil {
		return nil, nil, err
	}
	page, next = api.Cut(operation, api.Behind(all, after, key), limit, key)
	return page, next, nil
}
