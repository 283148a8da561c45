package account

import (
	"context"
	"errors"
	"fmt"
)

// ErrBrokenPages is a list whose tokens lead in a circle or never end: what
// was read of it must not pass for the whole.
var ErrBrokenPages = errors.New("the list's pages lead in a circle")

// maxPages is above every list a desk reads (100,000 desktops are 4,000 pages).
const maxPages = 20_000

// Pages calls page with one token after another until there is none. Page
// returns the token of the next page, nil or empty at the end.
func Pages(ctx context.Context, page func(ctx context.Context, token *string) (*string, error)) error {
	seen := map[string]bool{}
	var token *string
	for range maxPages {
		next, err := page(ctx, token)
		if err != nil {
			return err
		}
		if next == nil || *next == "" {
			return nil
		}
		if seen[*next] {
			return fmt.Errorf("token %.20q came twice: %w", *next, ErrBrokenPages)
		}
		seen[*next] = true
		token = next
	}
	return fmt.Errorf("more than %d pages: %w", maxPages, ErrBrokenPages)
}
