package managednodes

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// batch is how many records a filtered list reads at once.
const batch = 200

// place reads a list's paging: the key to go on after, and how many to give.
func place(operation string, token *string, wanted *int32, usual int) (after string, limit int, err error) {
	limit = usual
	if wanted != nil {
		limit = int(*wanted)
	}
	if token == nil || *token == "" {
		return "", limit, nil
	}
	after, ok := api.After(operation, *token)
	if !ok {
		return "", 0, &types.InvalidNextToken{Message: text("The specified token isn't valid.")}
	}
	return after, limit, nil
}

// scan shows the records after a key in order until show returns false; more
// tells whether that happened.
func scan[R any](tx *store.Tx, t *store.Table[R], scope store.Scope, after string, show func(*R) bool) (more bool, err error) {
	for {
		page, err := t.List(tx, scope, store.Page{After: after, Limit: batch})
		if err != nil {
			return false, err
		}
		for _, r := range page {
			if !show(r) {
				return true, nil
			}
		}
		if len(page) < batch {
			return false, nil
		}
		after = t.Key(page[len(page)-1])
	}
}

func compare(a, b string) int { return strings.Compare(a, b) }
