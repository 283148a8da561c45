package parameterstore

import (
	"strings"

	"tamachi/internal/store"
)

// batch is how many parameters a walk reads at once.
const batch = 50

// span is a part of the names, from one on and up to another; empty is open.
type span struct{ from, to string }

// beginning is the span of names with a prefix.
func beginning(prefix string) span {
	if prefix == "" {
		return span{}
	}
	last := len(prefix) - 1
	return span{prefix, prefix[:last] + string(rune(prefix[last]+1))}
}

// walk shows the parameters of a span in the order of their names, beginning
// after one, until show returns false.
func walk(tx *store.Tx, scope store.Scope, sp span, after string, show func(*parameter) (bool, error)) error {
	for {
		page, err := parameters.List(tx, scope, store.Page{Min: sp.from, Max: sp.to, After: after, Limit: batch})
		if err != nil {
			return err
		}
		for _, p := range page {
			if on, err := show(p); err != nil || !on {
				return err
			}
		}
		if len(page) < batch {
			return nil
		}
		after = page[len(page)-1].Name
	}
}

// walkLevel is walk over the parameters that lie directly in a path; what lies
// deeper is leapt over.
func walkLevel(tx *store.Tx, scope store.Scope, path, after string, show func(*parameter) (bool, error)) error {
	sp := beginning(path)
	if path == "/" {
		sp = span{}
	}
	for leap := true; leap; {
		leap = false
		err := walk(tx, scope, sp, after, func(p *parameter) (bool, error) {
			first, _, deeper := strings.Cut(strings.TrimPrefix(p.Name, path), "/")
			if deeper {
				sp.from, leap = path+first+"0", true // '0' comes after '/'
				return false, nil
			}
			return show(p)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
