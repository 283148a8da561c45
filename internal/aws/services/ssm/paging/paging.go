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
